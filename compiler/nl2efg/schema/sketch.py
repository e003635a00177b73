"""The sketch: what stage 1 reads from a description, before any code.

A history is a sequence of action labels from the root. It is written as one text with `` > ``
between the labels (``"Rain > Up"``, the root is ``""``) or as a list of labels. A step may be a
pattern: ``*`` is any one action, ``?`` any one action that the player has seen, ``A|B`` either of
two. One information set may be a union of several patterns; an entry whose patterns hold ``?``
stands for several sets, one for each combination of actions seen.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from nl2efg.game.numbers import exact_number

_STEP = " > "
MAX_LABELS = 1000
"""Steps of one history that are read."""

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


def _as_history(value: Any) -> Any:
    """The labels of a history that is written as one text."""
    if not isinstance(value, str):
        return value
    if value.count(_STEP) >= MAX_LABELS:
        raise ValueError(f"a history of more than {MAX_LABELS} steps")
    return [step.strip() for step in value.split(_STEP)] if value.strip() else []


def _as_histories(value: Any) -> Any:
    """One history stands for a list of one."""
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    """A model writes null where it has no quote."""
    return "" if value is None else value


Exact = Annotated[str, BeforeValidator(_as_number_text)]
History = Annotated[list[str], BeforeValidator(_as_history)]
Histories = Annotated[list[History], BeforeValidator(_as_histories)]
Words = Annotated[str, BeforeValidator(_as_text)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, populate_by_name=True)


class SketchPlayer(_Part):
    """A player, as the text names it; written as the name alone or with a quote."""

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    name: str = Field(description="the player's name, as in the text")
    quote: Words = Field(default="", description="the words of the text that introduce the player")


class SketchChance(_Part):
    """A chance event: where it happens, and what may come of it."""

    histories: Histories = Field(
        validation_alias=AliasChoices("at", "histories"),
        description="the histories at which chance moves",
    )
    outcomes: list[str] = Field(description="labels of what may happen")
    probabilities: list[Exact] = Field(description="exact probabilities, such as 1/3")
    quote: Words = Field(default="", description="the words of the text it is taken from")


class SketchInformationSet(_Part):
    """All the histories that a player cannot tell apart; with ``?`` in them, several such sets."""

    player: str
    histories: Histories = Field(validation_alias=AliasChoices("at", "histories"))
    actions: list[str]
    knows: Words = Field(default="", description="what the player knows here")
    hidden: Words = Field(default="", description="what the player does not know here")
    quote: Words = Field(default="", description="the words of the text it is taken from")


class SketchPayoff(_Part):
    """A player's payoff."""

    player: str
    value: Exact


class SketchClaim(_Part):
    """A terminal history and what it pays: a claim that the finished game must meet.

    Payoffs are written in the order of the players (``"pays": [0, "1/2"]``) or by name.
    """

    history: History = Field(validation_alias=AliasChoices("end", "history"))
    payoffs: list[SketchPayoff] = Field(validation_alias=AliasChoices("pays", "payoffs"))
    quote: Words = Field(default="", description="the words of the text it is taken from")


class SketchAssumption(_Part):
    """Something the text leaves open, and what was assumed."""

    question: str = Field(description="what the text leaves open")
    assumed: str = Field(
        # Of a contradiction a model says what it followed.
        validation_alias=AliasChoices("assumed", "followed", "follow", "taken"),
        description="what is assumed",
    )
    quote: Words = Field(default="", description="the words of the text that leave it open")

    @model_validator(mode="before")
    @classmethod
    def _two_statements(cls, data: Any) -> Any:
        """A contradiction may list its statements and ask nothing: they are the question."""
        if not isinstance(data, dict) or "question" in data:
            return data
        lists = (each for each in data.values() if isinstance(each, list) and len(each) > 1)
        said = next((each for each in lists if all(isinstance(one, str) for one in each)), None)
        if said is None:
            return data
        told = " or ".join(f'"{one}"' for one in said)
        return {"quote": said[0], **data, "question": f"Which of these holds: {told}?"}


class SketchParameter(_Part):
    """A letter that the text leaves as a letter."""

    symbol: str = Field(description="the letter, as an identifier: c, delta, n")
    meaning: Words = Field(default="", description="what it stands for")
    kind: Literal["quantity", "size"] = Field(
        default="quantity", description="a quantity (payoff, probability), or a size (a count)"
    )
    low: Exact = Field(default="", description="lower end of its range; empty for none")
    high: Exact = Field(default="", description="upper end of its range; empty for none")
    conditions: list[str] = Field(default_factory=list, description='such as "0 < c < v"')
    value: Exact = Field(description="a value that meets all conditions with room to spare")
    quote: Words = Field(default="", description="the words of the text it is taken from")


class Sketch(_Part):
    """Stage 1's reading of a description."""

    is_game: bool = Field(default=True, description="false if the text describes no game")
    why_not: Words = Field(default="", description="if it is no game: why")
    title: Words = Field(default="", description="a short title")
    players: list[SketchPlayer] = Field(default_factory=list)
    parameters: list[SketchParameter] = Field(default_factory=list)
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

    @model_validator(mode="before")
    @classmethod
    def _payoffs_by_name(cls, value: Any) -> Any:
        """Give payoffs that are written in the order of the players their names."""
        if not isinstance(value, dict):
            return value
        players = value.get("players")
        claims = value.get("claims")
        if not isinstance(players, list) or not isinstance(claims, list):
            return value
        names = [each.get("name") if isinstance(each, dict) else each for each in players]
        return {**value, "claims": [_named(claim, names) for claim in claims]}

    @model_validator(mode="after")
    def _says_something(self) -> Sketch:
        """A game has players; a text without a game says why it is none."""
        if self.is_game and not self.players:
            raise ValueError(
                "a game has players: fill in players, chance and information_sets, or say "
                "is_game false and why_not"
            )
        return self


def _named(claim: Any, players: list[Any]) -> Any:
    pays = claim.get("pays") if isinstance(claim, dict) else None
    if not isinstance(pays, list) or any(isinstance(each, dict) for each in pays):
        return claim
    if len(pays) != len(players):
        raise ValueError(
            f"the end {claim.get('end')!r} has {len(pays)} payoffs for {len(players)} players"
        )
    rows = [{"player": name, "value": each} for name, each in zip(players, pays, strict=True)]
    return {**claim, "pays": [row for row in rows if row["value"] is not None]}
