"""All plays that pure subgame-perfect equilibria lead to, under perfect information.

With ties there may be very many equilibria, but few outcomes. An outcome of a subgame is one of the
subgame below some action, provided that it gives the mover at least what the mover would get from
any other action in that one's worst outcome; backward induction on sets of outcomes finds all.
"""

from __future__ import annotations

from nl2efg.equilibria.deadline import in_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.sequence_form import pure_row
from nl2efg.game import CHANCE, has_perfect_information
from nl2efg.solving.stage_problem import Rows

MAX_OUTCOMES = 100
"""Most outcomes of a subgame that are kept."""


def outcome_sets(flat: FlatGame) -> list[list[int]] | None:
    """For each node the terminal nodes that pure subgame-perfect play may lead to from it.

    Returns:
        None for games with chance or hidden moves, and if a subgame has too many outcomes.

    Raises:
        OutOfTimeError: the deadline passed.
    """
    tree = flat.tree
    chance = any(infoset.player == CHANCE for infoset in tree.information_sets)
    if chance or not has_perfect_information(tree):
        return None
    found = [[node] for node in in_time(range(len(tree)))]
    for node in in_time(reversed(flat.roots)):
        found[node] = _outcomes_at(flat, node, found)
        if len(found[node]) > MAX_OUTCOMES:
            return None
    return found


def outcome_equilibria(flat: FlatGame) -> list[Rows] | None:
    """A pure subgame-perfect equilibrium for each outcome of the game.

    Returns, Raises: as :func:`outcome_sets`.
    """
    outcomes = outcome_sets(flat)
    if outcomes is None:
        return None
    return [_equilibrium(flat, outcome, outcomes) for outcome in outcomes[0]]


def _worth(flat: FlatGame, terminal: int, player: int) -> int:
    payoffs = flat.payoffs[terminal]
    assert payoffs is not None
    return payoffs[player]


def _outcomes_at(flat: FlatGame, node: int, outcomes: list[list[int]]) -> list[int]:
    tree = flat.tree
    player = tree.information_sets[tree.set_of[node]].player
    children = tree.children[node]
    worst = [min([_worth(flat, end, player) for end in outcomes[c]]) for c in children]
    # The action itself may be left in the maximum: no outcome below it is worse than its worst.
    floor = max(worst)
    return [end for c in children for end in outcomes[c] if _worth(flat, end, player) >= floor]


def _equilibrium(flat: FlatGame, outcome: int, outcomes: list[list[int]]) -> Rows:
    """The equilibrium in which play goes to an outcome, and to the mover's worst elsewhere."""
    tree = flat.tree
    aim = [-1] * len(tree)
    aim[0] = outcome
    rows: Rows = {}
    for node in in_time(flat.roots):
        number = tree.set_of[node]
        player = tree.information_sets[number].player
        children = tree.children[node]
        for action, child in enumerate(children):
            if child <= aim[node] < tree.subtree_end[child]:
                aim[child] = aim[node]
                rows[number] = pure_row(action, len(children))
            else:
                aim[child] = min(outcomes[child], key=lambda end: _worth(flat, end, player))
    return rows
