"""A reader's answers: the JSON that the prompt asks for, whatever small liberties it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from nl2efg.examination.questions import Questions
from nl2efg.game.numbers import exact_number

OPEN = "?"
"""What a reader answers where the text says nothing of a payoff."""

_RANK = re.compile(r"(?:#|\brank )\s*(\d{1,4})\s*$", re.IGNORECASE)


class Reply(BaseModel):
    """The JSON object of a reply."""

    model_config = ConfigDict(extra="ignore")

    K: dict[str, Any] = Field(default_factory=dict, description="knowledge at decisions")
    E: dict[str, Any] = Field(default_factory=dict, description="payoffs at ends")
    C: dict[str, Any] = Field(default_factory=dict, description="probabilities of draws")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a player knows at a decision.

    Args:
        seen: the observation, in the reader's words.
        actions: how many actions there are; None where the reader did not say.
    """

    seen: str
    actions: int | None = None


@dataclass(frozen=True, slots=True)
class Payoff:
    """What one player gets at an end.

    Args:
        value: the number, where the text fixes one.
        rank: the place among the ends that were asked, 1 the worst, where the text orders them.
        rounded: whether the number was written as a decimal fraction.
    """

    value: Fraction | None = None
    rank: int | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """A reader's answers by node; None says that the text does not have this there.

    What the reader left out, or what cannot be read, is not among them.

    Args:
        unread: how many questions have no answer that can be read.
        left_open: ends and players whose payoff the text neither gives nor orders.
    """

    decisions: dict[int, Knowledge | None]
    ends: dict[int, tuple[Payoff | None, ...] | None]
    draws: dict[int, tuple[Fraction, ...] | None]
    unread: int
    left_open: tuple[tuple[int, int], ...] = ()


def read_answers(reply: Reply, questions: Questions) -> Answers:
    """Lay a reply over the questions."""
    decisions: dict[int, Knowledge | None] = {}
    ends: dict[int, tuple[Payoff | None, ...] | None] = {}
    draws: dict[int, tuple[Fraction, ...] | None] = {}
    for node, value in _by_node(reply.K, "K", questions.decisions):
        found = _knowledge(value)
        if value is None or found is not None:
            decisions[node] = found
    left_open: list[tuple[int, int]] = []
    players = len(questions.tree.players)
    for node, value in _by_node(reply.E, "E", questions.ends):
        if value is None:
            ends[node] = None
        elif isinstance(value, list) and len(value) == players:
            ends[node] = tuple(map(_payoff, value))
            left_open += [(node, n) for n, each in enumerate(value) if each == OPEN]
    for node, value in _by_node(reply.C, "C", questions.draws):
        infoset = questions.tree.information_sets[questions.tree.set_of[node]]
        if value is None:
            draws[node] = None
        elif isinstance(value, list) and len(value) == len(infoset.actions):
            numbers = [_number(each) for each in value]
            known = [number for number in numbers if number is not None]
            if len(known) == len(numbers):
                draws[node] = tuple(known)
    asked = len(questions.decisions) + len(questions.ends) + len(questions.draws)
    return Answers(
        decisions, ends, draws, asked - len(decisions) - len(ends) - len(draws), tuple(left_open)
    )


def _by_node(answers: dict[str, Any], letter: str, nodes: tuple[int, ...]) -> list[tuple[int, Any]]:
    found = []
    for number, node in enumerate(nodes, 1):
        for key in (f"{letter}{number}", str(number)):
            if key in answers:
                found.append((node, answers[key]))
                break
    return found


def _knowledge(value: Any) -> Knowledge | None:
    if isinstance(value, str):
        return Knowledge(value)
    if isinstance(value, list) and value and isinstance(value[0], str):
        count = value[1] if len(value) > 1 else None
        if isinstance(count, list):
            count = len(count)
        whole = isinstance(count, int) and not isinstance(count, bool)
        return Knowledge(value[0], count if whole else None)
    return None


def _payoff(value: Any) -> Payoff | None:
    text = str(value).strip()
    rank = _RANK.search(text)
    written = text[: rank.start()].strip() if rank else text
    number = None if isinstance(value, bool) else _number(written)
    if number is None and rank is None:
        return None
    return Payoff(number, int(rank[1]) if rank else None, "." in written)


def _number(value: Any) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return exact_number(str(value).strip().replace("−", "-").replace(",", ""))
