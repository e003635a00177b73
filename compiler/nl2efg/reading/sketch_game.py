"""From a sketch to a tree, deterministically and without any code.

The tree grows from the root. At a history the entries of the sketch are looked up that match it;
the most exact one counts, and of a move and an end that match alike the move. Its
actions lead on. What no entry settles is a gap: it is named in words, and the tree ends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from nl2efg.errors import ConstraintError
from nl2efg.families import value_of
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.game.constraints import BoundConstraint, constraint_effort, parse_constraint
from nl2efg.game.effort import Effort, EffortError
from nl2efg.game.history import is_pattern, loose
from nl2efg.game.numbers import exact_number
from nl2efg.game.wording import told_history
from nl2efg.reading.patterns import Pattern, below, done, patterns_of
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch, SketchChance, SketchClaim, SketchInformationSet

MAX_PLAYERS = 1000
MAX_STEPS = 2_000_000
"""Patterns that are followed at all nodes, and payoffs of all players at all ends."""

MAX_NODES = 20_000
"""Nodes that a sketch may stand for; a larger game is for the program to build."""

MAX_GAPS = 8
"""Gaps that are told one by one."""


@dataclass(frozen=True)
class SketchGame:
    """What a sketch says, as a game.

    Args:
        tree: the game, as far as it is fixed; None if the sketch stands for none, or for one of
            more than ``MAX_NODES`` nodes.
        open_payoffs: terminal nodes and players whose payoffs are not fixed as numbers.
        orders: the orders of payoffs that could be read; payoffs that they speak of are open.
        gaps: what is missing in the shape of the game, in words.
        unpaid: ends of which nothing is said, in words; orders count as something.
        too_large: whether the game has more than ``MAX_NODES`` nodes.
    """

    tree: GameTree | None
    open_payoffs: frozenset[tuple[int, int]] = frozenset()
    orders: tuple[BoundConstraint, ...] = ()
    gaps: tuple[str, ...] = ()
    unpaid: tuple[str, ...] = ()
    too_large: bool = False

    @property
    def has_shape(self) -> bool:
        """Whether players, moves, knowledge, chance and ends are all fixed."""
        return self.tree is not None and not self.gaps

    @property
    def is_whole(self) -> bool:
        """Whether it is a game that can be played: its payoffs have numbers as well."""
        return self.has_shape and not self.unpaid


def read_sketch(sketch: Sketch) -> SketchGame:
    """Read a sketch as a game."""
    if not sketch.is_game or not sketch.players:
        return SketchGame(None, gaps=("the sketch describes no game",))
    if len(sketch.players) > MAX_PLAYERS:
        return SketchGame(None, gaps=(f"the sketch has more than {MAX_PLAYERS:,} players",))
    growth = _Growth(sketch)
    try:
        growth.grow()
        if growth.too_large:
            gaps = (f"the game has more than {MAX_NODES:,} nodes",)
            return SketchGame(None, gaps=gaps, too_large=True)
        return growth.game()
    except EffortError as error:
        return SketchGame(None, gaps=(error.message,))


def built_from_sketch(sketch: Sketch) -> Built:
    """The game of a sketch as the result of a build, for a compile without generated code.

    Returns:
        the game; or none, with an error ``B120`` that names the gaps, or ``B104`` if it is too
        large.
    """
    game = read_sketch(sketch)
    if game.is_whole:
        return Built(game.tree, ())
    if game.too_large:
        large = Diagnostic(
            "B104",
            Severity.ERROR,
            f"the sketch stands for a game of more than {MAX_NODES:,} nodes",
            fix="let generated code build it",
        )
        return Built(None, (large,))
    gaps = (*game.gaps, *game.unpaid)
    more = f"; and {len(gaps) - MAX_GAPS} more" if len(gaps) > MAX_GAPS else ""
    missing = Diagnostic(
        "B120",
        Severity.ERROR,
        f"the sketch is no whole game: {'; '.join(gaps[:MAX_GAPS])}{more}",
        fix="let the sketch cover every choice, every draw and every end",
    )
    return Built(None, (missing,))


@dataclass
class _Growth:
    """A tree that grows by the patterns of a sketch."""

    sketch: Sketch
    gaps: list[str] = field(default_factory=list)
    too_large: bool = False

    def __post_init__(self) -> None:
        self.names = [player.name for player in self.sketch.players]
        self.players = {loose(name): number for number, name in enumerate(self.names)}
        self.values = {
            each.symbol: Fraction(each.value)
            for each in self.sketch.parameters
            if exact_number(each.value) is not None
        }
        self.builder = TreeBuilder(self.names, self.sketch.title)
        self.patterns = patterns_of(self.sketch)
        self.met: set[Pattern] = set()
        self.sets: dict[tuple[int, tuple[str, ...]], int] = {}
        self.labels: list[tuple[str, ...]] = [()]
        self.paid: dict[int, dict[int, Fraction]] = {}
        self.ends: list[int] = []
        self.effort = Effort(MAX_STEPS, "reading the sketch as a game")

    def grow(self) -> None:
        """Follow every pattern from the root."""
        waiting: list[tuple[int, list[Pattern]]] = [(0, self.patterns)]
        while waiting:
            node, live = waiting.pop()
            depth = len(self.labels[node])
            self.effort.spend(1 + depth + len(live))
            complete = [pattern for pattern in live if len(pattern.steps) == depth]
            infoset = self._move(node, complete)
            if infoset is None:
                self._end(node, complete, goes_on=len(complete) < len(live))
                continue
            number, actions = infoset
            children = self.builder.move(node, number)
            if children[-1] >= MAX_NODES:
                self.too_large = True
                return
            self.labels += [(*self.labels[node], action) for action in actions]
            self.effort.spend(depth * len(actions))
            for place, following in below(live, depth, actions, self.effort):
                waiting.append((children[place], following))

    def _move(self, node: int, complete: Sequence[Pattern]) -> tuple[int, Sequence[str]] | None:
        """The information set to put at a node, and its actions; None where nobody moves."""
        moves = [pattern for pattern in complete if not isinstance(pattern.entry, SketchClaim)]
        claims = [pattern for pattern in complete if isinstance(pattern.entry, SketchClaim)]
        self.met.update(moves)
        if not moves:
            return None
        best = min(moves, key=lambda pattern: pattern.vagueness)
        if claims and min(claim.vagueness for claim in claims) < best.vagueness:
            return None
        others = {p.place for p in moves if p.vagueness == best.vagueness and p.entry != best.entry}
        if others:
            self._gap(node, "two entries of the sketch move")
        entry = best.entry
        if isinstance(entry, SketchChance):
            return self._draw(node, entry, best.place)
        assert isinstance(entry, SketchInformationSet)
        player = self.players.get(loose(entry.player))
        if player is None:
            self._gap(node, f"{entry.player!r} moves, who is no player of the sketch,")
            return None
        if not entry.actions:
            self._gap(node, f"no actions of {entry.player} are given")
            return None
        labels = self.labels[node]
        key = best.place, tuple(loose(labels[place]) for place in best.seen)
        if key not in self.sets:
            self.sets[key] = self.builder.information_set(player, entry.actions)
        return self.sets[key], entry.actions

    def _draw(self, node: int, entry: SketchChance, place: int) -> tuple[int, Sequence[str]] | None:
        self.effort.spend(len(entry.probabilities))
        numbers = [value_of(text, self.values) for text in entry.probabilities]
        known = [number for number in numbers if number is not None]
        if not entry.outcomes or len(known) != len(numbers) or len(known) != len(entry.outcomes):
            self._gap(node, "the probabilities are not given as numbers")
            return None
        if sum(known) != 1 or min(known) < 0:
            self._gap(node, "the probabilities do not sum to one")
            return None
        key = place, self.labels[node]
        if key not in self.sets:
            self.sets[key] = self.builder.chance(entry.outcomes, known)
        return self.sets[key], entry.outcomes

    def _end(self, node: int, complete: Sequence[Pattern], *, goes_on: bool) -> None:
        claims = [pattern for pattern in complete if isinstance(pattern.entry, SketchClaim)]
        self.met.update(claims)
        if not claims and goes_on and not any(p for p in complete):
            self._gap(node, "who moves is not said")
        self.ends.append(node)
        least = min((claim.vagueness for claim in claims), default=None)
        for claim in claims:
            if claim.vagueness == least and isinstance(claim.entry, SketchClaim):
                self._claim(node, claim.entry)

    def _claim(self, node: int, claim: SketchClaim) -> None:
        self.effort.spend(len(claim.payoffs))
        own = self.paid.setdefault(node, {})
        for row in claim.payoffs:
            player = self.players.get(loose(row.player))
            value = value_of(row.value, self.values)
            if player is None or value is None:
                continue
            if own.setdefault(player, value) != value:
                self._gap(node, f"two claims pay {row.player} different sums")

    def _gap(self, node: int, what: str) -> None:
        self.gaps.append(f"{what} at {told_history(self.labels[node])}")

    def game(self) -> SketchGame:
        """The tree with its payoffs."""
        self._take_claims_in_another_order()
        for pattern in self.patterns:
            if pattern not in self.met:
                self.gaps.append(
                    f"the sketch speaks of {told_history(pattern.steps)}, which its own moves do "
                    "not reach"
                )
        count = len(self.names)
        self.effort.spend(count * len(self.ends))
        for node in self.ends:
            own = self.paid.get(node, {})
            self.builder.pay(node, [own.get(player, Fraction(0)) for player in range(count)])
        tree, handles = self.builder.build_with_numbers()
        number_of = {handle: number for number, handle in enumerate(handles)}
        unknown = {
            (number_of[node], player)
            for node in self.ends
            for player in range(count)
            if player not in self.paid.get(node, {})
        }
        orders = self._orders(tree)
        ordered = {place for one in orders for places in one.places.values() for place in places}
        unpaid = [
            f"what {told_history(tree.told.history(node))} pays {self.names[player]} is not said"
            for node, player in sorted(unknown)
        ]
        return SketchGame(
            tree, frozenset(unknown | ordered), orders, tuple(self.gaps), tuple(unpaid)
        )

    def _take_claims_in_another_order(self) -> None:
        """Claims that tell simultaneous moves the other way round, for ends that have none."""
        free: dict[tuple[str, ...], list[int]] = {}
        for node in self.ends:
            if node not in self.paid:
                free.setdefault(done(self.labels[node]), []).append(node)
        for pattern in self.patterns:
            claim = pattern.entry
            if pattern in self.met or not isinstance(claim, SketchClaim):
                continue
            nodes = free.get(done(pattern.steps), []) if not is_pattern(pattern.steps) else []
            if len(nodes) == 1:
                self.met.add(pattern)
                self._claim(nodes[0], claim)

    def _orders(self, tree: GameTree) -> tuple[BoundConstraint, ...]:
        found = []
        effort = constraint_effort()
        for text in self.sketch.payoff_order:
            try:
                found.append(parse_constraint(text).bind(tree, effort))
            except ConstraintError:
                continue  # said as a note where the game is checked
        return tuple(found)
