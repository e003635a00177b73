"""The sketch: what stage 1 reads from a description, before any code.

Histories are sequences of action labels from the root. ``*`` stands for any one action, so
``["*", "King"]`` names every history of length two that ends in ``King``; one information set may
be a union of several such patterns.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nl2efg.game.numbers import exact_number

SKETCH_VERSION = 1
_DIGITS = r"(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)"
_NUMBER = re.compile(rf"[-+]?{_DIGITS}(?:[eE][-+]?[\d_]++|/0*+[1-9_][\d_]*+)?")


def _as_number_text(value: Any) -> Any:
    """Numbers travel as text (``"-3/2"``), so that they stay exact; JSON numbers are taken too."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    text = str(value).strip().replace("−", "-")
    bare = text.replace(",", "")
    number = exact_number(bare)
    if number is not None:
        return str(number)
    if _NUMBER.fullmatch(bare):
        # As text it would be taken for a number again later, and 1e999999999 has a billion digits.
        raise ValueError("a number of too many digits, or badly written")
    return text


Exact = Annotated[str, BeforeValidator(_as_number_text)]
History = list[str]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class SketchPlayer(_Part):
    """A player, as the text names it."""

    name: str = Field(description="the player's name, as in the text")
    quote: str = Field(default="", description="the words of the text that introduce the player")


class SketchChance(_Part):
    """A chance event: where it happens, and what may come of it."""

    histories: list[History] = Field(description="the histories at which chance moves")
    outcomes: list[str] = Field(description="labels of what may happen")
    probabilities: list[Exact] = Field(description="exact probabilities, such as 1/3")
    quote: str = Field(default="", description="the words of the text it is taken from")


class SketchInformationSet(_Part):
    """One information set: all the histories that the player cannot tell apart."""

    player: str
    histories: list[History]
    actions: list[str]
    knows: str = Field(default="", description="what the player knows here")
    hidden: str = Field(default="", description="what the player does not know here")
    quote: str = Field(default="", description="the words of the text it is taken from")


class SketchPayoff(_Part):
    """A player's payoff."""

    player: str
    value: Exact


class SketchClaim(_Part):
    """A terminal history and what it pays: a claim that the finished game must meet."""

    history: History
    payoffs: list[SketchPayoff]
    quote: str = Field(default="", description="the words of the text it is taken from")


class SketchAssumption(_Part):
    """Something the text leaves open, and what was assumed."""

    question: str = Field(description="what the text leaves open")
    assumed: str = Field(description="what is assumed")
    quote: str = Field(default="", description="the words of the text that leave it open")


class Sketch(_Part):
    """Stage 1's reading of a description."""

    is_game: bool = Field(default=True, description="false if the text describes no game")
    why_not: str = Field(default="", description="if it is no game: why")
    title: str = Field(default="", description="a short title")
    players: list[SketchPlayer] = Field(default_factory=list)
    chance: list[SketchChance] = Field(default_factory=list)
    information_sets: list[SketchInformationSet] = Field(default_factory=list)
    claims: list[SketchClaim] = Field(default_factory=list)
    payoff_order: list[str] = Field(
        default_factory=list,
        description="where payoffs are given only as an order: u[P](a, b) > u[Q](c)",
    )
    assumptions: list[SketchAssumption] = Field(default_factory=list)
    contradictions: list[SketchAssumption] = Field(
        default_factory=list, description="where the text contradicts itself, and what was taken"
    )
