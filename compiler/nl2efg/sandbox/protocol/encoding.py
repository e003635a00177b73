"""The result of a run as bytes, and back: what the side that runs the code may say, and no more.

Columns of 32-bit integers and of text, each with its length in front, so that reading is linear in
the bytes given, takes no recursion and allocates no more than a small multiple of them. The reader
takes every byte for hostile and raises nothing but :class:`ChannelError`.

There is no second reading of the result in a fresh process. This reader is pure Python over a
bounded buffer, without a parser that could be steered, and its own failures are one exception;
another fork would double the time of a job and guard nothing but these functions. What costs more
than its bytes, a text or a number each, is counted before it is made.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice, pairwise

from nl2efg.dialect.game_data import Execution, GameData, LineRow, NodeRow, OutcomeRow, SetRow
from nl2efg.sandbox.limits import MAX_COMMENT, MAX_LABEL, MAX_PLAYERS, Limits
from nl2efg.sandbox.protocol.letters import decode_letters, encode_letters
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.text import visible

_MAGIC = b"N2E1"
_HEAD = struct.Struct("<BI")
_INTEGERS, _TEXTS = 1, 2
_MAX_DIAGNOSTICS = 200
_MAX_WORDS = 1000
_MAX_NUMBER = 400
_MAX_HISTORIES = 100_000  # characters of all histories, and of each label one more
_MAX_INT = 2**31 - 1
_NONE = -1


HIDDEN = Diagnostic(
    "X305",
    Severity.WARNING,
    "texts of the game hold characters that do not show; U+FFFD stands in their place",
    fix="use labels of visible characters",
)


class ChannelError(ValueError):
    """Bytes that no run of the trusted side can have written."""


class TooLargeError(ChannelError):
    """A game beyond what may be handed over, which honest code may have built."""


def encode(execution: Execution) -> bytes:
    """What a run gives back, as bytes.

    Raises:
        OverflowError: a number of the game does not fit into 32 bits.
    """
    out = _Writer()
    found = execution.diagnostics[:_MAX_DIAGNOSTICS]
    histories = _told([finding.history for finding in found])
    out.texts(finding.code for finding in found)
    out.texts(finding.severity.value for finding in found)
    out.texts(finding.message[:_MAX_WORDS] for finding in found)
    out.optional(finding.sentence for finding in found)
    out.optional(finding.fix for finding in found)
    out.integers(_line(finding.line) for finding in found)
    out.integers(_NONE if history is None else len(history) for history in histories)
    out.texts(label for history in histories for label in history or ())
    game = execution.game
    out.integers([game is not None])
    if game is not None:
        _encode_game(out, game)
    return out.bytes()


def _line(line: object) -> int:
    return line if isinstance(line, int) and 0 < line <= _MAX_INT else _NONE


def _told(histories: list[tuple[str, ...] | None]) -> list[tuple[str, ...] | None]:
    """The histories with labels cut to the longest that a game may have, as far as there is room.

    What there is no room for is left out: a diagnostic has its line as well.
    """
    left = _MAX_HISTORIES
    found: list[tuple[str, ...] | None] = []
    for history in histories:
        if history is not None:
            history = tuple(label[:MAX_LABEL] for label in history)
            size = len(history) + sum(map(len, history))
            history, left = (history, left - size) if size <= left else (None, left)
        found.append(history)
    return found


def decode(data: bytes, limits: Limits) -> Execution:
    """What the bytes say, with every text cleaned and every length checked.

    Args:
        limits: of the job; of which those of the game apply.

    Raises:
        TooLargeError: the game is larger than these allow.
        ChannelError: the bytes are not the encoding of a run.
    """
    given = _Reader(data)
    try:
        diagnostics = _decode_diagnostics(given)
    except TooLargeError as error:  # honest code has no hand in their sizes
        raise ChannelError(str(error)) from error
    (has_game,) = given.integers(1)
    game = _decode_game(given, limits) if has_game else None
    given.finish()
    if given.hidden:
        diagnostics += (HIDDEN,)
    return Execution(game, diagnostics)


def _encode_game(out: _Writer, game: GameData) -> None:
    out.texts(game.players)
    out.texts([game.title])
    out.texts([game.comment])
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
    out.integers([game.letters is not None])
    if game.letters is not None:
        encode_letters(out, game.letters)


def _decode_game(given: _Reader, limits: Limits) -> GameData:
    nodes_most = limits.nodes
    players = given.texts(what="players", most=MAX_PLAYERS)
    (title,), (comment,) = given.texts(1, keep="\n\t"), given.texts(1, MAX_COMMENT, keep="\n\t")
    owners = given.integers(what="information sets", most=nodes_most)
    actions = _split(given.integers(len(owners)), given.texts(what="actions", most=nodes_most))
    labels = given.texts(len(owners))
    rows = _split(given.integers(len(owners)), given.numbers("probabilities", nodes_most))
    sets: list[SetRow] = [
        (owner, own or (), label, row)
        for owner, own, label, row in zip(owners, actions, labels, rows, strict=True)
    ]
    sizes = given.integers(what="outcomes", most=nodes_most)
    payoffs = _split(sizes, given.numbers("payoffs", limits.payoffs))
    outcomes: list[OutcomeRow] = [
        (row or (), label) for row, label in zip(payoffs, given.texts(len(sizes)), strict=True)
    ]
    set_of = given.integers(what="nodes", most=nodes_most)
    outcome_of, names = given.integers(len(set_of)), given.texts(len(set_of))
    nodes: list[NodeRow] = list(zip(set_of, outcome_of, names, strict=True))
    first = given.integers()
    if len(first) not in (0, len(set_of)):
        raise ChannelError("lines for other nodes than there are")
    second, third = given.integers(len(first)), given.integers(len(first))
    lines: list[LineRow] = list(zip(first, second, third, strict=True))
    (has_letters,) = given.integers(1)
    letters = decode_letters(given, limits) if has_letters else None
    return GameData(
        tuple(players), title, comment, tuple(sets), tuple(outcomes), tuple(nodes), tuple(lines),
        letters,
    )  # fmt: skip


def _decode_diagnostics(given: _Reader) -> tuple[Diagnostic, ...]:
    codes = given.texts(what="diagnostics", most=_MAX_DIAGNOSTICS)
    count = len(codes)
    severities, messages = given.texts(count), given.texts(count, keep="\n")
    sentences, fixes = given.optional(count), given.optional(count)
    lines, sizes = given.integers(count), given.integers(count)
    histories = _split(sizes, given.texts(what="steps", most=_MAX_HISTORIES))
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

    def integers(
        self, count: int | None = None, *, what: str = "", most: int = _MAX_INT
    ) -> array[int]:
        """A column of ``count`` integers, or of at most so many."""
        column = array("i")
        column.frombytes(self._section(_INTEGERS, column.itemsize))
        if sys.byteorder == "big":
            column.byteswap()
        if count is not None and len(column) != count:
            raise ChannelError(f"a column of {len(column)} where {count} were due")
        if len(column) > most:
            raise TooLargeError(f"it has {len(column)} {what}, over the limit of {most}")
        return column

    def texts(
        self,
        count: int | None = None,
        longest: int = MAX_LABEL,
        *,
        what: str = "labels",
        most: int = _MAX_INT,
        keep: str = "",
    ) -> list[str]:
        """A column of ``count`` texts, or of at most so many, none longer than that."""
        lengths = self.integers(count, what=what, most=most)
        if lengths and min(lengths) < 0:
            raise ChannelError("text of negative length")
        if lengths and max(lengths) > longest:
            raise TooLargeError(
                f"one of its {what} has {max(lengths)} characters, over the limit of {longest}"
            )
        try:
            blob = str(self._section(_TEXTS, 1), "utf-8")
        except UnicodeDecodeError as error:
            raise ChannelError("text that is not UTF-8") from error
        ends = list(accumulate(lengths, initial=0))
        if ends[-1] != len(blob):
            raise ChannelError("texts that do not fill their column")
        shown = visible(blob, keep)
        self.hidden = self.hidden or shown != blob
        return [shown[start:end] for start, end in pairwise(ends)]

    def numbers(self, what: str, most: int) -> list[str]:
        return self.texts(None, _MAX_NUMBER, what=what, most=most)

    def optional(self, count: int) -> list[str | None]:
        present, column = self.integers(count), self.texts(count)
        return [text if there else None for there, text in zip(present, column, strict=True)]
