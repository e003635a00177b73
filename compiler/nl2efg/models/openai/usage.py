"""What a service says that a call took, in whichever of its spellings.

=====================================================  ==========================================
``completion_tokens`` without thoughts                 xAI, Gemini's compatible endpoint: the total
                                                       says how many there are in all
``completion_tokens_details.reasoning_tokens``         above the completion tokens: outside of them
``prompt_tokens_details.cached_tokens``                OpenAI, and most others
``prompt_cache_hit_tokens``                            DeepSeek
``cached_tokens``                                      Moonshot
``cache_read_input_tokens``, ``cache_creation_…``      Anthropic, by way of gateways
``prompt_tokens_details.cache_write_tokens``           OpenRouter
``cost``, ``cost_details.upstream_inference_cost``     OpenRouter: US dollars
``cost_in_usd_ticks``                                  xAI: US dollars times 10**10
=====================================================  ==========================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nl2efg.models.budget import Price

TICKS = 10**10


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call took.

    Args:
        prompt: tokens of the prompt, cached ones among them; 0 if the service does not say.
        completion: tokens of the reply, thoughts among them; 0 if the service does not say.
        cached: of the prompt, read from a cache.
        written: of the prompt, written to a cache.
        charged: US dollars, where the service says so itself.
    """

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    written: int = 0
    charged: float | None = None

    def cost(self, price: Price | None) -> float:
        """US dollars; 0.0 where neither the service nor a price says."""
        if self.charged is not None:
            return self.charged
        if price is None:
            return 0.0
        return price.cost(self.prompt, self.completion, cached=self.cached, written=self.written)


def read_usage(found: object) -> Usage:
    """The usage object of a completion; whatever in it is no number counts as not said."""
    if not isinstance(found, Mapping):
        return Usage()
    details = _mapping(found.get("prompt_tokens_details"))
    prompt = _tokens(found.get("prompt_tokens")) or _tokens(found.get("input_tokens"))
    completion = _tokens(found.get("completion_tokens")) or _tokens(found.get("output_tokens"))
    cached = max(
        _tokens(details.get("cached_tokens")),
        _tokens(found.get("prompt_cache_hit_tokens")),
        _tokens(found.get("cached_tokens")),
        _tokens(found.get("cache_read_input_tokens")),
    )
    written = max(
        _tokens(details.get("cache_write_tokens")),
        _tokens(details.get("cache_creation_tokens")),
        _tokens(found.get("cache_creation_input_tokens")),
    )
    # Anthropic counts what it reads from and writes to a cache beside the prompt, not in it.
    if "cache_read_input_tokens" in found and cached + written > prompt:
        prompt += cached + written
    thoughts = _tokens(
        _mapping(found.get("completion_tokens_details")).get("reasoning_tokens")
    ) or _tokens(found.get("reasoning_tokens"))
    total = _tokens(found.get("total_tokens"))
    if prompt:
        completion = max(completion, total - prompt)
    if thoughts > completion:
        completion += thoughts
    return Usage(
        prompt, completion, min(cached, prompt), min(written, prompt - cached), _charged(found)
    )


def _charged(found: Mapping[str, Any]) -> float | None:
    ticks = _amount(found.get("cost_in_usd_ticks"))
    if ticks is not None:
        return ticks / TICKS
    cost = _amount(found.get("cost"))
    if cost is None:
        return None
    upstream = _amount(_mapping(found.get("cost_details")).get("upstream_inference_cost"))
    # With a key of the user's own, the gateway charges its fee and the provider the rest.
    return cost + (upstream or 0.0) if found.get("is_byok") else cost


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # JSON's integers may be longer than any float
        return None
    return number if math.isfinite(number) else None


def _tokens(value: object) -> int:
    number = _number(value)
    return int(number) if number is not None and number > 0 else 0


def _amount(value: object) -> float | None:
    number = _number(value)
    return number if number is not None and number >= 0 else None
