"""Many texts in one call, without a run folder."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Unpack

from nl2efg.batch.engines.local import as_finished
from nl2efg.batch.storage.result_row import ResultRow, compiled_row, failed_row
from nl2efg.errors import Nl2efgError, UserError
from nl2efg.models.choice import ModelChoice
from nl2efg.pipeline import Compilation, compile_async
from nl2efg.pipeline.options import CompileOptions, make_options

_END = object()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one text came to.

    Args:
        position: of the text among those given, from 0.
        compilation: the game, or None.
        error: why there is none; its ``record`` is the record so far.
    """

    position: int
    compilation: Compilation | None = None
    error: Nl2efgError | None = None

    @property
    def row(self) -> ResultRow:
        """The outcome at a glance, as in a run's exports; without a key, there being no run."""
        name = str(self.position)
        if self.compilation is not None:
            found = self.compilation
            return compiled_row(self.position, name, "", found.tree, found.record)
        assert self.error is not None
        told = (type(self.error).__name__, self.error.message)
        return failed_row(self.position, name, "", told, record=self.error.record)


def compile_many(
    texts: Iterable[str],
    *,
    model: ModelChoice = None,
    workers: int = 16,
    **options: Unpack[CompileOptions],
) -> Iterator[Outcome]:
    """Compile texts and yield what they come to, in the order in which they are finished.

    Texts are taken from the iterable as there is room, so it may be endless. Leaving the loop
    early ends what is under way. For what must survive a crash there is :func:`run_batch`.

    Args:
        texts: the descriptions.
        model: as for :func:`nl2efg.compile`.
        workers: texts at once.
        options: the fields of :class:`nl2efg.pipeline.Options`.

    Raises:
        UserError: one text instead of several; an option that does not exist, or out of its range.
    """
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise UserError(
            f"{type(texts).__name__} is no list of texts",
            hint="nl2efg.compile takes one text; several are a list or any other iterable",
        )
    make_options(**options)
    return _outcomes(texts, model, workers, options)


def _outcomes(
    texts: Iterable[str],
    model: ModelChoice,
    workers: int,
    options: CompileOptions,
) -> Iterator[Outcome]:
    # A thread with a loop of its own: notebooks run one already.
    ready: queue.Queue[Any] = queue.Queue(maxsize=workers)
    left = threading.Event()

    async def one(numbered: tuple[int, str]) -> Outcome:
        position, text = numbered
        try:
            return Outcome(position, await compile_async(text, model=model, **options))
        except Nl2efgError as error:
            return Outcome(position, error=error)

    async def all_of_them() -> None:
        async for outcome in as_finished(enumerate(texts), one, workers, left.is_set):
            while not left.is_set():
                try:
                    ready.put_nowait(outcome)
                    break
                except queue.Full:
                    await asyncio.sleep(0.01)
            if left.is_set():
                return

    def run() -> None:
        end: Any = _END
        try:
            asyncio.run(all_of_them())
        except BaseException as error:  # noqa: BLE001  raised again where it can be seen
            end = error
        while not left.is_set():
            try:
                ready.put(end, timeout=0.1)
                return
            except queue.Full:
                continue

    thread = threading.Thread(target=run, name="nl2efg-many", daemon=True)
    thread.start()
    try:
        while (found := ready.get()) is not _END:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        left.set()
        thread.join()


def to_frame(rows: Iterable[Outcome | ResultRow]) -> Any:
    """A pandas frame with a row for each outcome, in the order of the texts.

    Args:
        rows: outcomes of :func:`nl2efg.compile_many`, or rows of :func:`nl2efg.batch.read_rows`.
    """
    import pandas

    found = [entry.row if isinstance(entry, Outcome) else entry for entry in rows]
    return pandas.DataFrame(
        [row.model_dump() for row in sorted(found, key=lambda row: row.position)],
        columns=list(ResultRow.model_fields),
    )
