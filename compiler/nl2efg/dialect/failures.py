"""A program's own exceptions, as diagnostics that help to mend it."""

from __future__ import annotations

from difflib import get_close_matches
from types import ModuleType
from typing import Any

from nl2efg.dialect.session import PROGRAM, TooManyNodesError
from nl2efg.schema.diagnostics import Diagnostic, Severity

_MAX_LENGTH = 300


def describe(error: BaseException, code: str) -> Diagnostic:
    """What an exception means, at the line of the program where it came up."""
    if isinstance(error, SyntaxError):
        return _syntax(error, code)
    line = last_line(error)
    if isinstance(error, TooManyNodesError):
        return Diagnostic(
            "B104",
            Severity.ERROR,
            f"the program builds more than {error.args[0]:,} nodes, the most that a game may have",
            line=line,
            fix="if a loop never ends, end it; a smaller game than the text's is no remedy",
        )
    if isinstance(error, RecursionError) and line is None:
        return too_deep()
    if isinstance(error, AttributeError) and _is_own(error.obj):
        return _unknown_name(error, line)
    text = _told(error)
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if line is not None:
        message += f", at `{_source(code, line)}`"
    return Diagnostic("B102", Severity.ERROR, message[:_MAX_LENGTH], line=line, fix=_advice(error))


def too_deep() -> Diagnostic:
    """What Python's parser and compiler make of code that they cannot take."""
    return Diagnostic(
        "X306",
        Severity.ERROR,
        "the code is nested too deeply to be run",
        fix="write it in more steps",
    )


def _told(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())
    except BaseException as another:  # noqa: BLE001 - the program's own, as is the exception
        return f"(its __str__ raises {type(another).__name__})"


def program_frames(error: BaseException) -> list[int]:
    """The lines of the program on the way to an exception, outermost first."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == PROGRAM:
            found.append(trace.tb_lineno)
        trace = trace.tb_next
    return found


def last_line(error: BaseException) -> int | None:
    """The line of the program at which an exception came up."""
    return next(reversed(program_frames(error)), None)


def _syntax(error: SyntaxError, code: str) -> Diagnostic:
    # A program may raise one itself, with anything in it.
    told = error.lineno if isinstance(error.lineno, int) else 0
    line = told if 0 < told <= code.count("\n") + 1 else None
    where = f", at `{_source(code, line)}`" if line else ""
    return Diagnostic(
        "B101",
        Severity.ERROR,
        f"the program is not Python: {error.msg}{where}"[:_MAX_LENGTH],
        line=line,
        fix="give one complete program in one code block",
    )


def _unknown_name(error: AttributeError, line: int | None) -> Diagnostic:
    own = f"pygambit's {type(error.obj).__name__.removeprefix('Any')}"
    if isinstance(error.obj, ModuleType):
        own = error.obj.__name__
    name = error.name or ""
    known = [one for one in dir(error.obj) if not one.startswith("_")]
    close = get_close_matches(name, known, n=2)
    fix = f"did you mean {' or '.join(close)}?" if close else _INSTEAD.get(name, _USUAL)
    return Diagnostic("B105", Severity.ERROR, f"{own} has no {name!r}", line=line, fix=fix)


_INSTEAD = {
    "add_infoset": "make the move with append_move, and join nodes with set_infoset",
    "find_node": "name nodes by their way from the root: g.root.children[0]",
}
_USUAL = "use append_move, set_infoset, add_outcome and set_outcome"


def _is_own(value: Any) -> bool:
    return type(value).__module__.startswith("nl2efg.dialect")


def _advice(error: BaseException) -> str | None:
    if isinstance(error, NameError) and error.name:
        return f"define {error.name!r} before it is used"
    if isinstance(error, ModuleNotFoundError):
        return "use pygambit and the standard library only"
    if isinstance(error, RecursionError):
        return "end the recursion, or use a loop"
    return None


def _source(code: str, line: int | None) -> str:
    rows = code.splitlines()
    return rows[line - 1].strip()[:80] if line and 0 < line <= len(rows) else ""
