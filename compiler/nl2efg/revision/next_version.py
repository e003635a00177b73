"""A compilation whose game was changed: checked, solved and told anew."""

from __future__ import annotations

from dataclasses import dataclass, field

from nl2efg.checks import check
from nl2efg.comparison.changes import game_changes
from nl2efg.formats import write_efg
from nl2efg.game import GameTree, facts
from nl2efg.pipeline import Compilation
from nl2efg.pipeline.letters import family_record
from nl2efg.provenance import provenance
from nl2efg.schema.built import SourceMap
from nl2efg.schema.history import How, RevisionRecord
from nl2efg.schema.record import Attempt


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
    """

    code: str = ""
    lines: SourceMap = field(default_factory=SourceMap)
    by_hand: bool = False


def revised(
    old: Compilation,
    tree: GameTree,
    *,
    how: How,
    words: str,
    program: Program | None = None,
    solving: Solving | None = None,
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
    """
    program, solving = program or Program(), solving or Solving()
    record = old.record
    solution = None
    if record.solution is not None if solving.wanted is None else solving.wanted:
        from nl2efg.solving import try_to_solve

        solution = try_to_solve(tree, concept=solving.concept, budget=solving.budget)
    code = program.code or _generated(tree)
    found = check(tree, text=record.text or None, lines=program.lines)
    attempt = Attempt(
        sample=record.chosen_sample, stage=how, code=code, built=True, efg=write_efg(tree)
    )
    new = record.model_copy(
        update={
            "status": "compiled",
            "attempts": (*record.attempts, attempt.model_copy(update={"diagnostics": found})),
            "diagnostics": found,
            "facts": facts(tree),
            "family": family_record(tree),
            "efg": write_efg(tree),
            "solution": solution.record() if solution is not None else None,
            "provenance": provenance(
                tree, text=record.text, sketch=record.sketch, lines=program.lines, code=code
            ),
            "consensus": None,
            "examination": None,
            "error": "",
            "revision": RevisionRecord(
                how=how,
                words=words,
                differences=game_changes(old.tree, tree),
                program=program.code if program.by_hand else "",
            ),
        }
    )
    return Compilation(tree, new, solution)


def _generated(tree: GameTree) -> str:
    from nl2efg.gambit.code.program import to_code

    return to_code(tree)
