"""Profiles in the forms of other programs: their objects as plain data, and what they print."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nl2efg.errors import UserError
from nl2efg.game.model import GameTree
from nl2efg.library.claims import Claims, place
from nl2efg.text import counted

MAX_PRINTED = 100_000
"""Characters of printed Python objects that are read."""

_STARTS = ("[", "(", "{", "array(", "np.array(", "$", "\\left")
_FRACTION = re.compile(r"\b(?:Rational|Fraction)\(\s*(-?\d+)\s*(?:,\s*(\d+)\s*)?\)")
_NUMBER = re.compile(r"\bnp\.(?:float|int)\d*\(([^()]*)\)")
_ARRAY = re.compile(r"\b(?:np\.)?array\(\s*(\[[^()]*?\])\s*(?:,\s*dtype=[\w.]+\s*)?\)")
_TEX = re.compile(r"\\(?:left|right)\b|[\s$]+")
_TEX_FRACTION = re.compile(r"\\t?frac\{(-?\d+)\}\{(\d+)\}")
_EFG_STATE = re.compile(r"(\d{1,6})-\1-(\d{1,9})-(.*)", re.DOTALL)
_OWN_STATE = re.compile(r"(.*) at set (\d{1,9})", re.DOTALL)


def plain_data(given: Any) -> Any:
    """What an object of another program holds, as lists, mappings and numbers.

    Read are numpy arrays (and what is in lists of them), data frames, OpenSpiel's tabular
    policies, an equilibrium's record, and results that hold one equilibrium. Whatever else comes
    is given back as it is.

    Args:
        given: the object.

    Raises:
        UserError: a result that holds several equilibria, or none.
    """
    if callable(getattr(given, "policy_table", None)):  # pyspiel's
        return given.policy_table()
    if callable(getattr(given, "to_dict", None)):
        if hasattr(given, "columns"):  # a data frame, whose index may hold places
            return given.reset_index().to_dict("records")
        return given.to_dict()  # OpenSpiel's in Python
    if callable(getattr(given, "tolist", None)):
        return given.tolist()
    if isinstance(given, (list, tuple)) and any(hasattr(each, "tolist") for each in given):
        return [plain_data(each) for each in given]
    if isinstance(given, (str, Mapping, Sequence)):
        return given
    found = getattr(given, "equilibria", None)
    if isinstance(found, Sequence):
        return only_one(found)
    return getattr(given, "probabilities", given)


def only_one(found: Sequence[Any]) -> Any:
    """The one equilibrium of a list.

    Args:
        found: the list.

    Raises:
        UserError: there are several, or none.
    """
    if len(found) != 1:
        raise UserError(
            f"there are {len(found)} equilibria in it", hint="give one of them, as it stands"
        )
    return found[0]


def printed_data(text: str) -> Any:
    """The data of a text that Python, numpy or pygambit printed, also as LaTeX; None if it is none.

    Decimals come as text, as they are written.

    Args:
        text: such as ``[[[Rational(1, 2), Rational(1, 2)]]]`` or ``(array([1., 0.]), …)``.

    Raises:
        UserError: a dictionary has a key twice.
    """
    if len(text) > MAX_PRINTED or not text.startswith(_STARTS):
        return None
    if text.startswith("$") or "\\left" in text:
        text = _TEX_FRACTION.sub(r'"\1/\2"', text)
        text = _TEX.sub("", text)
    text = _FRACTION.sub(lambda found: f'"{found[1]}/{found[2] or 1}"', text)
    text = _ARRAY.sub(r"\1", _NUMBER.sub(r"\1", text))
    try:
        parsed = ast.parse(text, mode="eval")
        data = _written(ast.literal_eval(parsed))
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None
    for part in ast.walk(parsed):
        if isinstance(part, ast.Dict):
            refuse_repeated([ast.literal_eval(key) for key in part.keys if key is not None])
    return data


def refuse_repeated(keys: Sequence[Any]) -> None:
    """Refuse a mapping in whose text a key stands twice, of which one would be lost.

    Args:
        keys: all of them.

    Raises:
        UserError: which one.
    """
    for key, times in Counter(keys).items():
        if times > 1:
            raise UserError(f"{key!r:.80} stands twice in one part of the profile")


def _written(data: Any) -> Any:
    """Data with its decimals as text, which is exact."""
    if isinstance(data, float):
        return repr(data)
    if isinstance(data, dict):
        return {key: _written(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return type(data)(map(_written, data))
    return data


def is_nested(rows: Sequence[Any]) -> bool:
    """Whether a list is of players, each a list of information sets' rows, as pygambit has it.

    Args:
        rows: the list.
    """
    return bool(rows) and all(
        isinstance(player, list | tuple) and all(isinstance(row, list | tuple) for row in player)
        for player in rows
    )


def claim_player(claims: Claims, sets: Sequence[int], rows: Sequence[Sequence[Any]]) -> None:
    """Gather the rows of one player's information sets.

    Args:
        claims: takes what is said.
        sets: the player's information sets, in order.
        rows: one for each.

    Raises:
        UserError: there are more or less rows, or one does not fit its set.
    """
    if len(rows) != len(sets):
        name = claims.tree.player_name(claims.tree.information_sets[sets[0]].player)
        raise UserError(
            f"{counted(len(rows), 'row')} for the {counted(len(sets), 'information set')} of {name}"
        )
    for number, row in zip(sets, rows, strict=True):
        claim_row(claims, number, row)


def claim_row(claims: Claims, infoset: int, row: Sequence[Any]) -> None:
    """Gather the probabilities of an information set's actions, in their order.

    Args:
        claims: takes what is said.
        infoset: index of the set; chance's are passed over.
        row: one for each action; or pairs of an action's index and its probability.

    Raises:
        UserError: there are more or less than actions.
    """
    own = claims.tree.information_sets[infoset]
    if len(row) != len(own.actions):
        raise UserError(
            f"{place(claims.tree, infoset)}: {counted(len(row), 'probability', 'probabilities')} "
            f"for {counted(len(own.actions), 'action')}"
        )
    if not own.is_chance:
        for action, probability in enumerate(row):
            claims.add(infoset, action, claims.number(probability))


def claim_players(claims: Claims, players: Sequence[Sequence[Sequence[Any]]]) -> None:
    """Gather a list of players, each a list of information sets' rows.

    Args:
        claims: takes what is said.
        players: in the order of the game.

    Raises:
        UserError: there are more or less players, sets or actions.
    """
    tree = claims.tree
    if len(players) != len(tree.players):
        raise UserError(
            f"the profile is of {counted(len(players), 'player')}; the game has "
            f"{len(tree.players)}",
            hint="a list of players holds for each a list of the rows of their information sets",
        )
    for player, rows in enumerate(players):
        own = [n for n, infoset in enumerate(tree.information_sets) if infoset.player == player]
        if own or rows:
            claim_player(claims, own, rows)


def is_policy(given: Mapping[Any, Any]) -> bool:
    """Whether a mapping is a policy of OpenSpiel: states to pairs of action and probability.

    Args:
        given: the mapping.
    """
    return bool(given) and all(
        isinstance(key, str)
        and (_EFG_STATE.fullmatch(key) or _OWN_STATE.fullmatch(key))
        and isinstance(told, (list, tuple))
        and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in told)
        and all(type(pair[0]) is int for pair in told)
        for key, told in given.items()
    )


def claim_policy(
    claims: Claims, policy: Mapping[str, Sequence[tuple[int, Any]]], plain: GameTree
) -> None:
    """Gather a policy of OpenSpiel, of this game as an ``efg_game`` or by ``nl2efg.to_openspiel``.

    An ``efg_game`` names a state by player, number and label of its information set, and numbers
    actions by their labels in the order of the file. Numbers of sets may be any in a file that
    another program wrote, so the label decides.

    Args:
        claims: takes what is said.
        policy: pairs of action and probability by information state.
        plain: the game with the names of its file.

    Raises:
        UserError: a state that is none of the game's, or an information set without a label.
    """
    own_numbers = list(_labels_of_efg_game(claims))
    if plain.told is not plain and all(map(_EFG_STATE.fullmatch, policy)):
        raise UserError(
            "actions without names of their own cannot be told from their numbers in an efg_game",
            hint="take nl2efg.to_openspiel(game) for the game instead of a file",
        )
    for state, pairs in policy.items():
        infoset, labels = _state(claims, state, own_numbers)
        actions = claims.tree.information_sets[infoset].actions
        for number, probability in pairs:
            if not 0 <= number < len(labels):
                raise UserError(f"there is no action {number} at {state!r:.80} in this game")
            if labels[number] in actions:
                claims.add(infoset, actions.index(labels[number]), claims.number(probability))
            elif probability:
                raise UserError(f"{labels[number]!r} is no action at {state!r:.80} in this game")


def _labels_of_efg_game(claims: Claims) -> Iterator[str]:
    """Labels of players' actions in the order in which an ``efg_game`` meets them."""
    sets = [each for each in claims.tree.information_sets if not each.is_chance]
    yield from dict.fromkeys(label for each in sets for label in each.actions)


def _state(claims: Claims, state: str, labels: Sequence[str]) -> tuple[int, Sequence[str]]:
    """The information set of a state, and the labels that its actions are numbered by."""
    tree = claims.tree
    known = _EFG_STATE.fullmatch(state)
    if known:
        player, label = int(known[1]), known[3]
        found = [
            number
            for number, own in enumerate(tree.information_sets)
            if own.player == player and own.label == label
        ]
        if len(found) == 1:
            return found[0], labels
        raise UserError(
            f"{state!r:.80} names {'no' if not found else 'more than one'} information set",
            hint="OpenSpiel's states are told apart by the labels of information sets; take "
            "nl2efg.to_openspiel(game) for the game instead of a file",
        )
    own = _OWN_STATE.fullmatch(state)
    number = int(own[2]) if own else -1
    if own and number < len(tree.information_sets):
        infoset = tree.information_sets[number]
        if not infoset.is_chance and tree.told.players[infoset.player] == own[1]:
            return number, infoset.actions
    raise UserError(
        f"{state!r:.80} is no information state of this game",
        hint="a policy is of the game as its efg_game, or as nl2efg.to_openspiel gives it",
    )
