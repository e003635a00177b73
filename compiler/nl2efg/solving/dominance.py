"""Strictly dominated actions, where looking for them costs next to nothing."""

from __future__ import annotations

from itertools import product
from math import prod

from nl2efg.equilibria.flat_game import FlatGame, as_one_stage
from nl2efg.equilibria.sequence_form import Stage, common, exact_gains, stage_at
from nl2efg.game import CHANCE
from nl2efg.solving.methods.pure_strategies import pure_plan

MAX_NODES = 500
"""Larger games are not looked at."""

MAX_WORK = 20_000
"""Most pure profiles of the others times leaves; beyond that a player is passed over."""


def dominance_remarks(flat: FlatGame) -> list[str]:
    """A remark on every action that another one strictly dominates.

    Looked for are actions of players who move at one information set only, so that an action is a
    strategy: strictly dominated if another action pays more against every pure profile of the
    others. Dominance by mixed strategies and what remains after elimination are not looked for.
    """
    tree = flat.tree
    if len(tree) > MAX_NODES or tree.is_terminal(0):
        return []
    strategies = [1] * len(tree.players)
    sets: list[list[int]] = [[] for _ in tree.players]
    for number, infoset in enumerate(tree.information_sets):
        if infoset.player != CHANCE and len(infoset.actions) > 1:
            strategies[infoset.player] *= len(infoset.actions)
            sets[infoset.player].append(number)
    leaves = len(tree.terminals)
    candidates = [
        player
        for player, own_sets in enumerate(sets)
        if len(own_sets) == 1 and leaves * prod(strategies) // strategies[player] <= MAX_WORK
    ]
    if not candidates:
        return []
    whole = as_one_stage(flat)
    stage = stage_at(whole, 0)
    if not stage.has_perfect_recall:
        return []
    found = []
    for place, side in enumerate(stage.sides):
        if side.player not in candidates:
            continue
        actions = tree.told.information_sets[side.sets[0]].actions
        for worse, better in _dominated(whole, stage, place).items():
            found.append(
                f"strictly dominated: {tree.told.players[side.player]} gets more by "
                f"{actions[better]} than by {actions[worse]}, whatever the others do"
            )
    return found


def _dominated(whole: FlatGame, stage: Stage, place: int) -> dict[int, int]:
    """Dominated actions of a side's only set, each with the first action that dominates it."""
    side = stage.sides[place]
    payoffs = []
    for leaf in stage.leaves:
        row = whole.payoffs[leaf]
        assert row is not None
        payoffs.append(row[side.player])
    scaled, _ = common(payoffs)
    width = side.size - 1
    left = {(a, b) for a in range(width) for b in range(width) if a != b}
    spaces: list[list[tuple[list[int], int]]] = []
    for other, theirs in enumerate(stage.sides):
        widths = [end - start for start, end in zip(theirs.start, theirs.ends, strict=True)]
        choices = product(*map(range, widths)) if other != place else iter([(0,)])
        spaces.append([(pure_plan(theirs, choice), 1) for choice in choices])
    for plans in product(*spaces):
        gains, _ = exact_gains(stage, place, plans, scaled)
        left = {(a, b) for a, b in left if gains[1 + a] < gains[1 + b]}
        if not left:
            break
    found: dict[int, int] = {}
    for worse, better in sorted(left):
        found.setdefault(worse, better)
    return found
