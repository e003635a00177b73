"""Several samples of one description: the game that most of them agree on."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.pipeline.sample import Sample
from nl2efg.record import ConsensusRecord


def agree(samples: Sequence[Sample]) -> tuple[Sample | None, ConsensusRecord | None]:
    raise NotImplementedError
