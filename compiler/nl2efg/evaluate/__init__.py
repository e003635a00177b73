"""Corpora with references, and how often what was compiled is the game described."""

from nl2efg.evaluate.corpus import Corpus, Game, load_corpus
from nl2efg.evaluate.evaluation import Checker, Evaluation, FlagCount, evaluate
from nl2efg.evaluate.expected import Expected, broken_expectations, load_expected
from nl2efg.evaluate.figures import Cell, Summary
from nl2efg.evaluate.intervals import Rate, pass_at, wilson
from nl2efg.evaluate.replies import RecordedReply, load_replies, trials_of
from nl2efg.evaluate.reported import Points, Reported
from nl2efg.evaluate.trial import Judged, Judgement, Trial, judge

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
