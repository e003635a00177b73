"""The adapter for OpenAI and everything that speaks its chat-completions protocol.

That is Azure-style gateways, vLLM, Ollama, LM Studio, llama.cpp's server and many more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from nl2efg.models.budget import Budget
from nl2efg.models.openai.body import abilities, give_up, make_body
from nl2efg.models.openai.completion import read_completion
from nl2efg.models.openai.failure import Failures
from nl2efg.models.openai.retry import Clock, Gate, RetryPolicy, with_retries
from nl2efg.models.port import Reply, Request
from nl2efg.models.settings import Settings, is_loopback

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NO_KEY = "none"
"""Sent where no key is needed: the SDK insists on one."""

MAX_CHANGES = 6
"""Times that one request is changed after a refusal; servers may contradict themselves."""


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
            for changes_left in reversed(range(MAX_CHANGES + 1)):
                sent = make_body(request, self.settings, known)
                try:
                    # The SDK's time-out starts anew with every byte; this one does not.
                    async with asyncio.timeout(self.settings.timeout):
                        return await client.chat.completions.create(**sent)
                except openai.APIStatusError as error:
                    complaint = f"{error.message} {error.body} {error.param}"
                    if not changes_left or not give_up(sent, error.status_code, complaint, known):
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
            shared = self._clients[loop] = _Shared(new_client(self.settings))
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


def new_client(settings: Settings) -> AsyncOpenAI:
    """The SDK's client for a service; retries are not its business."""
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
