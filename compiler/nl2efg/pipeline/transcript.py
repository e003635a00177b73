"""The transcript: every prompt, reply, program and diagnostic, in order, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nl2efg.frontend.information import has_program
from nl2efg.frontend.stages import CODE
from nl2efg.gambit.code.foreign_programs import why_not_run
from nl2efg.schema.record import Attempt, CompilationRecord, Exchange

TRANSCRIPT = "transcript"


def write_transcript(folder: Path, record: CompilationRecord) -> None:
    """Write the transcript of a compilation; a folder for each sample if there are several.

    Raises:
        OSError: it cannot be written.
    """
    several = any(exchange.sample for exchange in record.exchanges)
    for number in sorted({exchange.sample for exchange in record.exchanges}):
        write_sample(
            folder / f"sample-{number + 1}" if several else folder,
            [each for each in record.exchanges if each.sample == number],
            [each for each in record.attempts if each.sample == number],
        )


def write_sample(
    folder: Path, exchanges: Sequence[Exchange], attempts: Sequence[Attempt], *, after: int = 0
) -> None:
    """Write the files of one sample.

    Args:
        folder: where to; it is made.
        exchanges: of the sample, in order.
        attempts: of the sample.
        after: how many exchanges have their files already, and are not written again.

    Raises:
        OSError: they cannot be written.
    """
    by_number = _by_exchange(exchanges, attempts)
    folder.mkdir(parents=True, exist_ok=True)
    for number, exchange in enumerate(exchanges, start=1):
        stem = f"{number:02d}-{exchange.stage}"
        if number > after:
            write_text(folder / f"{stem}.prompt.md", exchange.prompt + "\n")
            write_text(folder / f"{stem}.reply.md", exchange.reply + "\n")
        attempt = by_number.get(number)
        if attempt:
            write_text(folder / f"{stem}.attempt.py", f"{attempt.code}\n{_remark(attempt)}")
            found = "\n".join(map(str, attempt.diagnostics)) or "nothing found"
            write_text(folder / f"{stem}.diagnostics.txt", found + "\n")


def _by_exchange(exchanges: Sequence[Exchange], attempts: Sequence[Attempt]) -> dict[int, Attempt]:
    """The programs that were built, by the number of the exchange that gave them, from 1.

    One call gives the sketch and the program, as a rule: then no exchange has the stage of the
    program, and it comes from the first reply that holds one.
    """
    found: dict[int, Attempt] = {}
    for attempt in attempts:
        asked = [n for n, one in enumerate(exchanges, 1) if one.stage == attempt.stage]
        if not asked and attempt.stage == CODE:
            asked = [n for n, one in enumerate(exchanges, 1) if has_program(one.reply)]
        if asked:
            found[asked[0]] = attempt
    return found


def _remark(attempt: Attempt) -> str:
    """A comment below a program that the installed pygambit does not run as it is."""
    why = why_not_run(attempt.code)
    if not why:
        return ""
    return (
        f"\n# As the model wrote it. The installed pygambit does not run it: {why}.\n"
        "# game.py is for the installed pygambit.\n"
    )


def write_text(file: Path, text: str) -> None:
    """Write a text as it is, in UTF-8; half a character as its escape.

    Raises:
        OSError: it cannot be written.
    """
    file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
