"""solve(): a game in, certified equilibria out."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from nl2efg.equilibria.deadline import GRACE, OutOfTimeError, in_grace, time_limit
from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.equilibria.result import ALL_PURE, Claim, Completeness, Equilibrium, Solution
from nl2efg.errors import UserError
from nl2efg.game import GameTree
from nl2efg.solving.components import components_of
from nl2efg.solving.concepts import refuse_unknown
from nl2efg.solving.dominance import dominance_remarks
from nl2efg.solving.first_equilibrium import perfect, tell_ties
from nl2efg.solving.list_claims import REFINED
from nl2efg.solving.list_search import list_all, list_at_once
from nl2efg.solving.quantal_search import responses
from nl2efg.solving.refined_search import keep_found, refined, seek_supported
from nl2efg.solving.remarks import equilibrium_remarks, game_remarks
from nl2efg.solving.search_state import Search

MAX_LISTED_NODES = 400
"""Of games of up to so many nodes all equilibria are listed unless the caller says otherwise."""


def solve(
    tree: GameTree, *, concept: str = "spe", all: bool | None = None, budget: float = 10.0
) -> Solution:
    """Equilibria of a game, each with a certificate.

    Args:
        tree: the game.
        concept: ``nash``; ``spe`` subgame-perfect; ``pbe`` subgame-perfect with beliefs that
            support it everywhere; ``sequential`` with consistent beliefs, proved; ``perfect``
            with trembles in the extensive form, and ``proper`` of two players, proved by trembles
            that are written down; or ``qre``, logit quantal responses at a few precisions.
        all: whether to list all pure ones, and all extreme mixed ones of two players; None does so
            for games of up to ``MAX_LISTED_NODES`` nodes. The completeness of the result says how
            far that went.
        budget: seconds; a call takes at most about one second longer.

    Raises:
        UserError: an unknown concept, a budget that is no time, or a game that cannot be solved:
            no player, chance probabilities that are no distribution, imperfect recall for which
            no best response can be proved.
    """
    begun = perf_counter()
    refuse_unknown(concept)
    if not 0 < budget < float("inf"):
        raise UserError(f"a budget of {budget} seconds is no time", hint="give a positive one")
    if all and concept == "qre":
        raise UserError("all does not go with qre", hint="use another concept")
    asked = all is True
    if all is None:
        all = len(tree) <= MAX_LISTED_NODES and concept != "qre"
    search = Search(concept, all, asked, begun)
    with time_limit(begun + budget, GRACE):
        _run(search, tree)
    return _solution(search)


def try_to_solve(
    tree: GameTree, *, concept: str = "spe", all: bool | None = None, budget: float = 10.0
) -> Solution:
    """As :func:`solve`, but of a game that cannot be solved the solution's remark says why.

    Args:
        tree: the game.
        concept: the solution concept.
        all: whether to list all equilibria; None does so for small games.
        budget: seconds.
    """
    begun = perf_counter()
    try:
        return solve(tree, concept=concept, all=all, budget=budget)
    except UserError as error:
        none = Completeness(Claim.NONE, 0)
        return Solution((), none, (error.message,), (), perf_counter() - begun)


def _run(search: Search, tree: GameTree) -> None:
    """Fill in what the budget allows; whatever is in the list then is certified."""
    try:
        with in_grace():
            search.flat = flat_game_of(tree)
            search.remarks += game_remarks(search.flat)
            search.remarks += dominance_remarks(search.flat)
        search.doing = "equilibria were sought"
        first: list[Equilibrium] = []
        if not list_at_once(search):
            CONCEPTS[search.concept](search)
            if search.concept == "qre":
                return
            first = [found for found in search.equilibria if search.is_refined(found)]
            if search.everything and not tree.is_terminal(0):
                list_all(search)
        tell_ties(search)
        search.judge()
        seek_supported(search)
        if search.concept in REFINED:
            keep_found(search, first)
            search.keep_refined()
        if search.equilibria:
            search.doing = "remarks on the equilibrium were sought"
            with in_grace():
                certificates = [found.certificate for found in search.equilibria]
                search.remarks += equilibrium_remarks(search.flat, certificates)
    except OutOfTimeError:
        search.tried.append("the budget is used up")
        none = "" if search.equilibria else ": there is no certified profile"
        if search.concept in REFINED:
            search.keep_refined()
        search.remarks.append(f"the budget ended while {search.doing}{none}")


def _solution(search: Search) -> Solution:
    """The frozen result."""
    if not search.equilibria and search.claim is Claim.SOME:
        search.claim = Claim.NONE
    several = len(search.equilibria) > 1 or search.claim in ALL_PURE
    pure = sum(found.is_pure for found in search.equilibria) if several else 0
    extreme = search.listing.extreme if search.listing else None
    refined = search.concept in REFINED
    components = (
        components_of(search.flat, extreme, search.equilibria, refined=refined) if extreme else ()
    )
    return Solution(
        tuple(search.equilibria),
        Completeness(search.claim, len(search.equilibria), pure),
        tuple(search.remarks),
        tuple(search.tried),
        perf_counter() - search.begun,
        components,
        None if search.equilibria else search.approximate,
    )


CONCEPTS: dict[str, Callable[[Search], None]] = {
    "spe": perfect,
    "nash": perfect,
    "pbe": refined,
    "sequential": refined,
    "perfect": refined,
    "proper": refined,
    "qre": responses,
}
"""Solution concepts, and what finds one."""
