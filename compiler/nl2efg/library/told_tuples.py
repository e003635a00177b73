"""Profiles as tuples of actions, as papers write them: ``(Out; Fight, Yield)``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nl2efg.game.history import match_label
from nl2efg.library.claims import Claims

MAX_ITEMS = 200
"""Actions of a tuple; who has more writes a table."""

_BRACKETS = {"(": ")", "⟨": "⟩", "<": ">"}


def read_tuple(text: str, claims: Claims) -> bool:
    """Gather a tuple of actions, if the text is one and can be read in one way only.

    Semicolons stand between players, commas between the actions of one; where every player has a
    single information set, commas do for both. A player's actions at several sets are told apart
    by their labels alone, as nothing says in which order an author goes through the sets.

    Args:
        text: such as ``(Out; Fight, Yield)``.
        claims: takes what is said.

    Returns:
        Whether it was one.
    """
    closing = _BRACKETS.get(text[:1])
    if closing is None or not text.endswith(closing) or "\n" in text:
        return False
    inner = re.sub(r"[()]", "", text[1:-1])  # ((a, b), c) has commas enough
    sets = claims.tree.information_sets
    movers = [
        [number for number, own in enumerate(sets) if own.player == player]
        for player in range(len(claims.tree.players))
    ]
    groups = [group.split(",") for group in inner.split(";")]
    if len(groups) == 1 and all(len(own) == 1 for own in movers):
        groups = [[item] for item in groups[0]]
    if len(groups) != len(movers) or sum(map(len, groups)) > MAX_ITEMS:
        return False
    found: list[tuple[int, int]] = []
    for own, items in zip(movers, groups, strict=True):
        labels = [item.strip() for item in items if item.strip()]
        chosen = [_place(claims, own, label) for label in labels]
        told = [place for place in chosen if place is not None]
        if len(told) != len(labels) or {number for number, _ in told} != set(own):
            return False
        found += told
    for infoset, action in found:
        claims.add(infoset, action)
    return True


def _place(claims: Claims, own: Sequence[int], label: str) -> tuple[int, int] | None:
    """The one set and action of a player that a label means."""
    sets = claims.tree.information_sets
    claims.names.effort.spend(sum(len(sets[number].actions) for number in own))
    found = [
        (number, action) for number in own for action in match_label(label, sets[number].actions)
    ]
    return found[0] if len(found) == 1 else None
