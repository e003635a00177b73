"""One run of a program: what it builds, what is said about it, and how much it may build."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from nl2efg.dialect.letters import Letters
from nl2efg.schema.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from nl2efg.dialect.game import Game
    from nl2efg.dialect.node import Node

PROGRAM = "<program>"
"""The file name under which generated code is compiled; frames of it are the program's."""

_MAX_PER_LINE = 4
_MAX_COUNT = 80


class DialectError(ValueError, IndexError, KeyError):
    """Something that pygambit refuses too and that has no one plain reading.

    It is of every kind that pygambit raises, for programs that catch one of them.

    Args:
        diagnostic: what is wrong, where, and what would be right.
    """

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return self.diagnostic.message


class TooManyNodesError(BaseException):
    """The program builds more nodes than it may; not to be caught by ``except Exception``."""


class Session:
    """The state of one run.

    Args:
        max_nodes: the most nodes that all games of the run may have in total.
        values: of parameters, by symbol, in the place of the program's own.
    """

    def __init__(self, max_nodes: int, values: Mapping[str, Fraction] | None = None) -> None:
        self.max_nodes = max_nodes
        self.letters = Letters(values or {})
        self.nodes = 0
        self.games: list[Game] = []
        self.at_end: list[Callable[[], None]] = []
        self.missing: set[Node] = set()  # nodes below which a missing child was reported
        self._found: list[Diagnostic] = []
        self._seen: Counter[tuple[str, int | None]] = Counter()
        self._exact: set[Diagnostic] = set()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings, those of one kind and line counted together beyond the first few."""
        found = list(self._found)
        for (code, line), count in self._seen.items():
            if count > _MAX_PER_LINE:
                last = max(i for i, one in enumerate(found) if (one.code, one.line) == (code, line))
                more = count - _MAX_PER_LINE
                one = found[last]
                message = f"{one.message} (and {more} more of this kind on this line)"
                found[last] = Diagnostic(
                    one.code, one.severity, message, one.history, one.line, None, one.fix
                )
        return tuple(found)

    @property
    def has_error(self) -> bool:
        """Whether an error was found."""
        return any(one.severity is Severity.ERROR for one in self._found)

    def spend(self, nodes: int) -> None:
        """Count new nodes.

        Raises:
            TooManyNodesError: the limit is passed.
        """
        self.nodes += nodes
        if self.nodes > self.max_nodes:
            raise TooManyNodesError(self.max_nodes)

    def foresee(self, nodes: int) -> int:
        """So many nodes or players, which are about to be made one by one.

        Raises:
            TooManyNodesError: they pass the limit by themselves.
        """
        if nodes > self.max_nodes:
            raise TooManyNodesError(self.max_nodes)
        return nodes

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a finding, unless it is said already or the line has said enough."""
        if diagnostic in self._exact or len(self._found) >= _MAX_COUNT:
            return
        self._exact.add(diagnostic)
        key = (diagnostic.code, diagnostic.line)
        self._seen[key] += 1
        if self._seen[key] <= _MAX_PER_LINE:
            self._found.append(diagnostic)

    def say(
        self,
        severity: Severity,
        code: str,
        message: str,
        *,
        history: tuple[str, ...] | Callable[[], tuple[str, ...] | None] | None = None,
        line: int | None = None,
        fix: str | None = None,
    ) -> None:
        """A finding at the line of the program that is running, unless another is given.

        A history may be given as a function: it is only worked out for what is kept.
        """
        here = line if line is not None else (current_line() or None)
        if self._seen[code, here] >= _MAX_PER_LINE:
            self._seen[code, here] += 1
            return
        where = history() if callable(history) else history
        self.add(Diagnostic(code, severity, message, where, here, None, fix))

    def note(self, code: str, message: str, **place: object) -> None:
        """A slip mended in its one plain reading, which nearly always is what was meant."""
        self.say(Severity.NOTE, code, message, **place)  # type: ignore[arg-type]

    def warn(self, code: str, message: str, **place: object) -> None:
        """A slip mended in its one plain reading, which may not be what was meant."""
        self.say(Severity.WARNING, code, message, **place)  # type: ignore[arg-type]

    def error(self, code: str, message: str, **place: object) -> None:
        """A step that was left out, as it has no one plain reading; the run goes on."""
        self.say(Severity.ERROR, code, message, **place)  # type: ignore[arg-type]


_running: list[Session] = []


def session() -> Session:
    """The run that is under way.

    Raises:
        RuntimeError: none is: the dialect is used outside of a run.
    """
    if not _running:
        raise RuntimeError("the dialect of pygambit is only usable while a program runs")
    return _running[-1]


def begin(started: Session) -> None:
    """Make ``started`` the run that is under way."""
    _running.append(started)


def end() -> None:
    """End the run that is under way."""
    _running.pop()


def current_line() -> int:
    """The line of the program that is being executed; 0 if none is."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == PROGRAM:
            return frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return 0


def refuse(
    code: str, message: str, *, fix: str = "", history: tuple[str, ...] | None = None
) -> DialectError:
    """The exception for a step that leaves the program nothing to go on with."""
    return DialectError(
        Diagnostic(
            code, Severity.ERROR, message, history, current_line() or None, None, fix or None
        )
    )
