"""Several samples of one description: the game that most of them agree on."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.comparison import cluster
from nl2efg.errors import ConstraintError, ServiceError
from nl2efg.formats import write_efg
from nl2efg.pipeline.sample import Sample
from nl2efg.schema.record import ConsensusRecord


def agree(samples: Sequence[Sample]) -> tuple[Sample | None, ConsensusRecord | None]:
    """The sample to take: of the largest class of equivalent games, the one with least against it.

    Where the text gives payoffs only as an order, games that keep the order of the best sample's
    sketch count as alike in those payoffs.

    Args:
        samples: all of a description's, failed ones among them.

    Returns:
        The sample, and how the samples agree, without those that the service failed; no record for
        a single sample. Where no sample has a game, the one that came closest, or None.
    """
    closest = min(samples, key=_weight, default=None)
    if len(samples) < 2:
        return closest, None
    # A sample that the service never let come to a game says nothing of the text.
    lost = [sample for sample in samples if _is_lost(sample)]
    numbers = [number for number, sample in enumerate(samples) if not _is_lost(sample)]
    if not numbers:
        return closest, None
    trees = [samples[number].tree for number in numbers]
    scores = [_weight(samples[number]) for number in numbers]
    order = closest.sketch.payoff_order if closest and closest.sketch else []
    try:
        found = cluster(trees, scores=scores, names="anchored", constraints=order)
    except ConstraintError:
        found = cluster(trees, scores=scores, names="anchored")
    record = ConsensusRecord(
        samples=len(numbers),
        agreeing=found.agreement,
        clusters=tuple(tuple(numbers[each] for each in group) for group in found.clusters),
        differences=found.differences,
        alternatives=tuple(
            write_efg(tree) for group in found.clusters[1:] if (tree := trees[group[0]]) is not None
        ),
        failed=len(lost),
        failures=tuple(dict.fromkeys(each.failure.message for each in lost if each.failure)),
    )
    return (closest if found.chosen is None else samples[numbers[found.chosen]]), record


def _is_lost(sample: Sample) -> bool:
    """Whether a sample came to nothing because of the service, not of its model."""
    return isinstance(sample.failure, ServiceError) and sample.tree is None


def _weight(sample: Sample) -> float:
    """How much speaks against a sample; least for a game without findings."""
    if sample.best is None:
        return 1e9
    missing, errors, warnings = sample.best.score
    return 1e6 * missing + 1e3 * errors + warnings
