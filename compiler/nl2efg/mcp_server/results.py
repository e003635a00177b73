"""What the tools give back, as data with schemas."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from nl2efg.game.analysis import GameFacts, facts
from nl2efg.mcp_server.shelf import ShelvedGame
from nl2efg.models import Request
from nl2efg.schema.diagnostics import Diagnostic


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
    """What the host's model is to do next; its whole reply goes to ``answer``."""

    stage: str
    messages: tuple[Turn, ...]
    reply_schema: dict[str, Any] | None = None


class CompileResult(BaseModel):
    """A compiled game, or a question that comes before it."""

    status: Literal["compiled", "question"]
    job: str = Field(default="", description="with a question: the handle for the tool answer")
    question: Question | None = None
    result: GameResult | None = None
    assumptions: tuple[str, ...] = ()
    next: str = ""


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
        sentence=diagnostic.sentence,
        fix=diagnostic.fix,
    )


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
        reply_schema=request.schema,
    )
