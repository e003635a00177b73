"""A game that a model changes as its author says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from nl2efg.errors import (
    CompilationError,
    DescriptionError,
    Nl2efgError,
    ServiceError,
    UserError,
)
from nl2efg.frontend import Answers
from nl2efg.game.history import loose
from nl2efg.pipeline import Compilation, check_description
from nl2efg.pipeline.compiler import finished
from nl2efg.pipeline.editing import run_edit, text_with
from nl2efg.pipeline.options import CompileOptions, make_options
from nl2efg.revision.next_version import ModelWork, Program, Solving, revised, with_work
from nl2efg.schema.open_points import open_question, with_answers
from nl2efg.text import valid

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.pipeline.attempts import Sample


def edited(
    old: Compilation,
    instruction: str,
    model: Model,
    *,
    answers: Answers = (),
    solving: Solving | None = None,
    **options: Unpack[CompileOptions],
) -> Compilation:
    """The next version of a compilation, changed by a model as its author says; nothing is written.

    Text, tree and program go to the model with the instruction. What comes back runs in the sandbox
    and is checked, and repaired, against the text with the instruction, as in a compile. The text
    of the new version ends with the instruction.

    Args:
        old: the version before.
        instruction: what is to change, such as "Ben does not see Ann's move".
        model: who changes the program.
        answers: open points of the text with what the author says; they go with the instruction,
            which may then be empty.
        solving: how the game is solved; by default as it was.
        options: fields of :class:`nl2efg.Options`; ``rounds``, ``verify``, ``verifier``,
            ``critic``, ``check``, ``max_nodes``, ``progress`` and ``came`` matter.

    Raises:
        DescriptionError: the instruction is empty, binary or too long.
        UserError: an answer to what is no open point.
        CompilationError: no game came out; its ``record`` holds what was made.
        ServiceError: of the model's; its ``record`` holds what was made.
    """
    answers = _to_open_points(old, answers)
    told = [instruction, *(f"{question} {answer}" for question, answer in answers)]
    instruction = "\n".join(valid(each).strip() for each in told if each.strip())
    if not instruction:
        raise DescriptionError(
            "the instruction is empty", hint='say what is to change: "Ben does not see Ann\'s move"'
        )
    text = text_with(old.text, instruction)
    check_description(text)
    edits = sum(exchange.stage.startswith("edit-") for exchange in old.record.exchanges)
    sample = finished(
        run_edit(
            model,
            old.text,
            instruction,
            make_options(**options),
            tree=old.tree,
            code=_program(old),
            number=edits + 1,
        )
    )
    best = sample.best
    # An edit that the service left half done, perhaps unread by its verifier, is not taken.
    if best is None or sample.tree is None or isinstance(sample.failure, ServiceError):
        raise _failure(old, sample)
    return revised(
        old,
        sample.tree,
        how="edited by a model",
        words=instruction,
        program=Program(best.built.code, best.built.lines),
        solving=solving,
        work=ModelWork(text, sample, with_answers(old.assumptions, answers)),
    )


def _to_open_points(old: Compilation, answers: Answers) -> Answers:
    """The answers, with the questions as the record has them.

    Raises:
        UserError: a question is none of them.
    """
    known = {
        loose(question): question for each in old.assumptions if (question := open_question(each))
    }
    for question, _ in answers:
        if loose(question) not in known:
            raise UserError(
                f"{question!r} is no open point of this compilation",
                hint=f"open are: {' | '.join(known.values()) or 'none'}",
            )
    return [(known[loose(question)], answer) for question, answer in answers]


def _program(old: Compilation) -> str:
    """The program that builds a compilation's game, with its comments where it has some.

    The attempt that the game came of, unless values of parameters were put into it since.
    """
    record = old.record
    for attempt in reversed(record.attempts):
        if attempt.efg == record.efg and attempt.code:
            return attempt.code
    return old.code


def _failure(old: Compilation, sample: Sample) -> Nl2efgError:
    error = sample.failure
    if error is None:
        best = sample.best
        worst = next(iter(best.diagnostics), None) if best else None
        error = CompilationError(
            f"no changed game came out (attempts: {len(sample.tried)}); the best one says: "
            f"{worst.message if worst else 'nothing'}",
            hint="the game is as it was; say the change in other words, or take a stronger model",
        )
    update = with_work(old.record, sample)
    error.record = old.record.model_copy(
        update={**update, "status": "failed", "error": error.message}
    )
    return error
