"""Profiles as people, papers and models write them, as the one behaviour profile."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nl2efg.errors import FormatError, UserError
from nl2efg.game.history import loose, match_label
from nl2efg.game.model import GameTree
from nl2efg.game.numbers import exact_number
from nl2efg.game.profile import BehaviourProfile
from nl2efg.library.claims import Claims
from nl2efg.library.foreign_profiles import (
    claim_player,
    claim_players,
    claim_policy,
    claim_row,
    is_nested,
    is_policy,
    only_one,
    plain_data,
    printed_data,
    refuse_repeated,
)
from nl2efg.library.profile_tables import (
    action_of,
    claim_flat,
    claim_table,
    gambit_line,
    read_table,
    records,
    sets_of,
    table_of_columns,
)
from nl2efg.library.profile_words import read_sentences
from nl2efg.library.told_lines import read_told_lines
from nl2efg.library.told_tuples import read_tuple
from nl2efg.text import counted

ProfileLike = Any
"""A profile or equilibrium; rows; a mapping; JSON, a table or sentences as text."""

MAX_TEXT = 1_000_000
_WRAPPERS = ("profile", "probabilities", "strategies")
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def as_profile(tree: GameTree, given: ProfileLike) -> BehaviourProfile:
    """A profile of a game, however it is written.

    Forms: a :class:`~nl2efg.BehaviourProfile` or an equilibrium of the same game; pygambit's
    ``MixedBehaviorProfile``; rows of probabilities, one for each information set in the order of
    the tree (with or without those of chance); a flat list of them by player, information set and
    action, as Gambit's tools print it; a mapping of information sets (index from 0, label, player,
    or player and what led there: ``"Ann with K"``) to an action, to a list or to a mapping of
    actions to probabilities, or of players to such mappings; the same as JSON; a table with the
    column ``action``, one or more of ``player``, ``infoset``, ``label``, ``history``, and
    ``probability`` unless every action is certain; sentences such as ``Ann bets with K, checks with
    J``. A probability may be an expression in the game's letters, at their values.

    Args:
        tree: the game.
        given: the profile.

    Raises:
        UserError: it does not fit the game, leaves something open, or can be read in two ways.
    """
    held = getattr(given, "profile", given)
    if not isinstance(held, BehaviourProfile):
        given = plain_data(given)
        held = getattr(given, "profile", given)
    if isinstance(held, BehaviourProfile):
        return _same_game(tree, held)
    if type(given).__module__.partition(".")[0] == "pygambit":
        return _from_gambit(tree, given)
    if tree.told is not tree:  # words say which of several actions of one name is meant
        return BehaviourProfile(tree, _read(_in_words(tree), given, tree).probabilities)
    return _read(tree, given, tree)


def _from_gambit(tree: GameTree, profile: Any) -> BehaviourProfile:
    from nl2efg.gambit import from_gambit, pygambit_port

    game = getattr(profile, "game", None)
    if game is None or not hasattr(profile, "as_strategy"):
        raise UserError(
            f"pygambit's {type(profile).__name__} is no behaviour profile",
            hint="give a MixedBehaviorProfile; of mixed strategies, its as_behavior()",
        )
    theirs = from_gambit(game)
    if (theirs.parents, theirs.set_of) != (tree.parents, tree.set_of):
        raise UserError("the profile is of another game")
    rows = pygambit_port().profile_rows(profile, game, theirs)
    given = [each.probabilities for each in tree.information_sets]
    return BehaviourProfile(
        tree, tuple(own or tuple(row) for own, row in zip(given, rows, strict=True))
    )


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
        if is_policy(given):
            claims = Claims(tree)
            claim_policy(claims, given, plain)
            return claims.profile()
        if (rows := table_of_columns(given)) is not None:
            return _from_rows(tree, rows)
        held = unwrapped(given)
        return _from_mapping(tree, given) if held is given else _read(tree, held, plain)
    if isinstance(given, Sequence):
        return _from_rows(tree, given)
    hint = "give rows, a mapping, a table or sentences"
    if hasattr(given, "action_probabilities"):
        hint = "give a TabularPolicy; or profile_of of nl2efg.playing.openspiel, if it is for "
        hint += "nl2efg.to_openspiel(game)"
    raise UserError(f"{type(given).__name__} is no profile", hint=hint)


def _same_game(tree: GameTree, profile: BehaviourProfile) -> BehaviourProfile:
    if profile.tree is tree:
        return profile
    try:
        return BehaviourProfile(tree, profile.probabilities)
    except ValueError as error:
        raise UserError(f"the profile is of another game: {error}") from None


def _read_text(tree: GameTree, text: str, plain: GameTree) -> BehaviourProfile:
    stripped = bare_text(text)
    if stripped.startswith(("{", "[")):
        try:
            return _read(tree, read_json(stripped), plain)
        except FormatError:
            data = printed_data(stripped)
            if data is None:
                raise
            return _read(tree, data, plain)
    data = printed_data(stripped)
    if isinstance(data, list | tuple):
        return _read(tree, data, plain)
    claims = Claims(tree)
    rows, flat = read_table(stripped, _action_labels(tree)), gambit_line(stripped)
    if rows is not None:
        claim_table(claims, rows)
    elif flat is not None:
        claim_flat(claims, flat)
    elif not read_tuple(stripped, claims):
        others = read_told_lines(plain, stripped, claims)
        if others.strip():
            read_sentences(others, claims)
    return claims.profile()


def bare_text(text: str) -> str:
    """A text without the fence of a code block around it.

    Args:
        text: the text of a profile, or a reply with one block that holds it.

    Raises:
        UserError: it is too long.
    """
    if len(text) > MAX_TEXT:
        raise UserError(f"the profile has {len(text):,} characters; at most {MAX_TEXT:,} are read")
    stripped = text.strip().lstrip("\ufeff")
    blocks = _FENCED.findall(stripped)
    return blocks[0].strip() if len(blocks) == 1 else stripped


def read_json(text: str) -> Any:
    """What JSON says, with its decimals as they are written.

    Args:
        text: JSON.

    Raises:
        FormatError: it is none.
        UserError: an object has a key twice.
    """
    try:
        return json.loads(text, parse_float=str, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise FormatError(f"no JSON: {error}", source="the profile", line=line) from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON, of whose pairs none may be lost."""
    refuse_repeated([key for key, _ in pairs])
    return dict(pairs)


def unwrapped(data: Mapping[Any, Any]) -> Any:
    """The profile inside what a program prints: an equilibrium's record, or ``{"profile": …}``.

    Args:
        data: a mapping; itself comes back if it wraps nothing.

    Raises:
        UserError: it holds several equilibria.
    """
    found = data.get("equilibria")
    if isinstance(found, list):
        return only_one(found)
    return next((data[key] for key in _WRAPPERS if key in data), data)


def _from_rows(tree: GameTree, rows: Sequence[Any]) -> BehaviourProfile:
    claims = Claims(tree)
    if len(rows) == 1 and type(rows[0]).__module__.partition(".")[0] in ("pygambit", "nl2efg"):
        return as_profile(tree, rows[0])
    if rows and all(isinstance(row, Mapping) for row in rows):
        claim_table(claims, records(rows, _action_labels(tree)))
        return claims.profile()
    if is_nested(rows):
        claim_players(claims, rows)
        return claims.profile()
    if rows and not any(isinstance(row, (list, tuple)) for row in rows):
        claim_flat(claims, rows)
        return claims.profile()
    sets = tree.information_sets
    own = [number for number, infoset in enumerate(sets) if not infoset.is_chance]
    numbers = own if len(rows) == len(own) else list(range(len(sets)))
    if len(rows) != len(numbers):
        raise UserError(
            f"the profile has {counted(len(rows), 'row')}; the game has {len(own)} information "
            f"sets of players ({len(sets)} with those of chance)",
            hint="give a row for each information set; of mixed strategies over plans, a row for "
            "each player, pygambit's as_behavior() makes them"
            if len(rows) == len(tree.players)
            else "give a row for each information set, in the order of the tree",
        )
    for number, row in zip(numbers, rows, strict=True):
        if isinstance(row, str) or not isinstance(row, Sequence):
            raise UserError(f"row {number + 1} of the profile is no list of probabilities: {row!r}")
        claim_row(claims, number, row)
    return claims.profile()


def _from_mapping(tree: GameTree, given: Mapping[Any, Any]) -> BehaviourProfile:
    claims = Claims(tree)
    for key, value in given.items():
        if isinstance(value, Mapping) and not _is_row(claims, sets_of(claims, key), value):
            own = frozenset(sets_of(claims, key))
            for inner, told in value.items():
                within = [number for number in sets_of(claims, inner) if number in own]
                if not within:
                    raise UserError(
                        f"{inner!r} is no information set of {key!r}, nor an action",
                        hint="a number counts all sets of the game, from 0, chance's too; or name "
                        "the set by its label or by what led there",
                    )
                _claim(claims, within, told)
        elif isinstance(value, list | tuple) and value and _is_rows(value):
            claim_player(claims, sorted(sets_of(claims, key)), value)
        else:
            _claim(claims, sets_of(claims, key), value)
    return claims.profile()


def _is_pairs(told: Sequence[Any]) -> bool:
    """Whether a list is of pairs of an action's label and its probability."""
    return bool(told) and all(
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and isinstance(pair[0], str)
        and exact_number(pair[0]) is None
        for pair in told
    )


def _is_rows(value: Sequence[Any]) -> bool:
    return is_nested([value]) and not _is_pairs(value)


def _action_labels(tree: GameTree) -> frozenset[str]:
    """Labels of players' actions, as they are compared."""
    sets = (own for own in tree.information_sets if not own.is_chance)
    return frozenset(loose(label) for own in sets for label in own.actions)


def _is_row(claims: Claims, sets: Sequence[int], given: Mapping[Any, Any]) -> bool:
    """Whether a mapping is of actions to probabilities, and not of sets to either."""
    labels = [claims.tree.information_sets[number].actions for number in sets]
    claims.names.effort.spend(len(given) * sum(map(len, labels)))
    return any(
        isinstance(key, int) or match_label(str(key), own) for key in given for own in labels
    ) or not all(isinstance(told, (str, Mapping, list)) for told in given.values())


def _claim(claims: Claims, sets: Sequence[int], told: Any) -> None:
    """What is done at information sets: an action, or probabilities by action or in their order."""
    for infoset in sets:
        if isinstance(told, Mapping):
            for action, probability in told.items():
                claims.add(infoset, action_of(claims, infoset, action), claims.number(probability))
        elif isinstance(told, (list, tuple)) and _is_pairs(told):
            _claim(claims, (infoset,), dict(told))
        elif isinstance(told, (list, tuple)):
            claim_row(claims, infoset, told)
        else:
            claims.add(infoset, action_of(claims, infoset, told))
