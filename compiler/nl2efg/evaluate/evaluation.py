"""An evaluation: trials judged and put together, game by game and group by group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from nl2efg.compare import cluster
from nl2efg.diagnostics import Diagnostic, Severity
from nl2efg.evaluate.corpus import Corpus, Game
from nl2efg.evaluate.intervals import Rate, pass_at, wilson
from nl2efg.evaluate.trial import Judged, Judgement, Trial, check_demands, judge
from nl2efg.tree import GameTree

Checker = Callable[[GameTree, str], tuple[Diagnostic, ...]]
"""The checks of a tree against its text."""


@dataclass(frozen=True)
class Cell:
    """The trials of one game in one setting by one model.

    Args:
        consensus: whether the game that most trials agree on is right; None if none gave a game.
        agreeing: how many agree on it.
    """

    game: str
    setting: str
    model: str
    judged: tuple[Judged, ...]
    consensus: bool | None
    agreeing: int

    @property
    def right(self) -> int:
        """How many trials are right."""
        return sum(each.right for each in self.judged)


@dataclass(frozen=True)
class Summary:
    """Figures of several trials.

    Args:
        trials, built, right, undecided: how many.
        pass_1: share of right trials, Wilson interval over trials.
        pass_k: the chance that one of ``k`` trials is right, mean over the cells, with the Wilson
            interval over cells.
        k: the number of trials that every cell has.
        consensus: share of cells whose consensus is right.
        calls, tokens, cost: in all.
    """

    name: str
    trials: int
    built: int
    right: int
    undecided: int
    pass_1: Rate
    k: int
    pass_k: Rate
    consensus: Rate
    cells: int
    calls: int
    tokens: int
    cost: float


@dataclass(frozen=True)
class FlagCount:
    """How often a check flags trials that built."""

    code: str
    wrong: int
    right: int


@dataclass(frozen=True)
class Evaluation:
    """All of it.

    Args:
        cells: by game, setting and model.
        problems: what could not be used, in words.
    """

    cells: tuple[Cell, ...]
    problems: tuple[str, ...]

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """Every judged trial."""
        return tuple(each for cell in self.cells for each in cell.judged)

    @property
    def labelled(self) -> list[Judged]:
        """Trials that gave a game as it was written, without mending, and that a person judged.

        A mended program raised when the person saw it, so the label is of something else.
        """
        return [
            each
            for each in self.judged
            if each.trial.label is not None
            and each.trial.tree is not None
            and not each.trial.mended
        ]

    @property
    def disagreements(self) -> list[Judged]:
        """Labelled trials that are judged otherwise."""
        return [each for each in self.labelled if each.right != each.trial.label]

    @property
    def mended(self) -> list[Judged]:
        """Trials that became games because a slip was mended."""
        return [each for each in self.judged if each.trial.mended]

    def by_game(self) -> list[Summary]:
        """One summary a game."""
        return self._summaries(lambda cell: cell.game)

    def by_setting(self) -> list[Summary]:
        """One summary for each setting and model."""
        return self._summaries(lambda cell: " ".join(filter(None, (cell.setting, cell.model))))

    def total(self) -> Summary:
        """All trials."""
        return summarise("all", self.cells)

    def flags(self) -> tuple[list[FlagCount], int, int]:
        """Counts by check, the most frequent first; then how many wrong and right games carry any.

        Only games that were built and judged count.
        """
        counts: dict[str, list[int]] = {}
        flagged = [0, 0]
        for each in self.judged:
            if each.judgement not in (Judgement.RIGHT, Judgement.WRONG) or each.trial.tree is None:
                continue
            flagged[each.right] += bool(each.flags)
            for code in {flag.code for flag in each.flags}:
                counts.setdefault(code, [0, 0])[each.right] += 1
        rows = [FlagCount(code, wrong, right) for code, (wrong, right) in counts.items()]
        return sorted(rows, key=lambda row: (-row.wrong, row.code)), flagged[0], flagged[1]

    def _summaries(self, key: Callable[[Cell], str]) -> list[Summary]:
        groups: dict[str, list[Cell]] = {}
        for cell in self.cells:
            groups.setdefault(key(cell), []).append(cell)
        return [summarise(name, cells) for name, cells in sorted(groups.items())]


def evaluate(corpus: Corpus, trials: Iterable[Trial], check: Checker | None = None) -> Evaluation:
    """Judge trials against a corpus.

    Args:
        corpus: the references.
        trials: from replies that exist (:func:`nl2efg.evaluate.replies.trials_of`) or from the
            compiler.
        check: the checks to measure; None for none.

    Returns:
        The evaluation. Games that cannot be judged and trials of unknown games are among its
        problems.
    """
    problems = [f"{name}: {why}" for name, why in corpus.problems.items()]
    usable: dict[str, Game] = {}
    for game in corpus.games.values():
        if why := check_demands(game):
            problems.append(f"{game.name}: {why}")
        else:
            usable[game.name] = game
    groups: dict[tuple[str, str, str], list[Judged]] = {}
    skipped: dict[str, int] = {}
    for trial in trials:
        known = usable.get(trial.game)
        if known is None:
            skipped[trial.game] = skipped.get(trial.game, 0) + 1
            continue
        flags = check(trial.tree, known.text) if check and trial.tree is not None else ()
        found = judge(trial, known, flags)
        groups.setdefault((trial.game, trial.setting, trial.model), []).append(found)
    problems += [
        f"{count} trials are of {name!r}, which cannot be judged" for name, count in skipped.items()
    ]
    cells = [
        _cell(usable[game], setting, model, judged)
        for (game, setting, model), judged in sorted(groups.items())
    ]
    return Evaluation(tuple(cells), tuple(problems))


def summarise(name: str, cells: Sequence[Cell]) -> Summary:
    """Put cells together.

    Raises:
        ValueError: there are none.
    """
    judged = [each for cell in cells for each in cell.judged]
    right = sum(each.right for each in judged)
    k = min(len(cell.judged) for cell in cells)
    return Summary(
        name=name,
        trials=len(judged),
        built=sum(each.trial.tree is not None for each in judged),
        right=right,
        undecided=sum(each.judgement is Judgement.UNDECIDED for each in judged),
        pass_1=wilson(right, len(judged)),
        k=k,
        pass_k=wilson(sum(pass_at(k, len(cell.judged), cell.right) for cell in cells), len(cells)),
        consensus=wilson(sum(cell.consensus is True for cell in cells), len(cells)),
        cells=len(cells),
        calls=sum(each.trial.calls for each in judged),
        tokens=sum(each.trial.tokens for each in judged),
        cost=sum(each.trial.cost for each in judged),
    )


def _cell(game: Game, setting: str, model: str, judged: list[Judged]) -> Cell:
    """Find the consensus as the compiler would: without the reference.

    Where the text fixes no numbers the samples are alike if every player ranks the ends alike.
    """
    payoffs = game.expected.payoffs
    clusters = cluster(
        [each.trial.tree for each in judged],
        scores=[
            len(each.flags)
            + sum(found.severity is not Severity.NOTE for found in each.trial.diagnostics)
            for each in judged
        ],
        payoffs="ordinal" if payoffs == "constraints" else payoffs,
    )
    chosen = clusters.chosen
    return Cell(
        game.name,
        setting,
        model,
        tuple(judged),
        None if chosen is None else judged[chosen].right,
        clusters.agreement,
    )
