"""Which equilibria are played alike: they differ only where play does not come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nl2efg.game import BehaviourProfile


def same_play(profiles: Iterable[BehaviourProfile]) -> list[list[int]]:
    """Groups of profiles with the same distribution over the ends of the game.

    Args:
        profiles: of one game.

    Returns:
        For each way of play, in the order of its first profile, the numbers of its profiles,
        counted from 1.
    """
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, profile in enumerate(profiles, 1):
        outcome = tuple(profile.reach[node] for node in profile.tree.terminals)
        groups.setdefault(outcome, []).append(number)
    return list(groups.values())
