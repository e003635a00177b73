"""The folder that a compilation is written to."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.frontend.information import has_program
from nl2efg.frontend.stages import CODE
from nl2efg.gambit.code.foreign_programs import why_not_run
from nl2efg.schema.record import Attempt, CompilationRecord
from nl2efg.storage import open_regular

RECORD_FILE = "compilation.json"
PACKED_RECORD = f"{RECORD_FILE}.gz"
"""The same with gzip, as the games of a run have it."""

MAX_RECORD = 1 << 30
"""Bytes of a record, unpacked."""


def read_record(path: Path) -> CompilationRecord:
    """The record in a file, packed or not, or of a compilation's or game's folder.

    Raises:
        NotFoundError: there is none, or it cannot be read.
        FormatError: it is no record; the message names the field.
    """
    if path.is_dir():
        found = [path / name for name in (RECORD_FILE, PACKED_RECORD) if (path / name).is_file()]
        if not found:
            raise NotFoundError(
                f"{path} holds no {RECORD_FILE}", hint="name a folder that nl2efg wrote"
            )
        path = found[0]
    try:
        with open_regular(path) as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(MAX_RECORD + 1)
        if len(content) > MAX_RECORD:
            raise FormatError(f"longer than {MAX_RECORD:,} bytes", source=str(path))
        return CompilationRecord.model_validate_json(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(f"damaged: {error}", source=str(path)) from None
    except OSError as error:
        raise NotFoundError(f"cannot read {path}: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise FormatError(
            f"no record of a compilation: {field or 'the file'}: {first['msg']}",
            source=str(path),
            hint="name the compilation.json that nl2efg compile wrote",
        ) from None


def write_folder(record: CompilationRecord, files: Mapping[str, str], folder: Path) -> Path:
    """Write a compilation: its files, ``compilation.json`` and ``transcript/``.

    The folder is made beside its place and moved there whole, so that a reader never sees half of
    it; an earlier compilation of the same name is replaced only then.

    Args:
        record: what happened.
        files: the game in its forms, by file name; none for a failed compilation, whose record
            holds the games of its attempts.
        folder: where to.

    Returns:
        The folder.

    Raises:
        UserError: the folder exists and is not a compilation's, or cannot be written.
    """
    if os.path.exists(folder) and not os.path.isfile(folder / RECORD_FILE):
        raise UserError(
            f"{folder} exists and is no compilation's folder; nothing was overwritten",
            hint="name another folder with --output",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _fill(made, record, files)
            made.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise UserError(
            f"cannot write {folder}: {error.strerror or error}",
            hint="name a folder that can be written with --output",
        ) from None
    return folder


def _fill(folder: Path, record: CompilationRecord, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        _write(folder / name, content)
    _write(folder / RECORD_FILE, record.model_dump_json(indent=1) + "\n")
    _write_transcript(folder / "transcript", record)


def _write_transcript(folder: Path, record: CompilationRecord) -> None:
    """Every prompt, reply and attempt in order; a folder for each sample if there are several."""
    several = any(exchange.sample for exchange in record.exchanges)
    attempts = _attempts_by_exchange(record)
    numbers: Counter[int] = Counter()
    for index, exchange in enumerate(record.exchanges):
        numbers[exchange.sample] += 1
        own = folder / f"sample-{exchange.sample + 1}" if several else folder
        own.mkdir(parents=True, exist_ok=True)
        stem = f"{numbers[exchange.sample]:02d}-{exchange.stage}"
        _write(own / f"{stem}.prompt.md", exchange.prompt + "\n")
        _write(own / f"{stem}.reply.md", exchange.reply + "\n")
        attempt = attempts.get(index)
        if attempt:
            _write(own / f"{stem}.attempt.py", attempt.code + "\n" + _remark(attempt, record))
            found = "\n".join(map(str, attempt.diagnostics)) or "nothing found"
            _write(own / f"{stem}.diagnostics.txt", found + "\n")


def _attempts_by_exchange(record: CompilationRecord) -> dict[int, Attempt]:
    """The programs that were built, by the exchange that gave them.

    One call gives the sketch and the program, as a rule: then no exchange has the stage of the
    program, and it comes from the first reply that holds one.
    """
    found: dict[int, Attempt] = {}
    for attempt in record.attempts:
        own = {n: one for n, one in enumerate(record.exchanges) if one.sample == attempt.sample}
        named = [n for n, one in own.items() if one.stage == attempt.stage]
        if not named and attempt.stage == CODE:
            named = [n for n, one in own.items() if has_program(one.reply)]
        if named:
            found[named[0]] = attempt
    return found


def _remark(attempt: Attempt, record: CompilationRecord) -> str:
    """A comment below a program that the installed pygambit does not run as it is."""
    why = why_not_run(attempt.code)
    if not why:
        return ""
    game = "; game.py rebuilds the game with it" if record.efg else ""
    return f"\n# As the model wrote it. The installed pygambit does not run it: {why}{game}.\n"


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
