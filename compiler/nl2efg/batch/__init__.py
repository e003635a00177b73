"""Corpora of games: run folders that can be stopped, resumed and repeated."""

from nl2efg.batch.corpus import Corpus, Unit
from nl2efg.batch.engines.local import Batch, Progress, run_batch
from nl2efg.batch.engines.ray.engine import run_on_ray
from nl2efg.batch.outcomes import Outcome, compile_many, to_frame
from nl2efg.batch.rate_limits import Pace
from nl2efg.batch.reports.export import FORMATS, export
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.storage.rows import read_rows

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
