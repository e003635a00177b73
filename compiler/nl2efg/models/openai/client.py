"""The adapter for OpenAI and everything that speaks its chat-completions protocol.

That is Azure-style gateways, vLLM, Ollama, LM Studio, llama.cpp's server and many more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nl2efg.errors import Nl2efgError, NoModelError
from nl2efg.models.budget import Budget, Spent, estimate_tokens
from nl2efg.models.continuation import complete_whole
from nl2efg.models.openai.body import Abilities, abilities, give_up, make_body
from nl2efg.models.openai.bounds import TooLargeError, http_library
from nl2efg.models.openai.completion import partial_reply, read_completion
from nl2efg.models.openai.connection import new_client
from nl2efg.models.openai.cut_bodies import WORDS, CutBodyError, is_cut, unread_body
from nl2efg.models.openai.events import Assembly, read_lines
from nl2efg.models.openai.failure import Failures, without_key
from nl2efg.models.openai.prompt_cuts import context_length, is_prompt_cut, words_of_cut
from nl2efg.models.openai.retry import Clock, Gate, RetryPolicy, Transient, with_retries
from nl2efg.models.openai.usage import read_usage
from nl2efg.models.port import Reply, Request
from nl2efg.models.settings import Settings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MAX_CHANGES = 8
"""Times that one request is changed after a refusal; servers may contradict themselves."""

MAX_STREAM_SECONDS = 7_200.0
"""Seconds that a streamed reply may take in all: 36,000 tokens at 5 a second."""

LISTING = RetryPolicy(tries=3, deadline=30.0)
"""How long to ask for the list of models: somebody waits for it at a terminal."""

CONNECT_SECONDS = 30.0
MAX_NAMES = 10_000
"""Names of a service's models among which a mistyped one is looked for."""

MAX_NAME = 200
PROGRESS_SECONDS = 1.0
"""Seconds between two reports of how a reply is getting on."""


@dataclass(frozen=True, slots=True)
class StreamProgress:
    """How a reply is getting on.

    Args:
        stage: of the request.
        tokens: events with text or thoughts so far, about one a token.
        seconds: since the request was sent.
    """

    stage: str
    tokens: int
    seconds: float

    def __str__(self) -> str:
        rate = self.tokens / self.seconds if self.seconds > 0 else 0.0
        return f"{self.stage}: {self.tokens:,} tokens, {rate:.1f} a second, {self.seconds:.0f} s"


@dataclass(eq=False)
class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint.

    One instance serves any number of concurrent calls, on several event loops too.

    Args:
        settings: which model, where, and with which key.
        budget: shared by all models that may spend from it.
        gate: shared by all who ask the same service.
        policy: how long to keep trying.
        clock: time, chance and sleep.
        heard: told in words when a call has to wait.
        notice: told in words what the user should hear at once, such as that a prompt was cut.
        on_progress: told now and then how a streamed reply is getting on.
    """

    settings: Settings
    budget: Budget = field(default_factory=Budget)
    gate: Gate = field(default_factory=Gate)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Clock = field(default_factory=Clock)
    heard: Callable[[str], None] | None = None
    notice: Callable[[str], None] | None = None
    on_progress: Callable[[StreamProgress], None] | None = None
    _clients: dict[asyncio.AbstractEventLoop, _Shared] = field(
        default_factory=dict, init=False, repr=False
    )
    _seen: bool = field(default=False, init=False, repr=False)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.settings.model

    @property
    def identity(self) -> str:
        """What replies depend on besides the prompt: the service, and how the model is asked."""
        asked = self.settings
        about = [asked.place, asked.temperature, asked.effort, asked.reply_tokens]
        return json.dumps([*about, dict(asked.extra_body)], sort_keys=True, default=str)

    async def complete(self, request: Request) -> Reply:
        """Answer one request; a reply that is cut at its limit of length goes on where it stopped.

        Raises:
            AuthenticationError, UnavailableError, RefusalError, TruncatedError, NoModelError: see
                :mod:`nl2efg.errors`.
            BudgetError: nothing was sent.
            ReplyError: the service answered, but not with text.
        """

        return await complete_whole(self._complete, request)

    async def _complete(self, request: Request) -> Reply:
        async def once() -> Reply:
            with self.budget.call(request.messages, self.settings.price) as spent:
                return await self._answer(request, spent)

        return await with_retries(once, self.policy, self.gate, self.clock, self.heard)

    async def models(self) -> list[str]:
        """The names of the models that the service offers, in its order.

        Raises:
            ServiceError: it does not say.
        """
        return await with_retries(self._list, LISTING, Gate(), self.clock, self.heard)

    async def _list(self) -> list[str]:
        import openai

        failures = Failures(self.settings)
        try:
            async with self._client() as shared, asyncio.timeout(self.settings.timeout):
                found = await shared.client.get("/models", cast_to=object)
        except openai.APIStatusError as error:
            raise failures.of_status(error) from None
        except (openai.APITimeoutError, TimeoutError):
            raise failures.of_time().error from None
        except openai.APIConnectionError as error:
            raise failures.of_connection(error) from None
        except TooLargeError as error:
            raise failures.of_size(error) from None
        except (openai.APIError, ValueError, RecursionError) as error:
            body = unread_body(error)
            if body is not None and is_cut(body):
                raise failures.of_break(WORDS) from None
            raise failures.of_answer(error, "list of models") from None
        return _names(found)

    async def _answer(self, request: Request, spent: Spent) -> Reply:
        """One answered call; parameters that the server refuses are given up one by one."""
        import openai

        known = abilities(self.settings.base_url, self.settings.model)
        failures = Failures(self.settings)
        async with self._client() as shared:
            for changes_left in reversed(range(MAX_CHANGES + 1)):
                sent = make_body(request, self.settings, known, stream=True)
                call = _Call(self, request, sent, spent, known, failures)
                try:
                    return await call.make(shared)
                except openai.APIStatusError as error:
                    self._seen = True
                    spent.unaccounted = False
                    complaint = f"{error.message} {error.body} {error.param}"
                    if changes_left and give_up(sent, error.status_code, complaint, known):
                        continue
                    raise await self._with_names(failures.of_status(error), shared) from None
        raise AssertionError("the last round returns or raises")

    async def _with_names(self, error: Exception, shared: _Shared) -> Exception:
        """An error about a model's name, with names that are near it."""
        if not isinstance(error, NoModelError):
            return error
        from difflib import get_close_matches

        try:
            async with asyncio.timeout(10.0):
                names = _names(await shared.client.get("/models", cast_to=object))
        except Exception:  # noqa: BLE001  a service that does not list its models says nothing
            return error
        names = [name for name in names[:MAX_NAMES] if len(name) <= MAX_NAME]
        near = get_close_matches(self.settings.model, names, n=3, cutoff=0.5) or names[:5]
        if near:
            error.hint = f"the service offers {', '.join(near)}; `nl2efg models` lists them all"
        return error

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[_Shared]:
        """The client of the running event loop, open as long as any call uses it.

        A connection belongs to its loop, and each ``compile()`` may run in a new one; closed with
        the last call, none is left behind when a loop ends.
        """
        loop = asyncio.get_running_loop()
        shared = self._clients.get(loop)
        if shared is None:
            shared = self._clients[loop] = _Shared(new_client(self.settings))
        shared.users += 1
        try:
            yield shared
        finally:
            shared.users -= 1
            if not shared.users:
                del self._clients[loop]
                await shared.client.close()


@dataclass(slots=True)
class _Shared:
    client: AsyncOpenAI
    users: int = 0


@dataclass
class _Call:
    """One request on its way, and as much of its reply as has come."""

    model: OpenAIModel
    request: Request
    sent: dict[str, Any]
    spent: Spent
    known: Abilities
    failures: Failures
    assembly: Assembly = field(default_factory=Assembly)
    headers: Mapping[str, str] = field(default_factory=dict)

    async def make(self, shared: _Shared) -> Reply:
        """Send the request, and read its reply to the end.

        Raises:
            openai.APIStatusError: it was refused.
            Transient, Nl2efgError: it failed otherwise; what came of the reply is in ``exchange``.
        """
        import openai

        streamed = bool(self.sent.get("stream"))
        self.spent.unaccounted = True
        try:
            completion = await self._receive(shared.client)
        except openai.APIStatusError:
            raise
        except (openai.APITimeoutError, TimeoutError) as error:
            if type(error.__cause__).__name__ == "ConnectTimeout":
                raise self._unsent(error) from None
            silence = self.failures.of_silence(
                self.model.settings.timeout, self.assembly.pieces, streamed=streamed
            )
            raise self._kept(silence) from None
        except openai.APIConnectionError as error:
            raise self._unsent(error) from None
        except TooLargeError as error:
            raise self._kept(self.failures.of_size(error)) from None
        except CutBodyError:
            raise self._kept(self.failures.of_break(WORDS, self.assembly.pieces)) from None
        except (openai.APIError, ValueError, RecursionError) as error:
            raise self._kept(self.failures.of_answer(error)) from None
        except http_library().HTTPError as error:
            words = without_key(str(error), self.model.settings.key) or type(error).__name__
            raise self._kept(self.failures.of_break(words, self.assembly.pieces)) from None
        return await self._reply(completion, shared)

    async def _receive(self, client: AsyncOpenAI) -> Mapping[str, Any]:
        import openai

        settings, loop = self.model.settings, asyncio.get_running_loop()
        start = loop.time()
        fields = dict(self.sent)
        # The SDK's time-out starts anew with every byte; this one does not.
        async with asyncio.timeout(settings.timeout) as clock:
            answer = client.chat.completions.with_streaming_response.create(
                model=fields.pop("model"),
                messages=fields.pop("messages"),
                extra_body=fields,
                timeout=openai.Timeout(None, connect=min(CONNECT_SECONDS, settings.timeout)),
            )
            async with answer as response:
                self.model._seen = True
                self.headers = response.headers
                if "event-stream" not in response.headers.get("content-type", ""):
                    body = b"".join([piece async for piece in response.iter_bytes()])
                    return self._whole(body)
                told = start
                async for line in read_lines(response.iter_bytes()):
                    now = loop.time()
                    # Silence counts, not the length of the reply.
                    end = min(now + settings.timeout, start + MAX_STREAM_SECONDS)
                    clock.reschedule(end)
                    self.assembly.add_line(line)
                    if now - told >= PROGRESS_SECONDS:
                        told = now
                        self._tell(now - start)
        return self._streamed()

    def _streamed(self) -> Mapping[str, Any]:
        if not self.assembly.done and "error" not in self.assembly.fields:
            raise CutBodyError
        return self.assembly.completion()

    def _whole(self, body: bytes) -> Mapping[str, Any]:
        """A reply that came in one piece, though it may have been asked for as a stream."""
        if body.lstrip()[:5] == b"data:":
            for line in body.splitlines():
                self.assembly.add_line(line)
            return self._streamed()
        try:
            found = json.loads(body)
        except ValueError:
            if is_cut(body):
                raise CutBodyError from None
            raise ValueError(body[:1000].decode("utf-8", "replace")) from None
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if not isinstance(found, dict):
            raise ValueError(str(found))
        return found

    def _tell(self, seconds: float) -> None:
        if self.model.on_progress is not None:
            self.model.on_progress(
                StreamProgress(self.request.stage, self.assembly.pieces, seconds)
            )

    async def _reply(self, completion: Mapping[str, Any], shared: _Shared) -> Reply:
        settings, messages = self.model.settings, self.request.messages
        note = ""
        counted = read_usage(completion.get("usage")).prompt
        if is_prompt_cut(messages, counted, self.known):
            http = shared.client._client
            context = await context_length(http, settings.base_url, settings.model)
            note = words_of_cut(messages, counted, context)
            if self.model.notice is not None:
                self.model.notice(note)
        try:
            return read_completion(
                completion, settings, messages, self.spent, headers=self.headers, note=note
            )
        except (Transient, Nl2efgError) as error:
            failed = error.error if isinstance(error, Transient) else error
            failed.exchange = (self.request, partial_reply(completion, settings, self.spent))
            raise

    def _unsent(self, error: Any) -> Exception:
        """A connection that was not made, or that broke before any reply."""
        found = self.failures.of_connection(error, seen=self.model._seen)
        self.spent.unaccounted = isinstance(found, Transient) and found.sent
        return found

    def _kept(self, error: Transient | Nl2efgError) -> Transient | Nl2efgError:
        """A failure with as much of the reply as came before it."""
        failed = error.error if isinstance(error, Transient) else error
        text = self.assembly.completion()
        if self.assembly.pieces:
            settings, pieces = self.model.settings, self.assembly.pieces
            prompt = estimate_tokens(self.request.messages)
            cost = settings.price.cost(prompt, pieces) if settings.price else 0.0
            reply = partial_reply(text, settings, Spent(prompt, pieces, cost))
            failed.exchange = (self.request, reply)
        return error


def _names(found: object) -> list[str]:
    """The names in a list of models: ``{"data": [{"id": …}]}``, or a bare list (Together)."""
    data = found.get("data", found.get("models")) if isinstance(found, Mapping) else found
    names = [
        entry.get("id") or entry.get("name") if isinstance(entry, Mapping) else entry
        for entry in (data if isinstance(data, list) else ())
    ]
    return [name for name in names if isinstance(name, str) and name]
