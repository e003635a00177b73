"""The port: what the pipeline asks of a language model, whoever answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from nl2efg.text import valid

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Args:
        role: ``system``, ``user`` or ``assistant``.
        content: the text.
    """

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """One call.

    Args:
        stage: ``information``, ``code``, ``repair-1``, ``repair-2``, …, ``critic``; with ``text``
            and ``sample`` it finds a recorded reply.
        messages: the conversation.
        text: the description that is being compiled.
        sample: which of several independent samples of the same description, from 0.
        schema: JSON schema of the reply where structured output is wanted, else None.
        schema_name: its name, for servers that want one.
    """

    stage: str
    messages: tuple[Message, ...]
    text: str
    sample: int = 0
    schema: dict[str, Any] | None = field(default=None, hash=False)
    schema_name: str = "reply"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; whoever gives it, its texts are valid Unicode.

    Args:
        text: what the model wrote.
        model: the name of the model that wrote it.
        prompt_tokens, completion_tokens: as the service counts them; 0 where it does not.
        cost: in US dollars; 0.0 where the price is not known.
        note: something that the user should hear, such as that a recording is stale.
    """

    text: str
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        # JSON can carry half a character, which no file can: "\\ud83d" without its other half.
        for name in ("text", "model", "note"):
            object.__setattr__(self, name, valid(getattr(self, name)))


class Model(Protocol):
    """Whatever answers a request."""

    @property
    def name(self) -> str:
        """The model's name, as it is recorded."""
        ...

    async def complete(self, request: Request) -> Reply:
        """Answer one request.

        Args:
            request: what is asked.

        Raises:
            nl2efg.errors.ServiceError: in one of its kinds.
        """
        ...
