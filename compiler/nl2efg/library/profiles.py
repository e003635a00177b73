"""Profiles as people, papers and models write them, as the one behaviour profile."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nl2efg.errors import FormatError, UserError
from nl2efg.game.history import match_label
from nl2efg.game.model import GameTree
from nl2efg.game.profile import BehaviourProfile
from nl2efg.library.claims import Claims, place, probability_of
from nl2efg.library.profile_words import Names, read_sentences, sets_named
from nl2efg.library.told_lines import read_told_lines

ProfileLike = Any
"""A profile or equilibrium; rows; a mapping; JSON, a table or sentences as text."""

MAX_TEXT = 1_000_000
_DIGITS = 12
_OF_AN_ACTION = 20
"""Steps that finding an action among few takes."""

_HEADER = 10_000
"""Characters of the line that names a table's columns."""

SEPARATORS = ",;\t|"
COLUMN = {
    "set": "infoset",
    "information set": "infoset",
    "information_set": "infoset",
    "strategy": "action",
    "move": "action",
    "prob": "probability",
}


def as_profile(tree: GameTree, given: ProfileLike) -> BehaviourProfile:
    """A profile of a game, however it is written.

    Forms: a :class:`~nl2efg.BehaviourProfile` or an equilibrium of the same game; rows of
    probabilities, one for each information set in the order of the tree (with or without those of
    chance); a mapping of information sets (index from 0, label, player, or player and what led
    there: ``"Ann with K"``) to an action or to a mapping of actions to probabilities; the same as
    JSON; a table with the columns ``action`` and ``probability`` and one or more of ``player``,
    ``infoset``, ``label``, ``history``; sentences such as ``Ann bets with K, checks with J``.

    Args:
        tree: the game.
        given: the profile.

    Raises:
        UserError: it does not fit the game, leaves something open, or can be read in two ways.
    """
    held = getattr(given, "profile", given)
    if isinstance(held, BehaviourProfile):
        return _same_game(tree, held)
    if tree.told is not tree:  # words say which of several actions of one name is meant
        return BehaviourProfile(tree, _read(_in_words(tree), given, tree).probabilities)
    return _read(tree, given, tree)


def _in_words(tree: GameTree) -> GameTree:
    """The tree with names that tell apart; information sets keep their labels, shared or not."""
    sets = zip(tree.told.information_sets, tree.information_sets, strict=True)
    return replace(
        tree.told,
        information_sets=tuple(replace(told, label=own.label) for told, own in sets),
    )


def _read(tree: GameTree, given: ProfileLike, plain: GameTree) -> BehaviourProfile:
    """A profile of a tree in words, which is told by the plain one."""
    if isinstance(given, str):
        return _read_text(tree, given, plain)
    if isinstance(given, Mapping):
        return _from_mapping(tree, given)
    if isinstance(given, Sequence):
        return _from_rows(tree, given)
    raise UserError(
        f"{type(given).__name__} is no profile", hint="give rows, a mapping, a table or sentences"
    )


def _same_game(tree: GameTree, profile: BehaviourProfile) -> BehaviourProfile:
    if profile.tree is tree:
        return profile
    try:
        return BehaviourProfile(tree, profile.probabilities)
    except ValueError as error:
        raise UserError(f"the profile is of another game: {error}") from None


def _read_text(tree: GameTree, text: str, plain: GameTree) -> BehaviourProfile:
    if len(text) > MAX_TEXT:
        raise UserError(f"the profile has {len(text):,} characters; at most {MAX_TEXT:,} are read")
    stripped = text.strip().lstrip("\ufeff")
    if stripped.startswith(("{", "[")):
        try:
            data = _unwrapped(json.loads(stripped))
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 0)
            raise FormatError(f"no JSON: {error}", source="the profile", line=line) from None
        return _read(tree, data, plain)
    rows = _table(stripped)
    if rows is not None:
        return _from_table(tree, rows)
    claims = Claims(tree)
    others = read_told_lines(plain, stripped, claims)
    if others.strip():
        read_sentences(tree, others, claims)
    return claims.profile()


def _unwrapped(data: Any) -> Any:
    """The profile inside what a program prints: an equilibrium's record, or ``{"profile": …}``."""
    for key in ("profile", "probabilities", "strategies"):
        if isinstance(data, dict) and key in data:
            return data[key]
    return data


def _from_rows(tree: GameTree, rows: Sequence[Any]) -> BehaviourProfile:
    sets = tree.information_sets
    own = [number for number, infoset in enumerate(sets) if not infoset.is_chance]
    numbers = own if len(rows) == len(own) else list(range(len(sets)))
    if len(rows) != len(numbers):
        raise UserError(
            f"the profile has {len(rows)} rows; the game has {len(own)} information sets of "
            f"players ({len(sets)} with those of chance)"
        )
    claims = Claims(tree)
    for number, row in zip(numbers, rows, strict=True):
        if isinstance(row, str) or not isinstance(row, Sequence):
            raise UserError(f"row {number + 1} of the profile is no list of probabilities: {row!r}")
        if len(row) != len(sets[number].actions):
            raise UserError(
                f"{place(tree, number)}: {len(row)} probabilities for "
                f"{len(sets[number].actions)} actions"
            )
        for action, probability in enumerate(row):
            if not sets[number].is_chance:
                claims.add(number, action, probability_of(probability))
    return claims.profile()


def _from_mapping(tree: GameTree, given: Mapping[Any, Any]) -> BehaviourProfile:
    claims, names = Claims(tree), Names(tree)
    for key, value in given.items():
        for infoset in _sets(names, key):
            if isinstance(value, Mapping):
                for action, probability in value.items():
                    claims.add(
                        infoset, _action(names, infoset, action), probability_of(probability)
                    )
            else:
                claims.add(infoset, _action(names, infoset, value))
    return claims.profile()


def _sets(names: Names, key: Any) -> Sequence[int]:
    count = len(names.tree.information_sets)
    if isinstance(key, int) or (isinstance(key, str) and key.isascii() and key.isdigit()):
        number = int(str(key)[:_DIGITS])  # more digits are beyond any game
        if not 0 <= number < count:
            raise UserError(
                f"there is no information set {key!s:.20}; they count from 0 to {count - 1}"
            )
        return (number,)
    return sets_named(names, str(key))


def _action(names: Names, infoset: int, wanted: Any) -> int:
    tree = names.tree
    actions = tree.information_sets[infoset].actions
    names.effort.spend(_OF_AN_ACTION + len(actions))
    found = (wanted,) if isinstance(wanted, int) else match_label(str(wanted), actions)
    if len(found) != 1 or not 0 <= found[0] < len(actions):
        problem = "is no action" if not found else "names more than one action"
        raise UserError(
            f"{place(tree, infoset)}: {wanted!r} {problem}", hint=f"actions: {', '.join(actions)}"
        )
    return int(found[0])


def _table(text: str) -> list[dict[str, str]] | None:
    """The rows of a table with a header, or None if the text is none."""
    head = text.partition("\n")[0]
    if len(head) > _HEADER:
        return None
    separator = max(SEPARATORS, key=head.count)
    lines = [line.strip().strip("|") if separator == "|" else line for line in text.splitlines()]
    read = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    try:
        rows = [[cell.strip() for cell in row] for row in read if any(row)]
    except csv.Error:  # a cell of a hundred thousand characters
        return None
    names = [COLUMN.get(name.lower(), name.lower()) for name in rows[0]] if rows else []
    if "action" not in names or not {"probability", "exact"} & set(names):
        return None
    body = [row for row in rows[1:] if not all(set(cell) <= set("-: ") for cell in row)]
    return [dict(zip(names, row, strict=False)) for row in body]


def _from_table(tree: GameTree, rows: Sequence[Mapping[str, str]]) -> BehaviourProfile:
    claims, names = Claims(tree), Names(tree)
    for number, row in enumerate(rows, 1):
        if "action" not in row:
            raise UserError(f"row {number} of the profile's table ends before its action")
        told = row.get("exact") or row.get("probability", "")
        if row.get("infoset"):
            sets = _sets(names, row["infoset"])
        else:
            where = row.get("label") or (f"({row['history']})" if row.get("history") else "")
            sets = sets_named(names, " ".join(filter(None, (row.get("player"), where))))
        for infoset in sets:
            action = _action(names, infoset, row["action"])
            claims.add(infoset, action, probability_of(told))
    return claims.profile()
