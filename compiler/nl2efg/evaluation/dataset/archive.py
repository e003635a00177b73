"""Writes the data set: one archive, or the folder that it holds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Any

from nl2efg.errors import UserError
from nl2efg.evaluation.corpus import Corpus, load_corpus
from nl2efg.evaluation.dataset.croissant import croissant
from nl2efg.evaluation.dataset.tables import (
    GAMES,
    REPLIES,
    Column,
    Kind,
    Row,
    Table,
    game_rows,
    reply_rows,
)
from nl2efg.models.replay import FILE_NAME
from nl2efg.resources import shipped
from nl2efg.storage import unwritable

NAME = "nl2efg-games"
_FILES = ("description.txt", "reference.efg", "expected.json", FILE_NAME)
_HINT = "name another --output"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first time that a zip file can say


def write_dataset(target: Path, day: date | None = None) -> int:
    """Write the bundled games as a data set.

    It holds two tables as JSON lines and Parquet, ``croissant.json``, a card, the licence,
    ``CITATION.cff`` and the games' own files. The same version and day give the same bytes, as
    long as pyarrow is the same.

    Args:
        target: a new file that ends in ``.zip``, or a new folder.
        day: of publication; by default that of ``SOURCE_DATE_EPOCH``, or today's (UTC).

    Returns:
        How many games it holds.

    Raises:
        UserError: the target exists or cannot be written, or pyarrow is missing.
    """
    if target.exists():
        raise UserError(f"{target} exists; nothing was overwritten", hint=_HINT)
    corpus = load_corpus(shipped("fixtures") / "games")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as place:
            folder = Path(place) / NAME
            folder.mkdir()
            _fill(folder, corpus, day or _today())
            if target.suffix == ".zip":
                _pack(folder, Path(place) / "archive").replace(target)
            else:
                folder.replace(target)
    except OSError as error:
        raise unwritable(target, error, hint=_HINT) from None
    return len(corpus.games)


def _today() -> date:
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(seconds), UTC) if seconds.isdecimal() else datetime.now(UTC)
    return moment.date()


def _fill(folder: Path, corpus: Corpus, day: date) -> None:
    tables: list[tuple[Table, Sequence[Row]]] = [
        (GAMES, list(game_rows(corpus))),
        (REPLIES, list(reply_rows(corpus))),
    ]
    for table, rows in tables:
        _write_lines(folder / f"{table.name}.jsonl", rows)
        _write_parquet(folder / f"{table.name}.parquet", table, rows)
    words = _words(tables, day)
    for name in ("README.md", "CITATION.cff"):
        template = Template((Path(__file__).parent / f"{name}.in").read_text(encoding="utf-8"))
        (folder / name).write_text(template.substitute(words), encoding="utf-8", newline="\n")
    files = {file.name: _known(file) for file in sorted(folder.glob("*.[jp]*"))}
    metadata = croissant(_about(words), (GAMES, REPLIES), files)
    content = json.dumps(metadata, indent=1, ensure_ascii=False) + "\n"
    (folder / "croissant.json").write_text(content, encoding="utf-8", newline="\n")
    shutil.copyfile(shipped("fixtures").parent / "LICENSE", folder / "LICENSE")
    for game in corpus.games.values():
        own = folder / "games" / game.name
        own.mkdir(parents=True)
        for name in _FILES:
            if game.folder is not None and (game.folder / name).exists():
                shutil.copyfile(game.folder / name, own / name)


def _words(tables: Sequence[tuple[Table, Sequence[Row]]], day: date) -> dict[str, str]:
    """What the templates leave open."""
    found = {"version": version("nl2efg"), "date": day.isoformat(), "year": str(day.year)}
    for table, rows in tables:
        found[f"{table.name}_count"] = str(len(rows))
        found[f"{table.name}_columns"] = "\n".join(
            f"| `{each.name}` | {each.kind} | {each.meaning} |" for each in table.columns
        )
    return found


def _about(words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": NAME,
        "description": f"{words['games_count']} games told in words, each with the extensive-form "
        "game that it describes, what is known of its equilibria, and replies of a language model "
        "to the text.",
        "version": words["version"],
        "datePublished": words["date"],
        "license": "https://spdx.org/licenses/MIT.html",
        "creator": {"@type": "Organization", "name": "The nl2efg authors"},
        "keywords": ["game theory", "extensive-form games", "Gambit", "language models"],
        "citeAs": f"@misc{{nl2efg_games, title={{nl2efg-games: games told in words and their "
        f"extensive forms}}, author={{{{The nl2efg authors}}}}, year={{{words['year']}}}, "
        f"note={{Version {words['version']}}}}}",
        "isLiveDataset": False,
    }


def _known(file: Path) -> tuple[int, str]:
    content = file.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest()


def _write_lines(file: Path, rows: Sequence[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_parquet(file: Path, table: Table, rows: Sequence[Row]) -> None:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise UserError("Parquet needs pyarrow", hint="pip install 'nl2efg[parquet]'") from None
    kinds: dict[Kind, Any] = {
        "text": pyarrow.string(),
        "texts": pyarrow.list_(pyarrow.string()),
        "whole number": pyarrow.int64(),
        "whole numbers": pyarrow.list_(pyarrow.int64()),
        "truth": pyarrow.bool_(),
    }

    def field(column: Column) -> Any:
        return pyarrow.field(column.name, kinds[column.kind])

    schema = pyarrow.schema(list(map(field, table.columns)))
    parquet.write_table(pyarrow.Table.from_pylist(list(rows), schema), file)


def _pack(folder: Path, file: Path) -> Path:
    """An archive whose bytes do not tell when or by whom it was packed."""
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), _EARLIEST)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return file
