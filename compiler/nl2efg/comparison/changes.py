"""What changed from one version of a game to the next, in words, all of it.

Where :mod:`nl2efg.comparison.explanation` gives the first difference between any two games, two
versions of one game are laid upon each other from the root: actions of the same name go together,
then, where as many are left on both sides, those in the same place. Positions decide, so labels may
be empty or repeated. A new name may be that of another action: what is the same below is then
believed before the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from nl2efg.families import Expression, family_of
from nl2efg.game import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet
from nl2efg.game.builder import first_seen
from nl2efg.game.wording import after_history, told_histories, told_list

MAX_LINES = 12
"""Changes of one kind that are told before the rest is only counted."""

Pair = tuple[int, int]
"""A node before and the node after that takes its place."""


def game_changes(before: GameTree, after: GameTree, *, most: int = MAX_LINES) -> tuple[str, ...]:
    """What is different in the later version of a game.

    Args:
        before: the earlier version.
        after: the later one.
        most: changes of one kind that are told before the rest is only counted.

    Returns:
        A sentence for each change; empty if the versions are the same but for titles, comments and
        the names of nodes, sets and outcomes.
    """
    walk = _Walk(before, after)
    kinds = (
        ("players", _players(before, after)),
        ("names of actions", walk.renamed()),
        ("moves", walk.moves),
        ("probabilities", walk.probabilities),
        ("points of who knows what", [*_knowledge(walk, before, after)]),
        ("payoffs", walk.payoffs),
    )
    return tuple(line for what, lines in kinds for line in _bounded(lines, what, most))


def _bounded(lines: Sequence[str], what: str, most: int) -> Iterable[str]:
    if len(lines) <= most + 1:
        return lines
    return (*lines[:most], f"and {len(lines) - most:,} more {what} differ")


def _players(before: GameTree, after: GameTree) -> list[str]:
    here, there = before.players, after.players
    if len(here) == len(there):
        return [
            f"{old or 'the player without a name'} is called {new or 'nothing'}"
            for old, new in zip(here, there, strict=True)
            if old != new
        ]
    return [f"the players are {told_list(there) or 'none'}; they were {told_list(here) or 'none'}"]


@dataclass
class _Walk:
    """The versions laid upon each other, and what differs on the way."""

    before: GameTree
    after: GameTree
    pairs: list[Pair] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    probabilities: list[str] = field(default_factory=list)
    payoffs: list[str] = field(default_factory=list)
    names: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._old_payoffs, self._new_payoffs = _Payoffs(self.before), _Payoffs(self.after)
        seats = _seats(self.before, self.after)
        self._alike = _Alike(self._old_payoffs, self._new_payoffs, seats)
        waiting: list[Pair] = [(0, 0)]
        while waiting:
            old, new = waiting.pop()
            self.pairs.append((old, new))
            ends = self.before.is_terminal(old), self.after.is_terminal(new)
            if all(ends):
                self._paid(old, new, seats)
            elif any(ends):
                where = after_history(self.after.history(new))
                self.moves.append(
                    f"{where} the game ends; it went on"
                    if ends[1]
                    else f"{where} {self._moves(new)}; the game ended"
                )
            else:
                waiting.extend(reversed(list(self._moved(old, new, seats))))

    def renamed(self) -> list[str]:
        """The actions that have another name now, each once."""
        return [
            f"{mover}'s {old or 'action without a name'} is called {new or 'nothing'}"
            + (f", at {count:,} nodes" if count > 1 else "")
            for (mover, old, new), count in self.names.items()
        ]

    def _moves(self, node: int) -> str:
        infoset = self.after.information_sets[self.after.set_of[node]]
        return f"{self.after.player_name(infoset.player)} moves ({told_list(infoset.actions)})"

    def _moved(self, old: int, new: int, seats: dict[int, int]) -> Iterator[Pair]:
        here = self.before.information_sets[self.before.set_of[old]]
        there = self.after.information_sets[self.after.set_of[new]]
        where = after_history(self.after.history(new))
        if seats.get(here.player, here.player) != there.player:
            was = self.before.player_name(here.player)
            self.moves.append(f"{where} {self._moves(new)}; it was {was}")
        same = self._alike.pairs(old, new, here.actions, there.actions)
        mover = self.after.player_name(there.player)
        for own, other in same:
            names = here.actions[own], there.actions[other]
            if names[0] != names[1]:
                self.names[(mover, *names)] = self.names.get((mover, *names), 0) + 1
        for words, labels, kept in (
            ("can no longer choose", here.actions, {own for own, _ in same}),
            ("can also choose", there.actions, {other for _, other in same}),
        ):
            rest = [label for place, label in enumerate(labels) if place not in kept]
            if rest:
                self.moves.append(f"{where} {mover} {words} {told_list(rest)}")
        self.probabilities += _chances(here, there, same, where)
        for own, other in same:
            yield self.before.children[old][own], self.after.children[new][other]

    def _paid(self, old: int, new: int, seats: dict[int, int]) -> None:
        here, there = self._old_payoffs.at(old), self._new_payoffs.at(new)
        words = [
            f"{self.after.players[other]} gets {_text(there[other])} (was {_text(here[own])})"
            for own, other in seats.items()
            if own != CHANCE and here[own] != there[other]
        ]
        if words:
            self.payoffs.append(f"{after_history(self.after.history(new))} {', '.join(words)}")


class _Alike:
    """Which parts of two versions are the same but for names.

    Args:
        old, new: what is paid in the versions.
        seats: the player after for each player before.
    """

    def __init__(self, old: _Payoffs, new: _Payoffs, seats: Mapping[int, int]) -> None:
        self._payoffs, self._seats = (old, new), seats

    def pairs(self, old: int, new: int, here: Sequence[str], there: Sequence[str]) -> list[Pair]:
        """Places of actions that go together at a node before and the one after.

        By name, except where another action has got a name that was there before: then in order,
        if more parts of the game below are the same so, or nothing tells as names repeat.
        """
        named = _same_actions(here, there)
        placed = [(place, place) for place in range(len(here))]
        if len(here) != len(there) or named == placed or Counter(here) == Counter(there):
            return named
        below = [
            {place: kinds[child] for place, child in enumerate(payoffs.tree.children[node])}
            for kinds, payoffs, node in zip(self._kinds, self._payoffs, (old, new), strict=True)
        ]
        by_name, by_place = (
            sum(below[0][own] == below[1][other] for own, other in pairs)
            for pairs in (named, placed)
        )
        repeats = len({*here}) < len(here) or len({*there}) < len(there)
        return placed if by_place > by_name or (by_place == by_name and repeats) else named

    @cached_property
    def _kinds(self) -> tuple[list[int], list[int]]:
        """Of every node of both versions a number: equal where all below is, but for names."""
        numbers: dict[object, int] = {}
        players = ({seat: seat for seat in self._seats}, {b: a for a, b in self._seats.items()})
        before, after = (
            _kinds(payoffs, seats, numbers)
            for payoffs, seats in zip(self._payoffs, players, strict=True)
        )
        return before, after


def _kinds(payoffs: _Payoffs, seats: Mapping[int, int], numbers: dict[object, int]) -> list[int]:
    tree = payoffs.tree
    set_of, _ = first_seen(tree.set_of, NO_SET)
    kinds = [0] * len(tree)
    for node in reversed(range(len(tree))):
        if tree.is_terminal(node):
            paid = payoffs.at(node)
            looks: tuple[object, ...] = tuple(
                sorted(
                    (seats.get(player, -2 - player), _text(each))
                    for player, each in enumerate(paid)
                )
            )
        else:
            own = tree.information_sets[tree.set_of[node]]
            below = [kinds[child] for child in tree.children[node]]
            player = seats.get(own.player, -2 - own.player)
            known = 0 if own.player == CHANCE else set_of[node]
            looks = (player, known, own.probabilities, tuple(below))
        kinds[node] = numbers.setdefault(looks, len(numbers))
    return kinds


class _Payoffs:
    """What everybody gets at the ends of a game: numbers, or expressions in its letters."""

    def __init__(self, tree: GameTree) -> None:
        self.tree, self.family = tree, family_of(tree)

    def at(self, node: int) -> Sequence[Fraction | Expression]:
        """The sums on the way to an end."""
        if self.family is None:
            return self.tree.path_payoffs[node]
        outcomes = [self.tree.outcome_of[step] for step in self.tree.path(node)]
        paid = [Expression.number(0)] * len(self.tree.players)
        for outcome in outcomes:
            if outcome != NO_OUTCOME:
                paid = [each + self.family.payoff(outcome, p) for p, each in enumerate(paid)]
        # A plain number is equal to that of a game without letters.
        return [each if each.constant is None else each.constant for each in paid]


def _text(paid: Fraction | Expression) -> str:
    return paid.text if isinstance(paid, Expression) else str(paid)


def _seats(before: GameTree, after: GameTree) -> dict[int, int]:
    """Which player is which: by name, and in their order where as many are there."""
    if len(before.players) == len(after.players) and (
        Counter(before.players) != Counter(after.players)
    ):
        found = {place: place for place in range(len(before.players))}
    else:
        found = dict(_same_actions(before.players, after.players))
    return {**found, CHANCE: CHANCE}


def _same_actions(here: Sequence[str], there: Sequence[str]) -> list[Pair]:
    """Places that go together: by name, in order where a name repeats; then as many as are left."""
    waiting: dict[str, list[int]] = {}
    for place, label in enumerate(there):
        waiting.setdefault(label, []).append(place)
    found = [(own, waiting[label].pop(0)) for own, label in enumerate(here) if waiting.get(label)]
    left = sorted(set(range(len(here))) - {own for own, _ in found})
    right = sorted(place for places in waiting.values() for place in places)
    if len(left) == len(right):
        found += zip(left, right, strict=True)
    return sorted(found)


def _chances(
    here: InformationSet, there: InformationSet, same: Sequence[Pair], where: str
) -> Iterator[str]:
    if here.probabilities is None or there.probabilities is None:
        return
    words = [
        f"{there.actions[other]} has probability {there.probabilities[other]} (was "
        f"{here.probabilities[own]})"
        for own, other in same
        if here.probabilities[own] != there.probabilities[other]
    ]
    if words:
        yield f"{where} {', '.join(words)}"


def _knowledge(walk: _Walk, before: GameTree, after: GameTree) -> Iterator[str]:
    """Nodes that were told apart and are not any more, and the other way round."""
    pairs = [
        (old, new)
        for old, new in sorted(walk.pairs, key=lambda pair: pair[1])
        if before.set_of[old] != NO_SET and after.set_of[new] != NO_SET
        if CHANCE not in (before.player_of(old), after.player_of(new))
    ]
    for joins in (True, False):
        groups: dict[int, dict[int, list[int]]] = {}
        for old, new in pairs:
            one, other = before.set_of[old], after.set_of[new]
            key, part = (other, one) if joins else (one, other)
            groups.setdefault(key, {}).setdefault(part, []).append(new)
        for parts in groups.values():
            if len(parts) < 2:
                continue
            nodes = list(parts.values())
            mover = after.player_name(after.player_of(nodes[0][0]) or 0)
            told = " from ".join(told_histories(after, each) for each in nodes[:4])
            more = f" and {len(nodes) - 4} more" if len(nodes) > 4 else ""
            yield f"{mover} {'no longer tells' if joins else 'tells'} {told}{more}" + (
                "" if joins else " now"
            )
