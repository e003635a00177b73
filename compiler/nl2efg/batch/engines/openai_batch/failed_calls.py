"""Calls that a batch gave no reply to, and what was said instead."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nl2efg.batch.storage.append_log import Part, read_entries
from nl2efg.errors import (
    Nl2efgError,
    RefusalError,
    ReplyError,
    TooLongError,
    TruncatedError,
    UnavailableError,
)
from nl2efg.models import Reply, Request

MAX_TRIES = 3
"""Batches that a request is put into before a failure that might pass counts as one that stays."""

KINDS: dict[str, type[Nl2efgError]] = {
    kind.__name__: kind
    for kind in (RefusalError, TooLongError, TruncatedError, ReplyError, UnavailableError)
}


@dataclass
class _FailureText:
    error: Nl2efgError
    final: bool
    reply: Reply | None = None
    jobs: set[str] = field(default_factory=set)


class Failed:
    """The failed calls of a shard's units, in a part of their own; few, and held in memory.

    Args:
        file: made if there is none.
    """

    def __init__(self, file: Path) -> None:
        self._part = Part(file)
        self._units: dict[str, dict[str, _FailureText]] = {}
        for entry in read_entries(file):
            # Of a line that somebody changed nothing is held against the call.
            with suppress(KeyError, TypeError):
                self._note(entry.data)

    def _note(self, entry: dict[str, object]) -> None:
        unit = str(entry["unit"])
        if "call" not in entry:
            self._units.pop(unit, None)
            return
        error = KINDS[str(entry["error"])](str(entry["message"]), hint=str(entry["hint"]))
        said = self._units.setdefault(unit, {}).setdefault(
            str(entry["call"]), _FailureText(error, bool(entry["final"]))
        )
        if isinstance(error, TruncatedError):
            error.goes_on = entry.get("goes_on") is not False
        said.error, said.final = error, bool(entry["final"])
        came = entry.get("reply")
        said.reply = Reply(**came) if isinstance(came, dict) else None
        said.jobs.add(str(entry["job"]))

    def keep(
        self,
        key: str,
        call: str,
        job: str,
        error: Nl2efgError,
        *,
        final: bool,
        reply: Reply | None = None,
    ) -> None:
        """Store a failure.

        Args:
            key, call: whose it is.
            job: the batch that it came with; the same one counts once.
            error: of a type in ``KINDS``.
            final: whether another try would fail too.
            reply: as much of a reply as came, with what it took.

        Raises:
            UserError: it cannot be written.
        """
        entry = {
            "unit": key,
            "call": call,
            "job": job,
            "error": type(error).__name__,
            "message": error.message,
            "hint": error.hint,
            "final": final,
            "goes_on": isinstance(error, TruncatedError) and error.goes_on,
            "reply": asdict(reply) if reply is not None else None,
        }
        self._part.append(entry)
        self._note(entry)

    def error(self, key: str, call: str, request: Request) -> Nl2efgError | None:
        """What a call failed with for good; None if it is to be tried, for the first time or again.

        An error is raised in several places over its life: each gets one of its own.
        """
        said = self._units.get(key, {}).get(call)
        if said is None or not (said.final or len(said.jobs) >= MAX_TRIES):
            return None
        error = type(said.error)(said.error.message, hint=said.error.hint)
        if isinstance(error, TruncatedError) and isinstance(said.error, TruncatedError):
            error.goes_on = said.error.goes_on
        if said.reply is not None:
            error.exchange = (request, said.reply)
        return error

    def forget(self, key: str) -> None:
        """A unit is finished: another try of it begins with nothing held against it."""
        if key in self._units:
            self._part.append({"unit": key})
            del self._units[key]

    def close(self) -> None:
        """Close the file."""
        self._part.close()
