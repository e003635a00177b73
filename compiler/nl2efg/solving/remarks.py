"""What a reader of a solution should know besides the equilibria."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from operator import ge

from nl2efg.game import CHANCE, absent_minded_sets
from nl2efg.game.analysis import unpaid_ends
from nl2efg.game.wording import told_histories
from nl2efg.solving.certificate import Certificate
from nl2efg.solving.deadline import in_time
from nl2efg.solving.flat_game import FlatGame
from nl2efg.solving.sequence_form import Value, stage_at


def game_remarks(flat: FlatGame) -> list[str]:
    """Remarks on the game itself."""
    tree = flat.tree
    found = missing_outcomes(flat)
    if tree.is_terminal(0):
        found.append("nobody moves: the payoffs are those of the root")
    elif not _choices_are_remembered(flat):
        own_sets = tree.information_sets
        twice = any(len(own_sets[n].actions) > 1 for n in absent_minded_sets(tree))
        found.append(
            f"a player {'is absent-minded' if twice else 'has imperfect recall'}: strategies are "
            "compared ex ante, and an equilibrium in behaviour strategies may not exist "
            "(Wichardt 2008)"
        )
    return found


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


def equilibrium_remarks(flat: FlatGame, certificate: Certificate) -> list[str]:
    """Remarks on an equilibrium of the game."""
    tree = flat.tree
    found = []
    values = [entry.value for entry in certificate.players]
    if _is_constant_sum(flat):
        first, second = tree.players
        found.append(
            f"constant sum: the game is worth {values[0]} to {first} and {values[1]} to {second}; "
            "the strategies are maxmin strategies, and any equilibrium pays the same"
        )
    better = _better_for_all(flat, values)
    if better is not None:
        history = ", ".join(tree.history(better))
        scaled = flat.payoffs[better]
        assert scaled is not None
        payoffs = ", ".join(
            str(Fraction(own, unit)) for own, unit in zip(scaled, flat.scale, strict=True)
        )
        found.append(f"not Pareto-efficient: ({history}) pays everybody more: {payoffs}")
    return found


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
    # Scaled payoffs are integers: more than a value is at least the next integer above it.
    enough = [floor(value * scale) + 1 for value, scale in zip(values, flat.scale, strict=True)]
    better = [
        node
        for node, payoffs in in_time(enumerate(flat.payoffs))
        if payoffs is not None and payoffs[0] >= enough[0] and all(map(ge, payoffs, enough))
    ]
    if not better:
        return None
    chance_above = bytearray(len(tree))
    for node in in_time(range(1, better[-1] + 1)):
        parent = tree.parents[node]
        infoset = tree.information_sets[tree.set_of[parent]]
        chance_above[node] = chance_above[parent] or infoset.player == CHANCE
    return next((node for node in better if not chance_above[node]), None)
