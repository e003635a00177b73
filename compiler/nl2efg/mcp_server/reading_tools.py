"""The tools that make games and hold them against their texts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar, cast

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import InputRequiredResult
from pydantic import Field

from nl2efg import library
from nl2efg.errors import Nl2efgError, ServiceError, UserError
from nl2efg.examination import compare_answers, make_questions
from nl2efg.frontend.examination import examination_answers, examination_messages
from nl2efg.mcp_server.host_hints import hint_for_host
from nl2efg.mcp_server.host_model import MAX_WAIT, CompileJob, Jobs
from nl2efg.mcp_server.results import (
    BuildResult,
    CheckResult,
    CompileResult,
    ExamCard,
    GameResult,
    Turn,
    check_result,
    finding,
    game_result,
    question,
)
from nl2efg.mcp_server.sampling import (
    as_input_request,
    asks_by_return,
    offers_sampling,
    returned_reply,
    sampled_reply,
)
from nl2efg.mcp_server.shelf import Shelf
from nl2efg.models import Request
from nl2efg.pipeline import Compilation, check_description, examples
from nl2efg.sandbox import abuild

MAX_CHARACTERS = 200_000
"""Of what a tool gives back."""
AT_ONCE = 2
"""Solvers and pictures that work at the same time."""
MAX_CALLS = 64
"""Calls that are under way at the same time, those included that wait; each may hold megabytes."""

Game = Annotated[str, Field(description="a handle, the name of a bundled game, or .efg text")]
P = ParamSpec("P")
R = TypeVar("R")
SOURCE = (
    "a program with pygambit that builds one game: g = gbt.Game.new_tree(players=[...]); "
    "g.append_move(nodes, player, actions), where the nodes of one call form one information set; "
    "g.set_chance_probs(infoset, [...]); g.set_outcome(node, g.add_outcome(payoffs=[...])); "
    "or .efg text"
)
ANSWER = "write the reply that the messages ask for, and hand it whole to the tool answer"


def told(tool: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """A tool whose errors are told to the host's model, with their hints.

    Args:
        tool: the method of :class:`ReadingTools`.
    """

    @wraps(tool)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tools = cast("ReadingTools", args[0])
        if tools.calls >= MAX_CALLS:
            raise ToolError(f"{MAX_CALLS} calls are under way (call again when some have ended)")
        tools.calls += 1
        try:
            return await tool(*args, **kwargs)
        except Nl2efgError as error:
            hint = hint_for_host(error.hint)
            words = f"{error.message} ({hint})" if hint else error.message
            raise ToolError(words[:MAX_CHARACTERS]) from None
        finally:
            tools.calls -= 1

    return run


class ReadingTools:
    """From texts, code and files to games, and whether they are those that are told."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.jobs = Jobs()
        self.calls = 0
        self._room = asyncio.Semaphore(AT_ONCE)

    async def _apart(self, work: Callable[..., R], *args: Any, **options: Any) -> R:
        await self._room.acquire()
        working = asyncio.ensure_future(asyncio.to_thread(work, *args, **options))
        working.add_done_callback(self._ended)
        return await asyncio.shield(working)  # a call may be cancelled, its thread goes on

    def _ended(self, working: asyncio.Future[Any]) -> None:
        self._room.release()
        if not working.cancelled():
            working.exception()  # nobody else may look at it any more

    @told
    async def examples(self) -> dict[str, str]:
        """The bundled games: names, each with its title. A name may stand for a game anywhere."""
        return {each.name: each.title for each in examples()}

    @told
    async def load(self, game: Game) -> GameResult:
        """Keep a game: a bundled one by its name, or .efg text; its figures come back."""
        return game_result(await self.shelf.find(game))

    @told
    async def compile(
        self,
        text: Annotated[str, Field(description="the game told in words, in any language")],
        ctx: Context,
        rounds: Annotated[int, Field(ge=0, le=5, description="repairs at most")] = 2,
    ) -> CompileResult | InputRequiredResult:
        """Compile a game that is told in words; your own model reads it, so no key is needed.

        Where the host lets its model be asked, the game comes back. Where it does not, a question
        comes back: do what its messages ask, and call answer with the reply, until the status is
        "compiled". The game is checked against the text on the way.
        """
        if asks_by_return(ctx) and ctx.request_state:
            job = self.jobs.find(ctx.request_state)
            return await self._go_on(job, ctx, returned_reply(ctx))
        check_description(text)
        return await self._go_on(self.jobs.start(text, {"rounds": rounds, "solve": False}), ctx)

    @told
    async def answer(
        self,
        job: Annotated[str, Field(description="the handle that came with the question")],
        reply: Annotated[str, Field(description="the whole reply to its messages")],
        ctx: Context,
    ) -> CompileResult:
        """Answer a question of compile; the next question comes back, or the game."""
        found = self.jobs.find(job)
        return self._result(found, await self._step(found, reply))

    async def _go_on(
        self, job: CompileJob, context: Context, reply: str | None = None
    ) -> CompileResult | InputRequiredResult:
        step = await self._step(job, reply)
        while isinstance(step, Request) and offers_sampling(context):
            if asks_by_return(context):
                return as_input_request(step, job.handle)
            try:
                reply = await _sampled(context, step, job)
            except BaseException:
                self.jobs.end(job.handle)
                raise
            step = await self._step(job, reply)
        return self._result(job, step)

    async def _step(self, job: CompileJob, reply: str | None) -> Request | Compilation:
        try:
            return await job.step(reply)
        except Nl2efgError:
            if job.task.done():
                self.jobs.end(job.handle)
            raise

    def _result(self, job: CompileJob, step: Request | Compilation) -> CompileResult:
        if isinstance(step, Request):
            asked = question(step)
            return CompileResult(status="question", job=job.handle, question=asked, next=ANSWER)
        self.jobs.end(job.handle)
        game = self.shelf.put(step.tree, step)
        return CompileResult(
            status="compiled",
            result=game_result(game, step.diagnostics),
            assumptions=step.assumptions,
            next="examine it: the tool examine asks what the tree claims, answered from the text",
        )

    @told
    async def build(
        self,
        source: Annotated[str, Field(description=SOURCE)],
    ) -> BuildResult:
        """Build a game from code that you wrote. It runs in a sandbox; faults come with lines.

        For a game that is told in words, compile is the better way: it tells how to write the code,
        and holds the game against the text.
        """
        built = await abuild(source)
        game = self.shelf.put(built.tree) if built.tree is not None else None
        return BuildResult(
            ok=built.ok,
            result=game_result(game) if game else None,
            findings=tuple(map(finding, built.diagnostics)),
            output=built.output[:MAX_CHARACTERS],
        )

    @told
    async def check(
        self, game: Game, text: Annotated[str, Field(description="the description")] = ""
    ) -> CheckResult:
        """What speaks against a game being the one that is told; no findings if nothing does."""
        found = await self.shelf.find(game)
        if found.compilation is not None and not text:
            return check_result(await self._apart(library.check, found.compilation))
        if text:
            check_description(text)
        return check_result(await self._apart(library.check, found.tree, text=text or None))

    @told
    async def examine(
        self, game: Game, text: Annotated[str, Field(description="the description")] = ""
    ) -> ExamCard:
        """Questions about a game, to be answered from its description alone.

        Answer them without a look at the tree, best by a fresh reader, and hand the reply to
        submit_examination: where it disagrees with the tree, one of both is wrong.
        """
        found = await self.shelf.find(game)
        text = text or (found.compilation.text if found.compilation else "")
        check_description(text)
        asked = examination_messages(text, make_questions(found.tree))
        turns = tuple(Turn(role=one.role, content=one.content) for one in asked)
        return ExamCard(game=found.handle, messages=turns)

    @told
    async def submit_examination(
        self, game: Game, reply: Annotated[str, Field(description="the whole reply")]
    ) -> CheckResult:
        """Hold the answers of an examination against the tree; no findings if they agree."""
        found = await self.shelf.find(game)
        questions = make_questions(found.tree)
        answers = examination_answers(reply, questions)
        if answers is None:
            raise UserError("the reply holds no answers", hint="answer with the JSON asked for")
        return check_result(
            one.diagnostic(found.tree, line=None, sentence=None)
            for one in compare_answers(questions, answers)
        )


async def _sampled(context: Context, request: Request, job: CompileJob) -> str | None:
    """The host's reply; None if the compilation is given up meanwhile: a host may never reply."""
    asked = asyncio.ensure_future(sampled_reply(context, request))
    try:
        await asyncio.wait({asked, job.task}, timeout=MAX_WAIT, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done() and not job.task.done():
            raise ServiceError("the host's model did not answer for an hour")
        return asked.result() if asked.done() else None
    finally:
        asked.cancel()
