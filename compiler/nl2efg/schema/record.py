"""The record of a compilation: the schema of ``compilation.json``.

Plain data, readable without nl2efg; exact numbers are text such as ``"-1/18"``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.sketch import Sketch

SCHEMA_VERSION = 1


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Exchange(_Data):
    """One call of a model; ``sample`` numbers the independent samples from 0."""

    sample: int = 0
    stage: str
    prompt: str
    reply: str
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    note: str = ""


class Attempt(_Data):
    """One program that was built, and what was found in it."""

    sample: int = 0
    stage: str
    code: str
    built: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    output: str = ""
    efg: str | None = None


class PlayerResult(_Data):
    """What a player gets in an equilibrium, and could get by deviating."""

    player: str
    value: str
    best_response_value: str
    regret: str
    best_deviation: str = ""


class EquilibriumRecord(_Data):
    """A certified profile.

    ``probabilities`` holds a row for each information set of ``game.efg`` in the order of their
    first node, chance included.
    """

    concept: str
    method: str
    exact: bool
    probabilities: tuple[tuple[str, ...], ...]
    players: tuple[PlayerResult, ...]
    max_regret: str
    relative_regret: float
    subgame_perfect: bool | None
    seconds: float
    words: tuple[str, ...] = ()


class SolutionRecord(_Data):
    """All that the solver says."""

    equilibria: tuple[EquilibriumRecord, ...] = ()
    completeness: str = ""
    remarks: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()


class Provenance(_Data):
    """Where one thing of the game comes from.

    Args:
        kind: player, move, information set, probability or payoff.
        node: node of ``game.efg`` in preorder, or None for a player.
        information_set: index of the set, where one is meant.
        line: line of the code.
        sentence: sentence of the text, verbatim; None means that it was assumed.
    """

    kind: Literal["player", "move", "information set", "probability", "payoff"]
    name: str = ""
    node: int | None = None
    information_set: int | None = None
    line: int | None = None
    sentence: str | None = None


class GameFacts(_Data):
    """Figures that a reader wants first."""

    title: str
    players: tuple[str, ...]
    nodes: int
    terminals: int
    depth: int
    information_sets: dict[str, int]
    perfect_recall: bool
    perfect_information: bool
    constant_sum: bool


class ConsensusRecord(_Data):
    """How several samples agree."""

    samples: int
    agreeing: int
    clusters: tuple[tuple[int, ...], ...]
    differences: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = Field(default=(), description=".efg text of the runners-up")


class CompilationRecord(_Data):
    """Everything about one compilation; ``chosen_sample`` is the one the game is taken from."""

    schema_version: int = SCHEMA_VERSION
    status: Literal["compiled", "failed"]
    name: str
    text: str
    text_sha256: str
    model: str
    versions: dict[str, str]
    prompts_sha256: str
    chosen_sample: int = 0
    sketch: Sketch | None = None
    attempts: tuple[Attempt, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    assumptions: tuple[str, ...] = ()
    facts: GameFacts | None = None
    efg: str | None = None
    solution: SolutionRecord | None = None
    provenance: tuple[Provenance, ...] = ()
    consensus: ConsensusRecord | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    error: str = ""
