"""Several samples of one description: the game that most of them agree on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nl2efg.errors import ConstraintError, ServiceError
from nl2efg.formats import write_efg
from nl2efg.game import GameTree
from nl2efg.pipeline.attempts import Sample
from nl2efg.schema.record import ConsensusRecord

if TYPE_CHECKING:
    from nl2efg.comparison import Clusters


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
    kinds = [samples[number].method for number in numbers]
    found = _clusters(trees, scores, _order(samples), kinds)
    record = ConsensusRecord(
        samples=len(numbers),
        agreeing=found.agreement,
        clusters=tuple(tuple(numbers[each] for each in group) for group in found.clusters),
        differences=found.differences,
        methods=tuple(each.method for each in samples) if len(set(kinds)) > 1 else (),
        alternatives=tuple(
            write_efg(tree) for group in found.clusters[1:] if (tree := trees[group[0]]) is not None
        ),
        failed=len(lost),
        failures=tuple(dict.fromkeys(each.failure.message for each in lost if each.failure)),
    )
    return (closest if found.chosen is None else samples[numbers[found.chosen]]), record


def _order(samples: Sequence[Sample]) -> list[str]:
    """The order of payoffs in the sketch of the sample with least against it that has one."""
    read = [sample for sample in samples if sample.sketch is not None]
    best = min(read, key=_weight, default=None)
    return best.sketch.payoff_order if best is not None and best.sketch is not None else []


def _clusters(
    trees: Sequence[GameTree | None],
    scores: Sequence[float],
    order: Sequence[str],
    kinds: list[str],
) -> Clusters:
    from nl2efg.comparison import cluster  # one sample needs none

    if order and len(set(kinds)) > 1:
        # The order is written in one sample's labels; games made in another way have others.
        return cluster(trees, scores=scores, names="anchored", payoffs="ordinal", kinds=kinds)
    try:
        return cluster(trees, scores=scores, names="anchored", constraints=order, kinds=kinds)
    except ConstraintError:
        return cluster(trees, scores=scores, names="anchored", kinds=kinds)


def _is_lost(sample: Sample) -> bool:
    """Whether a sample came to nothing because of the service, not of its model."""
    return isinstance(sample.failure, ServiceError) and sample.tree is None


def _weight(sample: Sample) -> float:
    """How much speaks against a sample; least for a game without findings."""
    if sample.best is None:
        return 1e9
    missing, errors, warnings = sample.best.score
    return 1e6 * missing + 1e3 * errors + warnings
