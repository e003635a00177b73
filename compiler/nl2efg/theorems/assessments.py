"""Beliefs with letters: which subgame-perfect equilibria some beliefs support, and where.

A strategy is best at an information set, for some belief over its nodes, if no other strategy of
the player from there on pays more (Kreps and Wilson 1982, Econometrica 50, p. 871). Where play
comes within the subgame the belief is Bayes' rule's. Elsewhere it is free, and one that supports
what is played exists exactly if the polytope of all that do has a corner: so the region is the
union, over possible corners, of the conditions under which the corner is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from math import prod

from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.families.family import GameFamily
from nl2efg.game import CHANCE
from nl2efg.theorems.algebra import Element, LetterField, Poly
from nl2efg.theorems.continuations import Continuation, Ends, UndecidedError, Vector
from nl2efg.theorems.linear import LinearSystem
from nl2efg.theorems.samples import Inequality
from nl2efg.theorems.strategic_form import Rows, noted

MAX_COMPLETIONS = 64
"""Ways to act at the sets that a player's own choices exclude, for each equilibrium."""

MAX_CORNERS = 200
"""Possible corners of the beliefs at one set."""

MAX_CASES = 32
"""Combinations of corners at several sets."""

Conditions = tuple[Inequality, ...]
Case = tuple[Conditions, tuple[Poly, ...]]
"""What must hold, and polynomials that must not be zero."""


@dataclass(frozen=True)
class Supported:
    """A profile that beliefs support.

    Args:
        rows: behaviour, at sets that the player's own choices exclude too.
        always: what must hold whatever the free beliefs are.
        cases: alternatives for these; one of them must hold in full. Empty if nothing more must.
    """

    rows: Rows
    always: Conditions
    cases: tuple[Case, ...]


class Assessing:
    """A family's game, as beliefs see it.

    Args:
        family: the game; of perfect recall.
        flat: its flat form, with its subgames.
        letters: the field of its letters.
        ends: what every terminal node pays each player.
    """

    def __init__(
        self,
        family: GameFamily,
        flat: FlatGame,
        letters: LetterField,
        ends: Ends,
    ) -> None:
        self.family, self.tree, self.flat = family, family.tree, flat
        self.letters, self.ends = letters, ends
        self.cut = False
        """Whether some completions were not looked at."""
        self.curves: dict[Poly, None] = {}
        """Where a gain or a corner at a free set is zero, or is not defined."""

    def supported(self, rows: Rows) -> Iterator[Supported]:
        """The profile with what beliefs support at the sets that it leaves open.

        Args:
            rows: behaviour that is subgame-perfect under conditions that are known.

        Raises:
            UndecidedError: too much to decide.
        """
        full = self._full(rows)
        open_sets = [n for n in range(len(self.tree.information_sets)) if self._excluded(n, full)]
        widths = [len(self.tree.information_sets[n].actions) for n in open_sets]
        self.cut |= prod(widths) > MAX_COMPLETIONS
        choices = product(*map(range, widths))
        for chosen in islice(choices, MAX_COMPLETIONS):
            more = {n: self._pure(n, a) for n, a in zip(open_sets, chosen, strict=True)}
            found = self._at_all_sets(full | more)
            if found is not None:
                yield replace(found, rows={**rows, **more})

    def _pure(self, number: int, action: int) -> tuple[Element, ...]:
        width = len(self.tree.information_sets[number].actions)
        one, zero = self.letters.one, self.letters.zero
        return tuple(one if place == action else zero for place in range(width))

    def _full(self, rows: Rows) -> Rows:
        """Behaviour everywhere, chance's included."""
        found: Rows = {}
        for number, own in enumerate(self.tree.information_sets):
            if own.player == CHANCE:
                probability = self.family.probability
                found[number] = tuple(
                    self.letters.element(probability(number, action))
                    for action in range(len(own.actions))
                )
            else:
                found[number] = rows.get(number) or self._pure(number, 0)
        return found

    def _excluded(self, number: int, rows: Rows) -> bool:
        """Whether the player's own choices, within the subgame, never lead to a set."""
        tree, player = self.tree, self.tree.information_sets[number].player
        if player == CHANCE or len(tree.information_sets[number].actions) < 2:
            return False
        node = tree.members[number][0]
        root = self.flat.root_of[node]
        while node != root:
            parent = tree.parents[node]
            above = tree.set_of[parent]
            mine = tree.information_sets[above].player == player
            if mine and not rows[above][tree.action_of[node]]:
                return True
            node = parent
        return False

    def _at_all_sets(self, rows: Rows) -> Supported | None:
        """Where beliefs support behaviour at every set; None if they nowhere do."""
        always: dict[Inequality, None] = {}
        cases: list[list[Case]] = []
        weights = self.weights(rows)
        for number, own in enumerate(self.tree.information_sets):
            if own.player == CHANCE or len(own.actions) < 2:
                continue
            gains = self.gains(number, rows)
            here = [weights[node] for node in self.tree.members[number]]
            total = sum(here, start=self.letters.zero)
            if len(here) == 1 or total:
                belief = [self.letters.one] if len(here) == 1 else [w / total for w in here]
                if not all(noted(self.letters, self._dot(g, belief), always) for g in gains):
                    return None
                continue
            corners = self._corners(gains, len(here))
            if not corners:
                return None
            if ((), ()) not in corners:
                cases.append(corners)
        if prod(map(len, cases)) > MAX_CASES:
            raise UndecidedError
        return Supported(rows, tuple(always), tuple(map(_both, product(*cases))) if cases else ())

    def weights(self, rows: Rows) -> list[Element]:
        """For each node how likely it is once its smallest subgame is entered."""
        tree = self.tree
        found = [self.letters.one] * len(tree)
        for node in range(1, len(tree)):
            if self.flat.root_of[node] != node or tree.is_terminal(node):
                parent = tree.parents[node]
                found[node] = found[parent] * rows[tree.set_of[parent]][tree.action_of[node]]
        return found

    def gains(self, number: int, rows: Rows) -> list[Vector]:
        """What the player's strategy pays more than each other one from a set on, by node.

        Args:
            number: of the information set.
            rows: behaviour at all sets.

        Raises:
            UndecidedError: there are too many other ones.
        """
        play = Continuation(self.tree, self.ends, self.letters, number, rows)
        kept = play.kept(rows)
        differences = ([a - b for a, b in zip(kept, way, strict=True)] for way in play.ways())
        unique = {tuple(each): each for each in differences if any(each)}
        return list(unique.values())

    def _dot(self, a: Sequence[Element], b: Sequence[Element]) -> Element:
        return sum((x * y for x, y in zip(a, b, strict=True) if x and y), start=self.letters.zero)

    def _corners(self, gains: Sequence[Vector], count: int) -> list[Case]:
        """For each possible corner of the supporting beliefs the conditions that it is there."""
        found: dict[tuple[frozenset[Inequality], frozenset[Poly]], Case] = {}
        looked = 0
        for row in gains:
            self._note_curves(row)
        for size in range(1, min(count, len(gains) + 1) + 1):
            for support in combinations(range(count), size):
                for tight in combinations(gains, size - 1):
                    looked += 1
                    if looked > MAX_CORNERS:
                        raise UndecidedError
                    case = self._corner(gains, support, tight, count)
                    if case == ((), ()):
                        return [case]
                    if case is not None:
                        found.setdefault((frozenset(case[0]), frozenset(case[1])), case)
        return [
            own
            for key, own in found.items()
            if not any(o != key and o[0] <= key[0] and o[1] <= key[1] for o in found)
        ]

    def _corner(
        self, gains: Sequence[Vector], support: Sequence[int], tight: Sequence[Vector], count: int
    ) -> Case | None:
        """The case that the belief with this support, at which those are 0, supports."""
        zero, one = self.letters.zero, self.letters.one
        system = LinearSystem(len(support), zero)
        system.demand(dict.fromkeys(range(len(support)), one), one)
        for row in tight:
            system.demand({n: row[j] for n, j in enumerate(support)}, zero)
        solution = system.solution()
        if solution is None:
            return None
        belief = [zero] * count
        self._note_curves(solution.values())
        for n, j in enumerate(support):
            belief[j] = solution[n]
        conditions: dict[Inequality, None] = {}
        needed = [*(solution.values()), *(self._dot(row, belief) for row in gains)]
        if not all(noted(self.letters, each, conditions) for each in needed):
            return None
        below = (value.denom for value in solution.values())
        return tuple(conditions), tuple(dict.fromkeys(p for p in below if not p.is_ground))

    def _note_curves(self, elements: Iterable[Element]) -> None:
        parts = (part for each in elements if each for part in (each.numer, each.denom))
        self.curves |= dict.fromkeys(part for part in parts if not part.is_ground)

    def any_belief_is_consistent(self, rows: Rows) -> bool:
        """Whether every belief at the free sets is the limit of those of completely mixed play.

        That is proved where each node of every free set takes one deviation that no other node of
        a free set takes, besides those that all nodes of the set take: trembles may then be
        weighted at will. What is not proved so may still be so.
        """
        full, tree = self._full(rows), self.tree
        weights = self.weights(full)
        taken: set[tuple[int, int]] = set()
        for number, own in enumerate(tree.information_sets):
            members = tree.members[number]
            if own.player == CHANCE or len(members) == 1 or any(weights[n] for n in members):
                continue
            deviations = [self._deviations(node, full) for node in members]
            shared = frozenset.intersection(*deviations)
            for each in deviations:
                alone = each - shared
                if len(alone) != 1 or alone & taken:
                    return False
                taken |= alone
        return True

    def _deviations(self, node: int, rows: Rows) -> frozenset[tuple[int, int]]:
        found = set()
        while node:
            parent = self.tree.parents[node]
            number, action = self.tree.set_of[parent], self.tree.action_of[node]
            if not rows[number][action]:
                found.add((number, action))
            node = parent
        return frozenset(found)


def _both(chosen: Sequence[Case]) -> Case:
    """All of several cases at once."""
    return (
        tuple(dict.fromkeys(c for conditions, _ in chosen for c in conditions)),
        tuple(dict.fromkeys(p for _, polys in chosen for p in polys)),
    )
