"""Success rates with 95 % intervals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

_NORMAL_95 = 1.959963984540054
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval, all from 0 to 1."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} % [{100 * self.low:.0f}, {100 * self.high:.0f}]"


def wilson(successes: int, tries: int) -> Rate:
    """A binomial share with its score interval (Wilson 1927, JASA 22, p. 209).

    Unlike the normal approximation it is right near 0 and 1 and for few tries (Brown, Cai and
    DasGupta 2001, Statistical Science 16, section 3.1.1).

    Raises:
        ValueError: no tries.
    """
    if tries < 1:
        raise ValueError("a share of no tries")
    share = successes / tries
    square = _NORMAL_95**2 / tries
    middle = (share + square / 2) / (1 + square)
    half = _NORMAL_95 / (1 + square) * sqrt(share * (1 - share) / tries + square / (4 * tries))
    return Rate(share, max(0.0, middle - half), min(1.0, middle + half))


def pass_at(k: int, tries: int, right: int) -> float:
    """The chance that one of ``k`` of the tries is right: the unbiased estimator of Chen et al.
    2021 ("Evaluating large language models trained on code", equation 1).

    Raises:
        ValueError: fewer tries than ``k``.
    """
    if not 1 <= k <= tries:
        raise ValueError(f"pass@{k} needs at least {k} tries, not {tries}")
    return 1 - comb(tries - right, k) / comb(tries, k)


def bootstrap_mean(values: Sequence[float], seed: int = 0) -> Rate:
    """A mean with its percentile bootstrap interval (Efron and Tibshirani 1993, section 13.3).

    Args:
        values: one for each independent group, such as pass@k of each game.
        seed: of the resampling, so that a table can be printed again.

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("a mean of no values")
    mean = sum(values) / len(values)
    chance = random.Random(seed)
    means = sorted(
        sum(chance.choices(values, k=len(values))) / len(values) for _ in range(_RESAMPLES)
    )
    edge = round(0.025 * _RESAMPLES)
    return Rate(mean, means[edge], means[-edge - 1])
