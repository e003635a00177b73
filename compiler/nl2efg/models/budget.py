"""What model calls cost, and the point at which no further one is made."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TypeVar

from nl2efg.errors import BudgetError, UserError
from nl2efg.models.port import Message

MILLION = 1_000_000
CHARACTERS_A_TOKEN = 3.5
"""English prose has about four, code about three; only estimates use it."""

TOKENS_A_MESSAGE = 8
FIRST_REPLY = 1500
"""Tokens that a reply is expected to take before any has been seen."""

SOON = timedelta(days=60)
"""Before the end of a model its user hears of it."""

Found = TypeVar("Found")
_DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|20\d{6})$")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens.

    Args:
        prompt: of the prompt.
        completion: of the reply.
        cached: of what is read from a cache; None if it costs what the rest of the prompt does.
        cache_write: of what is written to a cache; None for the same.
    """

    prompt: float
    completion: float
    cached: float | None = None
    cache_write: float | None = None

    def cost(
        self, prompt_tokens: int, completion_tokens: int, *, cached: int = 0, written: int = 0
    ) -> float:
        """US dollars for one call.

        Args:
            prompt_tokens: of the whole prompt.
            completion_tokens: of the reply.
            cached, written: of the prompt, read from and written to a cache.
        """
        read_price = self.prompt if self.cached is None else self.cached
        write_price = self.prompt if self.cache_write is None else self.cache_write
        total = self.prompt * (prompt_tokens - cached - written) + self.completion * (
            completion_tokens
        )
        return (total + read_price * cached + write_price * written) / MILLION

    def times(self, factor: float) -> Price:
        """The price with a discount."""
        parts = (self.prompt, self.completion, self.cached, self.cache_write)
        return Price(*(None if part is None else part * factor for part in parts))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The prices that are shipped.

    Args:
        taken: the day on which they were taken.
        prices: by model.
        ends: the day from which a model is no longer served, for those of which it is announced.
    """

    taken: date
    prices: Mapping[str, Price]
    ends: Mapping[str, date]


@cache
def price_table() -> PriceTable:
    """The prices of ``data/prices.toml``."""
    text = files(__package__).joinpath("data/prices.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    ends = {
        name: fields.pop("ends") for name, fields in found["models"].items() if "ends" in fields
    }
    prices = {name: Price(**fields) for name, fields in found["models"].items()}
    return PriceTable(found["taken"], prices, ends)


def known_price(model: str) -> Price | None:
    """The price of a model; None if it is not in the table.

    Args:
        model: its name, with a date or without, with a provider in front (``openai/gpt-5.4``) or
            without. What a gateway marks as another tier (``…:free``) has no known price.
    """
    return _listed(price_table().prices, model)


def announced_end(model: str) -> date | None:
    """The day from which a model is no longer served, if its maker has announced one.

    Args:
        model: its name, as for :func:`known_price`.
    """
    return _listed(price_table().ends, model)


def ended(today: date) -> dict[str, date]:
    """The models of the table that are no longer served on a day, with their ends."""
    return {name: end for name, end in price_table().ends.items() if end <= today}


def words_of_end(model: str, today: date) -> str:
    """What the user should hear of a model's end; empty if it is far off, or none is announced."""
    end = announced_end(model)
    if end is None or end - today > SOON:
        return ""
    when = "from" if end > today else "since"
    return (
        f"its maker has announced that {model} is not served {when} {end}; `nl2efg models` lists "
        "what there is"
    )


def _listed(table: Mapping[str, Found], model: str) -> Found | None:
    """The entry of a model under its name, without its date or without its provider."""
    for name in (model, model.rpartition("/")[2]):
        found = table.get(name) or table.get(_DATED.sub("", name))
        if found is not None:
            return found
    return None


def estimate_tokens(messages: Sequence[Message]) -> int:
    """About how many tokens a conversation takes."""
    characters = sum(len(message.content) for message in messages)
    return round(characters / CHARACTERS_A_TOKEN) + TOKENS_A_MESSAGE * len(messages)


@dataclass(slots=True)
class Spent:
    """What a call came to: set by whoever made it, once it is known.

    ``unaccounted`` is set while a call that was sent has not been accounted for: if it ends so, its
    estimate stays spent, as the service may bill what it did.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    unaccounted: bool = False

    def add(self, part: Spent, sign: int = 1) -> None:
        """Add what another call came to."""
        self.prompt_tokens += sign * part.prompt_tokens
        self.completion_tokens += sign * part.completion_tokens
        self.cost += sign * part.cost


@dataclass
class Budget:
    """A limit on what all calls together may take; shared by all workers, threads included.

    Before a call its estimate is set aside; after it, what the service counted takes the
    estimate's place. A reply is expected to be as long as the longest so far, so the limit is
    passed at most by what replies under way run longer than that.

    Args:
        cost: US dollars in all, or None for no limit.
        tokens: prompt and completion tokens in all, or None for no limit.

    Raises:
        UserError: a limit is not above zero.
    """

    cost: float | None = None
    tokens: int | None = None
    spent: Spent = field(default_factory=Spent, init=False)
    _set_aside: Spent = field(default_factory=Spent, init=False, repr=False)
    _longest: int = field(default=0, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        for name, limit in (("--max-cost", self.cost), ("--max-tokens", self.tokens)):
            if limit is not None and not limit > 0:
                raise UserError(f"{name} must be above 0, not {limit}")

    @contextmanager
    def call(self, messages: Sequence[Message], price: Price | None) -> Iterator[Spent]:
        """Set a call's estimate aside while it is made, and count what it came to.

        Args:
            messages: what is about to be sent.
            price: of the model; None if it is not known.

        Yields:
            What to fill in when the service has answered.

        Raises:
            BudgetError: the call would go beyond the limit; nothing has been sent.
        """
        estimate = self.reserve(messages, price)
        spent = Spent()
        try:
            yield spent
        finally:
            longest = spent.completion_tokens
            self.settle(estimate, estimate if spent.unaccounted else spent, longest=longest)

    def reserve(self, messages: Sequence[Message], price: Price | None) -> Spent:
        """Set a call's estimate aside until it is settled.

        Raises:
            BudgetError: the call would go beyond the limit.
        """
        prompt_tokens = estimate_tokens(messages)
        with self._lock:
            reply = self._longest or FIRST_REPLY
            cost = price.cost(prompt_tokens, reply) if price else 0.0
            estimate = Spent(prompt_tokens, reply, cost)
            self._check(estimate)
            self._set_aside.add(estimate)
        return estimate

    def settle(self, estimate: Spent, spent: Spent, *, longest: int) -> None:
        """Put what calls came to in the place of what was set aside for them.

        Args:
            estimate: of one call, or the sum of several.
            spent: what they came to.
            longest: completion tokens of the longest reply among them.
        """
        with self._lock:
            self._set_aside.add(estimate, -1)
            if not _sum(self._set_aside):  # tokens are whole; of dollars rounding leaves dust
                self._set_aside.cost = 0.0
            self.spent.add(spent)
            self._longest = max(self._longest, longest)

    def _check(self, estimate: Spent) -> None:
        used, aside = self.spent, self._set_aside
        if self.cost is not None and used.cost + aside.cost + estimate.cost > self.cost:
            raise BudgetError(
                f"the next call, about ${estimate.cost:.4f}, would go beyond --max-cost "
                f"{self.cost:g}: ${used.cost:.4f} {_under_way(aside.cost, '$')}",
                hint="raise --max-cost, or take a cheaper model",
            )
        if self.tokens is not None and _sum(used) + _sum(aside) + _sum(estimate) > self.tokens:
            raise BudgetError(
                f"the next call, about {_sum(estimate):,} tokens, would go beyond --max-tokens "
                f"{self.tokens}: {_sum(used):,} {_under_way(_sum(aside), '')}",
                hint="raise --max-tokens",
            )


def _sum(spent: Spent) -> int:
    return spent.prompt_tokens + spent.completion_tokens


def _under_way(amount: float, unit: str) -> str:
    if not amount:
        return "are spent"
    return f"are spent and about {unit}{amount:.4g} are under way"
