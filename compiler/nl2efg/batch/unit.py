"""What is done to one unit: a text is compiled, a reply replayed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from nl2efg.batch.corpus import Unit
from nl2efg.batch.rate_limits import Pace, PacedModel
from nl2efg.batch.storage.game_folder import GAME, write_game
from nl2efg.batch.storage.ledger import Writer
from nl2efg.batch.storage.reply_store import LedgerReplies
from nl2efg.batch.storage.result_row import ResultRow, compiled_row, failed_row
from nl2efg.batch.storage.rows import OUTAGE
from nl2efg.errors import Nl2efgError, UserError
from nl2efg.models import Model
from nl2efg.models.cached import CachedModel
from nl2efg.pipeline.compilation import Compilation
from nl2efg.pipeline.compiler import run_samples
from nl2efg.pipeline.conclusion import conclude
from nl2efg.pipeline.descriptions import check_description
from nl2efg.pipeline.options import make_options
from nl2efg.pipeline.replies import compile_reply
from nl2efg.schema.record import CompilationRecord
from nl2efg.text import valid


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
        pictures: whether each game gets its picture and its report at once; else they are drawn
            when somebody asks for them.

    ``begun`` holds the keys of units for which something is being done.
    """

    folder: Path
    manifest: dict[str, Any]
    models: Sequence[Model]
    options: dict[str, Any]
    ledger: Writer
    pace: Pace = field(default_factory=Pace)
    files: bool = True
    pictures: bool = False
    begun: set[str] = field(default_factory=set)

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
        try:
            return await self._do(unit, key, models)
        finally:
            self.begun.discard(key)

    async def _do(self, unit: Unit, key: str, models: Sequence[Model] | None) -> ResultRow:
        tried = self.ledger.tried(key)
        try:
            row = await self._made(unit, key, models)
        except Nl2efgError as error:
            if error.stops_run:
                raise
            record = error.record
            told = (type(error).__name__, error.message)
            row = failed_row(
                unit.position, unit.id, key, told, tried=tried, text=unit.text, record=record
            )
            if record is not None:
                await asyncio.to_thread(self._write, unit, record)
        except Exception as error:  # noqa: BLE001  one game must not end a million others
            told = ("InternalError", f"{type(error).__name__}: {error}")
            row = failed_row(unit.position, unit.id, key, told, tried=tried, text=unit.text)
        self.ledger.keep_row(row)
        return row

    async def _made(self, unit: Unit, key: str, models: Sequence[Model] | None) -> ResultRow:
        if unit.problem:
            raise UserError(unit.problem)
        options, name = make_options(**self.options), valid(unit.id.replace("/", "-"))
        if unit.reply is not None:
            self.begun.add(key)
            replayed = partial(compile_reply, unit.reply, unit.text, options, name=name)
            return await asyncio.to_thread(self._finished, unit, key, replayed)
        if models is None:
            kept = self.ledger.replies(key)
            store = LedgerReplies(key, kept, self.ledger)
            if kept:
                self.begun.add(key)
            models = [
                CachedModel(PacedModel(each, self.pace, lambda: self.begun.add(key)), store)
                for each in self.models
            ]
        else:
            self.begun.add(key)
        check_description(unit.text)
        started, text = time.monotonic(), valid(unit.text)
        samples = await run_samples(models, text, options)
        for failure in (sample.failure for sample in samples):
            # What the pipeline makes of the other samples is not what the text came to.
            if failure is not None and (failure.stops_run or failure.unanswered):
                raise failure
        compiled = partial(conclude, samples, text, name=name, options=options, started=started)
        return await asyncio.to_thread(self._finished, unit, key, compiled)

    def _finished(self, unit: Unit, key: str, compiled: Callable[[], Compilation]) -> ResultRow:
        """The row of a unit once its compilation is made and written; all on one thread."""
        made = compiled()
        tried = self.ledger.tried(key)
        row = compiled_row(unit.position, unit.id, key, made.tree, made.record, tried)
        self._write(unit, made.record, made)
        return row

    def _write(
        self, unit: Unit, record: CompilationRecord, game: Compilation | None = None
    ) -> None:
        if self.files:
            files = {GAME: game.efg} if game is not None else {}
            if game is not None and self.pictures:
                files |= {"tree.svg": game.draw(), "report.html": game.report()}
            write_game(self.folder, unit.id, record, files, apart=unit.apart)


def is_outage(row: ResultRow) -> bool:
    """Whether a unit failed because the service was away."""
    return row.cause == OUTAGE


def shard_of(unit: Unit, count: int) -> int:
    """Which of so many shards a unit belongs to, from 1; the same on every machine."""
    return unit.position % count + 1
