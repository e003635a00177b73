"""The layout of the benchmark *Game Description Consistency* (Deng, Wang and Savani, 2026).

A game's folder holds ``description.txt``, ``reference.efg``, ``metadata.yml`` and perhaps a folder
``constraints`` with a JSON object a file. ``metadata.yml`` says whether payoffs must be those of
the reference or only keep the order of each player's payoffs, ties included. A constraint is

* *Explicit Payoff(s) for a Certain Outcome*: ``Path`` leads to an end of the reference, whose
  ``Payoffs`` must be paid in numbers;
* *Temporally-Simultaneous Move*: the order of the moves at ``Path`` is free.

Moves are compared as they are told where no move is simultaneous, and names are anchored.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

from nl2efg.errors import FormatError
from nl2efg.evaluation.expected import Expected

METADATA = "metadata.yml"
_PAYOFFS = re.compile(r"^additional_data:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ORDER, _IDENTICAL = "total order", "identical payoffs"
_EXPLICIT, _SIMULTANEOUS = "explicit payoff", "temporally-simultaneous"


def benchmark_expected(folder: Path, name: str) -> Expected:
    """What a folder of the benchmark demands, as its ``expected.json`` would say it.

    Args:
        folder: the game's; it holds ``metadata.yml``.
        name: the game's.

    Raises:
        FormatError: the metadata or a constraint cannot be read, or is of an unknown kind.
    """
    file = folder / METADATA
    found = _PAYOFFS.search(_read(file))
    told = found[1].strip("\"' ").casefold() if found else ""
    payoffs: Literal["exact", "ordinal"]
    if told.startswith(_ORDER):
        payoffs = "ordinal"
    elif told.startswith(_IDENTICAL) or not told:
        payoffs = "exact"
    else:
        raise FormatError(
            f"additional_data: {told!r} is no relation of payoffs",
            source=str(file),
            hint="'Total order with ties over player outcomes' or 'Identical payoffs to reference "
            "game'",
        )
    constraints: list[str] = []
    simultaneous = False
    for each in sorted((folder / "constraints").glob("*.json")):
        data = _object(each)
        kind = str(data.get("Cst Type", "")).casefold()
        if kind.startswith(_EXPLICIT):
            constraints += _explicit(data, each)
        elif kind.startswith(_SIMULTANEOUS):
            simultaneous = True
        else:
            raise FormatError(f"Cst Type: {kind!r} is unknown", source=str(each))
    return Expected(
        title=name,
        structure="strategic" if simultaneous else "isomorphic",
        payoffs=payoffs,
        constraints=tuple(constraints),
    )


def _explicit(data: dict[str, Any], file: Path) -> list[str]:
    try:
        steps = sorted(data["Path"].items(), key=lambda item: int(item[0]))
        path = ", ".join(json.dumps(str(step["action"]), ensure_ascii=False) for _, step in steps)
        paid = data["Payoffs"].items()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"Path or Payoffs cannot be read: {error!r}", source=str(file)) from None
    return [
        f"u[{json.dumps(str(player), ensure_ascii=False)}]({path}) = {_number(value, file)}"
        for player, value in paid
    ]


def _number(value: Any, file: Path) -> str:
    text = str(value).strip()
    if not re.fullmatch(r"-?\d+(\.\d+)?(/\d+)?", text):
        raise FormatError(f"Payoffs: {text!r} is no number", source=str(file))
    return text


def _object(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(_read(file))
    except json.JSONDecodeError as error:
        raise FormatError(error.msg, source=str(file), line=error.lineno) from None
    if not isinstance(data, dict):
        raise FormatError("not an object", source=str(file))
    return data


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot be read: {error}", source=str(file)) from None
