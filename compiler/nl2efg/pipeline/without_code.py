"""A sample without generated code: the sketch is read as a game, and no program is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from nl2efg.checks import check
from nl2efg.errors import CompilationError
from nl2efg.frontend import JsonReplyError, read_information
from nl2efg.frontend.information import mend_sketch
from nl2efg.frontend.stages import INFORMATION, repair_stage
from nl2efg.models import Model
from nl2efg.pipeline.attempts import BuildAttempt, Sample
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.second_readers import read_again
from nl2efg.reading import built_from_sketch
from nl2efg.reading.sketch_game import MAX_NODES
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch

_NOT_ISOLATED = Diagnostic(
    "B121",
    Severity.NOTE,
    "generated code cannot be isolated on this machine, so the game was read from the sketch",
    fix="see `nl2efg doctor` for what is missing",
)


async def run_without_code(sample: Sample, model: Model, text: str, options: Options) -> None:
    """Read a description into a sketch, and the sketch as a game, until nothing speaks against it.

    Letters of the text stand for the values that the sketch works with.

    Args:
        sample: which is filled.
        model: who reads.
        text: the description.
        options: of the compilation.

    Raises:
        CompilationError: the text describes no game, or one that is too large.
        ReplyError: no sketch validated.
        ServiceError: of the model's.
    """
    options.progress("who moves when, who knows what, and what it pays; without code")
    reading = await read_information(model, text, sample.heard, sample=sample.number, program=False)
    take_sketch(sample, reading.sketch, options)
    if sample.answers:
        reading = await read_information(
            model, text, sample.heard, sample=sample.number, answers=sample.answers, program=False
        )
        sample.sketch = reading.sketch
    asked, reply = reading.asked, reading.reply
    tried = await asyncio.to_thread(_try_sketch, reading.sketch, reply, text, sample, options)
    tried = await read_again(tried, model, text, sample, options)
    for number in range(1, options.rounds + 1):
        if not tried.flagged:
            return
        options.progress(f"repair {number} of the sketch")
        problems = [
            str(found) for found in tried.diagnostics if found.severity is not Severity.NOTE
        ]
        stage = repair_stage(number)
        try:
            reading = await mend_sketch(
                model, text, asked, reply, problems, sample.heard, stage=stage, sample=sample.number
            )
        except JsonReplyError as error:
            _keep_unread(sample, stage, error.problems)
            return
        asked, reply = reading.asked, reading.reply
        earlier = [old.reply for old in sample.tried]
        tried = await asyncio.to_thread(
            _try_sketch, reading.sketch, reply, text, sample, options, stage
        )
        if reply in earlier:
            return
        tried = await read_again(tried, model, text, sample, options, number)


def take_sketch(sample: Sample, sketch: Sketch, options: Options) -> None:
    """Keep a sketch that describes a game, and put what it finds open to the author.

    Raises:
        CompilationError: it describes none.
    """
    sample.sketch = sketch
    sample.tell()
    if not sketch.is_game:
        raise CompilationError(
            f"the text describes no game: {sketch.why_not or 'no reason given'}",
            hint="a game needs somebody who chooses, and something that comes of it",
        )
    if options.ask and sketch.assumptions:
        sample.answers = tuple(options.ask(sketch.assumptions))


def _try_sketch(
    sketch: Sketch,
    reply: str,
    text: str,
    sample: Sample,
    options: Options,
    stage: str = INFORMATION,
) -> BuildAttempt:
    """The game that a sketch stands for, checked; kept as an attempt whose code is the tree's."""
    from nl2efg.gambit.code.program import to_code

    options.progress("reading the sketch as a game, and checking it")
    read = built_from_sketch(sketch)
    found = read.diagnostics
    if options.code:
        found += (_NOT_ISOLATED,)
    tree = read.tree
    # A repair would invite a smaller, other game.
    most = min(MAX_NODES, options.max_nodes)
    if any(one.code == "B104" for one in found) or (tree is not None and len(tree) > most):
        raise CompilationError(
            f"the game is too large: without code at most {most:,} nodes are built",
            hint="let generated code build it, or describe a smaller game",
        )
    built = Built(tree, found, to_code(tree) if tree is not None else "")
    if tree is not None and options.check:
        found += check(tree, text=text)
    sample.sketch = sketch
    tried = BuildAttempt(stage, reply, built, found)
    sample.add(tried)
    return tried


def _keep_unread(sample: Sample, stage: str, problems: Sequence[str]) -> None:
    """Keep an attempt whose reply is no sketch."""
    missing = Diagnostic(
        "B120",
        Severity.ERROR,
        f"the reply holds no sketch: {'; '.join(problems)}",
        fix="let the reply hold the whole object",
    )
    built = Built(None, (missing,))
    sample.add(BuildAttempt(stage, sample.exchanges[-1].reply, built, (missing,)))
