"""solve(): a game in, certified equilibria out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from time import perf_counter

from nl2efg.equilibria.certificate import Certificate, certify
from nl2efg.equilibria.deadline import (
    GRACE,
    OutOfTimeError,
    check_clock,
    in_grace,
    share_of_time,
    time_limit,
)
from nl2efg.equilibria.flat_game import FlatGame, flat_game_of, full_profile
from nl2efg.equilibria.refinements import MAX_NODES, canonical_order, judged
from nl2efg.equilibria.result import (
    ALL_PURE,
    Beliefs,
    Claim,
    Completeness,
    Equilibrium,
    Solution,
)
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, has_perfect_recall
from nl2efg.game.wording import told_history
from nl2efg.solving.components import components_of
from nl2efg.solving.dominance import dominance_remarks
from nl2efg.solving.list_claims import (
    NORMAL_FORM,
    REFINED,
    claim_of,
    left_out,
    proved,
    refined_claim,
    refuted,
)
from nl2efg.solving.listing import Listing, all_nash, all_subgame_perfect, is_small_table
from nl2efg.solving.methods.quantal_response import Point, quantal
from nl2efg.solving.outcomes import outcome_equilibria, outcome_sets
from nl2efg.solving.proper_search import proper_candidates
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.remarks import equilibrium_remarks, game_remarks
from nl2efg.solving.sequential_search import sequential_candidates
from nl2efg.solving.stage_problem import Rows
from nl2efg.solving.subgame_perfect import BackwardPass, subgame_perfect

MAX_LISTED_NODES = 400
"""Of games of up to so many nodes all equilibria are listed unless the caller says otherwise."""

MAX_QUICK_NODES = 5000
"""Of larger games the certificate takes time that must be left for it."""

CERTIFICATE_SHARE = 0.15
"""How much of the time that is."""

JUDGE_SHARE = 0.5
"""How much of the time that is left goes into beliefs and refinements."""

MAX_QUICK_SECONDS = 1.0
"""How long the listing may take where nobody asked for it."""

LIST_SHARE = 0.6
"""How much of the time that is left the listing of all equilibria may take."""


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
    if concept not in CONCEPTS:
        raise UserError(f"there is no concept {concept!r}", hint=f"one of {', '.join(CONCEPTS)}")
    if not 0 < budget < float("inf"):
        raise UserError(f"a budget of {budget} seconds is no time", hint="give a positive one")
    if all and concept == "qre":
        raise UserError("all does not go with qre", hint="use another concept")
    asked = all is True
    if all is None:
        all = len(tree) <= MAX_LISTED_NODES and concept != "qre"
    search = _Search(concept, all, asked, begun)
    with time_limit(begun + budget, GRACE):
        search.run(tree)
    return search.solution()


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


class _Search:
    """One call of solve: what was found so far."""

    flat: FlatGame

    def __init__(self, concept: str, everything: bool, asked: bool, begun: float) -> None:
        self.asked = asked
        self.concept = concept
        self.everything = everything
        self.begun = begun
        self.equilibria: list[Equilibrium] = []
        self.approximate: Equilibrium | None = None
        self.listing: Listing | None = None
        self.remarks: list[str] = []
        self.tried: list[str] = []
        self.ties = 0
        self.claim = Claim.SOME
        self.doing = "the game was prepared"

    def run(self, tree: GameTree) -> None:
        """Fill in what the budget allows; whatever is in the list then is certified."""
        try:
            with in_grace():
                self.flat = flat_game_of(tree)
                self.remarks += game_remarks(self.flat)
                self.remarks += dominance_remarks(self.flat)
            self.doing = "equilibria were sought"
            first: list[Equilibrium] = []
            if not self.list_at_once():
                CONCEPTS[self.concept](self)
                if self.concept == "qre":
                    return
                first = [found for found in self.equilibria if self.is_refined(found)]
                if self.everything and not tree.is_terminal(0):
                    self.list_all()
            self.tell_ties()
            self.judge()
            self.seek_supported()
            if self.concept in REFINED:
                self.keep_found(first)
                self.keep_refined()
            if self.equilibria:
                self.doing = "remarks on the equilibrium were sought"
                with in_grace():
                    certificates = [found.certificate for found in self.equilibria]
                    self.remarks += equilibrium_remarks(self.flat, certificates)
        except OutOfTimeError:
            self.tried.append("the budget is used up")
            none = "" if self.equilibria else ": there is no certified profile"
            if self.concept in REFINED:
                self.keep_refined()
            self.remarks.append(f"the budget ended while {self.doing}{none}")

    def solution(self) -> Solution:
        """The frozen result."""
        if not self.equilibria and self.claim is Claim.SOME:
            self.claim = Claim.NONE
        several = len(self.equilibria) > 1 or self.claim in ALL_PURE
        pure = sum(found.is_pure for found in self.equilibria) if several else 0
        extreme = self.listing.extreme if self.listing else None
        refined = self.concept in REFINED
        components = (
            components_of(self.flat, extreme, self.equilibria, refined=refined) if extreme else ()
        )
        return Solution(
            tuple(self.equilibria),
            Completeness(self.claim, len(self.equilibria), pure),
            tuple(self.remarks),
            tuple(self.tried),
            perf_counter() - self.begun,
            components,
            None if self.equilibria else self.approximate,
        )

    def passes(self, certificate: Certificate) -> bool:
        """Whether a certificate is enough for the concept."""
        if self.concept in NORMAL_FORM:
            return certificate.is_nash
        return certificate.is_subgame_perfect

    # One equilibrium ---------------------------------------------------------------------------

    def perfect(self) -> None:
        """One subgame-perfect equilibrium."""
        large = len(self.flat.tree) > MAX_QUICK_NODES
        with share_of_time(1 - CERTIFICATE_SHARE if large else 1.0):
            found = subgame_perfect(self.flat, self.tried)
        if found.failed is not None:
            where = told_history(self.flat.tree.told.history(found.failed))
            self.remarks.append(
                f"no method certified an equilibrium of the subgame at {where} within the budget"
            )
            if found.whole:
                self.keep_nearest(found)
            return
        self.doing = "the profile that was found was being certified"
        profile = found.profile(self.flat)
        with in_grace():
            certificate = certify(profile, self.flat)
        if not self.passes(certificate):
            self.remarks.append("the profile that was found failed its certificate")
            return
        self.append(profile, certificate, found.method)
        self.ties = found.ties
        if found.ties:
            if self.concept == "spe":
                self.tell_outcomes()
        elif self.concept == "spe" and set(found.methods) == {"backward induction"}:
            self.claim = Claim.UNIQUE

    def tell_ties(self) -> None:
        """Where others exist besides the one that is shown."""
        if self.ties and len(self.equilibria) == 1:
            nodes = "one node" if self.ties == 1 else f"{self.ties} nodes"
            self.remarks.append(
                f"ties: several actions are best at {nodes}; the first was taken, and "
                "other subgame-perfect equilibria exist"
            )

    def keep_nearest(self, found: BackwardPass) -> None:
        """Keep the profile of the least regret that was seen, with what everybody could gain."""
        profile = found.profile(self.flat)
        with in_grace():
            certificate = certify(profile, self.flat)
        seconds = perf_counter() - self.begun
        self.approximate = Equilibrium(profile, certificate, "epsilon", found.method, seconds)

    def tell_outcomes(self) -> None:
        """After ties under perfect information: where else play may end."""
        self.doing = "the outcomes of other equilibria were sought"
        with in_grace():
            outcomes = outcome_sets(self.flat)
        if outcomes is None:
            return
        if len(outcomes[0]) == 1:
            self.claim = Claim.ALL_OUTCOMES
        else:
            self.remarks.append(
                f"pure subgame-perfect equilibria lead to {len(outcomes[0])} outcomes"
            )

    def refined(self) -> None:
        """An equilibrium with beliefs: the one that is found first if it has them, else others."""
        if not has_perfect_recall(self.flat.tree):
            raise UserError(
                f"a player has imperfect recall: {self.concept} is defined for perfect recall",
                hint="concept nash looks for an ex-ante equilibrium",
            )
        with share_of_time(0.5):
            self.perfect()
        self.judge()
        if any(self.is_refined(found) for found in self.equilibria):
            return
        if self.everything:
            self.list_all()
            self.judge()
            if any(self.is_refined(found) for found in self.equilibria):
                return
        self.seek(self.concept)

    def seek(self, concept: str) -> None:
        """Look for an equilibrium that is proved to satisfy a refined concept, and take it."""
        self.doing = "an equilibrium with consistent beliefs was sought"
        known = {found.profile.probabilities for found in self.equilibria}
        for rows, method in self.candidates(concept):
            profile = full_profile(self.flat, rows)
            if profile.probabilities in known:
                continue
            known.add(profile.probabilities)
            check_clock()
            certificate = certify(profile, self.flat)
            if not self.passes(certificate):
                continue
            seconds = perf_counter() - self.begun
            candidate = Equilibrium(profile, certificate, self.concept, method, seconds)
            found = judged(self.flat, candidate, concept)
            if proved(found, concept):
                self.equilibria.append(found)
                self.approximate = None
                return

    def candidates(self, concept: str) -> Iterator[tuple[Rows, str]]:
        """Profiles that may satisfy a refined concept, each with how it was found."""
        if concept == "proper":
            yield from proper_candidates(self.flat, self.tried)
            sets = self.flat.tree.information_sets
            if len({s.player for s in sets if not s.is_chance and len(s.actions) > 1}) > 2:
                return  # of more players nothing would be proved
        yield from sequential_candidates(self.flat, self.tried)

    def seek_supported(self) -> None:
        """Where every equilibrium in the list is refuted by beliefs, look for one that is not."""
        if self.concept != "spe" or not self.equilibria:
            return
        if not all(refuted(found) for found in self.equilibria):
            return
        self.doing = "an equilibrium that beliefs support was sought"
        try:
            with share_of_time(JUDGE_SHARE):
                self.seek("pbe")
        except OutOfTimeError:
            self.tried.append("an equilibrium that beliefs support: out of its share of the time")
        self.equilibria = canonical_order(self.equilibria)

    def keep_found(self, first: list[Equilibrium]) -> None:
        """Take what was found before the listing, if nothing in the list satisfies the concept.

        Of a continuum the listing has the corners alone, and these may fail where others pass.
        """
        if not any(self.is_refined(found) for found in self.equilibria):
            self.equilibria = canonical_order([*first, *self.equilibria])

    def is_refined(self, found: Equilibrium) -> bool:
        """Whether an equilibrium is proved to satisfy the concept."""
        return proved(found, self.concept)

    # All equilibria ----------------------------------------------------------------------------

    def list_at_once(self) -> bool:
        """All equilibria of a small table, without a search for one; whether that gave them all."""
        wanted = self.everything and self.concept in ("spe", "nash")
        if not (wanted and is_small_table(self.flat)):
            return False
        self.list_all()
        if self.equilibria and self.claim in (Claim.ALL_EXTREME, Claim.ALL_EXTREME_PERFECT):
            return True
        self.equilibria, self.listing, self.claim = [], None, Claim.SOME
        return False

    def list_all(self) -> None:
        """All equilibria of a kind, as far as a share of the budget goes."""
        if self.claim is Claim.UNIQUE or self.listing is not None:
            return
        self.doing = "all equilibria were listed"
        search = all_nash if self.concept in NORMAL_FORM else all_subgame_perfect
        try:
            quick = inf if self.asked else MAX_QUICK_SECONDS
            with share_of_time(LIST_SHARE), time_limit(perf_counter() + quick):
                listing = search(self.flat, self.tried)
                if self.concept == "spe" and not listing.pure_complete:
                    listing = self.by_outcome(listing)
                self.take(listing)
        except OutOfTimeError:
            self.tried.append("the listing of all equilibria took its share of the time")

    def by_outcome(self, listing: Listing) -> Listing:
        """Under perfect information, where there are too many: one equilibrium for each outcome."""
        outcomes = outcome_equilibria(self.flat)
        if outcomes is None:
            return listing
        methods = ["backward induction on sets of outcomes"] * len(outcomes)
        self.claim = Claim.ALL_OUTCOMES
        return Listing(outcomes, methods, pure_complete=False, mixed_complete=False)

    def take(self, listing: Listing) -> None:
        """Certify what was listed, and claim what that allows."""
        dropped = False
        first = self.equilibria
        self.equilibria = []
        try:
            for rows, method in zip(listing.profiles, listing.methods, strict=True):
                check_clock()
                profile = full_profile(self.flat, rows)
                certificate = certify(profile, self.flat)
                if self.passes(certificate):
                    self.append(profile, certificate, method)
                elif has_perfect_recall(self.flat.tree):
                    dropped = True  # else pure plans were compared with pure ones alone
        except OutOfTimeError:
            dropped = True
            raise
        finally:
            known = {found.profile.probabilities for found in self.equilibria}
            complete = listing.pure_complete and listing.mixed_complete and not dropped
            whole = complete or (self.claim is Claim.ALL_OUTCOMES and not dropped)
            if not (whole and known):
                self.equilibria = [
                    found for found in first if found.profile.probabilities not in known
                ] + self.equilibria
            if dropped and self.claim is Claim.ALL_OUTCOMES:
                self.claim = Claim.SOME
        self.listing = listing
        if not dropped and (listing.pure_complete or self.claim is not Claim.ALL_OUTCOMES):
            subgames = len(self.flat.roots) > 1
            self.claim = claim_of(listing, self.concept, proper_subgames=subgames)

    def judge(self) -> None:
        """Work out beliefs and refinements, and put the list into its canonical order."""
        tree = self.flat.tree
        small = len(tree) <= MAX_NODES or self.concept in REFINED
        if not self.equilibria or not small or not has_perfect_recall(tree):
            return
        self.doing = "beliefs that support the equilibria were worked out"
        try:
            with share_of_time(JUDGE_SHARE):
                for place, found in enumerate(self.equilibria):
                    if not found.claims:
                        self.equilibria[place] = judged(self.flat, found, self.concept)
        except OutOfTimeError:
            self.tried.append("beliefs were not worked out for all within their share of the time")
        finally:
            self.equilibria = canonical_order(self.equilibria)

    def keep_refined(self) -> None:
        """Keep what is proved to satisfy the concept, and say what is left out."""
        self.claim = refined_claim(self.equilibria, self.concept, self.claim)
        self.remarks += left_out(self.equilibria, self.concept)
        self.equilibria = [found for found in self.equilibria if self.is_refined(found)]
        if not self.equilibria:
            of_nash = ": found Nash equilibria, certified as such"
            self.tried = [line.replace(": certified", of_nash, 1) for line in self.tried]

    # Quantal responses -------------------------------------------------------------------------

    def responses(self) -> None:
        """Quantal response equilibria."""
        self.remarks.append(
            "quantal response equilibria are no Nash equilibria: "
            "the certificate shows what each player forgoes"
        )
        for point in self.traced(lambda: iter(quantal(self.flat))):
            method = f"logit response at lambda {point.precision:.3g}"
            self.append(point.profile, point.certificate, method, point.beliefs)

    def traced(self, trace: Callable[[], Iterator[Point]]) -> Iterator[Point]:
        """Points of the logit path, and what came of it."""
        try:
            found = list(trace())
        except ProcessFailedError as failure:
            self.tried.append(f"pygambit's logit path: {failure}")
            return
        self.tried.append(f"pygambit's logit path: {'traced' if found else 'failed its checks'}")
        yield from found

    def append(
        self,
        profile: BehaviourProfile,
        certificate: Certificate,
        method: str,
        beliefs: Beliefs | None = None,
    ) -> None:
        """Take a certified profile into the list."""
        seconds = perf_counter() - self.begun
        self.equilibria.append(
            Equilibrium(profile, certificate, self.concept, method, seconds, beliefs)
        )


CONCEPTS: dict[str, Callable[[_Search], None]] = {
    "spe": _Search.perfect,
    "nash": _Search.perfect,
    "pbe": _Search.refined,
    "sequential": _Search.refined,
    "perfect": _Search.refined,
    "proper": _Search.refined,
    "qre": _Search.responses,
}
"""Solution concepts, and what finds one."""
