"""A compilation whose game was changed: checked, solved and told anew."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from nl2efg.checks import check
from nl2efg.comparison.changes import game_changes
from nl2efg.formats import write_efg
from nl2efg.game import GameTree, facts
from nl2efg.pipeline import Compilation
from nl2efg.pipeline.attempts import Sample
from nl2efg.pipeline.letters import family_record
from nl2efg.provenance import provenance
from nl2efg.schema.built import SourceMap
from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.history import How, RevisionRecord
from nl2efg.schema.record import Attempt, CompilationRecord


@dataclass(frozen=True, slots=True)
class Solving:
    """How a changed game is solved.

    Args:
        wanted: whether it is; None solves it if the game before it was solved.
        concept: the solution concept, as :func:`nl2efg.solve` takes it.
        budget: seconds.
    """

    wanted: bool | None = None
    concept: str = "spe"
    budget: float = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    """The program that a changed game came of.

    Args:
        code: its text; empty if there is none.
        lines: its lines behind the parts of the game.
        by_hand: whether a person wrote it, so that it stays ``game.py`` as it is.
        found: what was said of it when it ran.
    """

    code: str = ""
    lines: SourceMap = field(default_factory=SourceMap)
    by_hand: bool = False
    found: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelWork:
    """What a model did to change a game.

    Args:
        text: the description, with what its author said.
        sample: exchanges and attempts; its best attempt has the game.
        assumptions: what the text leaves open now.
    """

    text: str
    sample: Sample
    assumptions: tuple[str, ...] = ()


def revised(
    old: Compilation,
    tree: GameTree,
    *,
    how: How,
    words: str,
    program: Program | None = None,
    solving: Solving | None = None,
    work: ModelWork | None = None,
) -> Compilation:
    """The next version of a compilation; nothing is written.

    What the sketch says of the old game does not speak against the new one, and an examination or a
    consensus of the old one says nothing of it. The text is the same.

    Args:
        old: the version before.
        tree: the changed game.
        how: by whom it was changed.
        words: what was done.
        program: that it came of, if it came of one.
        solving: how it is solved.
        work: what a model did, if one changed it.
    """
    program, solving = program or Program(), solving or Solving()
    record = old.record
    solution = None
    if record.solution is not None if solving.wanted is None else solving.wanted:
        from nl2efg.solving import try_to_solve

        solution = try_to_solve(tree, concept=solving.concept, budget=solving.budget)
    code = program.code or _generated(tree)
    text = work.text if work else record.text
    best = work.sample.best if work else None
    found = best.diagnostics if best else program.found
    if best is None:
        found += check(tree, text=text or None, lines=program.lines)
    update: dict[str, Any] = {
        "status": "compiled",
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "diagnostics": found,
        "facts": facts(tree),
        "family": family_record(tree),
        "efg": write_efg(tree),
        "solution": solution.record() if solution is not None else None,
        "provenance": provenance(
            tree, text=text, sketch=record.sketch, lines=program.lines, code=code
        ),
        "consensus": None,
        "examination": best.examination if best else None,
        "error": work.sample.failure.message if work and work.sample.failure else "",
        "revision": RevisionRecord(
            how=how,
            words=words,
            differences=game_changes(old.tree, tree),
            program=program.code if program.by_hand else "",
        ),
    }
    if work is not None:
        update |= {**with_work(record, work.sample), "assumptions": work.assumptions}
    else:
        attempt = Attempt(
            sample=record.chosen_sample,
            stage=how,
            code=code,
            built=True,
            diagnostics=found,
            efg=write_efg(tree),
        )
        update["attempts"] = (*record.attempts, attempt)
    new = record.model_copy(update=update)
    return Compilation(tree, new, solution)


def with_work(record: CompilationRecord, sample: Sample) -> dict[str, Any]:
    """The fields of a record to which a model's work was added, with its cost."""
    number = record.chosen_sample
    exchanges = [each.model_copy(update={"sample": number}) for each in sample.exchanges]
    return {
        "exchanges": (*record.exchanges, *exchanges),
        "attempts": (*record.attempts, *(tried.record(number) for tried in sample.tried)),
        "prompt_tokens": record.prompt_tokens + sum(each.prompt_tokens for each in exchanges),
        "completion_tokens": record.completion_tokens
        + sum(each.completion_tokens for each in exchanges),
        "cost": record.cost + sum(each.cost for each in exchanges),
    }


def _generated(tree: GameTree) -> str:
    from nl2efg.gambit.code.program import to_code

    return to_code(tree)
