"""Beliefs as people write them, by information set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nl2efg.errors import UserError
from nl2efg.game.history import find_history, match_label
from nl2efg.game.model import GameTree
from nl2efg.game.profile import Probability
from nl2efg.game.wording import told_histories
from nl2efg.library.claims import Claims, place
from nl2efg.library.profile_tables import sets_of
from nl2efg.library.profiles import bare_text, read_json

Beliefs = Mapping[Any, Any]
"""By information set (index from 0, label, or what names it), the probabilities of its nodes: in
their order, or by history; one that is left out takes the rest."""

_STEP = re.compile(r"\s*[,>/]\s*")


def as_beliefs(tree: GameTree, given: Beliefs | None) -> dict[int, Sequence[Probability]]:
    """Beliefs by the index of their information set.

    Args:
        tree: the game.
        given: as :data:`Beliefs`; None for none.

    Raises:
        UserError: they name no information set, or no node of it, or are no probabilities.
    """
    claims = Claims(tree)
    found: dict[int, Sequence[Probability]] = {}
    if not isinstance(given or {}, Mapping):
        raise UserError(
            "beliefs are told by information set", hint='such as {"Ben after Bet": [0.5, 0.5]}'
        )
    for key, told in (given or {}).items():
        for infoset in sets_of(claims, key):
            if infoset in found:
                raise UserError(f"{place(tree, infoset)}: there are two beliefs")
            found[infoset] = _row(claims, infoset, told)
    return found


def beliefs_beside(profile: Any) -> Beliefs | None:
    """The beliefs that come with a profile, under the key ``beliefs``; None if none do.

    Args:
        profile: as :func:`nl2efg.library.profiles.as_profile` takes it.

    Raises:
        UserError: JSON that cannot be read.
    """
    if isinstance(profile, str):
        text = bare_text(profile)
        profile = read_json(text) if text.startswith("{") else None
    found = profile.get("beliefs") if isinstance(profile, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _row(claims: Claims, infoset: int, told: Any) -> Sequence[Probability]:
    if isinstance(told, Mapping):
        members = claims.tree.members[infoset]
        row: dict[int, Probability] = {}
        for history, probability in told.items():
            row[_member(claims.tree, infoset, history)] = claims.number(probability)
        rest = 1 - sum(row.values())
        left = [node for node in range(len(members)) if node not in row]
        return [row.get(node, rest if left == [node] else 0) for node in range(len(members))]
    if isinstance(told, str) or not isinstance(told, Sequence):
        told = [told]
    return [claims.number(each) for each in told]


def _member(tree: GameTree, infoset: int, history: Any) -> int:
    """The place of a node among those of its set: by its history, or by what only it has in it."""
    wanted = (
        history if isinstance(history, (list, tuple)) else _STEP.split(str(history).strip("() "))
    )
    labels = [str(step).strip() for step in wanted]
    members = tree.members[infoset]
    exact = set(find_history(tree, labels))
    found = [place for place, node in enumerate(members) if node in exact] or [
        place
        for place, node in enumerate(members)
        if all(match_label(label, tree.history(node)) for label in labels)
    ]
    if len(found) != 1:
        raise UserError(
            f"{place(tree, infoset)}: {history!r} is "
            + ("none of its nodes" if not found else "more than one of its nodes"),
            hint=f"they are {told_histories(tree, members)}",
        )
    return found[0]
