"""From the way a job ended to what the caller gets: a tree, or diagnostics that say why not."""

from __future__ import annotations

import signal

from nl2efg.dialect.game_data import Execution
from nl2efg.errors import SandboxError
from nl2efg.families.note_writing import with_note
from nl2efg.sandbox.limits import MIB, Limits
from nl2efg.sandbox.protocol.encoding import ChannelError, TooLargeError, decode
from nl2efg.sandbox.protocol.frames import Answer, End
from nl2efg.sandbox.size import too_large
from nl2efg.schema.built import Built, SourceMap
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.text import visible

_TREE_ALONE = "build the tree and nothing else: no search, and no loop without an end"


def verdict(code: str, limits: Limits, answer: Answer) -> Built:
    """What the caller gets.

    Args:
        code: the code that ran.
        limits: the limits of the job.
        answer: how it ended.

    Raises:
        SandboxError: the child could not lock itself down, and ran nothing.
    """
    output, told = readable(bytes(answer.output)), bytes(answer.result)
    if answer.end is End.UNSEALED:
        reason = visible(told.decode("utf-8", "replace"))[:200]
        raise SandboxError(
            f"the code was not run: its process could not be locked down ({reason})",
            hint="see `nl2efg doctor`",
        )
    if answer.end is not End.RESULT:
        return Built(None, (_ending(answer, limits),), code, output=output)
    try:
        result = decode(told, limits)
        return _built(result, limits, code, output)
    except TooLargeError as error:
        return Built(None, (_too_large(f"the game is too large: {error}"),), code, output=output)
    except ChannelError as error:
        return Built(None, (failure("X303", f"the result cannot be read: {error}"),), code,
                     output=output)  # fmt: skip
    except ValueError as error:
        return Built(
            None,
            (failure("X304", f"the result is no game: {visible(str(error))[:200]}"),),
            code,
            output=output,
        )


def readable(output: bytes) -> str:
    """What code printed, as text that no terminal obeys."""
    text = output.decode("utf-8", "replace").replace("\r\n", "\n")
    return visible(text, keep="\n\t")


def failure(code: str, message: str, fix: str | None = None) -> Diagnostic:
    """An error of the sandbox."""
    return Diagnostic(code, Severity.ERROR, message, fix=fix)


def _built(result: Execution, limits: Limits, code: str, output: str) -> Built:
    known = known_codes()
    diagnostics = tuple(found for found in result.diagnostics if found.code in known)
    if result.game is None:
        if not any(found.severity is Severity.ERROR for found in diagnostics):
            diagnostics += (_no_game(0),)
        return Built(None, diagnostics, code, output=output)
    tree = result.game.to_tree()
    if result.game.letters is not None:
        tree = with_note(result.game.letters.to_family(tree, code))
    refused = too_large(tree, limits)
    if refused is not None:
        return Built(None, (*diagnostics, refused), code, output=output)
    lines: SourceMap = result.game.source_map()
    return Built(tree, diagnostics, code, lines, output)


def _ending(answer: Answer, limits: Limits) -> Diagnostic:
    if answer.end is End.WALL:
        return failure("X201", f"the code ran for more than {limits.wall:g} seconds",
                       _TREE_ALONE)  # fmt: skip
    if answer.end is End.CPU:
        return failure("X202", f"the code computed for more than {limits.cpu:g} seconds",
                       _TREE_ALONE)  # fmt: skip
    if answer.end is End.OUTPUT:
        return failure("X204", f"the code printed more than {limits.output / 1024:g} KiB",
                       "print less: nl2efg takes the game from its variable")  # fmt: skip
    if answer.end is End.OVERSIZED:
        return _too_large(f"the game takes more than {limits.result / MIB:.1f} MiB to tell")
    if answer.end is End.FORGED:
        return failure("X303", "the result was not written by nl2efg")
    return _no_game(answer.status)


def _too_large(message: str) -> Diagnostic:
    return failure("X205", message, "use shorter labels and numbers")


def _no_game(status: int) -> Diagnostic:
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return failure("X301", f"the code crashed the interpreter ({name})")
    return failure("X302", "the code ended before it had built a game", "do not exit")
