"""The step of solve() that lists all equilibria of a kind, and what the list may be taken for."""

from __future__ import annotations

from math import inf
from time import perf_counter

from nl2efg.equilibria.certificate import certify
from nl2efg.equilibria.deadline import OutOfTimeError, check_clock, share_of_time, time_limit
from nl2efg.equilibria.flat_game import full_profile
from nl2efg.equilibria.result import Claim
from nl2efg.game import has_perfect_recall
from nl2efg.solving.list_claims import NORMAL_FORM, claim_of
from nl2efg.solving.listing import Listing, all_nash, all_subgame_perfect, is_small_table
from nl2efg.solving.outcomes import outcome_equilibria
from nl2efg.solving.search_state import Search

MAX_QUICK_SECONDS = 1.0
"""How long the listing may take where nobody asked for it."""

LIST_SHARE = 0.6
"""How much of the time that is left the listing of all equilibria may take."""


def list_at_once(search: Search) -> bool:
    """All equilibria of a small table, without a search for one; whether that gave them all."""
    wanted = search.everything and search.concept in ("spe", "nash")
    if not (wanted and is_small_table(search.flat)):
        return False
    list_all(search)
    if search.equilibria and search.claim in (Claim.ALL_EXTREME, Claim.ALL_EXTREME_PERFECT):
        return True
    search.equilibria, search.listing, search.claim = [], None, Claim.SOME
    return False


def list_all(search: Search) -> None:
    """All equilibria of a kind, as far as a share of the budget goes."""
    if search.claim is Claim.UNIQUE or search.listing is not None:
        return
    search.doing = "all equilibria were listed"
    listed = all_nash if search.concept in NORMAL_FORM else all_subgame_perfect
    try:
        quick = inf if search.asked else MAX_QUICK_SECONDS
        with share_of_time(LIST_SHARE), time_limit(perf_counter() + quick):
            listing = listed(search.flat, search.tried)
            if search.concept == "spe" and not listing.pure_complete:
                listing = by_outcome(search, listing)
            take(search, listing)
    except OutOfTimeError:
        search.tried.append("the listing of all equilibria took its share of the time")


def by_outcome(search: Search, listing: Listing) -> Listing:
    """Under perfect information, where there are too many: one equilibrium for each outcome."""
    outcomes = outcome_equilibria(search.flat)
    if outcomes is None:
        return listing
    methods = ["backward induction on sets of outcomes"] * len(outcomes)
    search.claim = Claim.ALL_OUTCOMES
    return Listing(outcomes, methods, pure_complete=False, mixed_complete=False)


def take(search: Search, listing: Listing) -> None:
    """Certify what was listed, and claim what that allows."""
    dropped = False
    first = search.equilibria
    search.equilibria = []
    try:
        for rows, method in zip(listing.profiles, listing.methods, strict=True):
            check_clock()
            profile = full_profile(search.flat, rows)
            certificate = certify(profile, search.flat)
            if search.passes(certificate):
                search.append(profile, certificate, method)
            elif has_perfect_recall(search.flat.tree):
                dropped = True  # else pure plans were compared with pure ones alone
    except OutOfTimeError:
        dropped = True
        raise
    finally:
        known = {found.profile.probabilities for found in search.equilibria}
        complete = listing.pure_complete and listing.mixed_complete and not dropped
        whole = complete or (search.claim is Claim.ALL_OUTCOMES and not dropped)
        if not (whole and known):
            search.equilibria = [
                found for found in first if found.profile.probabilities not in known
            ] + search.equilibria
        if dropped and search.claim is Claim.ALL_OUTCOMES:
            search.claim = Claim.SOME
    search.listing = listing
    if not dropped and (listing.pure_complete or search.claim is not Claim.ALL_OUTCOMES):
        subgames = len(search.flat.roots) > 1
        search.claim = claim_of(listing, search.concept, proper_subgames=subgames)
