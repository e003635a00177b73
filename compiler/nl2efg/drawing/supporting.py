"""What may be believed where an equilibrium does not come, as it is written beside the nodes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from nl2efg.game import CHANCE, BehaviourProfile, has_perfect_recall
from nl2efg.game.parts import ProfileBelow

if TYPE_CHECKING:
    from nl2efg.equilibria.assessment import Assessment

MAX_NODES = 400
"""Of larger games such beliefs are not written."""

MAX_MEMBERS = 6
"""Nor at larger information sets."""


def off_path_beliefs(profile: BehaviourProfile, show: Callable[[Fraction], str]) -> dict[int, str]:
    """For nodes of sets that play does not come to, how likely a supporting belief makes them.

    Args:
        profile: the equilibrium; of a rounded one nothing is said. In a part of a game the whole
            game's beliefs are told.
        show: how a probability is written.

    Returns:
        ``any``, ``≤ 1/2``, ``1/4–1/3`` or, at sets where no belief supports what is played,
        ``no belief``.
    """
    if isinstance(profile, ProfileBelow):
        inside = range(profile.root, profile.root + len(profile.tree))
        told_of = off_path_beliefs(profile.whole, show)
        return {node - profile.root: told for node, told in told_of.items() if node in inside}
    tree = profile.tree
    if len(tree) > MAX_NODES or not profile.is_exact or not tree.players:
        return {}
    unreached = [
        index
        for index, infoset in enumerate(tree.information_sets)
        if infoset.player != CHANCE
        and 1 < len(tree.members[index]) <= MAX_MEMBERS
        and not any(profile.reach[node] for node in tree.members[index])
    ]
    if not unreached or not has_perfect_recall(tree):
        return {}
    found: dict[int, str] = {}
    for entry in _assessed(profile).beliefs:
        if entry.infoset not in unreached or not entry.decided:
            continue
        members = tree.members[entry.infoset]
        if entry.belief is None:
            found |= dict.fromkeys(members, "no belief")
            continue
        low, high = entry.supporting.bounds if entry.supporting else (entry.belief, entry.belief)
        told = (_told(*ends, show) for ends in zip(low, high, strict=True))
        found |= dict(zip(members, told, strict=True))
    return found


@lru_cache(maxsize=1)  # each part of one picture asks for the same
def _assessed(profile: BehaviourProfile) -> Assessment:
    from nl2efg.equilibria.assessment import assess
    from nl2efg.equilibria.flat_game import flat_game_of

    return assess(flat_game_of(profile.tree), profile)


def _told(low: Fraction, high: Fraction, show: Callable[[Fraction], str]) -> str:
    if low == high:
        return show(low)
    if not low:
        return "any" if high == 1 else f"≤ {show(high)}"
    return f"≥ {show(low)}" if high == 1 else f"{show(low)}–{show(high)}"
