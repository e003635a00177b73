"""The adapter for OpenAI and everything that speaks its chat-completions protocol.

That is Azure-style gateways, vLLM, Ollama, LM Studio, llama.cpp's server and many more. They
differ in what they accept: what one of them refuses is left out, and that is remembered for the
rest of the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from nl2efg.llm.budget import Budget
from nl2efg.llm.completion import read_completion
from nl2efg.llm.failure import Failures
from nl2efg.llm.port import Message, Reply, Request
from nl2efg.llm.retry import Clock, Gate, RetryPolicy, with_retries
from nl2efg.llm.schema import strict_schema
from nl2efg.llm.settings import OPENAI_URL, Settings, is_loopback

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

NO_KEY = "none"
"""Sent where no key is needed: the SDK insists on one."""

STRUCTURES = ("json_schema", "json_object", "")
"""Ways to ask for structured output, the strictest first; the last is the prompt alone."""

LENGTHS = ("max_completion_tokens", "max_tokens", "")
"""Names that the limit of a reply goes by; the last is none."""

MOST_CHANGES = 6
"""Times that one request is changed after a refusal; servers may contradict themselves."""

REFUSED = (400, 404, 415, 422, 500, 501)
"""Status codes with which servers refuse a parameter; llama.cpp's server says 500."""


@dataclass(slots=True)
class Abilities:
    """What a model of a server has not refused yet."""

    structure: str = STRUCTURES[0]
    temperature: bool = True
    length: str = LENGTHS[0]


@cache
def abilities(base_url: str, model: str) -> Abilities:
    """What is known of a model, shared by all who ask it."""
    # max_completion_tokens is OpenAI's; most servers elsewhere know only the older name.
    length = LENGTHS[0] if base_url == OPENAI_URL else LENGTHS[1]
    return Abilities(length=length)


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
    """

    settings: Settings
    budget: Budget = field(default_factory=Budget)
    gate: Gate = field(default_factory=Gate)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Clock = field(default_factory=Clock)
    heard: Callable[[str], None] | None = None
    _clients: dict[asyncio.AbstractEventLoop, _Shared] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def name(self) -> str:
        """The model's name."""
        return self.settings.model

    async def complete(self, request: Request) -> Reply:
        """Answer one request.

        Raises:
            AuthenticationError, UnavailableError, RefusalError, TruncatedError, NoModelError: see
                :mod:`nl2efg.errors`.
            BudgetError: nothing was sent.
            ReplyError: the service answered, but not with text.
        """

        async def once() -> Reply:
            with self.budget.call(request.messages, self.settings.price) as spent:
                completion = await self._ask(request)
                return read_completion(completion, self.settings, request.messages, spent)

        return await with_retries(once, self.policy, self.gate, self.clock, self.heard)

    async def _ask(self, request: Request) -> Any:
        """One answered call; parameters that the server refuses are given up one by one."""
        import openai

        known = abilities(self.settings.base_url, self.settings.model)
        failures = Failures(self.settings)
        async with self._client() as client:
            for changes_left in reversed(range(MOST_CHANGES + 1)):
                sent = _parameters(request, self.settings, known)
                try:
                    # The SDK's time-out starts anew with every byte; this one does not.
                    async with asyncio.timeout(self.settings.timeout):
                        return await client.chat.completions.create(**sent)
                except openai.APIStatusError as error:
                    if not changes_left or not _give_up(sent, error, known):
                        raise failures.of_status(error) from None
                except (openai.APITimeoutError, TimeoutError):
                    raise failures.of_time() from None
                except openai.APIConnectionError as error:
                    raise failures.of_connection(error) from None
                except (openai.APIError, ValueError) as error:
                    raise failures.of_answer(error) from None
        raise AssertionError("the last round returns or raises")

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[AsyncOpenAI]:
        """The client of the running event loop, open as long as any call uses it.

        A connection belongs to its loop, and each ``compile()`` may run in a new one; closed with
        the last call, none is left behind when a loop ends.
        """
        loop = asyncio.get_running_loop()
        shared = self._clients.get(loop)
        if shared is None:
            shared = self._clients[loop] = _Shared(_new_client(self.settings))
        shared.users += 1
        try:
            yield shared.client
        finally:
            shared.users -= 1
            if not shared.users:
                del self._clients[loop]
                await shared.client.close()


@dataclass(slots=True)
class _Shared:
    client: AsyncOpenAI
    users: int = 0


def _new_client(settings: Settings) -> AsyncOpenAI:
    import openai

    parts = urlsplit(settings.base_url)
    query = dict(parse_qsl(parts.query))
    azure = "api-version" in query or (parts.hostname or "").endswith(".azure.com")
    return openai.AsyncOpenAI(
        api_key=settings.key or NO_KEY,
        base_url=urlunsplit(parts._replace(query="")),
        default_query=query or None,
        default_headers={"api-key": settings.key} if azure and settings.key else None,
        timeout=settings.timeout,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(
            # A proxy for the internet does not reach this machine's own servers.
            trust_env=not is_loopback(settings.base_url),
            # A key goes where the user said, and nowhere else.
            follow_redirects=False,
        ),
    )


def _parameters(request: Request, settings: Settings, known: Abilities) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "model": settings.model,
        "messages": [_message(message) for message in request.messages],
    }
    if request.schema is not None and known.structure == "json_schema":
        sent["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.schema_name,
                "strict": True,
                "schema": strict_schema(request.schema),
            },
        }
    elif request.schema is not None and known.structure == "json_object":
        sent["response_format"] = {"type": "json_object"}
    if settings.temperature is not None and known.temperature:
        sent["temperature"] = settings.temperature
    if settings.reply_tokens is not None and known.length:
        sent[known.length] = settings.reply_tokens
    return sent


def _message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": message.content}


def _give_up(sent: dict[str, Any], error: APIStatusError, known: Abilities) -> bool:
    """Remember what a server refused; whether there is anything to try without it.

    Calls run side by side: a parameter is given up as it was sent, not as it is known by now.
    """
    if error.status_code not in REFUSED:
        return False
    complaint = f"{error.message} {error.body} {error.param}".lower()
    structure = sent.get("response_format", {}).get("type", "")
    if structure and any(
        word in complaint
        for word in ("response_format", "response format", "json_schema", "json schema", "schema")
    ):
        if known.structure == structure:
            known.structure = STRUCTURES[STRUCTURES.index(structure) + 1]
        return True
    if "temperature" in sent and "temperature" in complaint:
        known.temperature = False
        return True
    for name in LENGTHS[:2]:
        if name in sent and name in complaint:
            if known.length == name:
                other = LENGTHS[1 - LENGTHS.index(name)]
                known.length = other if other in complaint else ""
            return True
    return False
