"""A result row: what is to be known of a unit at a glance."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from nl2efg.comparison import OutOfBudgetError, canonical_form
from nl2efg.game import GameTree
from nl2efg.game.analysis import GameFacts
from nl2efg.game.numbers import exact_number
from nl2efg.schema.record import CompilationRecord

MAX_EQUILIBRIA = 1000
"""Equilibria whose payoffs a row holds; the game's record has all of them."""


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
    found = solution.equilibria[:MAX_EQUILIBRIA] if solution else ()
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
        concept=found[0].concept if found else "",
        method=found[0].method if found else "",
        regret=_number(found[0].max_regret) if found else None,
        completeness=solution.completeness if solution else "",
        agreeing=consensus.agreeing if consensus else 1,
        samples=consensus.samples if consensus else 1,
        **_work(record),
    )


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
