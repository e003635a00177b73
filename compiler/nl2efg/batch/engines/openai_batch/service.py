"""The service's files and batches, with retries and in the words of :mod:`nl2efg.errors`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nl2efg.batch.engines.openai_batch.requests import ENDPOINT
from nl2efg.batch.storage.append_log import write_own
from nl2efg.errors import NoModelError, UnavailableError
from nl2efg.models.openai.bounds import MAX_FILE_BYTES, TooLargeError
from nl2efg.models.openai.connection import new_client
from nl2efg.models.openai.cut_bodies import WORDS, is_cut, unread_body
from nl2efg.models.openai.failure import Failures, without_key
from nl2efg.models.openai.retry import Clock, Gate, RetryPolicy, Transient, with_retries
from nl2efg.models.settings import Settings
from nl2efg.storage import unwritable

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI
    from openai.types import Batch

Result = TypeVar("Result")
LABEL = "nl2efg"
"""Key of a batch's metadata; its value is the name of the batch's job."""

PAGE = 100
"""Batches asked for at once; the service gives no more."""

MAX_LISTED = 10_000
"""Files or batches of an account that are looked through, the latest first."""

SLOWEST = 10_000
"""Bytes a second below which a transfer is given up, the usual time-out aside."""

_UNREADABLE = (ValueError, AttributeError, TypeError, RecursionError)
FULL = "token_limit_exceeded"
_ID = re.compile(r"(?!.*\.\.)[\w.:=/-]{1,500}")
_LIMIT = re.compile(r"limit: ([\d,]+)", re.IGNORECASE)


async def _first(listed: AsyncIterable[Result]) -> AsyncIterator[Result]:
    """The first of what a service lists: the pages of a list need not come to an end."""
    left = MAX_LISTED
    async for found in listed:
        yield found
        left -= 1
        if not left:
            return


class FullError(Exception):
    """As many tokens are enqueued as the account may have.

    Args:
        message: the service's.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        found = _LIMIT.search(message)
        self.limit = int(found[1].replace(",", "")) if found else None


@dataclass
class BatchService:
    """A service's files and batches; an asynchronous context manager.

    Args:
        settings: where, and with which key; the model in it does not matter.
        gate: shared by all who ask the same service.
        policy: how long to keep trying.
        clock: time, chance and sleep.
        heard: told in words when a call has to wait.

    All methods raise:
        AuthenticationError, UnavailableError: see :mod:`nl2efg.errors`.
        NoModelError: there are no batches at this address.
    """

    settings: Settings
    gate: Gate = field(default_factory=Gate)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Clock = field(default_factory=Clock)
    heard: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        self.settings = replace(self.settings, model="the Batch API")
        self._failures = Failures(self.settings)

    async def __aenter__(self) -> Self:
        self._client: AsyncOpenAI = new_client(self.settings)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def upload(self, file: Path) -> str:
        """Upload a file of requests; returns its id."""

        async def once() -> str:
            with file.open("rb") as content:
                made = await self._client.files.create(file=(file.name, content), purpose="batch")
            return self._id(made)

        return await self._asked(once, size=file.stat().st_size)

    async def find_file(self, name: str, size: int) -> str:
        """The id of a whole file that was uploaded before; empty if there is none."""

        async def once() -> str:
            listed = self._client.files.list(purpose="batch", order="desc")
            async for found in _first(listed):
                if found.filename == name and found.bytes == size:
                    return self._id(found)
            return ""

        return await self._asked(once)

    async def create(self, file_id: str, name: str) -> Batch:
        """Make a batch of a file; this is what costs.

        A call whose answer was lost may have made the batch: only the first try is made without
        looking for it.

        Raises:
            FullError: the queue has no room for it.
        """
        tries = 0

        async def once() -> Batch:
            nonlocal tries
            tries += 1
            found = await self._find_batch(file_id, name) if tries > 1 else None
            return found or self._batch(
                await self._client.batches.create(
                    input_file_id=file_id,
                    endpoint=ENDPOINT,
                    completion_window="24h",
                    metadata={LABEL: name},
                )
            )

        return await self._asked(once)

    async def find_batch(self, file_id: str, name: str) -> Batch | None:
        """The batch that was made of a file before, unless it failed before it ran."""
        return await self._asked(lambda: self._find_batch(file_id, name))

    async def _find_batch(self, file_id: str, name: str) -> Batch | None:
        async for found in _first(self._client.batches.list(limit=PAGE)):
            about = (found.metadata or {}).get(LABEL)
            if (found.input_file_id == file_id or about == name) and found.status != "failed":
                return self._batch(found)
        return None

    async def batch(self, batch_id: str) -> Batch:
        """How a batch is getting on."""

        async def once() -> Batch:
            return self._batch(await self._client.batches.retrieve(batch_id))

        return await self._asked(once)

    async def cancel(self, batch_id: str) -> Batch:
        """Ask for a batch to end; what was answered is kept, and paid for."""

        async def once() -> Batch:
            return self._batch(await self._client.batches.cancel(batch_id))

        return await self._asked(once)

    async def download(self, file_id: str, target: Path) -> None:
        """Write the whole content of a file.

        Raises:
            UserError: ``target`` cannot be written.
        """
        part = target.with_name(f"{target.name}.part")

        async def once() -> None:
            size = (await self._client.files.retrieve(file_id)).bytes
            if not isinstance(size, int) or not 0 <= size <= MAX_FILE_BYTES:
                raise self._no_answer(f"{file_id} of {size!s:.30} bytes")
            async with asyncio.timeout(self._seconds(size)):
                with write_own(part) as file:
                    await self._stream(file_id, file.write, size)
            if part.stat().st_size != size:
                raise Transient(
                    UnavailableError(
                        f"{self.settings.place} sent {part.stat().st_size:,} of {size:,} bytes of "
                        f"{file_id}"
                    )
                )

        try:
            await self._asked(once, size=MAX_FILE_BYTES)
            part.replace(target)
        except NoModelError as error:
            raise NoModelError(
                f"{error.message}; answers are kept for 30 days",
                hint=f"if they are gone, remove {target.parent.parent} to send, and pay for, what "
                "was under way again",
            ) from None
        except OSError as error:
            raise unwritable(target, error) from None

    async def _stream(self, file_id: str, write: Callable[[bytes], Any], size: int) -> None:
        import openai

        content = self._client.files.with_streaming_response.content(file_id)
        try:
            async with content as response:
                left = size
                async for chunk in response.iter_bytes():
                    left -= len(chunk)
                    if left < 0:
                        raise TooLargeError(f"{file_id} has more than its {size:,} bytes")
                    write(chunk)
        except (openai.APIError, OSError, TooLargeError):
            raise
        except Exception as error:  # noqa: BLE001  the SDK lets its HTTP library's through here
            words = without_key(str(error), self.settings.key) or type(error).__name__
            broken = UnavailableError(f"the connection to {self.settings.place} broke: {words}")
            raise Transient(broken) from None

    def _seconds(self, size: int) -> float:
        """How long a call may take in all that carries so many bytes."""
        return self.settings.timeout + size / SLOWEST

    async def _asked(self, call: Callable[[], Awaitable[Result]], *, size: int = 0) -> Result:
        """Call with retries; ``size``: bytes that the call carries at most."""
        import openai

        async def once() -> Result:
            try:
                # The SDK's time-out starts anew with every byte; this one does not.
                async with asyncio.timeout(self._seconds(size)):
                    return await call()
            except openai.APIStatusError as error:
                raise self._of_status(error) from None
            except TooLargeError as error:
                raise self._failures.of_size(error) from None
            except (openai.APITimeoutError, TimeoutError):
                raise self._failures.of_time() from None
            except openai.APIConnectionError as error:
                raise self._failures.of_connection(error) from None
            except (openai.APIError, *_UNREADABLE) as error:
                body = unread_body(error)
                if body is not None and is_cut(body):
                    raise self._failures.of_break(WORDS) from None
                raise self._no_answer(error) from None

        return await with_retries(once, self.policy, self.gate, self.clock, self.heard)

    def _of_status(self, error: APIStatusError) -> Exception:
        if FULL in f"{error.code}" or "enqueued token" in error.message.lower():
            return FullError(without_key(error.message, self.settings.key))
        found = self._failures.of_status(error)
        if isinstance(found, NoModelError):
            return NoModelError(
                found.message,
                hint="does this service offer OpenAI's Batch API, and is the key of the project "
                "that the batches belong to? --engine local asks it directly",
            )
        return found

    def _no_answer(self, error: object) -> UnavailableError:
        said = without_key(str(error), self.settings.key)
        return UnavailableError(
            f"{self.settings.place} answered with something that is not of OpenAI's Batch API: "
            f"{said}",
            hint="the address should end before /batches, often in /v1",
        )

    def _id(self, found: Any) -> str:
        if found == "":  # what the SDK makes of a body of no bytes
            raise self._failures.of_break(WORDS)
        identity = getattr(found, "id", None)
        # It becomes a part of addresses and messages.
        if not isinstance(identity, str) or not _ID.fullmatch(identity):
            raise self._no_answer(found)
        return identity

    def _batch(self, found: Batch) -> Batch:
        self._id(found)
        if not isinstance(getattr(found, "status", None), str) or not _is_well_formed(found):
            raise self._no_answer(found)
        return found


def _is_well_formed(found: Any) -> bool:
    """Whether what else is read of a batch is of its kind: the SDK checks nothing."""
    counts, errors = getattr(found, "request_counts", None), getattr(found, "errors", None)
    numbers = [getattr(counts, name, None) for name in ("completed", "failed")]
    files = [getattr(found, name, None) for name in ("output_file_id", "error_file_id")]
    said = getattr(errors, "data", None)
    return (
        all(number is None or isinstance(number, int) for number in numbers)
        and all(file is None or (isinstance(file, str) and _is_id(file)) for file in files)
        and (said is None or (isinstance(said, list) and all(hasattr(e, "code") for e in said)))
    )


def _is_id(name: str) -> bool:
    return not name or _ID.fullmatch(name) is not None
