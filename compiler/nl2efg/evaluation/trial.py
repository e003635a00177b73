"""A trial: one attempt to compile one game, however it was made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from nl2efg.comparison import Comparison, Verdict, compare
from nl2efg.errors import UserError
from nl2efg.evaluation.corpus import Game
from nl2efg.evaluation.expected import Expected
from nl2efg.evaluation.families import difference_of_families
from nl2efg.evaluation.reported_points import Points, Reported, report
from nl2efg.game import GameTree
from nl2efg.game.analysis import unpaid_ends
from nl2efg.game.wording import told_history
from nl2efg.sandbox import family_of
from nl2efg.schema.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt.

    Args:
        id: its name.
        game: name of the game of the corpus.
        tree: what came out; None if no game did.
        model, setting: who was asked, and how.
        label: whether a person found it right; None where nobody looked.
        diagnostics: of the build (and of the checks, where the compiler ran them).
        points: what stage 1 reported; None where there was no stage 1.
        calls, tokens, cost: what it took of the model, in calls, tokens and US dollars.
        repairs: how many of the calls asked for a mended program.
        again: how many asked for the sketch once more, because it did not validate.
        remarks: what the answers came with, such as that they answer an earlier prompt.
        seconds: wall time.
        error: why no game came out, where it was no diagnostic.
        refused: whether the model or the compiler said that the text describes no game.
        unanswered: why the service gave no answer; such a trial says nothing about the model.
        taken: whether the compiler takes this one of its siblings.
        agreeing: how many of its siblings, itself included, agree on what is taken.
    """

    id: str
    game: str
    tree: GameTree | None
    model: str = ""
    setting: str = ""
    label: bool | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    points: Points | None = None
    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    repairs: int = 0
    again: int = 0
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    error: str = ""
    refused: bool = False
    unanswered: str = ""
    taken: bool = False
    agreeing: int = 0

    @property
    def mended(self) -> bool:
        """Whether a slip in the code was put right on the way."""
        return self.tree is not None and bool(self.diagnostics)

    @property
    def first_attempt(self) -> bool:
        """Whether each stage was asked once."""
        return self.repairs == self.again == 0


class Judgement(StrEnum):
    """What the reference says of a trial."""

    RIGHT = "right"
    WRONG = "wrong"
    NO_GAME = "no game"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Judged:
    """A trial with its judgement.

    Args:
        difference: how its game (A) differs from the reference (B), where it does.
        flags: what the checks say of its game, without notes.
        reported: its points against what must be reported; None where there was no stage 1.
    """

    trial: Trial
    judgement: Judgement
    difference: str = ""
    flags: tuple[Diagnostic, ...] = ()
    reported: Reported | None = None

    @property
    def right(self) -> bool:
        """Whether it is the game described."""
        return self.judgement is Judgement.RIGHT


def judge(trial: Trial, game: Game, flags: tuple[Diagnostic, ...] = ()) -> Judged:
    """Compare a trial with the reference, as the game's ``expected.json`` says.

    Where the text describes no game, having refused is right. A game with an end that pays
    nothing, not even zero, is unfinished and so is wrong, even where all payoffs are open.
    """
    reported = report(trial.points, game.expected) if trial.points is not None else None
    return replace(_judge(trial, game, flags), reported=reported)


def _judge(trial: Trial, game: Game, flags: tuple[Diagnostic, ...]) -> Judged:
    told = tuple(found for found in flags if found.severity is not Severity.NOTE)
    if game.reference is None:
        right = trial.tree is None and (trial.refused or not trial.error)
        return Judged(trial, Judgement.RIGHT if right else Judgement.WRONG, "", told)
    if trial.tree is None:
        return Judged(trial, Judgement.NO_GAME, trial.error or _first_error(trial), told)
    unpaid = unpaid_ends(trial.tree)
    if unpaid and not unpaid_ends(game.reference):
        words = f"the end at {told_history(trial.tree.history(unpaid[0]))} has no outcome"
        return Judged(trial, Judgement.WRONG, words, told)
    verdict, difference = _difference(trial.tree, game.reference, game.expected)
    return Judged(trial, _JUDGEMENTS[verdict], difference, told)


def _difference(tree: GameTree, reference: GameTree, expected: Expected) -> tuple[Verdict, str]:
    """Whether a game is the reference's; where both have letters, for all values of them."""

    def compared(own: GameTree, other: GameTree) -> Comparison:
        return compare(
            own,
            other,
            expected.structure,
            expected.payoffs,
            names=expected.names,
            constraints=expected.constraints,
            open_payoffs=expected.open_payoffs,
        )

    built, wanted = family_of(tree), family_of(reference)
    if built is not None and wanted is not None:
        return difference_of_families(built, wanted, compared)
    found = compared(tree, reference)
    return found.verdict, found.difference


_JUDGEMENTS = {
    Verdict.SAME: Judgement.RIGHT,
    Verdict.DIFFERENT: Judgement.WRONG,
    Verdict.UNDECIDED: Judgement.UNDECIDED,
}


def _first_error(trial: Trial) -> str:
    errors = (each for each in trial.diagnostics if each.severity is Severity.ERROR)
    return next((str(each) for each in errors), "")


def check_demands(game: Game) -> str:
    """Why a game of a corpus cannot be judged; empty if it can."""
    if game.reference is None:
        return ""
    try:
        judge(Trial("reference", game.name, game.reference), game)
    except UserError as error:
        return error.message
    return ""
