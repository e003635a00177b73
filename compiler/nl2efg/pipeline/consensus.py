"""Several samples of one description: the game that most of them agree on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
    """The samples that are the same game, together.

    An order of payoffs is written in one sample's labels, and games that were made in another way
    have others; there, payoffs count by their order alone. Where there are several ways and no
    agreement between them, one may take 2, 1, 0 and the other 3, 2, 1 for what the text orders:
    then the class that agrees across ways but for the numbers goes first, told apart by numbers.
    """
    from nl2efg.comparison import cluster  # one sample needs none

    if len(set(kinds)) < 2:
        return _by_numbers(trees, scores, order, kinds)
    if not order:
        found = _by_numbers(trees, scores, order, kinds)
        if _spans(found, kinds):
            return found
    ranked = cluster(trees, scores=scores, names="anchored", payoffs="ordinal", kinds=kinds)
    if not ranked.clusters or not (order or _spans(ranked, kinds)):
        return ranked if order else found
    first = ranked.clusters[0]
    alike = _by_numbers(
        [trees[number] for number in first],
        [scores[number] for number in first],
        (),
        [kinds[number] for number in first],
    )
    groups = tuple(tuple(first[place] for place in group) for group in alike.clusters)
    if order:  # the numbers are free; the most common ones are taken
        best = tuple(number for group in groups for number in group)
        return replace(ranked, clusters=(best, *ranked.clusters[1:]))
    return replace(
        ranked,
        clusters=(*groups, *ranked.clusters[1:]),
        differences=(*alike.differences, *ranked.differences),
    )


def _by_numbers(
    trees: Sequence[GameTree | None],
    scores: Sequence[float],
    order: Sequence[str],
    kinds: Sequence[str],
) -> Clusters:
    """Classes of games with the same payoffs, but for those that an order speaks of."""
    from nl2efg.comparison import cluster

    try:
        return cluster(trees, scores=scores, names="anchored", constraints=order, kinds=kinds)
    except ConstraintError:
        return cluster(trees, scores=scores, names="anchored", kinds=kinds)


def _spans(found: Clusters, kinds: Sequence[str]) -> bool:
    """Whether games that were made in different ways agree."""
    return bool(found.clusters) and len({kinds[number] for number in found.clusters[0]}) > 1


def _is_lost(sample: Sample) -> bool:
    """Whether a sample came to nothing because of the service, not of its model."""
    return isinstance(sample.failure, ServiceError) and sample.tree is None


def _weight(sample: Sample) -> float:
    """How much speaks against a sample; least for a game without findings."""
    if sample.best is None:
        return 1e9
    missing, errors, warnings = sample.best.score
    return 1e6 * missing + 1e3 * errors + warnings
