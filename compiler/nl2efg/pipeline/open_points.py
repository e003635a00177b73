"""What a text leaves open, compared between two readers: the one who read it, and the examiner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nl2efg.examination.open_points import OpenPoints, open_questions
from nl2efg.frontend.open_points import ask_open_points
from nl2efg.game import GameTree
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.options import Options
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.record import OpenPointRecord

if TYPE_CHECKING:
    from nl2efg.frontend import Heard
    from nl2efg.models import Model


async def add_open_points(sample: Sample, reader: Model, text: str, options: Options) -> None:
    """Put the open points of the first reading, and what else may be, to a second reader.

    Args:
        sample: with its sketch, if it has one; its best attempt gets the notes.
        reader: who answers.
        text: the description.
        options: of the compilation.

    Raises:
        ServiceError: of the reader's.
    """
    best = sample.best
    if best is None or best.built.tree is None:
        return
    options.progress("examination: asking what the text leaves open")
    asked = {question for question, _ in sample.answers}
    points = [
        each.question
        for each in (sample.sketch.assumptions if sample.sketch else ())
        if each.question not in asked
    ]
    sample.open_points, notes = await find_open_points(
        best.built.tree, text, reader, sample.heard, points=points, sample=sample.number
    )
    record = best.examination
    if record is not None:
        told = open_points_record(points, sample.open_points)
        record = record.model_copy(update={"open_points": told})
    place = next(number for number, tried in enumerate(sample.tried) if tried is best)
    sample.tried[place] = replace(best, diagnostics=best.diagnostics + notes, examination=record)


async def find_open_points(
    tree: GameTree,
    text: str,
    reader: Model,
    heard: Heard,
    *,
    points: Sequence[str] = (),
    sample: int = 0,
) -> tuple[OpenPoints, tuple[Diagnostic, ...]]:
    """Ask a second reader which of the open points the text settles, and which there are beside.

    Args:
        tree: the game; its kind decides what is asked.
        text: its description.
        reader: who answers.
        heard: told of the exchange.
        points: what the first reading found open, as questions.
        sample: number of the independent sample.

    Returns:
        The points, and a note for each on which the readers differ: ``C809`` what the text
        settles, ``C810`` what the second reader alone finds open, ``C807`` where no answers came.

    Raises:
        ServiceError: of the reader's.
    """
    asked = open_questions(tree, points)
    found = await ask_open_points(reader, text, asked, heard, sample=sample)
    if found is None:
        return OpenPoints(), (
            Diagnostic(
                "C807",
                Severity.NOTE,
                f"the reply of {reader.name} about open points holds no answers and is not used",
                fix="verify with another reader: --verifier",
            ),
        )
    return found, tuple(_notes(found))


def _notes(found: OpenPoints) -> Iterator[Diagnostic]:
    for point, sentence in found.settled:
        yield Diagnostic(
            "C809",
            Severity.NOTE,
            "the first reading took this to be open, and a second reader finds it settled: "
            f"{point}",
            sentence=sentence,
            fix="see that the game has what the text says",
        )
    for point in found.further:
        yield Diagnostic(
            "C810",
            Severity.NOTE,
            f"a second reader of the text finds this open: {point}",
            fix="let the text say it",
        )


def open_points_record(points: Sequence[str], found: OpenPoints) -> tuple[OpenPointRecord, ...]:
    """Every point with who found it open.

    Args:
        points: of the first reading.
        found: the second reader's answers.
    """
    settled = dict(found.settled)
    first = [
        OpenPointRecord(
            question=point,
            found_by="first reading" if point in settled else "both",
            settled_by=settled.get(point, ""),
        )
        for point in points
    ]
    second = [OpenPointRecord(question=each, found_by="second reader") for each in found.further]
    return (*first, *second)
