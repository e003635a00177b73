"""Success rates with 95 % intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval, all from 0 to 1."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} % [{100 * self.low:.0f}, {100 * self.high:.0f}]"


def wilson(successes: float, tries: int) -> Rate:
    """A binomial share with its score interval (Wilson 1927, JASA 22, p. 209).

    Unlike the normal approximation it is right near 0 and 1 and for few tries (Brown, Cai and
    DasGupta 2001, Statistical Science 16, section 3.1.1).

    Args:
        successes: how many; or the sum of values from 0 to 1, such as pass@k of several games.
            Those vary less than successes and failures with the same mean, so that the interval
            is then on the safe side.
        tries: how many, or the number of values.

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
