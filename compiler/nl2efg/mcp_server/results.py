"""What the tools give back, as data with schemas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, Field

from nl2efg.game.analysis import GameFacts, facts
from nl2efg.game.numbers import finite
from nl2efg.mcp_server.shelf import ShelvedGame
from nl2efg.models import Request
from nl2efg.playing import Simulation
from nl2efg.schema.diagnostics import Diagnostic, quoted
from nl2efg.text import counted

MAX_ENDS = 50
"""Ends of a simulation that are told."""


class Finding(BaseModel):
    """A diagnostic; the resource ``nl2efg://diagnostics/CODE`` explains its code."""

    code: str
    severity: str
    message: str
    history: tuple[str, ...] | None = None
    line: int | None = None
    sentence: str | None = None
    fix: str | None = None


class GameResult(BaseModel):
    """A game that is kept, and its figures."""

    game: str = Field(description="the handle: hand it to the other tools")
    facts: GameFacts
    findings: tuple[Finding, ...] = ()


class Turn(BaseModel):
    """One message of a conversation."""

    role: str
    content: str


class Question(BaseModel):
    """What the host's model is to do next; its whole reply goes to ``answer``.

    The messages say what to reply. A request's schema is left out: it is that of services, which
    write histories as lists where the messages ask for text.
    """

    stage: str
    messages: tuple[Turn, ...]


class CompileResult(BaseModel):
    """A compiled game, or a question that comes before it."""

    status: Literal["compiled", "question"]
    job: str = Field(default="", description="with a question: the handle for the tool answer")
    question: Question | None = None
    result: GameResult | None = None
    assumptions: tuple[str, ...] = ()
    next: str = ""


class CheckResult(BaseModel):
    """What speaks against a game being the one that is told."""

    summary: str
    findings: tuple[Finding, ...] = ()


class BuildResult(BaseModel):
    """What a program, a reply or a game's text comes to."""

    ok: bool
    result: GameResult | None = None
    findings: tuple[Finding, ...] = ()
    output: str = ""


class ExamCard(BaseModel):
    """The questions of an examination; the reply goes to ``submit_examination``."""

    game: str
    messages: tuple[Turn, ...]


class CompareResult(BaseModel):
    """Whether two games are the same."""

    verdict: str
    structure: str
    payoffs: str
    difference: str


def finding(diagnostic: Diagnostic) -> Finding:
    """A diagnostic as data.

    Args:
        diagnostic: the finding.
    """
    return Finding(
        code=diagnostic.code,
        severity=str(diagnostic.severity),
        message=diagnostic.message,
        history=diagnostic.history,
        line=diagnostic.line,
        sentence=None if diagnostic.sentence is None else quoted(diagnostic.sentence),
        fix=diagnostic.fix,
    )


def check_result(found: Iterable[Diagnostic]) -> CheckResult:
    """Findings as data, with a sentence: an empty list alone may reach a model as nothing at all.

    Args:
        found: the findings.
    """
    findings = tuple(map(finding, found))
    summary = counted(len(findings), "finding") if findings else "nothing speaks against the game"
    return CheckResult(summary=summary, findings=findings)


def game_result(game: ShelvedGame, found: tuple[Diagnostic, ...] = ()) -> GameResult:
    """A kept game as data.

    Args:
        game: the game.
        found: what was found in it.
    """
    return GameResult(game=game.handle, facts=facts(game.tree), findings=tuple(map(finding, found)))


def question(request: Request) -> Question:
    """A request to a model as data.

    Args:
        request: the request.
    """
    return Question(
        stage=request.stage,
        messages=tuple(Turn(role=one.role, content=one.content) for one in request.messages),
    )


class EditResult(BaseModel):
    """The game after edits, and what they changed."""

    result: GameResult
    changes: tuple[str, ...]


class LettersEquilibrium(BaseModel):
    """An equilibrium as expressions of the letters, with the conditions that it holds under."""

    pure: bool
    probabilities: tuple[tuple[str, ...], ...]
    values: dict[str, str]
    conditions: tuple[str, ...]
    region: str | None
    words: tuple[str, ...]
    beliefs: tuple[str, ...]
    certificate: dict[str, Any] = Field(
        description="inequalities, and the values of the letters that were tried exactly"
    )


class LettersResult(BaseModel):
    """The equilibria of a game with letters, and which values of the letters they cover."""

    concept: str
    parameters: dict[str, str]
    domain: tuple[str, ...]
    equilibria: tuple[LettersEquilibrium, ...]
    coverage: str | None
    uniqueness: str | None
    all_pure: bool
    undecided: bool = Field(
        default=False,
        description="whether candidates were left out as not decided: there may be more equilibria",
    )
    undecided_where: tuple[str, ...] = Field(
        default=(), description="for each candidate that was left out, where it may be one"
    )
    regimes: dict[str, Any] | None = Field(
        default=None,
        description="which of these equilibria hold on which part of the letters' values",
    )
    remarks: tuple[str, ...]
    seconds: float


class PlayerAverage(BaseModel):
    """What a player got on average; ``expected`` is what the strategies give, exactly.

    A number beyond all floats is None.
    """

    player: str
    average: float | None
    standard_error: float | None
    expected: str


class EndCount(BaseModel):
    """How often plays ended at an end."""

    history: tuple[str, ...]
    payoffs: tuple[str, ...]
    plays: int


class SimulationResult(BaseModel):
    """Plays of a game: averages, and the ends that were reached most often."""

    plays: int
    players: tuple[PlayerAverage, ...]
    ends: tuple[EndCount, ...]
    ends_left_out: int = 0


def simulation_result(done: Simulation) -> SimulationResult:
    """Plays as data.

    Args:
        done: the plays.
    """
    tree = done.tree.told
    expected = done.expected or ("",) * len(tree.players)
    columns = zip(tree.players, done.averages, done.standard_errors, expected, strict=True)
    return SimulationResult(
        plays=len(done.plays),
        players=tuple(
            PlayerAverage(
                player=name,
                average=finite(average),
                standard_error=finite(error),
                expected=str(value),
            )
            for name, average, error, value in columns
        ),
        ends=tuple(
            EndCount(
                history=tree.history(end),
                payoffs=tuple(map(str, tree.path_payoffs[end])),
                plays=count,
            )
            for end, count in done.ends.most_common(MAX_ENDS)
        ),
        ends_left_out=max(0, len(done.ends) - MAX_ENDS),
    )
