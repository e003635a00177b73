"""What a reader of a solution should know besides the equilibria."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from operator import ge

from nl2efg.equilibria.certificate import Certificate
from nl2efg.equilibria.deadline import in_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.sequence_form import Value, stage_at
from nl2efg.equilibria.wording import place_words
from nl2efg.game import CHANCE, NO_SET, GameTree, absent_minded_sets, imperfect_recall_sets
from nl2efg.game.analysis import unpaid_ends
from nl2efg.game.wording import told_histories
from nl2efg.solving.list_claims import listed_numbers
from nl2efg.text import counted


def game_remarks(flat: FlatGame) -> list[str]:
    """Remarks on the game itself."""
    tree = flat.tree
    found = missing_outcomes(flat)
    if tree.is_terminal(0):
        found.append("nobody moves: the payoffs are those of the root")
    elif not _choices_are_remembered(flat):
        found += memory_remarks(tree)
        found.append(
            "where a player has imperfect recall, strategies are compared ex ante, and an "
            "equilibrium in behaviour strategies may not exist (Wichardt 2008)"
        )
    return found


MAX_FORGETFUL = 5
"""Of more sets at which something is forgotten only the first are told."""


def memory_remarks(tree: GameTree) -> list[str]:
    """At which information sets a player forgets, and what: a move, what was known, or himself."""
    absent = set(absent_minded_sets(tree))
    sets = [n for n in imperfect_recall_sets(tree) if len(tree.information_sets[n].actions) > 1]
    found = []
    for number in sets[:MAX_FORGETFUL]:
        name = tree.told.player_name(tree.information_sets[number].player)
        where = place_words(tree, number)
        if number in absent:
            found.append(f"{name} is absent-minded {where}: one play may pass there twice")
            continue
        steps = {_last_own(tree, node) for node in tree.members[number]}
        if len({before for before, _ in steps}) == 1:
            before = next(iter(steps))[0]
            earlier = place_words(tree, before)
            found.append(f"{name}, moving {where}, has forgotten what they did {earlier}")
        else:
            found.append(
                f"{name}, moving {where}, has forgotten what they knew, or that they moved"
            )
    if len(sets) > MAX_FORGETFUL:
        more = counted(len(sets) - MAX_FORGETFUL, "more information set")
        found.append(f"something is forgotten at {more}")
    return found


def _last_own(tree: GameTree, node: int) -> tuple[int, int]:
    """The last information set of a node's mover on the way to it, and the action taken there."""
    player = tree.information_sets[tree.set_of[node]].player
    while node:
        parent = tree.parents[node]
        number = tree.set_of[parent]
        if tree.information_sets[number].player == player:
            return number, tree.action_of[node]
        node = parent
    return NO_SET, -1


def _choices_are_remembered(flat: FlatGame) -> bool:
    """Whether every stage has perfect recall; then the game has it where there is a choice."""
    shared = (root for root in flat.roots if not flat.lone[root])
    return all(stage_at(flat, root).has_perfect_recall for root in shared)


def missing_outcomes(flat: FlatGame) -> list[str]:
    """A remark if some plays of the game come to no outcome at all."""
    bare = unpaid_ends(flat.tree)
    if not bare:
        return []
    told = told_histories(flat.tree, bare)
    return [f"no outcome is given, so everybody is taken to get 0, at: {told}"]


def equilibrium_remarks(flat: FlatGame, certificates: Sequence[Certificate]) -> list[str]:
    """Remarks on equilibria of the game.

    Args:
        flat: the game.
        certificates: of the equilibria in their order, which are counted from 1; what is remarked
            on is seen in the first.
    """
    tree = flat.tree
    found = []
    values = [entry.value for entry in certificates[0].players]
    if _is_constant_sum(flat) and _choices_are_remembered(flat):
        first, second = tree.told.players
        found.append(
            f"constant sum: the game is worth {values[0]} to {first} and {values[1]} to {second}; "
            "the strategies are maxmin strategies, and any equilibrium pays the same"
        )
    better = _better_for_all(flat, values)
    if better is not None:
        history = ", ".join(tree.told.history(better))
        scaled = flat.payoffs[better]
        assert scaled is not None
        payoffs = ", ".join(
            str(Fraction(own, unit)) for own, unit in zip(scaled, flat.scale, strict=True)
        )
        worse = [
            number
            for number, own in enumerate(certificates, 1)
            if all(map(ge, scaled, _enough(flat, [entry.value for entry in own.players])))
        ]
        told = listed_numbers(worse)
        which = "equilibria {} are" if len(worse) > 1 else "equilibrium {} is"
        which = which.format(told) if len(certificates) > 1 else "the equilibrium is"
        found.append(f"{which} not Pareto-efficient: ({history}) pays everybody more: {payoffs}")
    return found


def _enough(flat: FlatGame, values: Sequence[Value]) -> list[int]:
    """The least scaled payoffs that are more than these values.

    Scaled payoffs are integers: more than a value is at least the next integer above it.
    """
    return [floor(value * scale) + 1 for value, scale in zip(values, flat.scale, strict=True)]


def _is_constant_sum(flat: FlatGame) -> bool:
    """Whether two players' payoffs sum to the same at every end of the game."""
    if len(flat.scale) != 2:
        return False
    first, second = flat.scale
    rows = (row for row in flat.payoffs if row is not None)
    totals = (row[0] * second + row[1] * first for row in rows)
    constant = next(totals)
    return all(total == constant for total in in_time(totals))


def _better_for_all(flat: FlatGame, values: Sequence[Value]) -> int | None:
    """A terminal node that play may come to for sure and that pays everybody more."""
    tree = flat.tree
    enough = _enough(flat, values)
    better = [
        node
        for node, payoffs in in_time(enumerate(flat.payoffs))
        if payoffs is not None and payoffs[0] >= enough[0] and all(map(ge, payoffs, enough))
    ]
    if not better:
        return None
    twice = [set(tree.members[n]) for n in absent_minded_sets(tree)]
    chance_above = bytearray(len(tree))
    for node in in_time(range(1, better[-1] + 1)):
        parent = tree.parents[node]
        infoset = tree.information_sets[tree.set_of[parent]]
        chance_above[node] = chance_above[parent] or infoset.player == CHANCE
    sure = (node for node in better if not chance_above[node])
    return next((node for node in sure if _is_one_strategy(tree, node, twice)), None)


def _is_one_strategy(tree: GameTree, node: int, twice: Sequence[set[int]]) -> bool:
    """Whether the way to a node takes one action at each absent-minded set that it meets twice."""
    while twice and node:
        parent = tree.parents[node]
        for members in twice:
            above = tree.parents[parent]
            below, upper = parent, above
            while upper >= 0 and parent in members:
                if upper in members and tree.action_of[below] != tree.action_of[node]:
                    return False
                below, upper = upper, tree.parents[upper]
        node = parent
    return True
