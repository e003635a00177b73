"""The figures of an evaluation: judged trials put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from nl2efg.evaluation import reported_points as reported
from nl2efg.evaluation.intervals import Rate, pass_at, wilson
from nl2efg.evaluation.trial import Judged, Judgement


@dataclass(frozen=True)
class Cell:
    """The trials of one game in one setting by one model.

    Args:
        is_game: whether the text describes a game.
        consensus: whether what the trials together come to is right: the game that most of them
            agree on, or that there is none.
        agreeing: how many agree on it.
    """

    game: str
    setting: str
    model: str
    is_game: bool
    judged: tuple[Judged, ...]
    consensus: bool
    agreeing: int

    @property
    def right(self) -> int:
        """How many trials are right."""
        return sum(each.right for each in self.judged)


@dataclass(frozen=True)
class Summary:
    """Figures of several trials.

    Args:
        games, cells, trials: how many.
        built, right, undecided: how many trials gave a game, the right one, one that the budget of
            the comparison does not decide.
        pass_1: the chance that one trial is right: mean over the cells with the Wilson interval
            over cells; of a single cell, the interval over its trials.
        several: how many cells have more than one trial.
        k: the number of trials that each of those has; 0 if there are none.
        pass_k: the chance that one of ``k`` trials is right, mean over those cells, with the
            Wilson interval over them; None if there are none.
        consensus: share of those cells whose consensus is right; None if there are none.
        first: share of the trials that are right with each stage asked once; None for trials that
            asked no model.
        repairs, again: calls for a mended program, and for a sketch that validates.
        remarks: answers that came with a remark, such as that they answer an earlier prompt.
        demanded, told: entries of ``expected.json`` that must be reported, by the trials that had
            a stage 1, and those that were.
        further: points that were reported and that no entry asks for.
        no_game, recognised: trials of texts that describe no game, and those that said so.
        denied: trials of games that said there is none.
        calls, tokens, cost: in all.
        calls_each, tokens_each: medians over the trials.
    """

    name: str
    games: int
    cells: int
    trials: int
    built: int
    right: int
    undecided: int
    pass_1: Rate
    several: int
    k: int
    pass_k: Rate | None
    consensus: Rate | None
    first: Rate | None
    repairs: int
    again: int
    remarks: int
    demanded: int
    told: int
    further: int
    no_game: int
    recognised: int
    denied: int
    calls: int
    tokens: int
    cost: float
    calls_each: float
    tokens_each: float


def summarise(name: str, cells: Sequence[Cell]) -> Summary:
    """Put cells together.

    Raises:
        ValueError: there are none.
    """
    judged = [each for cell in cells for each in cell.judged]
    trials = [each.trial for each in judged]
    right = sum(each.right for each in judged)
    shares = [cell.right / len(cell.judged) for cell in cells]
    several = [cell for cell in cells if len(cell.judged) > 1]
    k = min((len(cell.judged) for cell in several), default=0)
    chances = [pass_at(k, len(cell.judged), cell.right) for cell in several]
    agreed = sum(cell.consensus for cell in several)
    calls = sum(trial.calls for trial in trials)
    at_once = sum(each.right and each.trial.first_attempt for each in judged)
    demanded, told, further = reported.total(
        each.reported for each in judged if each.reported is not None
    )
    no_game = [each for cell in cells if not cell.is_game for each in cell.judged]
    return Summary(
        name=name,
        games=len({cell.game for cell in cells}),
        cells=len(cells),
        trials=len(judged),
        built=sum(trial.tree is not None for trial in trials),
        right=right,
        undecided=sum(each.judgement is Judgement.UNDECIDED for each in judged),
        pass_1=wilson(right, len(judged)) if len(cells) == 1 else wilson(sum(shares), len(cells)),
        several=len(several),
        k=k,
        pass_k=wilson(sum(chances), len(several)) if several else None,
        consensus=wilson(agreed, len(several)) if several else None,
        first=wilson(at_once, len(judged)) if calls else None,
        repairs=sum(trial.repairs for trial in trials),
        again=sum(trial.again for trial in trials),
        remarks=sum(len(trial.remarks) for trial in trials),
        demanded=demanded,
        told=told,
        further=further,
        no_game=len(no_game),
        recognised=sum(each.right for each in no_game),
        denied=sum(each.trial.refused for cell in cells if cell.is_game for each in cell.judged),
        calls=calls,
        tokens=sum(trial.tokens for trial in trials),
        cost=sum(trial.cost for trial in trials),
        calls_each=median(trial.calls for trial in trials),
        tokens_each=median(trial.tokens for trial in trials),
    )
