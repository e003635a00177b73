"""An evaluation: trials judged and put together, game by game and group by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from nl2efg.comparison import cluster
from nl2efg.evaluation.corpus import Corpus, Game
from nl2efg.evaluation.summary import Cell, Summary, summarise
from nl2efg.evaluation.trial import Judged, Judgement, Trial, check_demands, judge
from nl2efg.game import GameTree
from nl2efg.schema.diagnostics import Diagnostic, Severity

Checker = Callable[[GameTree, str], tuple[Diagnostic, ...]]
"""The checks of a tree against its text."""


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
        idle: the games of which no trial was judged, and why in a word or two.
        unanswered: how many trials the service did not answer; they are not judged.
    """

    cells: tuple[Cell, ...]
    problems: tuple[str, ...]
    idle: dict[str, str]
    unanswered: int

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
        trials: from replies that exist (:func:`nl2efg.evaluation.replies.trials_of`) or from the
            compiler.
        check: the checks to measure; None for none.

    Returns:
        The evaluation. Games that cannot be judged, trials of unknown games and trials without an
        answer are among its problems.
    """
    problems = [f"{name}: {why}" for name, why in corpus.problems.items()]
    idle = dict.fromkeys(corpus.problems, "cannot be used")
    usable: dict[str, Game] = {}
    for game in corpus.games.values():
        idle[game.name] = "not recorded"
        if why := check_demands(game):
            problems.append(f"{game.name}: {why}")
            idle[game.name] = "cannot be judged"
        else:
            usable[game.name] = game
    groups: dict[tuple[str, str, str], list[Judged]] = {}
    skipped: Counter[str] = Counter()
    silent: Counter[tuple[str, str]] = Counter()
    for trial in trials:
        known = usable.get(trial.game)
        if known is None:
            skipped[trial.game] += 1
            continue
        if trial.unanswered:
            silent[trial.game, trial.unanswered] += 1
            idle[trial.game] = "not answered"
            continue
        flags = check(trial.tree, known.text) if check and trial.tree is not None else ()
        found = judge(trial, known, flags)
        groups.setdefault((trial.game, trial.setting, trial.model), []).append(found)
    problems += [
        f"{count} trials are of {name!r}, which cannot be judged" for name, count in skipped.items()
    ]
    problems += [
        f"{name}: {count} of its trials got no answer: {why}"
        for (name, why), count in sorted(silent.items())
    ]
    cells = [
        _cell(usable[game], setting, model, judged)
        for (game, setting, model), judged in sorted(groups.items())
    ]
    for cell in cells:
        idle.pop(cell.game, None)
    return Evaluation(tuple(cells), tuple(problems), idle, silent.total())


def _cell(game: Game, setting: str, model: str, judged: list[Judged]) -> Cell:
    consensus, agreeing = _consensus(game, judged)
    is_game = game.reference is not None
    return Cell(game.name, setting, model, is_game, tuple(judged), consensus, agreeing)


def _consensus(game: Game, judged: list[Judged]) -> tuple[bool, int]:
    """Whether the consensus is right, and how many agree on it; found without the reference.

    Where the compiler chose, its choice counts. Replies are put together as it would: where the
    text fixes no numbers they are alike if every player ranks the ends alike.
    """
    taken = next((each for each in judged if each.trial.taken), None)
    if taken is not None:
        return taken.right, taken.trial.agreeing
    payoffs = game.expected.payoffs
    clusters = cluster(
        [each.trial.tree for each in judged],
        scores=[
            len(each.flags)
            + sum(found.severity is not Severity.NOTE for found in each.trial.diagnostics)
            for each in judged
        ],
        payoffs="ordinal" if payoffs == "constraints" else payoffs,
        names=game.expected.names,
    )
    if clusters.chosen is not None:
        return judged[clusters.chosen].right, clusters.agreement
    right = [each.right for each in judged]
    return any(right), sum(right)
