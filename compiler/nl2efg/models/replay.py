"""Recorded replies: a model's answers kept in a file, so that a bundled game needs no model.

``fixtures/games/<name>/replies.jsonl`` holds one JSON object a line with the keys
``text_sha256 stage sample prompt_sha256 model reply prompt_tokens completion_tokens``. A reply is
found by text, stage and sample; the prompt is not part of the key, so an edited prompt replays the
old reply and says that it is stale.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nl2efg.errors import (
    FormatError,
    NoModelError,
    NotRecordedError,
    StorageError,
    UserError,
)
from nl2efg.models.cached import CachedModel
from nl2efg.models.port import Message, Model, Reply, Request
from nl2efg.resources import shipped
from nl2efg.storage import unwritable, write_whole
from nl2efg.text import load_json

FILE_NAME = "replies.jsonl"

Key = tuple[str, str, int]
"""Hash of the text, stage, sample."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded reply: the fields of a line."""

    text_sha256: str
    stage: str
    sample: int
    prompt_sha256: str
    model: str
    reply: str
    prompt_tokens: int
    completion_tokens: int

    @property
    def key(self) -> Key:
        """What it is found by."""
        return self.text_sha256, self.stage, self.sample


def text_sha256(text: str) -> str:
    """Hash of a description that line breaks and indentation do not change."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def prompt_sha256(messages: Sequence[Message]) -> str:
    """Hash of a conversation."""
    digest = hashlib.sha256()
    for message in messages:
        digest.update(f"{message.role}\0{message.content}\0".encode())
    return digest.hexdigest()


def bundled_files() -> tuple[Path, ...]:
    """The recordings that nl2efg ships."""
    return tuple(sorted(shipped("fixtures").glob(f"games/*/{FILE_NAME}")))


def read_recordings(file: Path, text: str | None = None) -> list[Recording]:
    """The recordings in a file.

    Args:
        file: need not exist.
        text: only those of this description are parsed.

    Raises:
        FormatError: a line is no recording.
        UserError: the file cannot be read.
    """
    wanted = text_sha256(text).encode() if text is not None else b""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(
            f"{file} cannot be read: {error.strerror or error}",
            hint="name a file of recorded replies, or a place for a new one",
        ) from None
    # Looked through as bytes: the right file among many is found in a few milliseconds.
    if wanted not in content:
        return []
    # Not splitlines(): a reply may hold a line separator of Unicode's, which JSON leaves as it is.
    found = [
        _parse(line, file, number)
        for number, line in enumerate(content.split(b"\n"), 1)
        if line.strip() and wanted in line
    ]
    return [entry for entry in found if text is None or entry.text_sha256 == wanted.decode()]


def _parse(line: bytes, file: Path, number: int) -> Recording:
    try:
        return Recording(**load_json(line))
    except (ValueError, TypeError, RecursionError) as error:
        raise FormatError(
            f"this is no recorded reply: {error}",
            source=str(file),
            line=number,
            hint="make the recording again with `nl2efg record`",
        ) from None


def is_recorded(text: str, files: Iterable[Path] | None = None) -> bool:
    """Whether there are recorded replies for a description.

    Args:
        files: by default those that nl2efg ships.
    """
    return any(read_recordings(file, text) for file in _files(files))


def recorded_samples(text: str, files: Iterable[Path] | None = None) -> int:
    """How many independent samples of a description are recorded: 0, 1, …"""
    found = {entry.sample for file in _files(files) for entry in read_recordings(file, text)}
    return len(found)


def _files(files: Iterable[Path] | None) -> Iterable[Path]:
    return bundled_files() if files is None else files


class Recordings:
    """The recorded replies of one description: a store that is only read.

    Args:
        text: the description.
        files: where to look; by default in what nl2efg ships.

    Raises:
        NoModelError: nothing is recorded for the text.
    """

    def __init__(self, text: str, files: Iterable[Path] | None = None) -> None:
        entries = [entry for file in _files(files) for entry in read_recordings(file, text)]
        if not entries:
            raise NoModelError(
                "there are no recorded replies for this text", hint="`nl2efg record` makes them"
            )
        self._entries = {entry.key: entry for entry in entries}
        self._used: set[Key] = set()

    @property
    def models(self) -> str:
        """The models whose replies were recorded."""
        return ", ".join(sorted({entry.model for entry in self._entries.values()}))

    @property
    def samples(self) -> int:
        """How many samples are recorded."""
        return len({entry.sample for entry in self._entries.values()})

    @property
    def unused(self) -> tuple[Recording, ...]:
        """The recordings that have not been asked for yet."""
        return tuple(entry for key, entry in self._entries.items() if key not in self._used)

    def find(self, model: str, request: Request) -> Reply:
        """The recorded reply to a request; an edited prompt finds the old one, with a note.

        Raises:
            NotRecordedError: nothing is recorded for this text, stage and sample.
        """
        key = (text_sha256(request.text), request.stage, request.sample)
        found = self._entries.get(key)
        if found is None:
            raise self._missing(request)
        self._used.add(key)
        stale = found.prompt_sha256 != prompt_sha256(request.messages)
        return Reply(
            text=found.reply,
            model=found.model,
            prompt_tokens=found.prompt_tokens,
            completion_tokens=found.completion_tokens,
            note=f"the recorded reply for stage {found.stage} answers an earlier prompt; "
            "`nl2efg record` refreshes it"
            if stale
            else "",
        )

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Nothing is kept: who answers from recordings asks nobody."""

    def _missing(self, request: Request) -> NotRecordedError:
        if request.stage.startswith("edit"):
            return NotRecordedError(
                "an edit in words takes a model, and none is configured",
                hint="set OPENAI_API_KEY, or name a server with --base-url and --model; `nl2efg "
                "set` changes payoffs, draws, who knows what, and names without a model",
            )
        here = sorted(stage for _, stage, sample in self._entries if sample == request.sample)
        if not here:
            return NotRecordedError(
                f"sample {request.sample + 1} is not recorded; there are {self.samples}",
                hint=f"ask for at most {self.samples} with --samples, or configure a model "
                "(OPENAI_API_KEY or --base-url)",
            )
        return NotRecordedError(
            f"no reply is recorded for stage {request.stage} of sample {request.sample + 1}, only "
            f"for {', '.join(here)}",
            hint="configure a model (OPENAI_API_KEY or --base-url); `nl2efg record` keeps its "
            "replies",
        )


@dataclass(frozen=True, slots=True)
class Nobody:
    """A model that answers nothing, behind a store that must hold every reply.

    Args:
        name: of those whose replies the store holds.
    """

    name: str

    async def complete(self, request: Request) -> Reply:
        """Answer no request.

        Raises:
            NotRecordedError: always.
        """
        raise NotRecordedError(
            f"no reply is recorded for stage {request.stage}", hint="`nl2efg record` makes one"
        )


def recorded_model(text: str, files: Iterable[Path] | None = None) -> CachedModel[Recordings]:
    """A model that answers from the recordings of one description, and asks nobody.

    Args:
        text: the description.
        files: where to look; by default in what nl2efg ships.

    Raises:
        NoModelError: nothing is recorded for the text.
    """
    recordings = Recordings(text, files)
    return CachedModel(Nobody(f"{recordings.models} (recorded)"), recordings)


def recordings_of(model: Model) -> Recordings | None:
    """The recordings that a model answers from; None if it asks somebody."""
    store = model.store if isinstance(model, CachedModel) else None
    return store if isinstance(store, Recordings) else None


class RecordingFile:
    """A file of recorded replies that grows: the store of ``nl2efg record`` and of evaluations.

    Args:
        file: where replies are kept; a reply of the same text, stage and sample is replaced.
        answers: whether what the file holds already answers the very conversation that it
            answered before; otherwise everything is asked anew.
        hint: what to do if the file cannot be written.

    ``replayed`` counts the answers from the file.

    Raises:
        UserError: the file is to answer, and cannot be read.
    """

    def __init__(
        self, file: Path, *, answers: bool = False, hint: str = "name a file with --output"
    ) -> None:
        self.file = file
        self.replayed = 0
        self._hint = hint
        self._held = {
            (*entry.key[1:], entry.prompt_sha256): entry
            for entry in (read_recordings(file) if answers else ())
        }
        self._kept: set[Key] = set()
        self._lock = threading.Lock()

    def find(self, model: str, request: Request) -> Reply | None:
        """The reply that the file held from the start to this very conversation."""
        key = (request.stage, request.sample, prompt_sha256(request.messages))
        found = self._held.get(key)
        if found is None:
            return None
        self.replayed += 1
        return Reply(found.reply, found.model, found.prompt_tokens, found.completion_tokens)

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Write a reply into the file.

        Raises:
            StorageError: it cannot be written.
        """
        entry = Recording(
            text_sha256=text_sha256(request.text),
            stage=request.stage,
            sample=request.sample,
            prompt_sha256=prompt_sha256(request.messages),
            model=reply.model,
            reply=reply.text,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
        )
        with self._lock:
            try:
                entries = {old.key: old for old in read_recordings(self.file)}
                entries[entry.key] = entry
                _write(self.file, entries.values())
            except UserError as error:
                raise StorageError(error.message, hint=self._hint) from None
            self._kept.add(entry.key)

    def drop_leftovers(self) -> int:
        """Remove older replies of the samples that were recorded anew.

        A new recording may need fewer repairs than the old one did.

        Returns:
            How many were removed.

        Raises:
            UserError: the file cannot be written.
        """
        with self._lock:
            entries = read_recordings(self.file)
            anew = {(text, sample) for text, _, sample in self._kept}
            left = [
                entry
                for entry in entries
                if entry.key in self._kept or (entry.text_sha256, entry.sample) not in anew
            ]
            if len(left) < len(entries):
                _write(self.file, left)
            return len(entries) - len(left)


def _write(file: Path, entries: Iterable[Recording]) -> None:
    """Write a file whole or not at all, in an order that keeps differences small."""
    ordered = sorted(entries, key=lambda entry: (entry.text_sha256, entry.sample))
    lines = [json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in ordered]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, "".join(lines), sync=True)
    except OSError as error:
        raise unwritable(file, error, hint="name a file with --output") from None
