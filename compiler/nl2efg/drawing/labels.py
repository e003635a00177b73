"""What is written at each node: moves, probabilities, names, beliefs and payoffs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from nl2efg.drawing.text_metrics import clean, exact_number, number, shorten, width, wrap
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE, NO_OUTCOME

SIZE = 12.0
LINE = 14.0
LABEL_LIMIT = 120.0
NAME_LIMIT = 150.0
ACTION_LINES = 3

Kind = Literal[
    "action", "probability", "name", "set", "value", "belief", "payoff", "outcome", "more"
]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one colour.

    Args:
        kind: what it tells.
        text: as drawn.
        player: whose colour it has; ``CHANCE``, or None for plain text.
        full: the text uncut, where it was cut; else empty.
    """

    kind: Kind
    text: str
    player: int | None = None
    full: str = ""


Line = tuple[Piece, ...]


@dataclass(slots=True)
class NodeText:
    """The lines at one node.

    Args:
        edge: on the edge that leads here.
        side: beside the node: who moves, the information set, beliefs, payoffs on the way, and how
            many nodes below are left out.
        end: behind a terminal node.
    """

    edge: list[Line] = field(default_factory=list)
    side: list[Line] = field(default_factory=list)
    end: list[Line] = field(default_factory=list)


def line_width(line: Line) -> float:
    """Width of a line of pieces."""
    return sum(width(piece.text, SIZE) for piece in line)


def _cut(kind: Kind, text: str, limit: float, player: int | None) -> Piece:
    shown = shorten(text, SIZE, limit)
    return Piece(kind, shown, player, "" if shown == text else text)


class Describer:
    """Writes the lines of every node.

    Args:
        tree: the game.
        visible: the nodes in the picture, in preorder.
        profile: the equilibrium laid over the picture, or None.
        upright: payoffs of a leaf one below the other (else in a row).
    """

    def __init__(
        self,
        tree: GameTree,
        visible: Sequence[int],
        profile: BehaviourProfile | None,
        *,
        upright: bool,
    ) -> None:
        self.tree = tree
        self.visible = visible
        self.profile = profile
        self.upright = upright
        self._shown = set(visible)
        self._named: set[int] = set()
        self._actions = [
            [self._action_lines(number, label) for label in own.actions]
            for number, own in enumerate(tree.information_sets)
        ]

    def _action_lines(self, number: int, label: str) -> list[Line]:
        text = clean(label)
        lines = wrap(text, SIZE, LABEL_LIMIT, ACTION_LINES) if text else ()
        full = "" if " ".join(lines) == text else text
        player = self.tree.information_sets[number].player
        return [(Piece("action", line, player, full),) for line in lines]

    def describe(self) -> dict[int, NodeText]:
        """The lines of every visible node."""
        found = {}
        for node in self.visible:
            found[node] = NodeText(self._edge(node), self._side(node), self._end(node))
        return found

    def _edge(self, node: int) -> list[Line]:
        if node == 0:
            return []
        number_ = self.tree.set_of[self.tree.parents[node]]
        infoset = self.tree.information_sets[number_]
        position = self.tree.action_of[node]
        lines = list(self._actions[number_][position])
        given = infoset.probabilities
        if given is None and self.profile is not None:
            given = self.profile.probabilities[number_]  # type: ignore[assignment]
        if given is not None:
            chance = given[position]
            shown = number(chance)
            exact = exact_number(chance)
            if infoset.player == CHANCE and infoset.actions[position].strip() == exact:
                return lines  # named by its probability
            lines.append(
                (Piece("probability", shown, infoset.player, exact if exact != shown else ""),)
            )
        return lines

    def _side(self, node: int) -> list[Line]:
        tree = self.tree
        number_ = tree.set_of[node]
        lines: list[Line] = []
        if number_ >= 0:
            infoset = tree.information_sets[number_]
            if number_ not in self._named and infoset.player != CHANCE:
                self._named.add(number_)
                lines.append(self._name(number_))
                if self.profile is not None:
                    value = self._set_value(number_)
                    if value:
                        lines.append((Piece("value", value, infoset.player),))
            if (
                self.profile is not None
                and infoset.player != CHANCE
                and len(tree.members[number_]) > 1
            ):
                beliefs = self._beliefs(number_)
                if beliefs is not None:
                    lines.append((Piece("belief", f"[{beliefs[node]}]", infoset.player),))
        if number_ >= 0 and tree.outcome_of[node] != NO_OUTCOME:
            lines.append(self._payoff_row(node, "+"))
        if number_ >= 0 and tree.children[node][0] not in self._shown:
            hidden = tree.subtree_end[node] - node - 1
            lines.append((Piece("more", f"+{hidden:,}", None, f"{hidden} nodes left out"),))
        return lines

    def _name(self, number_: int) -> Line:
        infoset = self.tree.information_sets[number_]
        name = _cut("name", clean(self.tree.players[infoset.player]), NAME_LIMIT, infoset.player)
        label = clean(infoset.label)
        if not label:
            return (name,)
        return (name, _cut("set", f" {label}", LABEL_LIMIT, None))

    def _set_value(self, number_: int) -> str:
        assert self.profile is not None
        beliefs = self.profile.beliefs(number_)
        if beliefs is None:
            return ""
        player = self.tree.information_sets[number_].player
        values = self.profile.node_values
        members = self.tree.members[number_]
        expected = sum(
            belief * values[node][player] for belief, node in zip(beliefs, members, strict=True)
        )
        return f"E {number(expected)}"

    def _beliefs(self, number_: int) -> dict[int, str] | None:
        assert self.profile is not None
        beliefs = self.profile.beliefs(number_)
        if beliefs is None:
            return None
        members = self.tree.members[number_]
        return {node: number(belief) for node, belief in zip(members, beliefs, strict=True)}

    def _payoff_row(self, node: int, opening: str = "") -> Line:
        payoffs = self.tree.outcomes[self.tree.outcome_of[node]].payoffs
        last = len(payoffs) - 1
        pieces = [Piece("payoff", f"{opening}(" if opening else "", None)] if opening else []
        for player, payoff in enumerate(payoffs):
            shown, exact = number(payoff), exact_number(payoff)
            pieces.append(
                Piece(
                    "payoff",
                    shown + (", " if player < last else ""),
                    player,
                    exact if exact != shown else "",
                )
            )
        if opening:
            pieces.append(Piece("payoff", ")", None))
        return tuple(pieces)

    def _end(self, node: int) -> list[Line]:
        tree = self.tree
        if not tree.is_terminal(node):
            return []
        if tree.outcome_of[node] == NO_OUTCOME or not tree.players:
            return []
        row = self._payoff_row(node)
        if not self.upright:
            return [row]
        return [(Piece(p.kind, p.text.rstrip(", "), p.player, p.full),) for p in row]
