"""The steps of solve() that look for an equilibrium which a refined concept admits."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from nl2efg.equilibria.certificate import certify
from nl2efg.equilibria.deadline import OutOfTimeError, check_clock, share_of_time
from nl2efg.equilibria.flat_game import full_profile
from nl2efg.equilibria.refinements import canonical_order, judged
from nl2efg.equilibria.result import Equilibrium
from nl2efg.errors import UserError
from nl2efg.game import has_perfect_recall
from nl2efg.solving.first_equilibrium import perfect
from nl2efg.solving.list_claims import proved, refuted
from nl2efg.solving.list_search import list_all
from nl2efg.solving.proper_search import proper_candidates
from nl2efg.solving.search_state import JUDGE_SHARE, Search
from nl2efg.solving.sequential_search import sequential_candidates
from nl2efg.solving.stage_problem import Rows


def refined(search: Search) -> None:
    """An equilibrium with beliefs: the one that is found first if it has them, else others."""
    if not has_perfect_recall(search.flat.tree):
        raise UserError(
            f"a player has imperfect recall: {search.concept} is defined for perfect recall",
            hint="concept nash looks for an ex-ante equilibrium",
        )
    with share_of_time(0.5):
        perfect(search)
    search.judge()
    if any(search.is_refined(found) for found in search.equilibria):
        return
    if search.everything:
        list_all(search)
        search.judge()
        if any(search.is_refined(found) for found in search.equilibria):
            return
    seek(search, search.concept)


def seek(search: Search, concept: str) -> None:
    """Look for an equilibrium that is proved to satisfy a refined concept, and take it."""
    search.doing = "an equilibrium with consistent beliefs was sought"
    known = {found.profile.probabilities for found in search.equilibria}
    for rows, method in candidates(search, concept):
        profile = full_profile(search.flat, rows)
        if profile.probabilities in known:
            continue
        known.add(profile.probabilities)
        check_clock()
        certificate = certify(profile, search.flat)
        if not search.passes(certificate):
            continue
        seconds = perf_counter() - search.begun
        candidate = Equilibrium(profile, certificate, search.concept, method, seconds)
        found = judged(search.flat, candidate, concept)
        if proved(found, concept):
            search.equilibria.append(found)
            search.approximate = None
            return


def candidates(search: Search, concept: str) -> Iterator[tuple[Rows, str]]:
    """Profiles that may satisfy a refined concept, each with how it was found."""
    if concept == "proper":
        yield from proper_candidates(search.flat, search.tried)
        sets = search.flat.tree.information_sets
        if len({s.player for s in sets if not s.is_chance and len(s.actions) > 1}) > 2:
            return  # of more players nothing would be proved
    yield from sequential_candidates(search.flat, search.tried)


def seek_supported(search: Search) -> None:
    """Where every equilibrium in the list is refuted by beliefs, look for one that is not."""
    if search.concept != "spe" or not search.equilibria:
        return
    if not all(refuted(found) for found in search.equilibria):
        return
    search.doing = "an equilibrium that beliefs support was sought"
    try:
        with share_of_time(JUDGE_SHARE):
            seek(search, "pbe")
    except OutOfTimeError:
        search.tried.append("an equilibrium that beliefs support: out of its share of the time")
    search.equilibria = canonical_order(search.equilibria)


def keep_found(search: Search, first: list[Equilibrium]) -> None:
    """Take what was found before the listing, if nothing in the list satisfies the concept.

    Of a continuum the listing has the corners alone, and these may fail where others pass.
    """
    if not any(search.is_refined(found) for found in search.equilibria):
        search.equilibria = canonical_order([*first, *search.equilibria])
