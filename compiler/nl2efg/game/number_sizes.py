"""Games whose numbers are short one by one, and endless together.

Exact sums and products of numbers with different denominators grow with each of them: payoffs
along a path, probabilities of a chance event, the chance to come to a node. What is computed of a
game has a number of that size at every node, so size times nodes is bounded before any of it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd

from nl2efg.game.model import CHANCE, NO_SET, GameTree

MAX_TOTAL_BITS = 1 << 31
"""Of all payoffs over their common denominator, and of the chances of all nodes: 256 MiB."""

MAX_WORK = 500_000_000
"""Words squared of the common denominator, times numbers: what reducing all fractions takes."""

_WORD = 64


def unwieldy(tree: GameTree) -> str:
    """Why a game's exact numbers would take too much memory or time; empty if they would not."""
    payoffs = [payoff for outcome in tree.outcomes for payoff in outcome.payoffs]
    times = max(1, len(tree.players)) * len(tree)
    if not _bears(payoffs, times):
        return "its payoffs have so many different denominators that their sums are endless"
    total = 0
    bits = [0] * len(tree)
    known: dict[int, int] = {}
    for number, infoset in enumerate(tree.information_sets):
        given = infoset.probabilities
        if infoset.player == CHANCE and given:
            if not _bears(given, len(given)):
                return (
                    "a chance event has probabilities of so many different denominators that "
                    "their sum is endless"
                )
            known[number] = max(p.denominator.bit_length() for p in given)
    if not known:
        return ""
    for node in range(1, len(tree)):
        parent = tree.parents[node]
        above = tree.set_of[parent]
        bits[node] = bits[parent] + (known.get(above, 0) if above != NO_SET else 0)
        total += bits[node]
    if total > MAX_TOTAL_BITS:
        return "the chances of its histories have endless digits: too many chance moves in a row"
    return ""


def _bears(numbers: Iterable[Fraction], times: int) -> bool:
    """Whether so many numbers over the common denominator of these can be borne."""
    common = 1
    for denominator in {number.denominator for number in numbers}:
        common *= denominator // gcd(common, denominator)
        bits = common.bit_length()
        if bits * times > MAX_TOTAL_BITS or (bits // _WORD) ** 2 * times > MAX_WORK:
            return False
    return True
