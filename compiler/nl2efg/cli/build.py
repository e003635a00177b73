"""``nl2efg build``: a game from a reply, a program or game text, or many from a file of replies."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.parameters import file_option
from nl2efg.cli.terminal import note, plain, print_json
from nl2efg.errors import FormatError, NotFoundError, SandboxError, UserError

if TYPE_CHECKING:
    from nl2efg.frontend.reply_file import ReplyLine
    from nl2efg.schema.built import Built

_MAX_BYTES = 64 * 1024 * 1024
_EVERY = 25


def build_command(
    source: Annotated[
        str | None,
        typer.Argument(metavar="FILE|-", help="a model's reply, pygambit code, or .efg text"),
    ] = None,
    output: Annotated[
        Path | None,
        file_option("where the game goes; stdout by default"),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="print one JSON object on stdout, and nothing else")
    ] = False,
    jsonl: Annotated[
        Path | None,
        typer.Option("--jsonl", metavar="REPLIES", help="many: a JSON object a line, id and reply"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="programs at a time; default one a processor")
    ] = None,
) -> None:
    """Make a game of what a model wrote.

    The code is found in the prose and run in the sandbox. The game is printed
    (or written to --output) as .efg; what was found on the way goes to stderr.

    With --jsonl every line gives a line of results: id, status, efg and
    diagnostics. A status is built; flawed (a game, with errors); failed;
    unreadable (the line is no reply) or error (the sandbox broke).

    Exit codes: 0 built; 1 no game came out, or one with errors; 2 the input
    cannot be used.

    Examples:

        nl2efg build reply.md -o game.efg

        nl2efg build --jsonl replies.jsonl -o games.jsonl
    """
    if (source is None) == (jsonl is None):
        raise UserError(
            "give one reply, or a file of replies with --jsonl", hint="see nl2efg build --help"
        )
    if jsonl is not None:
        if output is None:
            raise UserError("--jsonl needs a place for the results", hint="add -o games.jsonl")
        _build_many(jsonl, output, workers)
        return
    assert source is not None
    _build_one(source, output, json)


def _build_one(source: str, output: Path | None, json: bool) -> None:
    from nl2efg.frontend.program_reply import build_reply
    from nl2efg.sandbox import build
    from nl2efg.storage import write_output

    built = build_reply(_read(source), build)
    row = _row(built)
    if json:
        print_json(row)
    else:
        for found in built.diagnostics:
            note(str(found))
    efg = row["efg"]
    if efg is not None and output is not None:
        write_output(output, efg)
        if not json:
            note(f"{output}: {built.tree!r}")
    elif efg is not None and not json:
        sys.stdout.write(plain(efg))
    if not built.ok:
        raise typer.Exit(1)


def _build_many(source: Path, output: Path, workers: int | None) -> None:
    """Build every reply, one row of results each: built, flawed, failed, unreadable or error.

    A line that cannot be used, or a worker that breaks, is a row too, and the rest goes on.
    """
    from concurrent.futures import ThreadPoolExecutor

    from nl2efg.frontend.program_reply import build_reply
    from nl2efg.frontend.reply_file import read_reply_file
    from nl2efg.sandbox import Builders
    from nl2efg.storage import output as file_for

    rows = list(read_reply_file(source))
    counts: dict[str, int] = {}
    with Builders(workers) as pool, ThreadPoolExecutor(workers or _processors()) as threads:
        made = threads.map(lambda line: _finish(line, build_reply, pool.build), rows)
        with file_for(output) as file:
            for number, row in enumerate(made, start=1):
                file.write((json_module.dumps(row, ensure_ascii=False) + "\n").encode())
                counts[row["status"]] = counts.get(row["status"], 0) + 1
                if number % _EVERY == 0 or number == len(rows):
                    note(f"{number} of {len(rows)}")
    note(", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "no replies")
    if "error" in counts:
        raise typer.Exit(1)


def _finish(
    line: ReplyLine,
    build_reply: Callable[[str, Callable[[str], Built]], Built],
    build: Callable[[str], Built],
) -> dict[str, Any]:
    if line.problem:
        return {"id": line.id, **_no_game("unreadable", line.problem)}
    try:
        return {"id": line.id, **_row(build_reply(line.reply, build))}
    except SandboxError as error:
        return {"id": line.id, **_no_game("error", error.message)}


def _row(built: Built) -> dict[str, Any]:
    """What is said of one reply: built, flawed (a game, with errors) or failed (none)."""
    from dataclasses import asdict

    from nl2efg.formats import write_efg

    return {
        "status": "built" if built.ok else "flawed" if built.tree is not None else "failed",
        "efg": None if built.tree is None else write_efg(built.tree),
        "diagnostics": [asdict(found) for found in built.diagnostics],
    }


def _no_game(status: str, message: str) -> dict[str, Any]:
    return {"status": status, "efg": None, "diagnostics": [], "error": message}


def _read(source: str) -> str:
    from nl2efg.decoding import decoded

    try:
        if source == "-":
            data = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {source}") from None
    except OSError as error:
        raise UserError(f"{source} cannot be read: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise UserError(f"{source} is larger than {_MAX_BYTES // 2**20} MB")
    text = decoded(data, source)
    if not text.strip():
        raise FormatError("the file is empty", source=source)
    return text


def _processors() -> int:
    import os

    return os.cpu_count() or 1
