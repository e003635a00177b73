"""Parameters: the letters of a family, each with its domain and a value to work with."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from fractions import Fraction

QUANTITY, SIZE = "quantity", "size"
MAX_PARAMETERS = 100
"""Most parameters of a family."""

MAX_SYMBOL = 40
"""Characters of a symbol."""


@dataclass(frozen=True)
class Parameter:
    """A letter.

    Args:
        symbol: how it is written: a Python identifier, in any script.
        value: the value to work with.
        kind: ``quantity`` (payoffs, costs, probabilities) or ``size`` (a whole number that shapes
            the tree: rounds, players of a kind, steps of a grid, a date of cutting off).
        low, high: bounds of the domain, both included; None where there is none.
        meaning: what it stands for.
        quote: the words of the description.

    Raises:
        ValueError: the symbol is none, the kind does not exist, the domain is empty, or the value
            is outside of it or not whole.
    """

    symbol: str
    value: Fraction
    kind: str = QUANTITY
    low: Fraction | None = None
    high: Fraction | None = None
    meaning: str = ""
    quote: str = ""

    def __post_init__(self) -> None:
        if not is_symbol(self.symbol):
            raise ValueError(
                f"{self.symbol!r:.60} is no symbol of a parameter: letters, digits and _ are, "
                f"{MAX_SYMBOL} at most, a letter first"
            )
        if self.kind not in (QUANTITY, SIZE):
            raise ValueError(f"a parameter is a quantity or a size, not {self.kind!r:.40}")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the domain of {self.symbol} is empty: {self.domain}")
        if trouble := self.trouble(self.value):
            raise ValueError(trouble)

    @property
    def is_size(self) -> bool:
        """Whether it shapes the tree."""
        return self.kind == SIZE

    @property
    def domain(self) -> str:
        """The domain in words of mathematics, such as ``0 <= delta <= 1``."""
        low = "" if self.low is None else f"{self.low} <= "
        high = "" if self.high is None else f" <= {self.high}"
        return f"{low}{self.symbol}{high}"

    def trouble(self, value: Fraction) -> str:
        """Why it cannot have a value, in words; empty if it can."""
        if self.is_size and value.denominator != 1:
            return f"{self.symbol} is a size, and {value} is no whole number"
        below = self.low is not None and value < self.low
        if below or (self.high is not None and value > self.high):
            return f"{self.symbol} = {value} is outside of its domain {self.domain}"
        return ""


def is_symbol(text: str) -> bool:
    """Whether a text can be the symbol of a parameter."""
    return text.isidentifier() and not keyword.iskeyword(text) and len(text) <= MAX_SYMBOL
