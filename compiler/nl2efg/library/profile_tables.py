"""Profiles as tables and as the flat lists of Gambit's tools."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from nl2efg.errors import UserError
from nl2efg.game.history import loose, match_label
from nl2efg.game.numbers import exact_number
from nl2efg.library.claims import Claims, place
from nl2efg.library.profile_words import sets_named

SEPARATORS = ",;\t|"
COLUMN = {
    "set": "infoset",
    "information set": "infoset",
    "information_set": "infoset",
    "strategy": "action",
    "move": "action",
    "prob": "probability",
    "p": "probability",
}
PLACES = frozenset({"player", "infoset", "label", "history"})
_COUNTING = frozenset({"", "#", "index", "row", "no", "no.", "number", "unnamed: 0"})
_DIGITS = 12
_HEADER = 10_000
"""Characters of the line that names a table's columns."""

MAX_LINES = 1_000
"""Lines of a text that are looked at for being profiles of Gambit's."""

_OF_AN_ACTION = 20
"""Steps that finding an action among few takes."""

_GAMBIT_LINE = re.compile(r"(?:NE,)?\s*((?:[\d./eE+-]+\s*,\s*)+[\d./eE+-]+)")


def read_table(text: str, actions: Collection[str] = ()) -> list[dict[str, Any]] | None:
    """The rows of a table with a header, or None if the text is none.

    Args:
        text: separated by commas, semicolons or tabs, or a markdown table; with a column
            ``action``, and ``probability``, or places of which each has one action; or with a
            column of probabilities for each action, named by its label.
        actions: labels of the game's actions, as :func:`~nl2efg.game.history.loose` gives them.

    Raises:
        UserError: two columns of one name, or a row with more cells than there are columns.
    """
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
    names = [_column(name) for name in rows[0]] if rows else []
    body = [row for row in rows[1:] if not all(set(cell) <= set("-: ") for cell in row)]
    found = [dict(zip(names, row, strict=False)) for row in body]
    if _is_wide(names, actions):
        _refuse_lost(names, body)
        return list(_longer(found))
    if "action" not in names or not {"probability", "exact", *PLACES} & set(names):
        return None
    _refuse_lost(names, body)
    return found


def _refuse_lost(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Refuse columns of one name, and cells beyond the last column, which would be lost.

    Raises:
        UserError: which column or row.
    """
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            raise UserError(f"the profile's table has {times} columns {name!r:.80}")
    for number, row in enumerate(rows, 1):
        if any(row[len(names) :]):
            raise UserError(
                f"row {number} of the profile has more cells than the table has columns",
                hint="a cell with the separator in it stands in quotation marks",
            )


def _is_wide(names: Collection[str], actions: Collection[str]) -> bool:
    """Whether the columns are places, and actions by their labels."""
    others = [name for name in names if name not in PLACES]
    return (
        len(others) < len(names) and bool(others) and all(loose(name) in actions for name in others)
    )


def _longer(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A row for each action of a table that has a column for each; empty cells are none."""
    for row in rows:
        places = {name: value for name, value in row.items() if name in PLACES}
        for name, value in row.items():
            if name not in PLACES and not _is_empty(value):
                yield {**places, "action": name, "probability": value}


def _is_empty(cell: Any) -> bool:
    return cell is None or cell != cell or str(cell).strip() in ("", "-", "–", "—")


def table_of_columns(data: Mapping[Any, Any]) -> list[dict[str, Any]] | None:
    """The rows of a table that came as a mapping of columns, as pandas writes JSON; None otherwise.

    Args:
        data: for each column its cells, as a list or by row.

    Raises:
        UserError: two columns of one name.
    """
    names = [_column(str(name)) for name in data]
    if "action" not in names or not set(names) <= {*PLACES, "action", "probability", "exact"}:
        return None
    _refuse_lost(names, ())
    order = next(iter(data.values()))
    if isinstance(order, Mapping):  # pandas names the rows
        if any(
            not isinstance(each, Mapping) or each.keys() != order.keys() for each in data.values()
        ):
            return None
        cells = [[each[row] for row in order] for each in data.values()]
    else:
        cells = list(data.values())
    if not all(isinstance(each, list | tuple) and len(each) == len(cells[0]) for each in cells):
        return None
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def records(
    rows: Sequence[Mapping[Any, Any]], actions: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Rows of a table that came as mappings, by the names of the columns.

    Args:
        rows: such as a data frame's records.
        actions: as for :func:`read_table`.

    Raises:
        UserError: two columns of one name.
    """
    for row in rows:
        _refuse_lost([_column(str(name)) for name in row], ())
    found = [{_column(str(name)): value for name, value in row.items()} for row in rows]
    for row in found:
        row.pop("index", None)  # pandas counts the rows there
    return list(_longer(found)) if _is_wide(found[0] if found else (), actions) else found


def _column(name: str) -> str:
    return COLUMN.get(name.strip().lower(), name.strip().lower())


def claim_table(claims: Claims, rows: Sequence[Mapping[str, Any]]) -> None:
    """Gather what the rows of a table claim.

    Args:
        claims: takes what is said.
        rows: by column.

    Raises:
        UserError: a row without an action, or one that fits no information set.
    """
    for number, row in enumerate(rows, 1):
        if row.get("action") in (None, ""):
            raise UserError(f"row {number} of the profile names no action")
        told = row.get("exact") or row.get("probability")
        certain = told is None and not {"probability", "exact"} & set(row)
        if certain:
            _refuse_numbers(row, number)
        infoset = row.get("infoset")
        if infoset not in (None, ""):
            sets = _also_so_called(claims, sets_of(claims, infoset), row, number)
        else:
            where = row.get("label") or (f"({row['history']})" if row.get("history") else "")
            sets = sets_named(claims, " ".join(filter(None, (row.get("player"), where))))
        for found in sets:
            action = action_of(claims, found, row["action"])
            claims.add(
                found, action, None if certain else claims.number("" if told is None else told)
            )


def _refuse_numbers(row: Mapping[str, Any], number: int) -> None:
    """Refuse a column of numbers in a table without probabilities: it may be of them.

    Raises:
        UserError: which one.
    """
    for name, value in row.items():
        if name in _COUNTING or name in PLACES or name == "action":
            continue
        if exact_number(str(value).strip().removesuffix("%").strip()) is not None:
            raise UserError(
                f"row {number} of the profile has {str(value)[:_DIGITS]!r} as its {name!r:.80}, "
                "and no probability",
                hint="the column of probabilities is called probability; leave others out",
            )


def _also_so_called(
    claims: Claims, sets: Sequence[int], row: Mapping[str, Any], number: int
) -> Sequence[int]:
    """The sets that a row's number means, if its player and label mean the same.

    Other programs number the sets of each player, from 1.

    Raises:
        UserError: they do not.
    """
    tree = claims.tree
    own = [tree.information_sets[each] for each in sets]
    players = _alike(row.get("player"), tree.players)
    labels = _alike(row.get("label"), [each.label for each in tree.information_sets])
    if (players and not all(tree.player_name(each.player) in players for each in own)) or (
        labels and not all(each.label in labels for each in own)
    ):
        raise UserError(
            f"row {number} of the profile: {place(tree, sets[0])} is another one than its player "
            "and label mean",
            hint="a number counts the sets of all players, from 0, chance's too; or leave it out",
        )
    return sets


def _alike(cell: Any, names: Collection[str]) -> set[str]:
    """The names that a cell means: the one that stands there, or those that are alike."""
    if _is_empty(cell):
        return set()
    told = str(cell).strip()
    return {told} if told in names else {name for name in names if loose(name) == loose(told)}


def sets_of(claims: Claims, key: Any) -> Sequence[int]:
    """The information sets of a key: an index from 0, or what names them.

    Args:
        claims: of the game.
        key: the key.

    Raises:
        UserError: there are none; or the index of one is the label of another.
    """
    count = len(claims.tree.information_sets)
    if isinstance(key, int) or (isinstance(key, str) and key.isascii() and key.isdigit()):
        number = int(str(key)[:_DIGITS])  # more digits are beyond any game
        if not 0 <= number < count:
            raise UserError(
                f"there is no information set {key!s:.20}; they count from 0 to {count - 1}"
            )
        labelled = claims.names.sets.get((str(key),), ()) if isinstance(key, str) else ()
        if labelled and number not in labelled:
            raise UserError(
                f"{key!r:.20} is the label of an information set, and the number of another one",
                hint="name the sets by their players, or by what led there",
            )
        return (number,)
    exact = claims.names.places.get(str(key).strip()) if "," in str(key) else None
    return exact or _of_history(claims, str(key)) or sets_named(claims, str(key))


def _of_history(claims: Claims, key: str) -> Sequence[int]:
    """The set of a whole history, ``Low, 2``; in sentences a comma is an "or"."""
    labels = [label.strip() for label in re.split("[,>]", key)]
    tree = claims.tree
    nodes = [0] if 1 < len(labels) <= max(tree.depth) else []
    for label in labels if nodes else ():
        claims.names.effort.spend(len(nodes) * _OF_AN_ACTION)
        nodes = [
            tree.children[node][place]
            for node in nodes
            if not tree.is_terminal(node)
            for place in match_label(label, tree.information_sets[tree.set_of[node]].actions)
        ]
    sets = {tree.set_of[node] for node in nodes if not tree.is_terminal(node)}
    own = [number for number in sets if not tree.information_sets[number].is_chance]
    return tuple(own) if len(own) == 1 else ()


def action_of(claims: Claims, infoset: int, wanted: Any) -> int:
    """The index of an action at an information set.

    Args:
        claims: of the game.
        infoset: index of the set.
        wanted: a label, or an index.

    Raises:
        UserError: there is no such action, or more than one.
    """
    actions = claims.tree.information_sets[infoset].actions
    claims.names.effort.spend(_OF_AN_ACTION + len(actions))
    found = (wanted,) if isinstance(wanted, int) else match_label(str(wanted), actions)
    if len(found) != 1 or not 0 <= found[0] < len(actions):
        problem = "is no action" if not found else "names more than one action"
        raise UserError(
            f"{place(claims.tree, infoset)}: {wanted!r} {problem}",
            hint=f"actions: {', '.join(actions)}",
        )
    return int(found[0])


def gambit_line(text: str) -> list[str] | None:
    """The probabilities of a line that Gambit's tools print, or None if the text is none.

    Args:
        text: such as ``NE,1,0,1/2,1/2``.

    Raises:
        UserError: there are several such lines.
    """
    line = text.strip()
    if "\n" in line:
        lines = line.splitlines()
        if len(lines) <= MAX_LINES and all(map(_GAMBIT_LINE.fullmatch, lines)):
            raise UserError(f"there are {len(lines)} profiles in it", hint="give one line of them")
        return None
    found = _GAMBIT_LINE.fullmatch(line)
    return [cell.strip() for cell in found[1].split(",")] if found else None


def claim_flat(claims: Claims, numbers: Sequence[Any]) -> None:
    """Gather a flat list of probabilities, as Gambit lists them: by player, set and action.

    Args:
        claims: takes what is said.
        numbers: one for each action of each information set of a player.

    Raises:
        UserError: there are more or less.
    """
    sets = claims.tree.information_sets
    order = [
        number
        for player in range(len(claims.tree.players))
        for number, infoset in enumerate(sets)
        if infoset.player == player
    ]
    places = [(number, action) for number in order for action in range(len(sets[number].actions))]
    if len(places) != len(numbers):
        raise UserError(
            f"the profile has {len(numbers)} probabilities; the players have {len(places)} actions "
            f"at {len(order)} information sets",
            hint="a list goes by player, information set and action; or give a list for each set",
        )
    for (number, action), told in zip(places, numbers, strict=True):
        claims.add(number, action, claims.number(told))
