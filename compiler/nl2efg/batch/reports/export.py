"""A run in other forms: Parquet, JSON lines, SQLite, or a folder of .efg files."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nl2efg.batch.storage.game_folder import folder_name, game_folder
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.storage.rows import read_rows
from nl2efg.errors import Nl2efgError, UserError
from nl2efg.storage import open_regular, unwritable
from nl2efg.text import cell_text, counted

MAX_GAME = 256 * 2**20
"""Bytes of a game's file that is exported."""

_SQL = {"int": "INTEGER", "float": "REAL", "bool": "INTEGER"}
_CHUNK = 1000
_MAX_CHUNK = 16 * 2**20
"""Characters of rows that are held together, beside one row more."""
_FEW = 5
"""Games without a file that are named."""

Tell = Callable[[str], None]


def export(
    run: Path,
    form: str,
    target: Path,
    values: Mapping[str, str] | None = None,
    *,
    tell: Tell = lambda _: None,
) -> int:
    """Write the rows of a run, or its games.

    Args:
        run: the run folder.
        form: one of ``FORMATS``.
        target: a new file; for ``efg`` a new folder.
        values: of parameters, by symbol, for ``efg``: games with these letters are written at
            them; letters that a game does not have are passed over.
        tell: told in words of what is left out: damaged lines, and games without a file.

    Returns:
        How many rows or games were written.

    Raises:
        NotFoundError: ``run`` is no run folder.
        UserError: the target exists or cannot be written, or pyarrow is missing; a game's file
            cannot be read; values for another format, for letters that no game has, or that a game
            cannot have.
    """
    if values and form != "efg":
        raise UserError(f"--set is for games, and {form} holds none", hint="use --to efg")
    if form not in FORMATS:
        raise UserError(f"there is no format {form!r}", hint=f"there are {', '.join(FORMATS)}")
    part = _beside(target)
    try:
        if target.exists():
            raise UserError(
                f"{target} exists; nothing was overwritten", hint="name another --output"
            )
        _remove(part)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            rows = read_rows(run, tell)
            if form == "efg":
                count = _to_efg(rows, part, run, values, tell)
            else:
                count = TABLES[form](rows, part)
            part.replace(target)
        finally:
            _remove(part)
    except OSError as error:
        raise unwritable(target, error, hint="name another --output") from None
    return count


def _beside(target: Path) -> Path:
    """Where a target is made: beside it, always the same, under a name that fits where its does."""
    digest = hashlib.sha256(target.name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return target.with_name(f".{target.name[:40]}-{digest}.part")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _to_jsonl(rows: Iterable[ResultRow], target: Path) -> int:
    count = 0
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(row.model_dump_json() + "\n")
            count += 1
    return count


def _chunks(rows: Iterable[ResultRow]) -> Iterator[list[ResultRow]]:
    """Rows by the thousand, or as many as memory should hold if they are long."""
    chunk: list[ResultRow] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(map(_characters, row.__dict__.values()))
        if len(chunk) == _CHUNK or size > _MAX_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _characters(value: Any) -> int:
    """How much of a chunk a cell takes, in characters or so."""
    if isinstance(value, str):
        return len(value)
    return sum(map(_characters, value), 8) if isinstance(value, tuple) else 8


def _to_sqlite(rows: Iterable[ResultRow], target: Path) -> int:
    """A table ``results``; lists are JSON text, for SQLite's own JSON functions."""
    columns = {
        name: _SQL.get(_kind(field.annotation), "TEXT")
        for name, field in ResultRow.model_fields.items()
    }
    count = 0
    connection = sqlite3.connect(target)
    try:
        declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"CREATE TABLE results ({declared})")
        marks = ", ".join("?" * len(columns))
        for chunk in _chunks(rows):
            cells = ([_cell(value) for value in row.model_dump().values()] for row in chunk)
            connection.executemany(f"INSERT INTO results VALUES ({marks})", cells)
            count += len(chunk)
        connection.commit()
    except sqlite3.OperationalError as error:
        raise UserError(f"{target} cannot be written: {error}") from None
    finally:
        connection.close()
    return count


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value


def _to_parquet(rows: Iterable[ResultRow], target: Path) -> int:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError("Parquet needs pyarrow", hint="pip install 'nl2efg[parquet]'") from None
    texts = pyarrow.list_(pyarrow.string())
    kinds = {
        "int": pyarrow.int64(),
        "float": pyarrow.float64(),
        "bool": pyarrow.bool_(),
        "tuple[str, ...]": texts,
        "tuple[tuple[str, ...], ...]": pyarrow.list_(texts),
        "tuple[tuple[float | None, ...], ...]": pyarrow.list_(pyarrow.list_(pyarrow.float64())),
    }
    schema = pyarrow.schema(
        [
            (name, kinds.get(_kind(field.annotation), pyarrow.string()))
            for name, field in ResultRow.model_fields.items()
        ]
    )
    count = 0
    with parquet.ParquetWriter(target, schema) as writer:
        for chunk in _chunks(rows):
            cells = [row.model_dump() for row in chunk]
            writer.write_table(pyarrow.Table.from_pylist(cells, schema))
            count += len(chunk)
    return count


def _kind(annotation: Any) -> str:
    """The name of a field's type, whether or not it may be missing."""
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return text.removesuffix(" | None")


def _to_efg(
    rows: Iterable[ResultRow],
    target: Path,
    run: Path,
    values: Mapping[str, str] | None,
    tell: Tell,
) -> int:
    """A file for each game, named by position and id."""
    target.mkdir()
    count, home = 0, run.resolve()
    met: set[str] = set()
    gone: list[str] = []
    missing = 0
    for row in rows:
        if row.status != "compiled":
            continue
        content = _game_file(game_folder(run, row.id) / "game.efg", home)
        if content is None:
            missing += 1
            gone += [row.id[:40]] if missing <= _FEW else []
            continue
        name = f"{row.position + 1:07d}-{folder_name(row.id)}.efg"
        if values:
            content = _at_values(content, values, met, row.id)
        (target / name).write_bytes(content)
        count += 1
    if not count:
        raise UserError(f"{run} holds no games", hint="it was made without files, or all failed")
    if missing:
        more = f" and {missing - _FEW:,} more" if missing > _FEW else ""
        tell(f"{counted(missing, 'game')} left out, having no file: {', '.join(gone)}{more}")
    if values and (unknown := sorted(set(values) - met)):
        raise UserError(f"no game of {run} has a parameter {unknown[0]}")
    return count


def _game_file(source: Path, home: Path) -> bytes | None:
    """A game's file in a run folder, which is ``home``; None if there is none.

    Raises:
        UserError: it leads out of the run, is no file, or is too large.
    """
    if not source.resolve().is_relative_to(home):
        raise UserError(
            f"{source} leads out of the run; nothing was written",
            hint="somebody put a link there: look at what it leads to",
        )
    try:
        with open_regular(source, follow=False) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(MAX_GAME) if size <= MAX_GAME else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(
            f"{source} cannot be read: {error.strerror or error}; nothing was written"
        ) from None
    if size > MAX_GAME:
        raise UserError(f"{source} has {size:,} bytes, too many for a game; nothing was written")
    return content


def _at_values(content: bytes, values: Mapping[str, str], met: set[str], name: str) -> bytes:
    """A game's file with those of the values that are of its letters.

    Args:
        met: receives the letters that the game has.
        name: the game's, for the message.
    """
    from nl2efg.formats import read_efg, write_efg
    from nl2efg.sandbox import family_of

    try:
        family = family_of(read_efg(content.decode("utf-8")))
        own = {} if family is None else {s: v for s, v in values.items() if s in family.values}
        if family is None or not own:
            return content
        met.update(own)
        return write_efg(family.with_values(own).tree).encode("utf-8")
    except Nl2efgError as error:
        raise UserError(f"{name}: {error.message}", hint=error.hint) from None
    except UnicodeDecodeError:
        raise UserError(f"{name}: its file is not in UTF-8; somebody changed it") from None


def _to_csv(rows: Iterable[ResultRow], target: Path) -> int:
    """A table for spreadsheets and R; lists are JSON text.

    A text that a spreadsheet would take for a formula gets an apostrophe before it: texts and
    labels are anybody's.
    """
    count = 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(ResultRow.model_fields)
        for row in rows:
            cells = map(_cell, row.model_dump().values())
            table.writerow([cell_text(c) if isinstance(c, str) else c for c in cells])
            count += 1
    return count


TABLES: dict[str, Callable[[Iterable[ResultRow], Path], int]] = {
    "parquet": _to_parquet,
    "jsonl": _to_jsonl,
    "csv": _to_csv,
    "sqlite": _to_sqlite,
}
FORMATS = (*TABLES, "efg")
"""Ways to write a run."""
