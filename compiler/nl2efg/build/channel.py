"""The result of a run as bytes, and back: what the side that runs the code may say, and no more.

Columns of 32-bit integers and of text, each with its length in front, so that reading is linear in
the bytes given, takes no recursion and allocates no more than a small multiple of them. The reader
takes every byte for hostile and raises nothing but :class:`ChannelError`.

There is no second reading of the result in a fresh process. This reader is pure Python over a
bounded buffer, without a parser that could be steered, and its own failures are one exception;
another fork would double the time of a job and guard nothing but these functions.
"""

from __future__ import annotations

import struct
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice, pairwise

from nl2efg.build.data import Execution, GameData, LineRow, NodeRow, OutcomeRow, SetRow
from nl2efg.diagnostics import Diagnostic, Severity

_MAGIC = b"N2E1"
_HEAD = struct.Struct("<BI")
_INTEGERS, _TEXTS = 1, 2
_MAX_DIAGNOSTICS = 200
_MAX_WORDS = 1000
_MAX_NUMBER = 400
MAX_PLAYERS = 1000  # what is computed for every player at every node must stay within memory
_NONE = -1


HIDDEN = Diagnostic(
    "X305",
    Severity.WARNING,
    "texts of the game hold characters that do not show; U+FFFD stands in their place",
    fix="use labels of visible characters",
)


class ChannelError(ValueError):
    """Bytes that no run of the trusted side can have written."""


def clean(text: str, keep: str = "") -> str:
    """Text with U+FFFD for everything that does not show: control and format characters,
    surrogates, private use. The length stays.

    Args:
        keep: characters to let through, such as line feeds.
    """
    hidden = {
        ord(char): "\ufffd"
        for char in set(text)
        if unicodedata.category(char)[0] == "C" and char not in keep
    }
    return text.translate(hidden) if hidden else text


def encode(execution: Execution) -> bytes:
    """What a run gives back, as bytes.

    Raises:
        OverflowError: a number of the game does not fit into 32 bits.
    """
    out = _Writer()
    found = execution.diagnostics[:_MAX_DIAGNOSTICS]
    out.texts(finding.code for finding in found)
    out.texts(finding.severity.value for finding in found)
    out.texts(finding.message[:_MAX_WORDS] for finding in found)
    out.optional(finding.sentence for finding in found)
    out.optional(finding.fix for finding in found)
    out.integers(_NONE if finding.line is None else finding.line for finding in found)
    out.integers(_NONE if finding.history is None else len(finding.history) for finding in found)
    out.texts(label for finding in found for label in finding.history or ())
    game = execution.game
    out.integers([game is not None])
    if game is not None:
        _encode_game(out, game)
    return out.bytes()


def decode(data: bytes, max_nodes: int) -> Execution:
    """What the bytes say, with every text cleaned and every length checked.

    Args:
        max_nodes: nodes that the game may have.

    Raises:
        ChannelError: the bytes are not the encoding of a run.
    """
    given = _Reader(data)
    diagnostics = _decode_diagnostics(given)
    (has_game,) = given.integers(1)
    game = _decode_game(given, max_nodes) if has_game else None
    given.finish()
    if given.hidden:
        diagnostics += (HIDDEN,)
    return Execution(game, diagnostics)


def _encode_game(out: _Writer, game: GameData) -> None:
    out.texts(game.players)
    out.texts((game.title, game.comment))
    out.integers(player for player, _, _, _ in game.sets)
    out.integers(len(actions) for _, actions, _, _ in game.sets)
    out.texts(action for _, actions, _, _ in game.sets for action in actions)
    out.texts(label for _, _, label, _ in game.sets)
    rows = [row for _, _, _, row in game.sets]
    out.integers(_NONE if row is None else len(row) for row in rows)
    out.texts(number for row in rows for number in row or ())
    out.integers(len(payoffs) for payoffs, _ in game.outcomes)
    out.texts(number for payoffs, _ in game.outcomes for number in payoffs)
    out.texts(label for _, label in game.outcomes)
    out.integers(number for number, _, _ in game.nodes)
    out.integers(number for _, number, _ in game.nodes)
    out.texts(label for _, _, label in game.nodes)
    for column in range(3):
        out.integers(row[column] for row in game.lines)


def _decode_game(given: _Reader, max_nodes: int) -> GameData:
    players = given.texts()
    if len(players) > MAX_PLAYERS:
        raise ChannelError(f"a game of {len(players)} players, more than {MAX_PLAYERS}")
    title, comment = given.texts(2, keep="\n\t")
    owners = given.integers()
    actions = _split(given.integers(len(owners)), given.texts())
    labels = given.texts(len(owners))
    rows = _split(given.integers(len(owners)), given.numbers())
    sets: list[SetRow] = [
        (owner, own or (), label, row)
        for owner, own, label, row in zip(owners, actions, labels, rows, strict=True)
    ]
    sizes = given.integers()
    payoffs = _split(sizes, given.numbers())
    outcomes: list[OutcomeRow] = [
        (row or (), label) for row, label in zip(payoffs, given.texts(len(sizes)), strict=True)
    ]
    set_of = given.integers()
    if len(set_of) > max_nodes:
        raise ChannelError(f"a game of {len(set_of)} nodes, over the limit of {max_nodes}")
    outcome_of, names = given.integers(len(set_of)), given.texts(len(set_of))
    nodes: list[NodeRow] = list(zip(set_of, outcome_of, names, strict=True))
    first = given.integers()
    if len(first) not in (0, len(set_of)):
        raise ChannelError("lines for other nodes than there are")
    second, third = given.integers(len(first)), given.integers(len(first))
    lines: list[LineRow] = list(zip(first, second, third, strict=True))
    return GameData(
        tuple(players), title, comment, tuple(sets), tuple(outcomes), tuple(nodes), tuple(lines)
    )


def _decode_diagnostics(given: _Reader) -> tuple[Diagnostic, ...]:
    codes = given.texts()
    count = len(codes)
    if count > _MAX_DIAGNOSTICS:
        raise ChannelError(f"{count} diagnostics")
    severities, messages = given.texts(count), given.texts(count, keep="\n")
    sentences, fixes = given.optional(count), given.optional(count)
    lines, sizes = given.integers(count), given.integers(count)
    histories = _split(sizes, given.texts())
    try:
        kinds = [Severity(name) for name in severities]
    except ValueError as error:
        raise ChannelError("a severity that does not exist") from error
    return tuple(
        Diagnostic(
            codes[n], kinds[n], messages[n], histories[n], lines[n] if lines[n] > 0 else None,
            sentences[n], fixes[n],
        )
        for n in range(count)
    )  # fmt: skip


def _split(sizes: Sequence[int], flat: Sequence[str]) -> list[tuple[str, ...] | None]:
    """Cut a column into rows of these sizes; None for a row of size -1."""
    if any(size < _NONE for size in sizes) or sum(max(size, 0) for size in sizes) != len(flat):
        raise ChannelError("rows that do not fill their column")
    rest = iter(flat)
    return [None if size == _NONE else tuple(islice(rest, size)) for size in sizes]


class _Writer:
    def __init__(self) -> None:
        self._parts = [_MAGIC]

    def bytes(self) -> bytes:
        return b"".join(self._parts)

    def integers(self, values: Iterable[int]) -> None:
        column = array("i", values)
        if sys.byteorder == "big":
            column.byteswap()
        self._parts += (_HEAD.pack(_INTEGERS, len(column)), column.tobytes())

    def texts(self, values: Iterable[str]) -> None:
        column = list(values)
        self.integers(map(len, column))
        # A lone surrogate has no UTF-8: a question mark takes its place, one for one.
        blob = "".join(column).encode("utf-8", "replace")
        self._parts += (_HEAD.pack(_TEXTS, len(blob)), blob)

    def optional(self, values: Iterable[str | None]) -> None:
        column = list(values)
        self.integers(value is not None for value in column)
        self.texts((value or "")[:_MAX_WORDS] for value in column)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._place = 0
        self.hidden = False
        if self._take(len(_MAGIC)) != _MAGIC:
            raise ChannelError("not the encoding of a run")

    def finish(self) -> None:
        if self._place != len(self._data):
            raise ChannelError("more bytes than the run has")

    def _take(self, size: int) -> memoryview:
        end = self._place + size
        if end > len(self._data):
            raise ChannelError("cut short")
        taken = self._data[self._place : end]
        self._place = end
        return taken

    def _section(self, kind: int, width: int) -> memoryview:
        found, count = _HEAD.unpack(self._take(_HEAD.size))
        if found != kind:
            raise ChannelError("a column of the wrong type")
        return self._take(count * width)

    def integers(self, count: int | None = None) -> array[int]:
        column = array("i")
        column.frombytes(self._section(_INTEGERS, column.itemsize))
        if sys.byteorder == "big":
            column.byteswap()
        if count is not None and len(column) != count:
            raise ChannelError(f"a column of {len(column)} where {count} were due")
        return column

    def texts(self, count: int | None = None, keep: str = "") -> list[str]:
        lengths = self.integers(count)
        if any(length < 0 for length in lengths):
            raise ChannelError("text of negative length")
        try:
            blob = str(self._section(_TEXTS, 1), "utf-8")
        except UnicodeDecodeError as error:
            raise ChannelError("text that is not UTF-8") from error
        ends = list(accumulate(lengths, initial=0))
        if ends[-1] != len(blob):
            raise ChannelError("texts that do not fill their column")
        shown = clean(blob, keep)
        self.hidden = self.hidden or shown != blob
        return [shown[start:end] for start, end in pairwise(ends)]

    def numbers(self) -> list[str]:
        column = self.texts()
        if any(len(number) > _MAX_NUMBER for number in column):
            raise ChannelError(f"a number of more than {_MAX_NUMBER} characters")
        return column

    def optional(self, count: int) -> list[str | None]:
        present, column = self.integers(count), self.texts(count)
        return [text if there else None for there, text in zip(present, column, strict=True)]
