"""A built game put to the examination: disagreements with a reader of the text become findings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nl2efg.examination import Answers, Disagreement, Questions, compare_answers, make_questions
from nl2efg.examination.disagreements import answers_in_words, is_same_point
from nl2efg.formats.english import describe
from nl2efg.frontend import ask_critic, read_critique
from nl2efg.frontend.examination import ask_examination
from nl2efg.game import GameTree
from nl2efg.pipeline.attempts import BuildAttempt, Sample
from nl2efg.pipeline.options import Options
from nl2efg.provenance import provenance
from nl2efg.schema.built import SourceMap
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.record import ExaminationRecord
from nl2efg.schema.sketch import Sketch

if TYPE_CHECKING:
    from nl2efg.frontend import Heard
    from nl2efg.models import Model


MAX_TOLD = 100_000
"""Characters that a game told in English may take to be read back by a critic."""


async def verify_attempt(
    tried: BuildAttempt, model: Model, text: str, sample: Sample, options: Options, number: int = 0
) -> BuildAttempt:
    """Examine a game that nothing else speaks against; what is disagreed on asks for a repair.

    Args:
        tried: the last attempt of the sample.
        model: who answers, unless the options name another reader.
        text: the description.
        sample: whose last attempt is replaced by what is returned.
        options: of the compilation.
        number: how many programs of this sample were examined before.

    Raises:
        ServiceError: of the reader's.
    """
    tree = tried.built.tree
    if not options.verifies or tree is None or tried.flagged:
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


async def criticise(
    tried: BuildAttempt, model: Model, text: str, sample: Sample, options: Options
) -> BuildAttempt:
    """Let a model read the game of the last attempt back against its text.

    Raises:
        ServiceError: of the model's.
    """
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


async def examine(
    tree: GameTree,
    text: str,
    reader: Model,
    heard: Heard,
    *,
    lines: SourceMap | None = None,
    sketch: Sketch | None = None,
    code: str = "",
    number: int = 0,
    sample: int = 0,
) -> tuple[tuple[Diagnostic, ...], ExaminationRecord]:
    """Put the questions that a tree gives rise to to a reader who sees its text alone.

    What the reader disagrees with is asked once more, alone; a disagreement counts if the reader
    stays with it.

    Args:
        tree: the game.
        text: its description.
        reader: who answers.
        heard: told of every exchange.
        lines: lines of the program behind the nodes.
        sketch: stage 1's reading, for the sentences behind the parts of the game.
        code: the program, for its comments.
        number: how many programs of this sample were examined before.
        sample: number of the independent sample.

    Returns:
        Findings ``C801`` to ``C806``, or a note ``C807`` where no answers came; and the record.

    Raises:
        ServiceError: of the reader's.
    """
    questions = make_questions(tree, lines)
    answers = await ask_examination(reader, text, questions, heard, number=number, sample=sample)
    if answers is None:
        return (_unread(reader.name),), _record(reader.name, questions, None, ())
    found = compare_answers(questions, answers)
    if found:
        again = questions.about([node for one in found for node in one.nodes])
        second = await ask_examination(
            reader, text, again, heard, number=number, sample=sample, again=True
        )
        if second is not None:
            repeated = compare_answers(again, second)
            found = tuple(
                one for one in found if any(is_same_point(tree, one, other) for other in repeated)
            )
    diagnostics = list(_left_open(tree, answers))
    if found:
        diagnostics += await asyncio.to_thread(_diagnostics, found, tree, text, lines, sketch, code)
    return tuple(diagnostics), _record(reader.name, questions, answers, found)


def _left_open(tree: GameTree, answers: Answers) -> Iterator[Diagnostic]:
    """A note that counts the payoffs that the text leaves open, as its reader finds."""
    if not answers.left_open:
        return
    node, player = answers.left_open[0]
    more = len(answers.left_open) - 1
    others = f" (and {more} more payoffs)" if more else ""
    yield Diagnostic(
        "C808",
        Severity.NOTE,
        f"an independent reader finds that the text does not say what {tree.players[player]} gets "
        f"here{others}; the game pays {tree.path_payoffs[node][player]}",
        tree.history(node),
        fix="let the text say it, or see that it is among the assumptions",
    )


def _unread(name: str) -> Diagnostic:
    return Diagnostic(
        "C807",
        Severity.NOTE,
        f"the examination's reply of {name} holds no answers and is not used",
        fix="verify with another reader: --verifier",
    )


def _diagnostics(
    found: Sequence[Disagreement],
    tree: GameTree,
    text: str,
    lines: SourceMap | None,
    sketch: Sketch | None,
    code: str,
) -> list[Diagnostic]:
    rows = provenance(tree, text=text, sketch=sketch, lines=lines, code=code)
    sentences = {
        (row.kind == "payoff", row.node): row.sentence
        for row in rows
        if row.node is not None and row.sentence and row.kind in ("move", "payoff")
    }
    told = []
    for one in found:
        node = one.nodes[0]
        line = getattr(lines, one.part).get(node) if lines is not None else None
        sentence = sentences.get((tree.is_terminal(node), node))
        told.append(one.diagnostic(tree, line=line, sentence=sentence))
    return told


def _record(
    name: str,
    questions: Questions,
    answers: Answers | None,
    found: Sequence[Disagreement],
) -> ExaminationRecord:
    asked = len(questions.decisions) + len(questions.ends) + len(questions.draws)
    return ExaminationRecord(
        reader=name,
        asked=asked,
        unread=asked if answers is None else answers.unread,
        left_out=questions.coverage,
        answers=() if answers is None else answers_in_words(questions, answers, found),
    )
