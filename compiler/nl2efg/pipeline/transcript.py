"""The transcript: every prompt, reply, program and diagnostic, in order, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
    by_stage = {attempt.stage: attempt for attempt in attempts}
    folder.mkdir(parents=True, exist_ok=True)
    for number, exchange in enumerate(exchanges, start=1):
        stem = f"{number:02d}-{exchange.stage}"
        if number > after:
            write_text(folder / f"{stem}.prompt.md", exchange.prompt + "\n")
            write_text(folder / f"{stem}.reply.md", exchange.reply + "\n")
        attempt = by_stage.get(exchange.stage)
        if attempt:
            write_text(folder / f"{stem}.attempt.py", attempt.code + "\n")
            found = "\n".join(map(str, attempt.diagnostics)) or "nothing found"
            write_text(folder / f"{stem}.diagnostics.txt", found + "\n")


def write_text(file: Path, text: str) -> None:
    """Write a text as it is, in UTF-8; half a character as its escape.

    Raises:
        OSError: it cannot be written.
    """
    file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
