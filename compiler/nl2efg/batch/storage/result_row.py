"""A result row: what is to be known of a unit at a glance."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields
from typing import Literal

from pydantic import BaseModel, ConfigDict

from nl2efg.comparison import OutOfBudgetError, canonical_form
from nl2efg.game import GameTree
from nl2efg.game.analysis import GameFacts
from nl2efg.schema.record import CompilationRecord


class ResultRow(BaseModel):
    """One line of a results part, and one row of an export.

    Args:
        key: of the unit of work; see :func:`nl2efg.batch.storage.manifest.unit_key`.
        tried: how often it was tried anew before, from 0.
        cause: type of the error that a failed unit ended with; empty for a compiled one.
        payoffs: expected payoffs for each equilibrium, as exact text, in the order of ``players``.
        game: equal for isomorphic games, a hash of their canonical form; empty where that form is
            beyond its budget.
        agreeing, samples: how many samples agree on the game, of how many.
        codes: of the diagnostics, sorted.
        cost: in US dollars.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: int
    id: str
    key: str
    tried: int = 0
    status: Literal["compiled", "failed"]
    cause: str = ""
    message: str = ""
    title: str = ""
    players: tuple[str, ...] = ()
    nodes: int = 0
    terminals: int = 0
    depth: int = 0
    information_sets: int = 0
    perfect_recall: bool | None = None
    perfect_information: bool | None = None
    constant_sum: bool | None = None
    zero_sum: bool | None = None
    game: str = ""
    equilibria: int = 0
    payoffs: tuple[tuple[str, ...], ...] = ()
    completeness: str = ""
    agreeing: int = 0
    samples: int = 0
    attempts: int = 0
    codes: tuple[str, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0


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
    record: CompilationRecord | None = None,
) -> ResultRow:
    """The row of a unit without a game.

    Args:
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
        attempts=len(record.attempts) if record else 0,
        codes=_codes(record) if record else (),
        prompt_tokens=record.prompt_tokens if record else 0,
        completion_tokens=record.completion_tokens if record else 0,
        cost=record.cost if record else 0.0,
    )


def compiled_row(
    position: int, name: str, key: str, tree: GameTree, record: CompilationRecord, tried: int = 0
) -> ResultRow:
    """The row of a unit with a game."""
    facts, solution, consensus = record.facts, record.solution, record.consensus
    assert facts is not None
    found = solution.equilibria if solution else ()
    return ResultRow(
        position=position,
        id=name,
        key=key,
        tried=tried,
        status="compiled",
        **{name: value for name, value in asdict(facts).items() if name in _FACTS},
        information_sets=sum(facts.information_sets.values()),
        game=_same_game(tree),
        equilibria=len(found),
        payoffs=tuple(tuple(player.value for player in one.players) for one in found),
        completeness=solution.completeness if solution else "",
        agreeing=consensus.agreeing if consensus else 1,
        samples=consensus.samples if consensus else 1,
        attempts=len(record.attempts),
        codes=_codes(record),
        prompt_tokens=record.prompt_tokens,
        completion_tokens=record.completion_tokens,
        cost=record.cost,
    )


def _codes(record: CompilationRecord) -> tuple[str, ...]:
    return tuple(sorted(found.code for found in record.diagnostics))


def _same_game(tree: GameTree) -> str:
    try:
        form = canonical_form(tree)
    except OutOfBudgetError:
        return ""
    return hashlib.sha256(form.encode("utf-8", "replace")).hexdigest()[:16]
