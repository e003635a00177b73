"""Claims in rounded decimals: what they may have been rounded from."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from nl2efg.game.profile import BehaviourProfile
from nl2efg.game.rounded_probabilities import unrounded_row

MAX_TOLD = 4
"""Different numbers that the words name."""


def unrounded_profile(profile: BehaviourProfile) -> tuple[BehaviourProfile, str]:
    """A profile with simple fractions for decimals, and which they are, in words.

    Args:
        profile: an exact one.

    Returns:
        The profile itself and no words, where no row looks rounded.
    """
    rows = []
    told: dict[Fraction, Fraction] = {}
    for infoset, row in zip(profile.tree.information_sets, profile.probabilities, strict=True):
        exact = tuple(Fraction(each) for each in row)
        simple = exact if infoset.is_chance else unrounded_row(exact)
        told |= {old: new for old, new in zip(exact, simple, strict=True) if old != new}
        rows.append(simple)
    if not told:
        return profile, ""
    named = [f"{new} for {_decimal(old)}" for old, new in list(told.items())[:MAX_TOLD]]
    more = len(told) - len(named)
    words = ", ".join(named) + (f" and {more} more" if more else "")
    return BehaviourProfile(profile.tree, tuple(rows)), words


def _decimal(value: Fraction) -> str:
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"
