"""What a list of equilibria may be taken for, and which of it satisfy a refined concept."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.equilibria.result import Claim, Equilibrium
from nl2efg.solving.listing import Listing

REFINED = {
    "pbe": Claim.ALL_PURE_SUPPORTED,
    "sequential": Claim.ALL_PURE_SEQUENTIAL,
    "perfect": Claim.ALL_PURE_TREMBLING,
    "proper": Claim.ALL_PURE_PROPER,
}
"""Concepts that are proved of each equilibrium in turn, and the claim of having all pure ones."""

NORMAL_FORM = ("nash", "proper")
"""Concepts that do not ask for subgame perfection."""

_PARTIAL = (Claim.SOME, Claim.ALL_OUTCOMES, Claim.UNIQUE, Claim.ALL_EXTREME_PLANS)


def proved(found: Equilibrium, concept: str) -> bool:
    """Whether an equilibrium is proved to satisfy a concept."""
    claim = found.claim(concept)
    return claim is not None and claim.holds is True


def refuted(found: Equilibrium, concept: str = "pbe") -> bool:
    """Whether an equilibrium is proved not to satisfy a concept; by default, to lack beliefs."""
    claim = found.claim(concept)
    return claim is not None and claim.holds is False


def claim_of(listing: Listing, concept: str, *, proper_subgames: bool) -> Claim:
    """What a list that lost nothing to its certificates may be taken for.

    Args:
        listing: how far the enumeration went.
        concept: what was listed.
        proper_subgames: whether the game has any.
    """
    normal = concept in NORMAL_FORM
    if not listing.pure_complete:
        single = normal or not proper_subgames
        whole = listing.mixed_complete and listing.extreme is not None and single
        return Claim.ALL_EXTREME_PLANS if whole else Claim.SOME
    if normal:
        return Claim.ALL_EXTREME if listing.mixed_complete else Claim.ALL_PURE
    return Claim.ALL_EXTREME_PERFECT if listing.mixed_complete else Claim.ALL_PURE_PERFECT


def refined_claim(equilibria: Sequence[Equilibrium], concept: str, before: Claim) -> Claim:
    """What is left of a claim once only those that satisfy a refined concept are kept.

    Args:
        equilibria: all that were found, whatever is known of them.
        concept: one of ``REFINED``.
        before: what all of them may be taken for.
    """
    doubt = any(not proved(e, concept) and not refuted(e, concept) for e in equilibria)
    return Claim.SOME if doubt or before in _PARTIAL else REFINED[concept]


def left_out(equilibria: Sequence[Equilibrium], concept: str) -> list[str]:
    """Remarks on equilibria that are not listed, because the concept is not proved of them.

    Args:
        equilibria: all that were found, whatever is known of them.
        concept: one of ``REFINED``.
    """
    kind = "Nash equilibrium" if concept in NORMAL_FORM else "subgame-perfect equilibrium"
    name = {"pbe": "perfect Bayesian"}.get(concept, concept)
    against = [e for e in equilibria if refuted(e, concept)]
    open_ones = [e for e in equilibria if not proved(e, concept) and not refuted(e, concept)]
    found = []
    if against:
        told = _counted(len(against), kind)
        found.append(f"{told} that {'was' if len(against) == 1 else 'were'} found is not {name}")
        if len(against) > 1:
            found[-1] = f"{told} that were found are not {name}"
    if open_ones:
        told = _counted(len(open_ones), kind)
        verb, whom = ("was", "it is") if len(open_ones) == 1 else ("were", "they are")
        found.append(f"{told} {verb} found of which it is not decided whether {whom} {name}")
        if concept == "proper" and len(open_ones[0].profile.tree.players) > 2:
            found[-1] += ": that is decided for two players only"
    return found


def _counted(count: int, kind: str) -> str:
    return f"one {kind}" if count == 1 else f"{count} {kind.replace('equilibrium', 'equilibria')}"


def listed_numbers(numbers: Sequence[int]) -> str:
    """Numbers in their order, three and more in a row as ``4–9``.

    Args:
        numbers: rising.
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(told)
