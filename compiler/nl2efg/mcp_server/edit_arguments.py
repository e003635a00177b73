"""What the tool ``edit`` takes: edits as data, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from nl2efg.errors import UserError
from nl2efg.revision.edit_list import EditList

MAX_EDITS = 64
"""Edits of one call."""
MAX_WORDS = 2_000
"""Characters of a history, a name or a value."""

HISTORY = 'labels from the root with commas ("Enter, Fight"); * means every action, #2 the second'
Words = Annotated[str, Field(max_length=MAX_WORDS)]
Number = Annotated[
    str,
    BeforeValidator(lambda given: str(given) if type(given) in (int, float) else given),
    Field(max_length=MAX_WORDS),
]
"""A number as text, which is exact; models send plain numbers all the same."""
History = Annotated[str, Field(max_length=MAX_WORDS, description=HISTORY)]


class PayoffEdit(BaseModel):
    """Another payoff at an end."""

    history: History
    player: Words
    value: Annotated[Number, Field(description='exact: "3", "-1/2", or an expression of letters')]


class ProbabilityEdit(BaseModel):
    """Another probability of what chance does; the actions that are not named share the rest."""

    history: History
    action: Words
    value: Annotated[Number, Field(description='exact: "1/3" or "0.25"')]


class JoinEdit(BaseModel):
    """Two histories that their player shall not tell apart."""

    first: History
    second: History


class RenameEdit(BaseModel):
    """Another name of a player, or of an action."""

    old: Words
    new: Words


Payoffs = Annotated[list[PayoffEdit], Field(max_length=MAX_EDITS)]
Probabilities = Annotated[list[ProbabilityEdit], Field(max_length=MAX_EDITS)]
Joins = Annotated[list[JoinEdit], Field(max_length=MAX_EDITS)]
Splits = Annotated[
    list[History],
    Field(max_length=MAX_EDITS, description="histories that leave their information set together"),
]
Renames = Annotated[list[RenameEdit], Field(max_length=MAX_EDITS)]


def edit_list(
    payoffs: Sequence[PayoffEdit],
    probabilities: Sequence[ProbabilityEdit],
    joins: Sequence[JoinEdit],
    splits: Sequence[str],
    renames: Sequence[RenameEdit],
) -> EditList:
    """The edits of a call.

    Args:
        payoffs, probabilities, joins, splits, renames: of each kind those that are asked for.

    Raises:
        UserError: there are none, or more than ``MAX_EDITS`` in all.
    """
    edits = EditList(
        payoffs=[(each.history, each.player, each.value) for each in payoffs],
        probabilities=[(each.history, each.action, each.value) for each in probabilities],
        joins=[(each.first, each.second) for each in joins],
        splits=list(splits),
        renames=[(each.old, each.new) for each in renames],
    )
    count = sum(map(len, (payoffs, probabilities, joins, splits, renames)))
    if not count:
        raise UserError(
            "nothing is to be changed", hint="payoffs, probabilities, joins, splits or renames"
        )
    if count > MAX_EDITS:
        raise UserError(f"{count} edits are more than {MAX_EDITS}", hint="call edit several times")
    return edits
