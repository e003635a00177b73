"""Requests of a wave: what units are waiting for, written into files that a batch can take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO, Final

from nl2efg.batch.engines.openai_batch.failed_calls import Failed
from nl2efg.batch.engines.openai_batch.journal import Job
from nl2efg.batch.storage.append_log import write_own
from nl2efg.errors import ServiceError
from nl2efg.models import Reply, Request
from nl2efg.models.budget import estimate_tokens
from nl2efg.models.cached import call_key
from nl2efg.storage import unwritable

ENDPOINT: Final = "/v1/chat/completions"
MAX_REQUESTS = 50_000
"""Requests that one batch may hold."""

MAX_BYTES = 200_000_000
"""Bytes that its file may have."""

KEY = 32
"""Characters of a unit's key, and of a call's; a ``custom_id`` is the one after the other."""


class WaitingError(ServiceError):
    """There is no reply yet. Never seen outside of this engine."""


class WaitingModel:
    """A model whose every request waits for a batch.

    Args:
        name: the model's name.

    ``due`` holds by call what it was asked.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.due: dict[str, Request] = {}

    async def complete(self, request: Request) -> Reply:
        """Note a request.

        Raises:
            WaitingError: always; the request is in ``due``.
        """
        self.due[call_key(self.name, request)] = request
        raise WaitingError("the reply has not come yet")


class ArrivedReplies:
    """What batches have brought for one unit: a store of replies and of failures.

    Args:
        key: the unit's.
        kept: its replies, by call.
        failed: calls that failed.
    """

    def __init__(self, key: str, kept: dict[str, Reply], failed: Failed) -> None:
        self._key, self._kept, self._failed = key, kept, failed

    def find(self, model: str, request: Request) -> Reply | None:
        """A reply that has come.

        Raises:
            ServiceError, ReplyError: what the service said instead.
        """
        call = call_key(model, request)
        if call in self._kept:
            return self._kept[call]
        error = self._failed.error(self._key, call, request)
        if error is not None:
            raise error
        return None

    def keep(self, model: str, request: Request, reply: Reply) -> None:
        """Nothing comes outside of a batch, whose replies are kept where they are collected."""


class Drafts:
    """Files of requests, begun anew where one is full; each is of one model.

    Args:
        folder: where they go.
        stem: what their names begin with.
        wave: whose they are.
        most_requests, most_bytes: that one file may hold.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        wave: int,
        most_requests: int = MAX_REQUESTS,
        most_bytes: int = MAX_BYTES,
    ) -> None:
        self._folder, self._stem, self._wave = folder, stem, wave
        self._most_requests, self._most_bytes = most_requests, most_bytes
        self._open: dict[str, tuple[Job, BinaryIO]] = {}
        self.jobs: list[Job] = []

    def add(self, key: str, call: str, request: Request, body: dict[str, Any]) -> Job:
        """Write a request; returns the job that it became part of.

        Raises:
            UserError: the folder cannot be written.
        """
        entry = {"custom_id": key + call, "method": "POST", "url": ENDPOINT, "body": body}
        line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            job, file = self._room(str(body["model"]), len(line))
            file.write(line)
        except OSError as error:
            raise unwritable(self._folder, error) from None
        job.requests += 1
        job.size += len(line)
        job.tokens += estimate_tokens(request.messages)
        return job

    def _room(self, model: str, size: int) -> tuple[Job, BinaryIO]:
        if model in self._open:
            job, file = self._open[model]
            if job.requests < self._most_requests and job.size + size <= self._most_bytes:
                return job, file
            file.close()
        name = f"{self._stem}-{self._wave:02d}-{len(self.jobs) + 1:03d}.jsonl"
        job = Job(name=name, wave=self._wave, model=model, requests=0, size=0, tokens=0)
        self.jobs.append(job)
        self._open[model] = job, write_own(self._folder / name)
        return self._open[model]

    def close(self) -> None:
        """Close all files.

        Raises:
            UserError: one could not be written to its end.
        """
        try:
            for _, file in self._open.values():
                file.close()
        except OSError as error:
            raise unwritable(self._folder, error) from None


def read_request(line: bytes) -> tuple[str, dict[str, Any]]:
    """The ``custom_id`` and the body of a request's line."""
    entry = json.loads(line)
    return entry["custom_id"], entry["body"]
