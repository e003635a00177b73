"""What came so far of a compilation that is under way, in the folder that it will be written to.

::

    story.nl2efg/
      unfinished/
        replies/            each reply, the moment it arrives: the same command goes on from here
        transcript/         prompts, replies, programs and diagnostics, for people
        answers.json        what the author said of open points
        sketch.json         stage 1's reading, of the first sample that has one
        compilation.json    of a compilation that failed: all that was made

An earlier compilation in the folder stays as it is until the new one is whole; what is finished
takes the place of ``unfinished/``.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.errors import UserError
from nl2efg.models.cached import CachedModel
from nl2efg.models.reply_files import ReplyFiles, reply_files
from nl2efg.pipeline.folder import RECORD_FILE, UNFINISHED, check_place, recover_folder
from nl2efg.pipeline.transcript import TRANSCRIPT, write_sample, write_text
from nl2efg.storage import unwritable

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.pipeline.attempts import Sample
    from nl2efg.schema.record import CompilationRecord

ROOM = 1 << 20
"""Bytes that must find room before anything is paid for: a compilation takes about as many."""

_FRESH = "fresh"
_HINT = "name a folder that can be written with --output"


class Unfinished:
    """A compilation's folder, from before the first call until it is whole.

    Args:
        folder: where the compilation will be written.
        fresh: whether replies of earlier compilations are not wanted. Those of one that was asked
            for just so, and was interrupted, are.

    Raises:
        UserError: the place is taken by something else, or cannot be written: said before anything
            is paid for.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        recover_folder(folder)
        check_place(folder)
        self.folder, self.place = folder, folder / UNFINISHED
        self._samples: dict[int, int] = {}
        self._written: dict[int, int] = {}
        self._lock = threading.Lock()
        try:
            self._begin(fresh)
        except OSError as error:
            self.forget_if_empty()
            raise UserError(
                f"cannot write {folder}: {error.strerror or error}", hint=_HINT
            ) from None
        self.resumed = len(ReplyFiles(self._replies))

    @property
    def _replies(self) -> Path:
        return self.place / "replies"

    def _begin(self, fresh: bool) -> None:
        if fresh and not (self.place / _FRESH).exists():
            shutil.rmtree(self.place, ignore_errors=True)
        self._replies.mkdir(parents=True, exist_ok=True)
        for old in (self.place / TRANSCRIPT, self.place / RECORD_FILE):  # made anew as it comes
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
        if fresh:
            (self.place / _FRESH).touch()
        room = self.place / "room"
        try:
            room.write_bytes(bytes(ROOM))
        finally:
            room.unlink(missing_ok=True)

    def keeping(self, model: Model, identity: str) -> Model:
        """A model whose replies are kept here, and asked for only once.

        Args:
            model: who answers.
            identity: what its replies depend on besides the prompt.
        """
        return CachedModel(model, ReplyFiles(self._replies, identity, hint=_HINT))

    def came(self, sample: Sample) -> None:
        """Keep what came to a sample last: an exchange, the sketch, or an attempt.

        Raises:
            StorageError: it cannot be written.
        """
        with self._lock:
            number = self._samples.setdefault(id(sample), len(self._samples))
            transcript = self.place / TRANSCRIPT
            exchanges = list(sample.exchanges)
            try:
                write_sample(
                    transcript / f"sample-{number + 1}" if number else transcript,
                    exchanges,
                    [tried.record(number) for tried in sample.tried],
                    after=self._written.get(number, 0),
                )
                if sample.sketch is not None and not number:
                    write_text(self.place / "sketch.json", sample.sketch.model_dump_json(indent=1))
            except OSError as error:
                raise unwritable(self.place, error, hint=_HINT) from None
            self._written[number] = len(exchanges)

    def failed(self, record: CompilationRecord | None, *, final: bool) -> None:
        """Keep the record of a compilation that came to no game.

        Args:
            record: what was made.
            final: whether the replies are all there, and give no game.
        """
        if final:  # asking anew means without these
            (self.place / _FRESH).unlink(missing_ok=True)
        if record is not None and record.exchanges:
            with suppress(OSError):
                write_text(self.place / RECORD_FILE, record.model_dump_json(indent=1) + "\n")
        self.forget_if_empty()

    @property
    def holds_anything(self) -> bool:
        """Whether anything came that is worth keeping."""
        # Not Path.is_dir(): it raises for names that are too long.
        return any(reply_files(self._replies)) or os.path.isdir(self.place / TRANSCRIPT)

    def forget_if_empty(self) -> None:
        """Leave nothing behind where nothing came."""
        if not self.holds_anything:
            shutil.rmtree(self.place, ignore_errors=True)
            with suppress(OSError):
                self.folder.rmdir()
