"""Corpora with references, and how often what was compiled is the game described."""

from nl2efg.evaluation.corpus import Corpus, Game, load_corpus
from nl2efg.evaluation.evaluation import Checker, Evaluation, FlagCount, evaluate
from nl2efg.evaluation.expected import Expected, broken_expectations, load_expected
from nl2efg.evaluation.intervals import Rate, pass_at, wilson
from nl2efg.evaluation.replies import RecordedReply, load_replies, trials_of
from nl2efg.evaluation.reported_points import Points, Reported
from nl2efg.evaluation.summary import Cell, Summary
from nl2efg.evaluation.trial import Judged, Judgement, Trial, judge

__all__ = [
    "Cell",
    "Checker",
    "Corpus",
    "Evaluation",
    "Expected",
    "FlagCount",
    "Game",
    "Judged",
    "Judgement",
    "Points",
    "Rate",
    "RecordedReply",
    "Reported",
    "Summary",
    "Trial",
    "broken_expectations",
    "evaluate",
    "judge",
    "load_corpus",
    "load_expected",
    "load_replies",
    "pass_at",
    "trials_of",
    "wilson",
]
