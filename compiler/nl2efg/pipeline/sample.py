"""One sample: a sketch, a program, and its repairs, until the checks are silent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nl2efg.checks import check
from nl2efg.errors import CompilationError, Nl2efgError
from nl2efg.examination import Answers, Questions, compare_answers
from nl2efg.examination.knowledge_sets import knowledge_questions, with_knowledge
from nl2efg.formats import write_efg
from nl2efg.formats.english import describe
from nl2efg.frontend import (
    Reading,
    ask_critic,
    read_critique,
    read_information,
    repair_code,
    write_code,
)
from nl2efg.frontend.program_reply import build_reply
from nl2efg.frontend.stages import CODE, TREE, repair_stage
from nl2efg.frontend.tree_first import ask_knowledge, write_tree
from nl2efg.game import GameTree
from nl2efg.models import Message, Model, Reply, Request
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.verification import examine
from nl2efg.sandbox import build
from nl2efg.sandbox.limits import Limits
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.record import Attempt, ExaminationRecord, Exchange
from nl2efg.schema.sketch import Sketch

TREE_FIRST = "tree-first"

TOO_LARGE = frozenset({"B104", "X206"})
"""Diagnostics of games that have too many nodes."""

MAX_TOLD = 100_000
"""Characters that a game told in English may take to be read back by a critic."""


@dataclass(frozen=True, slots=True)
class BuildAttempt:
    """One program with all that was found in it."""

    stage: str
    reply: str
    built: Built
    diagnostics: tuple[Diagnostic, ...]
    examination: ExaminationRecord | None = None

    @property
    def score(self) -> tuple[int, int, int]:
        """Smaller is better: no game, errors, warnings."""
        kinds = [found.severity for found in self.diagnostics]
        return (
            self.built.tree is None,
            kinds.count(Severity.ERROR),
            kinds.count(Severity.WARNING),
        )

    @property
    def flagged(self) -> bool:
        """Whether anything asks for a repair."""
        return self.score > (0, 0, 0)

    def record(self, sample: int) -> Attempt:
        """The attempt as it is kept."""
        tree = self.built.tree
        return Attempt(
            sample=sample,
            stage=self.stage,
            code=self.built.code,
            built=tree is not None,
            diagnostics=self.diagnostics,
            output=self.built.output,
            efg=write_efg(tree) if tree is not None else None,
        )


@dataclass
class Sample:
    """What one sample came to; filled as it goes, so that a failure loses nothing.

    Args:
        model: the model's name.
        number: which sample of that model, from 0.
        method: how it is made, ``sketch`` or ``tree-first``.
    """

    model: str
    number: int
    method: str = "sketch"
    sketch: Sketch | None = None
    answers: tuple[tuple[str, str], ...] = ()
    tried: list[BuildAttempt] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    failure: Nl2efgError | None = None

    @property
    def best(self) -> BuildAttempt | None:
        """The attempt with the fewest findings; the later one where they tie."""
        return min(reversed(self.tried), key=lambda tried: tried.score, default=None)

    @property
    def tree(self) -> GameTree | None:
        """The game of the best attempt; None if it has an error, or there is none."""
        best = self.best
        return best.built.tree if best is not None and best.score[:2] == (0, 0) else None

    def heard(self, request: Request, reply: Reply) -> None:
        """Keep an exchange."""
        prompt = "\n\n".join(f"===== {m.role} =====\n{m.content}" for m in request.messages)
        self.exchanges.append(
            Exchange(
                stage=request.stage,
                prompt=prompt,
                reply=reply.text,
                model=reply.model,
                prompt_tokens=reply.prompt_tokens,
                completion_tokens=reply.completion_tokens,
                cost=reply.cost,
                note=reply.note,
            )
        )


async def run_sample(model: Model, text: str, number: int, options: Options) -> Sample:
    """Compile a description once.

    Failures of the model or its service end the sample and are kept in ``failure``; programming
    errors and interruptions pass through.
    """
    turns = options.method == "mixed" and number % 2 == 1
    tree_first = turns or options.method == TREE_FIRST
    sample = Sample(model.name, number, TREE_FIRST if tree_first else "sketch")
    try:
        await _run(sample, model, text, options)
    except Nl2efgError as error:
        if error.exchange is not None:
            sample.heard(*error.exchange)  # as much of a reply as came, which was paid for
        sample.failure = error
    return sample


async def _run(sample: Sample, model: Model, text: str, options: Options) -> None:
    if sample.method == TREE_FIRST:
        reply, asked, tried = await _tree_first(sample, model, text, options)
    else:
        reply, asked = await _program(sample, model, text, options)
        tried = await asyncio.to_thread(try_reply, reply, text, sample, options)
    _refuse_too_large(tried, options)
    tried = await _verify(tried, model, text, sample, options)
    if options.critic and tried.built.tree is not None:
        tried = await _criticise(tried, model, text, sample, options)
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
        tried = await _verify(tried, model, text, sample, options, number)


async def _program(
    sample: Sample, model: Model, text: str, options: Options
) -> tuple[str, tuple[Message, ...]]:
    """The reply with the program, and the conversation that led to it."""
    reading: Reading | None = None
    if options.sketch:
        options.progress("stage 1: who moves when, who knows what, and the program")
        reading = await read_information(model, text, sample.heard, sample=sample.number)
        sample.sketch = reading.sketch
        if not sample.sketch.is_game:
            raise CompilationError(
                f"the text describes no game: {sample.sketch.why_not or 'no reason given'}",
                hint="a game needs somebody who chooses, and something that comes of it",
            )
        if options.ask and sample.sketch.assumptions:
            sample.answers = tuple(options.ask(sample.sketch.assumptions))
    if reading is not None and reading.program is not None and not sample.answers:
        return reading.program, reading.asked
    options.progress("stage 2: writing the code")
    return await write_code(
        model, text, sample.sketch, sample.heard, sample=sample.number, answers=sample.answers
    )


async def _tree_first(
    sample: Sample, model: Model, text: str, options: Options
) -> tuple[str, tuple[Message, ...], BuildAttempt]:
    """A tree in which everybody sees everything, then the knowledge at each of its nodes.

    Where no tree comes out, the attempt is left to the repairs, which write the whole game.
    """
    from nl2efg.gambit.code.program import to_code

    options.progress("the tree, as if everybody saw everything")
    reply, asked = await write_tree(model, text, sample.heard, sample=sample.number)
    limits = Limits.for_nodes(options.max_nodes)
    built = await asyncio.to_thread(build_reply, reply, lambda code: build(code, limits))
    if built.tree is None or not built.ok:
        tried = BuildAttempt(TREE, reply, built, built.diagnostics)
        sample.tried.append(tried)
        return reply, asked, tried
    options.progress("what every player knows, node by node")
    batches = knowledge_questions(built.tree)
    given = await ask_knowledge(model, text, batches, sample.heard, sample=sample.number)
    answers = [each for each in given if each is not None]
    tree = with_knowledge(built.tree, answers)
    odd = tuple(_odd_knowledge(tree, batches, given))
    code = to_code(tree)
    found = check(tree, text=text) if options.check else ()
    tried = BuildAttempt(TREE, f"```python\n{code}\n```", Built(tree, (), code), (*found, *odd))
    sample.tried.append(tried)
    return tried.reply, asked, tried


def _odd_knowledge(
    tree: GameTree, batches: Sequence[Questions], given: Sequence[Answers | None]
) -> Iterator[Diagnostic]:
    """What speaks against a tree that was built first: its reader, or that he did not answer."""
    for batch, answers in zip(batches, given, strict=True):
        if answers is not None:
            # A choice that the reader does not find in the text speaks against the tree.
            for one in compare_answers(batch, answers):
                if one.code in ("C801", "C802"):
                    yield one.diagnostic(tree, line=None, sentence=None)
    known = {node for answers in given if answers is not None for node in answers.decisions}
    silent = [node for batch in batches for node in batch.decisions if node not in known]
    if silent:
        asked = sum(len(batch.decisions) for batch in batches)
        yield Diagnostic(
            "C807",
            Severity.WARNING,
            f"what the player knows was not answered at {len(silent)} of {asked} decisions; there "
            "everybody is taken to see everything",
            tree.history(silent[0]),
            fix="put the nodes that the player cannot tell apart into one information set",
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
    sample.tried.append(tried)
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


async def _verify(
    tried: BuildAttempt, model: Model, text: str, sample: Sample, options: Options, number: int = 0
) -> BuildAttempt:
    """Examine a game that nothing else speaks against; what is disagreed on asks for a repair."""
    tree = tried.built.tree
    if not (options.verify or options.verifier) or tree is None or tried.flagged:
        return tried
    options.progress("examination: asking about the game, from the text alone")
    found, record = await examine(
        tree,
        text,
        options.verifier or model,
        sample.heard,
        lines=tried.built.lines,
        sketch=sample.sketch,
        code=tried.built.code,
        number=number,
        sample=sample.number,
    )
    sample.tried[-1] = replace(tried, diagnostics=tried.diagnostics + found, examination=record)
    return sample.tried[-1]


async def _criticise(
    tried: BuildAttempt, model: Model, text: str, sample: Sample, options: Options
) -> BuildAttempt:
    assert tried.built.tree is not None
    told = describe(tried.built.tree)
    if len(told) > MAX_TOLD:
        options.progress(f"no critic: the game takes {len(told):,} characters to tell")
        return tried
    options.progress("critic: reading the game back against the text")
    reply = await ask_critic(model, text, told, sample.heard, sample=sample.number)
    found = tried.diagnostics + read_critique(reply, text)
    criticised = replace(tried, diagnostics=found)
    sample.tried[-1] = criticised
    return criticised


def _in_short(tried: BuildAttempt) -> str:
    missing, errors, warnings = tried.score
    return "no game yet" if missing else f"{errors} errors, {warnings} warnings"
