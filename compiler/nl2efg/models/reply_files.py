"""Replies as files of a folder, one for each call: a store of a cached model.

A file is named by what was asked of whom, and is whole or not there at all. One that cannot be read
is passed over: its call is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from nl2efg.models.cached import call_key
from nl2efg.models.port import Model, Reply, Request
from nl2efg.storage import open_regular, unwritable, write_whole
from nl2efg.text import load_json

SUFFIX = ".json"
MAX_BYTES = 8 * 2**20
"""Bytes of one file that are read: the longest replies of models have about one million, and JSON's
reader makes a hundred times as much of what somebody else may have put there."""

_FIELDS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "model": str,
    "prompt_tokens": int,
    "completion_tokens": int,
    "cost": (int, float),
    "note": str,
}


@runtime_checkable
class Identified(Protocol):
    """A model whose replies may stand for later ones."""

    @property
    def identity(self) -> str:
        """All but the prompt that its replies depend on; empty if they are not to be kept."""
        ...


def identity_of(model: Model) -> str:
    """What a model's replies depend on besides the prompt; empty where they are not to be kept."""
    return model.identity if isinstance(model, Identified) else ""


class ReplyFiles:
    """A folder of replies.

    Args:
        folder: where they are; it is made with the first of them.
        identity: what they depend on besides model and prompt, as :func:`identity_of` says.
        hint: what to do where the folder cannot be written.

    ``replayed`` counts the answers from it.
    """

    def __init__(self, folder: Path, identity: str = "", *, hint: str = "") -> None:
        self.folder, self.identity, self.hint = folder, identity, hint
        self.replayed = 0

    def place(self, model: str, request: Request) -> Path:
        """The file of a call."""
        return self.folder / f"{call_key(f'{model}|{self.identity}', request)}{SUFFIX}"

    def find(self, model: str, request: Request) -> Reply | None:
        """The kept reply to the same request of the same model."""
        found = read_reply(self.place(model, request))
        self.replayed += found is not None
        return found

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Write a reply down, and wait for the disk: it may have been paid for.

        Raises:
            StorageError: it cannot be written.
        """
        file = self.place(model, request)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(file, as_file(request, reply), sync=True)
        except OSError as error:
            raise unwritable(file, error, hint=self.hint) from None

    def __len__(self) -> int:
        """How many replies there are."""
        return sum(1 for _ in reply_files(self.folder))


def reply_files(folder: Path) -> Iterator[Path]:
    """The files of replies in a folder; none where it cannot be read."""
    with suppress(OSError):
        yield from (file for file in folder.iterdir() if file.suffix == SUFFIX)


def as_file(request: Request, reply: Reply) -> str:
    """The content of a reply's file: what was asked in short, and the reply's fields."""
    return json.dumps({"stage": request.stage, "sample": request.sample, **asdict(reply)}) + "\n"


def read_reply(file: Path) -> Reply | None:
    """The reply in a file; None where there is none, or it is damaged."""
    try:
        with open_regular(file) as opened:
            content = opened.read(MAX_BYTES + 1)
        data = load_json(content) if len(content) <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError):
        return None
    return reply_of(data)


def reply_of(data: object) -> Reply | None:
    """The reply whose fields were read from a file; None where they are those of none.

    Args:
        data: what was read.
    """
    fields: Any = data if isinstance(data, dict) else {}
    if not all(isinstance(fields.get(name), kind) for name, kind in _FIELDS.items()):
        return None
    if not all(
        0 <= fields[name] < 2**63 for name in ("prompt_tokens", "completion_tokens", "cost")
    ):
        return None  # as no number is "not a number"
    return Reply(**{name: fields[name] for name in _FIELDS})
