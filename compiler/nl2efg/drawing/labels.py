"""What is written at each node: moves, probabilities, names, beliefs and payoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from nl2efg.drawing.numbers import NumberFormat, exact_number
from nl2efg.drawing.supporting import off_path_beliefs
from nl2efg.drawing.text_metrics import shorten, stretch_of, width, wrap
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE, NO_OUTCOME
from nl2efg.game.parts import ProfileBelow
from nl2efg.game.profile import Probability
from nl2efg.text import one_line

SIZE = 12.0
LINE = 14.0
LABEL_LIMIT = 120.0
NAME_LIMIT = 150.0
ACTION_LINES = 3
MAX_LINES = 40
OF_SETS = ("name", "set", "value")
"""Kinds of text that tell of a whole information set; the others tell of a node or a move."""
APART = 4.0
"""Room that a payoff with blanks of its own keeps from the next."""
MIN_ROW = 4  # nodes of one depth and player that share one name

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
        extent: how wide it is drawn.
    """

    kind: Kind
    text: str
    player: int | None = None
    full: str = ""
    extent: float = 0.0


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


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the picture of a part takes from the whole game.

    Args:
        notes: what is written beside nodes whose subtrees are left out, in place of their size.
        payoffs, chances: how the numbers of the whole game are written.
    """

    notes: Mapping[int, str]
    payoffs: NumberFormat
    chances: NumberFormat


def line_width(line: Line) -> float:
    """Width of a line of pieces."""
    return sum(piece.extent for piece in line)


class Describer:
    """Writes the lines of every node.

    Args:
        tree: the game.
        visible: the nodes in the picture, in preorder.
        profile: the equilibrium laid over the picture, or None.
        view: what is written, and how.
        upright: payoffs of a terminal node one below the other (else in a row).
        chance: whether chance is named at its nodes.
        rows: whether nodes of one depth stand in a row, where one player's name is enough.
        excerpt: what a part of a larger game takes from the whole.
    """

    def __init__(
        self,
        tree: GameTree,
        visible: Sequence[int],
        profile: BehaviourProfile | None,
        view: View,
        *,
        upright: bool,
        chance: bool = False,
        rows: bool = True,
        excerpt: Excerpt | None = None,
    ) -> None:
        self.tree = tree
        self.visible = visible
        self.profile = profile
        self.view = view
        self.upright = upright
        self.chance = chance
        self.notes: Mapping[int, str] = {}
        payoffs, chances = view.payoff_format(tree, profile), view.chance_format(tree)
        if excerpt is not None:
            self.notes, payoffs, chances = excerpt.notes, excerpt.payoffs, excerpt.chances
        self.show_payoff, self.show_chance = payoffs.show, chances.show
        self.stretch = stretch_of(view.font)
        self._off_path: Mapping[int, str] = {}
        if profile is not None and view.values:
            self._off_path = off_path_beliefs(profile, self.show_chance)
        self._shown = set(visible)
        self._named: set[int] = set()
        self._alone = sharing_names(tree, visible) if rows else set()
        self._actions = [
            self._action_lines(number, infoset.actions)
            for number, infoset in enumerate(tree.information_sets)
        ]

    def _piece(self, kind: Kind, text: str, player: int | None = None, full: str = "") -> Piece:
        return Piece(kind, text, player, full, width(text, SIZE) * self.stretch)

    def _number(self, kind: Kind, value: Probability, player: int | None, after: str = "") -> Piece:
        show = self.show_chance if kind == "probability" else self.show_payoff
        shown, exact = show(value), exact_number(value)
        piece = self._piece(kind, shown + after, player, exact if exact != shown else "")
        if kind == "payoff" and " " in shown:  # or r/2 and r − g would read as one formula
            return replace(piece, extent=piece.extent + APART)
        return piece

    def _lines(self, kind: Kind, text: str, player: int | None, limit: float) -> list[Line]:
        """A text in lines: wrapped in full, or cut, as the view says."""
        limit /= self.stretch
        if not self.view.full:
            shown = shorten(text, SIZE, limit)
            return [(self._piece(kind, shown, player, "" if shown == text else text),)]
        return [
            (self._piece(kind, line, player),)
            for line in wrap(text, SIZE, limit, MAX_LINES, cut=False)
        ]

    def _action_lines(self, number: int, labels: Sequence[str]) -> list[list[Line]]:
        player = self.tree.information_sets[number].player
        found: list[list[Line]] = []
        for label in labels:
            text = one_line(label)
            most = MAX_LINES if self.view.full else ACTION_LINES
            limit = LABEL_LIMIT / self.stretch
            lines = wrap(text, SIZE, limit, most, cut=not self.view.full) if text else ()
            full = "" if self.view.full or " ".join(lines) == text else text
            found.append([(self._piece("action", line, player, full),) for line in lines])
        return found

    def describe(self) -> dict[int, NodeText]:
        """The lines of every visible node."""
        found = {}
        for node in self.visible:
            found[node] = NodeText(self._edge(node), self._side(node), self._end(node))
        return found

    def _edge(self, node: int) -> list[Line]:
        if node == 0:
            return []
        index = self.tree.set_of[self.tree.parents[node]]
        infoset = self.tree.information_sets[index]
        position = self.tree.action_of[node]
        lines = list(self._actions[index][position])
        given: Sequence[Probability] | None = infoset.probabilities
        if given is None and self.profile is not None:
            given = self.profile.probabilities[index]
            if any(chance == 1 for chance in given):
                given = None  # a pure choice is told by its thick edge
        if given is not None and self.view.probabilities:
            exact = exact_number(given[position])
            if infoset.player == CHANCE and infoset.actions[position].strip() == exact:
                return lines  # named by its probability
            lines.append((self._number("probability", given[position], infoset.player),))
        return lines

    def _side(self, node: int) -> list[Line]:
        tree, profile = self.tree, self.profile
        index = tree.set_of[node]
        lines: list[Line] = []
        if index >= 0:
            infoset = tree.information_sets[index]
            if index not in self._named and (self.chance or infoset.player != CHANCE):
                self._named.add(index)
                lines += self._name(node)
                if profile is not None and self.view.values and infoset.player != CHANCE:
                    value = profile.value_at(index)
                    if value is not None:
                        text = f"E {self.show_payoff(value[infoset.player])}"
                        lines.append((self._piece("value", text, infoset.player),))
            if self._has_belief(index):
                assert profile is not None
                beliefs = profile.beliefs(index)
                told = self._off_path.get(node, "")
                if beliefs is not None:
                    told = self.show_chance(beliefs[tree.members[index].index(node)])
                if told:
                    lines.append((self._piece("belief", f"[{told}]", infoset.player),))
        if index >= 0 and tree.outcome_of[node] != NO_OUTCOME:
            lines.append(self._payoff_row(node, "+"))
        if index >= 0 and tree.children[node][0] not in self._shown:
            hidden = tree.subtree_end[node] - node - 1
            text = self.notes.get(node, f"+{hidden:,}")
            lines.append((self._piece("more", text, None, f"{hidden} nodes left out"),))
        return lines

    def _has_belief(self, index: int) -> bool:
        profile = self.profile
        if profile is None or not self.view.values or self.tree.information_sets[index].is_chance:
            return False
        members = self.tree.members[index]
        if isinstance(profile, ProfileBelow):  # of a divided set one node may be here
            members = profile.whole.tree.members[profile.rows[index]]
        return len(members) > 1

    def _name(self, node: int) -> list[Line]:
        infoset = self.tree.information_sets[self.tree.set_of[node]]
        lines: list[Line] = []
        if not (self.chance and node in self._alone):
            name = one_line(self.tree.player_name(infoset.player))
            lines = self._lines("name", name, infoset.player, NAME_LIMIT)
        label = one_line(infoset.label)
        if not label or not self.view.sets or infoset.player == CHANCE:
            return lines
        if not lines:
            return self._lines("set", label, None, LABEL_LIMIT)
        first, *more = self._lines("set", " " + label, None, LABEL_LIMIT)
        return [*lines[:-1], (*lines[-1], *first), *more]

    def _payoff_row(self, node: int, opening: str = "") -> Line:
        payoffs = self.tree.outcomes[self.tree.outcome_of[node]].payoffs
        last = len(payoffs) - 1
        pieces = [self._piece("payoff", f"{opening}(")] if opening else []
        for player, payoff in enumerate(payoffs):
            pieces.append(self._number("payoff", payoff, player, ", " if player < last else ""))
        if opening:
            pieces.append(self._piece("payoff", ")"))
        return tuple(pieces)

    def _end(self, node: int) -> list[Line]:
        tree = self.tree
        if not tree.is_terminal(node):
            return []
        if tree.outcome_of[node] == NO_OUTCOME or not tree.players:
            return []
        if not self.upright:
            return [self._payoff_row(node)]
        payoffs = tree.outcomes[tree.outcome_of[node]].payoffs
        return [(self._number("payoff", p, player),) for player, p in enumerate(payoffs)]


def sharing_names(tree: GameTree, visible: Sequence[int]) -> set[int]:
    """Nodes that need no name: all moves of their depth are one player's, who is named once.

    Args:
        tree: the game.
        visible: the nodes in the picture, in preorder.
    """
    rows: dict[int, list[int]] = {}
    for node in visible:
        if not tree.is_terminal(node):
            rows.setdefault(tree.depth[node], []).append(node)
    found: set[int] = set()
    for row in rows.values():
        if len(row) >= MIN_ROW and len({tree.player_of(node) for node in row}) == 1:
            found.update(row[1:])
    return found
