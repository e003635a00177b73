"""A result row: what is to be known of a unit at a glance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from nl2efg.comparison import OutOfBudgetError, canonical_form
from nl2efg.equilibria.wording import all_places
from nl2efg.game import GameTree
from nl2efg.game.analysis import GameFacts
from nl2efg.game.numbers import exact_number
from nl2efg.schema.record import CompilationRecord

MAX_EQUILIBRIA = 1000
"""Equilibria whose payoffs a row holds; the game's record has all of them."""

MAX_PAYOFFS = 200_000
"""Payoffs of all equilibria that a row holds."""

MAX_STRATEGIES = 20_000
"""Characters of all strategies that a row holds; the game's record has the rest."""

_SHORTEST = 8
"""Characters that what is done at an information set has at least."""


class ResultRow(BaseModel):
    """One line of a results part, and one row of an export.

    What a failed unit does not have is None, so that means and sums over a column are right.

    Args:
        position: in the corpus, from 0.
        id: its name there, which its folder has too.
        key: of the unit of work; see :func:`nl2efg.batch.storage.manifest.unit_key`.
        tried: how often it was tried anew before, from 0.
        cause: type of the error that a failed unit ended with; empty for a compiled one.
        model: who read the text; several with commas.
        text: the description.
        equilibria: how many were found.
        payoffs: expected payoffs for each equilibrium, as exact text, in the order of ``players``.
        values: the same as numbers.
        strategies: of the first equilibria, what is done at every information set of a player, a
            line for each, as ``nl2efg verify --profile`` reads it; at most ``MAX_STRATEGIES``
            characters in all.
        concept, method: of the first equilibrium.
        regret: the largest gain from a deviation in the first equilibrium.
        game: equal for isomorphic games, a hash of their canonical form; empty where that form is
            beyond its budget.
        agreeing, samples: how many samples agree on the game, of how many.
        codes: of the diagnostics, sorted.
        assumptions: what the text leaves open, with what was assumed.
        notes: what the user should hear of the calls, such as that a prompt was cut.
        cost: in US dollars.
        seconds: wall time of the compilation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: int
    id: str
    key: str
    tried: int = 0
    status: Literal["compiled", "failed"]
    cause: str = ""
    message: str = ""
    model: str = ""
    text: str = ""
    title: str = ""
    players: tuple[str, ...] = ()
    nodes: int | None = None
    terminals: int | None = None
    depth: int | None = None
    information_sets: int | None = None
    perfect_recall: bool | None = None
    perfect_information: bool | None = None
    constant_sum: bool | None = None
    zero_sum: bool | None = None
    game: str = ""
    equilibria: int | None = None
    payoffs: tuple[tuple[str, ...], ...] = ()
    values: tuple[tuple[float | None, ...], ...] = ()
    strategies: tuple[str, ...] = ()
    concept: str = ""
    method: str = ""
    regret: float | None = None
    completeness: str = ""
    agreeing: int | None = None
    samples: int | None = None
    attempts: int = 0
    codes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    seconds: float | None = None

    @model_validator(mode="after")
    def _storable(self) -> Self:
        """Whole numbers are those that tables and databases hold."""
        if any(isinstance(n, int) and not -(2**63) <= n < 2**63 for n in self.__dict__.values()):
            raise ValueError("a number is beyond 64 bits")
        return self


_FACTS = frozenset(ResultRow.model_fields) & {field.name for field in fields(GameFacts)} - {
    "information_sets"
}
"""The figures of a game that a row has under the same name and with the same meaning."""


def failed_row(
    position: int,
    name: str,
    key: str,
    error: tuple[str, str],
    *,
    tried: int = 0,
    text: str = "",
    record: CompilationRecord | None = None,
) -> ResultRow:
    """The row of a unit without a game.

    Args:
        position, name, key, tried, text: of the unit.
        error: its type and its message.
        record: what was made before it failed.
    """
    return ResultRow(
        position=position,
        id=name,
        key=key,
        tried=tried,
        status="failed",
        cause=error[0],
        message=error[1],
        text=text,
        **(_work(record) if record else {}),
    )


def compiled_row(
    position: int, name: str, key: str, tree: GameTree, record: CompilationRecord, tried: int = 0
) -> ResultRow:
    """The row of a unit with a game."""
    facts, solution, consensus = record.facts, record.solution, record.consensus
    assert facts is not None
    most = min(MAX_EQUILIBRIA, MAX_PAYOFFS // max(1, len(tree.players)))
    found = solution.equilibria[:most] if solution else ()
    payoffs = tuple(tuple(player.value for player in one.players) for one in found)
    return ResultRow(
        position=position,
        id=name,
        key=key,
        tried=tried,
        status="compiled",
        text=record.text,
        **{name: value for name, value in asdict(facts).items() if name in _FACTS},
        information_sets=sum(facts.information_sets.values()),
        game=_same_game(tree),
        equilibria=len(solution.equilibria) if solution else None,
        payoffs=payoffs,
        values=tuple(tuple(map(_number, row)) for row in payoffs),
        strategies=told_strategies(tree, [one.probabilities for one in found]),
        concept=found[0].concept if found else "",
        method=found[0].method if found else "",
        regret=_number(found[0].max_regret) if found else None,
        completeness=solution.completeness if solution else "",
        agreeing=consensus.agreeing if consensus else 1,
        samples=consensus.samples if consensus else 1,
        **_work(record),
    )


def told_strategies(tree: GameTree, profiles: Sequence[Sequence[Sequence[str]]]) -> tuple[str, ...]:
    """The first of several profiles in words, with their probabilities as they are written.

    Args:
        tree: the game.
        profiles: for each a row of probabilities for each information set, chance included.

    Returns:
        A text for each, so many that ``MAX_STRATEGIES`` holds.
    """
    told = tree.told
    own = [number for number, each in enumerate(told.information_sets) if not each.is_chance]
    if not profiles or len(own) * _SHORTEST > MAX_STRATEGIES:
        return ()
    places = all_places(tree)
    found: list[str] = []
    for rows in profiles:
        lines = (
            f"{told.player_name(told.information_sets[number].player)} {places[number]}: "
            + _told_row(told.information_sets[number].actions, rows[number])
            for number in own
        )
        found.append("\n".join(lines))
        if sum(map(len, found)) > MAX_STRATEGIES:
            return tuple(found[:-1])
    return tuple(found)


def _told_row(actions: Sequence[str], row: Sequence[str]) -> str:
    """Actions with their probabilities, but for those that are never taken."""
    pairs = zip(actions, row, strict=True)
    taken = [(action, text) for action, text in pairs if exact_number(text) != 0]
    return ", ".join(action if text == "1" else f"{action} {text}" for action, text in taken)


def _work(record: CompilationRecord) -> dict[str, Any]:
    """What was done, and what it took."""
    return {
        "model": record.model,
        "attempts": len(record.attempts),
        "codes": tuple(sorted(found.code for found in record.diagnostics)),
        "assumptions": record.assumptions,
        "notes": tuple(dict.fromkeys(each.note for each in record.exchanges if each.note)),
        "prompt_tokens": record.prompt_tokens,
        "completion_tokens": record.completion_tokens,
        "cost": record.cost,
        "seconds": round(record.seconds, 4),
    }


def _number(text: str) -> float | None:
    """An exact number as floating point; None where it is none, or beyond its range."""
    value = exact_number(text)
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


def _same_game(tree: GameTree) -> str:
    try:
        form = canonical_form(tree)
    except OutOfBudgetError:
        return ""
    return hashlib.sha256(form.encode("utf-8", "replace")).hexdigest()[:16]
