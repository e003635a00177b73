"""Questions to the host's model, in whichever way the host offers."""

from __future__ import annotations

import warnings
from typing import Any

from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp.types import (
    CreateMessageRequest,
    CreateMessageRequestParams,
    InputRequiredResult,
    SamplingMessage,
    TextContent,
)

from nl2efg.errors import ServiceError
from nl2efg.models import Request

MAX_REPLY_TOKENS = 16_000
FIRST_OF_2026 = "2026-07-28"
"""From this version on a server asks by what it returns; before, by a request of its own."""
KEY = "reply"


def offers_sampling(context: Context[Any, Any]) -> bool:
    """Whether the host lets its model be asked.

    Args:
        context: of the call.
    """
    capabilities = context.client_capabilities
    return capabilities is not None and capabilities.sampling is not None


def asks_by_return(context: Context[Any, Any]) -> bool:
    """Whether questions are returned instead of sent.

    Args:
        context: of the call.
    """
    return (context.protocol_version or "") >= FIRST_OF_2026


def _params(request: Request) -> CreateMessageRequestParams:
    system = "\n\n".join(one.content for one in request.messages if one.role == "system")
    return CreateMessageRequestParams(
        messages=[
            SamplingMessage(role=one.role, content=TextContent(type="text", text=one.content))
            for one in request.messages
            if one.role != "system"
        ],
        system_prompt=system or None,
        max_tokens=MAX_REPLY_TOKENS,
    )


def as_input_request(request: Request, state: str) -> InputRequiredResult:
    """A question as a request for input.

    Args:
        request: the question.
        state: comes back with the reply.
    """
    asked = CreateMessageRequest(params=_params(request))
    return InputRequiredResult(input_requests={KEY: asked}, request_state=state)


def returned_reply(context: Context[Any, Any]) -> str:
    """The reply that came with a request for input.

    Args:
        context: of the call that brings it.

    Raises:
        ServiceError: it brings none.
    """
    return _text((context.input_responses or {}).get(KEY))


async def sampled_reply(context: Context[Any, Any], request: Request) -> str:
    """Ask the host's model on the way back.

    Args:
        context: of the call.
        request: the question.

    Raises:
        ServiceError: it answers with no text, or not at all.
    """
    asked = _params(request)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older hosts know no other way
            answered = await context.session.create_message(
                messages=asked.messages,
                system_prompt=asked.system_prompt,
                max_tokens=asked.max_tokens,
            )
    except (MCPError, ValueError, TimeoutError) as error:
        raise ServiceError(f"the host's model did not answer: {type(error).__name__}") from None
    return _text(answered)


def _text(result: Any) -> str:
    content = getattr(result, "content", None)
    parts = content if isinstance(content, list) else [content]
    texts = [part.text for part in parts if isinstance(part, TextContent)]
    if not texts:
        raise ServiceError("the host's model answered with no text")
    return "\n".join(texts)
