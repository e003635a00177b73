"""Corpora of games: run folders that can be stopped, resumed and repeated."""

from nl2efg.batch.cluster import run_on_ray
from nl2efg.batch.corpus import Corpus, Unit
from nl2efg.batch.export import FORMATS, export
from nl2efg.batch.ledger import read_rows
from nl2efg.batch.many import Outcome, compile_many, to_frame
from nl2efg.batch.pace import Pace
from nl2efg.batch.row import ResultRow
from nl2efg.batch.run import Batch, Progress, run_batch

__all__ = [
    "FORMATS",
    "Batch",
    "Corpus",
    "Outcome",
    "Pace",
    "Progress",
    "ResultRow",
    "Unit",
    "compile_many",
    "export",
    "read_rows",
    "run_batch",
    "run_on_ray",
    "to_frame",
]
