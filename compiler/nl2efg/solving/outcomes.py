"""All plays that pure subgame-perfect equilibria lead to, under perfect information.

With ties there may be very many equilibria, but few outcomes. An outcome of a subgame is one of the
subgame below some action, provided that it gives the mover at least what the mover would get from
any other action in that one's worst outcome; backward induction on sets of outcomes finds all.
"""

from __future__ import annotations

from nl2efg.game import CHANCE, has_perfect_information
from nl2efg.solving.deadline import in_time
from nl2efg.solving.prepared_game import Arrays
from nl2efg.solving.sequence_form import pure_row
from nl2efg.solving.stage_problem import Rows

MOST_OUTCOMES = 100
"""Most outcomes of a subgame that are kept."""


def outcome_sets(arrays: Arrays) -> list[list[int]] | None:
    """For each node the terminal nodes that pure subgame-perfect play may lead to from it.

    Returns:
        None for games with chance or hidden moves, and if a subgame has too many outcomes.

    Raises:
        OutOfTime: the deadline of the arrays passed.
    """
    tree = arrays.tree
    chance = any(own.player == CHANCE for own in tree.information_sets)
    if chance or not has_perfect_information(tree):
        return None
    found = [[node] for node in in_time(range(len(tree)), arrays.deadline)]
    for node in in_time(reversed(arrays.roots), arrays.deadline):
        found[node] = _outcomes_at(arrays, node, found)
        if len(found[node]) > MOST_OUTCOMES:
            return None
    return found


def outcome_equilibria(arrays: Arrays) -> list[Rows] | None:
    """A pure subgame-perfect equilibrium for each outcome of the game.

    Returns, Raises: as :func:`outcome_sets`.
    """
    outcomes = outcome_sets(arrays)
    if outcomes is None:
        return None
    return [_equilibrium(arrays, outcome, outcomes) for outcome in outcomes[0]]


def _worth(arrays: Arrays, terminal: int, player: int) -> int:
    payoffs = arrays.payoffs[terminal]
    assert payoffs is not None
    return payoffs[player]


def _outcomes_at(arrays: Arrays, node: int, outcomes: list[list[int]]) -> list[int]:
    tree = arrays.tree
    player = tree.information_sets[tree.set_of[node]].player
    children = tree.children[node]
    worst = [min([_worth(arrays, end, player) for end in outcomes[c]]) for c in children]
    # The action itself may be left in the maximum: no outcome below it is worse than its worst.
    floor = max(worst)
    return [end for c in children for end in outcomes[c] if _worth(arrays, end, player) >= floor]


def _equilibrium(arrays: Arrays, outcome: int, outcomes: list[list[int]]) -> Rows:
    """The equilibrium in which play goes to an outcome, and to the mover's worst elsewhere."""
    tree = arrays.tree
    aim = [-1] * len(tree)
    aim[0] = outcome
    rows: Rows = {}
    for node in in_time(arrays.roots, arrays.deadline):
        number = tree.set_of[node]
        player = tree.information_sets[number].player
        children = tree.children[node]
        for action, child in enumerate(children):
            if child <= aim[node] < tree.subtree_end[child]:
                aim[child] = aim[node]
                rows[number] = pure_row(action, len(children))
            else:
                aim[child] = min(outcomes[child], key=lambda end: _worth(arrays, end, player))
    return rows
