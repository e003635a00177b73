"""One sample: a sketch, a program, and its repairs, until the checks are silent."""

from __future__ import annotations

import asyncio

from nl2efg.checks import check
from nl2efg.errors import CompilationError, Nl2efgError
from nl2efg.frontend import (
    Reading,
    read_information,
    repair_code,
    write_code,
)
from nl2efg.frontend.program_reply import build_reply
from nl2efg.frontend.stages import CODE, repair_stage
from nl2efg.models import Message, Model
from nl2efg.pipeline.attempts import BuildAttempt, Sample
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.second_readers import read_again
from nl2efg.pipeline.without_code import run_without_code, take_sketch
from nl2efg.sandbox import build, can_run_code
from nl2efg.sandbox.limits import Limits

TREE_FIRST = "tree-first"

TOO_LARGE = frozenset({"B104", "X206"})
"""Diagnostics of games that have too many nodes."""


async def run_sample(model: Model, text: str, number: int, options: Options) -> Sample:
    """Compile a description once.

    Failures of the model or its service end the sample and are kept in ``failure``; programming
    errors and interruptions pass through.
    """
    turns = options.method == "mixed" and number % 2 == 1
    tree_first = turns or options.method == TREE_FIRST
    # Where no code can be isolated, the sketch is the only way.
    runs_code = options.code and await asyncio.to_thread(can_run_code)
    method = TREE_FIRST if tree_first and runs_code else "sketch"
    sample = Sample(model.name, number, method, told=options.came)
    try:
        if runs_code:
            await _run(sample, model, text, options)
        else:
            await run_without_code(sample, model, text, options)
        if options.verifies:
            from nl2efg.pipeline.open_points import add_open_points

            await add_open_points(sample, options.verifier or model, text, options)
    except Nl2efgError as error:
        if error.exchange is not None:
            sample.heard(*error.exchange)  # as much of a reply as came, which was paid for
        sample.failure = error
    return sample


async def _run(sample: Sample, model: Model, text: str, options: Options) -> None:
    if sample.method == TREE_FIRST:
        from nl2efg.pipeline.tree_first import build_tree_first

        reply, asked, tried = await build_tree_first(sample, model, text, options)
    else:
        reply, asked = await _program(sample, model, text, options)
        tried = await asyncio.to_thread(try_reply, reply, text, sample, options)
    await until_silent(sample, model, text, options, reply, asked, tried)


async def until_silent(
    sample: Sample,
    model: Model,
    text: str,
    options: Options,
    reply: str,
    asked: tuple[Message, ...],
    tried: BuildAttempt,
) -> None:
    """Examine a program that was tried, and let its model repair it until nothing asks for it.

    Args:
        sample: which the attempts are added to.
        model: who wrote it.
        text: the description.
        options: of the compilation.
        reply: what the program was in.
        asked: the conversation that led to the reply.
        tried: what came of it.

    Raises:
        CompilationError: a program builds a game that is too large.
        ServiceError: of the model's.
    """
    _refuse_too_large(tried, options)
    tried = await read_again(tried, model, text, sample, options)
    for number in range(1, options.rounds + 1):
        if not tried.flagged:
            return
        options.progress(f"repair {number}: {_in_short(tried)}")
        reply = await repair_code(
            model,
            text,
            asked,
            reply,
            sample.heard,
            number=number,
            code=tried.built.code,
            built=tried.built.tree is not None,
            diagnostics=tried.diagnostics,
            output=tried.built.output,
            sample=sample.number,
        )
        earlier = {old.built.code for old in sample.tried}
        tried = await asyncio.to_thread(
            try_reply, reply, text, sample, options, repair_stage(number)
        )
        if tried.built.code in earlier:
            return
        _refuse_too_large(tried, options)
        tried = await read_again(tried, model, text, sample, options, number)


async def _program(
    sample: Sample, model: Model, text: str, options: Options
) -> tuple[str, tuple[Message, ...]]:
    """The reply with the program, and the conversation that led to it."""
    reading: Reading | None = None
    if options.sketch:
        options.progress("stage 1: who moves when, who knows what, and the program")
        reading = await read_information(model, text, sample.heard, sample=sample.number)
        take_sketch(sample, reading.sketch, options)
    if reading is not None and reading.program is not None and not sample.answers:
        return reading.program, reading.asked
    options.progress("stage 2: writing the code")
    return await write_code(
        model, text, sample.sketch, sample.heard, sample=sample.number, answers=sample.answers
    )


def try_reply(
    reply: str, text: str, sample: Sample, options: Options, stage: str = CODE
) -> BuildAttempt:
    """Build a reply, check the game, and keep the attempt in its sample.

    Args:
        reply: what a model wrote.
        text: the description.
        sample: with its sketch, if it has one.
        options: of the compilation.
        stage: which the reply answers.
    """
    options.progress("building and checking the game")
    limits = Limits.for_nodes(options.max_nodes)
    built = build_reply(reply, lambda code: build(code, limits))
    found = built.diagnostics
    if built.tree is not None and options.check:
        found += check(built.tree, text=text, sketch=sample.sketch, lines=built.lines)
    tried = BuildAttempt(stage, reply, built, found)
    sample.add(tried)
    return tried


def _refuse_too_large(tried: BuildAttempt, options: Options) -> None:
    """End a sample whose game is too large: a repair would invite a smaller, other game.

    Raises:
        CompilationError: the program builds more nodes than the options allow.
    """
    if any(found.code in TOO_LARGE for found in tried.diagnostics):
        raise CompilationError(
            f"the game is too large: the program builds more than {options.max_nodes:,} nodes, or "
            "never ends",
            hint=f"raise the limit, such as --max-nodes {5 * options.max_nodes}, or describe a "
            "smaller game",
        )


def _in_short(tried: BuildAttempt) -> str:
    missing, errors, warnings = tried.score
    return "no game yet" if missing else f"{errors} errors, {warnings} warnings"
