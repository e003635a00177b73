"""The first step of solve(): one subgame-perfect equilibrium, and what is known of others."""

from __future__ import annotations

from time import perf_counter

from nl2efg.equilibria.certificate import certify
from nl2efg.equilibria.deadline import in_grace, share_of_time
from nl2efg.equilibria.result import Claim, Equilibrium
from nl2efg.game.wording import told_history
from nl2efg.solving.outcomes import outcome_sets
from nl2efg.solving.search_state import Search
from nl2efg.solving.subgame_perfect import BackwardPass, subgame_perfect

MAX_QUICK_NODES = 5000
"""Of larger games the certificate takes time that must be left for it."""

CERTIFICATE_SHARE = 0.15
"""How much of the time that is."""


def perfect(search: Search) -> None:
    """One subgame-perfect equilibrium."""
    large = len(search.flat.tree) > MAX_QUICK_NODES
    with share_of_time(1 - CERTIFICATE_SHARE if large else 1.0):
        found = subgame_perfect(search.flat, search.tried)
    if found.failed is not None:
        where = told_history(search.flat.tree.told.history(found.failed))
        search.remarks.append(
            f"no method certified an equilibrium of the subgame at {where} within the budget"
        )
        if found.whole:
            keep_nearest(search, found)
        return
    search.doing = "the profile that was found was being certified"
    profile = found.profile(search.flat)
    with in_grace():
        certificate = certify(profile, search.flat)
    if not search.passes(certificate):
        search.remarks.append("the profile that was found failed its certificate")
        return
    search.append(profile, certificate, found.method)
    search.ties = found.ties
    if found.ties:
        if search.concept == "spe":
            tell_outcomes(search)
    elif search.concept == "spe" and set(found.methods) == {"backward induction"}:
        search.claim = Claim.UNIQUE


def tell_ties(search: Search) -> None:
    """Where others exist besides the one that is shown."""
    if search.ties and len(search.equilibria) == 1:
        nodes = "one node" if search.ties == 1 else f"{search.ties} nodes"
        search.remarks.append(
            f"ties: several actions are best at {nodes}; the first was taken, and "
            "other subgame-perfect equilibria exist"
        )


def keep_nearest(search: Search, found: BackwardPass) -> None:
    """Keep the profile of the least regret that was seen, with what everybody could gain."""
    profile = found.profile(search.flat)
    with in_grace():
        certificate = certify(profile, search.flat)
    seconds = perf_counter() - search.begun
    search.approximate = Equilibrium(profile, certificate, "epsilon", found.method, seconds)


def tell_outcomes(search: Search) -> None:
    """After ties under perfect information: where else play may end."""
    search.doing = "the outcomes of other equilibria were sought"
    with in_grace():
        outcomes = outcome_sets(search.flat)
    if outcomes is None:
        return
    if len(outcomes[0]) == 1:
        search.claim = Claim.ALL_OUTCOMES
    else:
        search.remarks.append(
            f"pure subgame-perfect equilibria lead to {len(outcomes[0])} outcomes"
        )
