"""The letters of a game as columns of the channel; see :mod:`nl2efg.sandbox.protocol.encoding`."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Protocol

from nl2efg.dialect.letter_data import LetterData, ParameterRow, PlaceRow
from nl2efg.families.conditions import KINDS
from nl2efg.families.expression_text import MAX_CHARACTERS
from nl2efg.families.parameters import MAX_PARAMETERS
from nl2efg.sandbox.limits import MAX_LABEL, Limits

MAX_CONDITIONS = 5_000
_COMPARED = 2 * MAX_CHARACTERS + 4  # characters of a comparison
_FIELDS = 6  # of a parameter


class Writer(Protocol):
    """What columns are written to."""

    def integers(self, values: Iterable[int]) -> None: ...
    def texts(self, values: Iterable[str]) -> None: ...


class Reader(Protocol):
    """What columns are read from."""

    def integers(
        self, count: int | None = None, *, what: str = "", most: int = 0
    ) -> array[int]: ...
    def texts(
        self, count: int | None = None, longest: int = MAX_LABEL, *, what: str = "", most: int = 0
    ) -> list[str]: ...


def encode_letters(out: Writer, letters: LetterData) -> None:
    """Write them."""
    for field in range(_FIELDS):
        out.texts(row[field] for row in letters.parameters)
    for rows in (letters.payoffs, letters.chances):
        out.integers(number for number, _, _ in rows)
        out.integers(place for _, place, _ in rows)
        out.texts(text for _, _, text in rows)
    out.integers(KINDS.index(kind) for kind, _, _ in letters.conditions)
    out.integers(line for _, line, _ in letters.conditions)
    out.texts(text for _, _, text in letters.conditions)


def decode_letters(given: Reader, limits: Limits) -> LetterData:
    """Read them: each column is counted before it is made.

    Args:
        limits: of the job.

    Raises:
        TooLargeError: there are more than a game of this size may have.
        ChannelError: the bytes are no such columns.
    """
    symbols = given.texts(what="parameters", most=MAX_PARAMETERS)
    columns = [given.texts(len(symbols)) for _ in range(_FIELDS - 1)]
    parameters: list[ParameterRow] = list(zip(symbols, *columns, strict=True))
    payoffs = _places(given, "payoffs with letters", limits.payoffs)
    chances = _places(given, "probabilities with letters", limits.nodes)
    kinds = given.integers(what="conditions", most=MAX_CONDITIONS)
    lines, texts = given.integers(len(kinds)), given.texts(len(kinds), _COMPARED)
    conditions = tuple(
        (KINDS[kind] if 0 <= kind < len(KINDS) else "", line, text)
        for kind, line, text in zip(kinds, lines, texts, strict=True)
    )
    return LetterData(tuple(parameters), payoffs, chances, conditions)


def _places(given: Reader, what: str, most: int) -> tuple[PlaceRow, ...]:
    numbers = given.integers(what=what, most=most)
    places = given.integers(len(numbers))
    texts = given.texts(len(numbers), MAX_CHARACTERS)
    return tuple(zip(numbers, places, texts, strict=True))
