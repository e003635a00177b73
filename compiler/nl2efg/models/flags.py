"""What a caller says of the model to ask: one object, from the command line to the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nl2efg.errors import UserError

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Efforts of thinking that services know; each model takes some of them."""

_HEADER_NAME = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")
_OURS = ("authorization", "host", "content-length", "content-type", "accept-encoding")


@dataclass(frozen=True, slots=True)
class ModelFlags:
    """The flags that choose a model; what is None or empty is left to the environment.

    Args:
        models: names; several are asked side by side.
        provider: a service by its name (see :mod:`nl2efg.models.providers`).
        base_url: an OpenAI-compatible endpoint.
        key: its key. Never shown.
        timeout: seconds of silence, or for a whole answer where it does not come piece by piece.
        effort: of thinking, one of ``EFFORTS``.
        stream: whether replies come piece by piece.
        extra_body: further fields of each request, as JSON.
        headers: further headers, each ``Name: value``.
        price_in, price_out: US dollars per million tokens.
        max_cost, max_tokens: limits of all calls together.
        paste: whether a person carries prompts and replies.
        paste_folder: where those are kept as files.
    """

    models: tuple[str, ...] = ()
    provider: str | None = None
    base_url: str | None = None
    key: str | None = field(default=None, repr=False)
    timeout: float | None = None
    effort: str | None = None
    stream: bool | None = None
    extra_body: str | None = None
    headers: tuple[str, ...] = field(default=(), repr=False)
    price_in: float | None = None
    price_out: float | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    paste: bool = False
    paste_folder: Path | None = None

    @property
    def asks_for_model(self) -> bool:
        """Whether any flag says which model or service to ask."""
        return bool(self.models or self.provider or self.base_url or self.key)

    def with_model(self, name: str | None) -> ModelFlags:
        """The same, for one model or for the one that the environment names."""
        return replace(self, models=(name,) if name else ())


def parse_body(text: str, source: str) -> dict[str, Any]:
    """Further fields of a request.

    Args:
        text: a JSON object.
        source: where it came from, for the error.

    Raises:
        UserError: it is none, or it would replace what is asked.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{source} is no JSON: {error}", hint="""it looks like {"num_ctx": 16384}"""
        ) from None
    if not isinstance(found, dict):
        raise UserError(f"{source} is no JSON object", hint="""it looks like {"num_ctx": 16384}""")
    for name in ("messages", "model", "stream"):
        if name in found:
            raise UserError(
                f"{source} cannot set {name!r}",
                hint={"model": "use --model", "stream": "use --stream or --no-stream"}.get(
                    name, "the prompts are nl2efg's"
                ),
            )
    return found


def parse_headers(lines: tuple[str, ...], source: str) -> Mapping[str, str]:
    """Further headers.

    Args:
        lines: each ``Name: value``.
        source: where they came from, for the error.

    Raises:
        UserError: one is malformed, or is set by nl2efg itself.
    """
    found = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip()
        good = colon and name and set(name.lower()) <= _HEADER_NAME
        if not good or any(not " " <= character <= "~" for character in value):
            shown = name if good else "it"
            raise UserError(
                f"{source}: {shown} is no header of HTTP",
                hint="it looks like 'X-Title: nl2efg'; its value is never shown",
            )
        if name.lower() in _OURS:
            raise UserError(
                f"{source} cannot set {name}",
                hint="give the key with --api-key or its variable",
            )
        found[name] = value
    return found
