"""What is done to one unit: a text is compiled, a reply replayed."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nl2efg.batch.corpus import Unit
from nl2efg.batch.rate_limits import Pace, PacedModel
from nl2efg.batch.storage.ledger import OUTAGE, Writer
from nl2efg.batch.storage.reply_store import LedgerReplies
from nl2efg.batch.storage.result_row import ResultRow, compiled_row, failed_row
from nl2efg.errors import Nl2efgError, UserError
from nl2efg.models import Model
from nl2efg.models.cached import CachedModel
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.compiler import check_description, compile_samples, run_samples
from nl2efg.pipeline.options import make_options
from nl2efg.pipeline.replies import compile_reply
from nl2efg.schema.record import CompilationRecord
from nl2efg.storage import unwritable, write_whole
from nl2efg.text import valid

GAMES = "games"
RECORD = "compilation.json.gz"


@dataclass
class UnitCompiler:
    """All that the units of a run share.

    Args:
        folder: the run folder.
        manifest: what the run is about.
        models: who reads; none for replays.
        options: those of a compilation.
        ledger: where results and replies go.
        pace: how fast the service may be asked.
        files: whether to write each game's files, or the result rows alone.
    """

    folder: Path
    manifest: dict[str, Any]
    models: Sequence[Model]
    options: dict[str, Any]
    ledger: Writer
    pace: Pace = field(default_factory=Pace)
    files: bool = True

    async def do(self, unit: Unit, key: str, models: Sequence[Model] | None = None) -> ResultRow:
        """Bring a unit to its end, and write that down.

        Args:
            unit: what is to be compiled or replayed.
            key: its key.
            models: who reads this unit; by default the run's models, asked now.

        Raises:
            ServiceError: no further unit would fare better; this one is left unfinished.
            SandboxError: the same, of the machine.
            UserError: the run folder cannot be written.
        """
        tried = self.ledger.tried(key)
        try:
            found = await self._made(unit, key, models)
        except Nl2efgError as error:
            if error.stops_run:
                raise
            record = error.record
            told = (type(error).__name__, error.message)
            row = failed_row(unit.position, unit.id, key, told, tried=tried, record=record)
            if record is not None:
                await asyncio.to_thread(self._write, key, record)
        except Exception as error:  # noqa: BLE001  one game must not end a million others
            told = ("InternalError", f"{type(error).__name__}: {error}")
            row = failed_row(unit.position, unit.id, key, told, tried=tried)
        else:
            row = compiled_row(unit.position, unit.id, key, found.tree, found.record, tried)
            await asyncio.to_thread(self._write, key, found.record, found)
        self.ledger.keep_row(row)
        return row

    async def _made(self, unit: Unit, key: str, models: Sequence[Model] | None) -> Compilation:
        if unit.problem:
            raise UserError(unit.problem)
        options, name = make_options(**self.options), valid(unit.id.replace("/", "-"))
        if unit.reply is not None:
            return await asyncio.to_thread(compile_reply, unit.reply, unit.text, options, name=name)
        if models is None:
            kept = self.ledger.replies(key)
            store = LedgerReplies(key, kept, self.ledger)
            models = [CachedModel(PacedModel(each, self.pace), store) for each in self.models]
        check_description(unit.text)
        started, text = time.monotonic(), valid(unit.text)
        samples = await run_samples(models, text, options)
        for failure in (sample.failure for sample in samples):
            # What the pipeline makes of the other samples is not what the text came to.
            if failure is not None and (failure.stops_run or failure.unanswered):
                raise failure
        return await compile_samples(samples, text, name=name, options=options, started=started)

    def _write(self, key: str, record: CompilationRecord, game: Compilation | None = None) -> None:
        if not self.files:
            return
        own = game_folder(self.folder, key)
        files = {"game.efg": game.efg, "tree.svg": game.draw()} if game is not None else {}
        try:
            own.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                write_whole(own / name, content.encode("utf-8", "backslashreplace"))
            plain = record.model_dump_json().encode("utf-8", "backslashreplace")
            write_whole(own / RECORD, gzip.compress(plain, 6, mtime=0))
        except OSError as error:
            raise unwritable(own, error) from None


def game_folder(folder: Path, key: str) -> Path:
    """Where a unit's files are: at most 65,536 folders side by side."""
    return folder / GAMES / key[:2] / key[2:4] / key


def is_outage(row: ResultRow) -> bool:
    """Whether a unit failed because the service was away."""
    return row.cause == OUTAGE


def shard_of(unit: Unit, count: int) -> int:
    """Which of so many shards a unit belongs to, from 1; the same on every machine."""
    return unit.position % count + 1
