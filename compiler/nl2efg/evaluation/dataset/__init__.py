"""The bundled games as a data set that can be cited: tables, metadata, licence and a card."""

from nl2efg.evaluation.dataset.archive import write_dataset

__all__ = ["write_dataset"]
