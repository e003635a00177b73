"""solve(): a game in, certified equilibria out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from time import perf_counter

from nl2efg.errors import UserError
from nl2efg.game import (
    BehaviourProfile,
    GameTree,
    has_perfect_information,
    has_perfect_recall,
)
from nl2efg.game.wording import told_history
from nl2efg.solving.certificate import Certificate, certify
from nl2efg.solving.deadline import GRACE, OutOfTimeError, check_clock, in_grace, time_limit
from nl2efg.solving.dominance import dominance_remarks
from nl2efg.solving.enumerate import Listing, all_extreme, all_pure, all_subgame_perfect
from nl2efg.solving.flat_game import FlatGame, flat_game_of
from nl2efg.solving.methods.quantal_response import (
    SETTLED,
    Point,
    full_profile,
    quantal,
    sequential,
)
from nl2efg.solving.outcomes import outcome_equilibria, outcome_sets
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.refinements import canonical_order, judged
from nl2efg.solving.remarks import equilibrium_remarks, game_remarks
from nl2efg.solving.result import Beliefs, Claim, Completeness, Equilibrium, Solution
from nl2efg.solving.subgame_perfect import subgame_perfect

PATH_SHARE = 0.7
"""How much of the budget the logit path may take when a sequential equilibrium is sought."""


def solve(
    tree: GameTree, *, concept: str = "spe", all: bool = False, budget: float = 10.0
) -> Solution:
    """Equilibria of a game, each with a certificate.

    Args:
        tree: the game.
        concept: ``spe`` subgame-perfect, ``nash``, ``sequential`` (the limit of the logit path,
            numerical) or ``qre`` (logit quantal responses at a few precisions).
        all: for ``spe`` all pure ones; for ``nash`` all extreme ones of two players, else all
            pure ones. The completeness of the result says how far that went.
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
    if all and concept in ("sequential", "qre"):
        raise UserError(f"all does not go with {concept}", hint="use spe or nash")
    run = _Run(concept, begun)
    with time_limit(begun + budget, GRACE):
        run.search(tree, all)
    return run.solution()


def try_to_solve(tree: GameTree, *, budget: float = 10.0) -> Solution:
    """As :func:`solve`, but of a game that cannot be solved the solution's remark says why.

    Args:
        tree: the game.
        budget: seconds.
    """
    begun = perf_counter()
    try:
        return solve(tree, budget=budget)
    except UserError as error:
        none = Completeness(Claim.NONE, 0)
        return Solution((), none, (error.message,), (), perf_counter() - begun)


class _Run:
    """One call of solve: what was found so far."""

    flat: FlatGame

    def __init__(self, concept: str, begun: float) -> None:
        self.concept = concept
        self.begun = begun
        self.equilibria: list[Equilibrium] = []
        self.remarks: list[str] = []
        self.tried: list[str] = []
        self.claim = Claim.SOME
        self.doing = "the game was prepared"

    def search(self, tree: GameTree, everything: bool) -> None:
        """Fill in what the budget allows; whatever is in the list then is certified."""
        try:
            with in_grace():
                self.flat = flat_game_of(tree)
                self.remarks += game_remarks(self.flat)
                self.remarks += dominance_remarks(self.flat)
            self.doing = "equilibria were sought"
            if everything and not tree.is_terminal(0):
                self.everything()
            if not self.equilibria:
                CONCEPTS[self.concept](self)
            if self.concept != "qre":
                self.judge()
            if self.equilibria and self.concept != "qre":
                self.doing = "remarks on the equilibrium were sought"
                first = self.equilibria[0].certificate
                self.remarks += equilibrium_remarks(self.flat, first)
        except OutOfTimeError:
            self.tried.append("the budget is used up")
            none = "" if self.equilibria else ": there is no certified profile"
            self.remarks.append(f"the budget ended while {self.doing}{none}")

    def judge(self) -> None:
        """Work out beliefs and refinements, and put the list into its canonical order."""
        if not self.equilibria or not has_perfect_recall(self.flat.tree):
            return
        self.doing = "beliefs that support the equilibria were worked out"
        try:
            with in_grace():
                for place, found in enumerate(self.equilibria):
                    self.equilibria[place] = judged(self.flat, found)
        finally:
            self.equilibria = canonical_order(self.equilibria)

    def solution(self) -> Solution:
        """The frozen result."""
        if not self.equilibria and self.claim is Claim.SOME:
            self.claim = Claim.NONE
        return Solution(
            tuple(self.equilibria),
            Completeness(self.claim, len(self.equilibria)),
            tuple(self.remarks),
            tuple(self.tried),
            perf_counter() - self.begun,
        )

    def passes(self, certificate: Certificate) -> bool:
        """Whether a certificate is enough for the concept."""
        if self.concept == "nash":
            return certificate.is_nash
        return certificate.is_subgame_perfect

    def perfect(self) -> None:
        """One subgame-perfect equilibrium."""
        found = subgame_perfect(self.flat, self.tried)
        if found.failed is not None:
            where = told_history(self.flat.tree.history(found.failed))
            self.remarks.append(
                f"no method certified an equilibrium of the subgame at {where} within the budget"
            )
            return
        self.doing = "the profile that was found was being certified"
        profile = found.profile(self.flat)
        with in_grace():
            certificate = certify(profile, self.flat)
        if not self.passes(certificate):
            self.remarks.append("the profile that was found failed its certificate")
            return
        self._append(profile, certificate, found.method)
        if found.ties:
            nodes = "one node" if found.ties == 1 else f"{found.ties} nodes"
            self.remarks.append(
                f"ties: several actions are best at {nodes}; the first was taken, and "
                "other subgame-perfect equilibria exist"
            )
            if self.concept == "spe":
                self.tell_outcomes()
        elif self.concept == "spe" and set(found.methods) == {"backward induction"}:
            self.claim = Claim.UNIQUE

    def tell_outcomes(self) -> None:
        """After ties under perfect information: where else play may end."""
        self.doing = "the outcomes of other equilibria were sought"
        outcomes = outcome_sets(self.flat)
        if outcomes is None:
            return
        if len(outcomes[0]) == 1:
            self.claim = Claim.ALL_OUTCOMES
        else:
            self.remarks.append(
                f"pure subgame-perfect equilibria lead to {len(outcomes[0])} outcomes, "
                "of which one is shown"
            )

    def everything(self) -> None:
        """All equilibria of a kind, as far as the budget goes."""
        if self.concept == "spe":
            found = all_subgame_perfect(self.flat, self.tried)
            outcomes = None if found.complete else outcome_equilibria(self.flat)
            if outcomes is not None:
                methods = ["backward induction on sets of outcomes"] * len(outcomes)
                self._list(Listing(outcomes, methods), Claim.ALL_OUTCOMES)
            else:
                self._list(found, Claim.ALL_PURE_PERFECT)
            return
        for search, claim in ((all_extreme, Claim.ALL_EXTREME), (all_pure, Claim.ALL_PURE)):
            listing = search(self.flat, self.tried)
            if listing is not None:
                self._list(listing, claim)
            if self.equilibria:
                return

    def _list(self, found: Listing, claim: Claim) -> None:
        dropped = False
        for rows, method in zip(found.profiles, found.methods, strict=True):
            check_clock()
            profile = full_profile(self.flat, rows)
            certificate = certify(profile, self.flat)
            if self.passes(certificate):
                self._append(profile, certificate, method)
            else:
                dropped = True
        if found.complete and not dropped:
            self.claim = claim

    def limit(self) -> None:
        """A sequential equilibrium."""
        for point in self._traced(lambda: filter(None, [sequential(self.flat)])):
            settled = "settled" if point.drift < SETTLED else f"still moving by {point.drift:.1g}"
            method = (
                f"limit of the logit path (numerical, {settled} at lambda {point.precision:.3g})"
            )
            self._append(point.profile, point.certificate, method, point.beliefs)
        if not self.equilibria:
            self.reached()

    def reached(self) -> None:
        """A subgame-perfect equilibrium that reaches every information set is sequential.

        So is one of a game of perfect information. Bayes' rule then gives all beliefs.
        """
        tree = self.flat.tree
        self.perfect()
        for found in self.equilibria[:]:
            beliefs = [
                None if own.is_chance else here or ((Fraction(1),) if len(members) == 1 else None)
                for own, members, here in zip(
                    tree.information_sets, tree.members, found.beliefs, strict=True
                )
            ]
            everywhere = all(
                own.is_chance or here
                for own, here in zip(tree.information_sets, found.beliefs, strict=True)
            )
            if everywhere or has_perfect_information(tree):
                method = f"{found.method}; sequential, as Bayes' rule gives all beliefs"
                self.equilibria = [replace(found, method=method, limit_beliefs=tuple(beliefs))]
            else:
                self.equilibria = []
                self.tried.append(f"{found.method}: does not reach every information set")

    def responses(self) -> None:
        """Quantal response equilibria."""
        self.remarks.append(
            "quantal response equilibria are no Nash equilibria: "
            "the certificate shows what each player forgoes"
        )
        for point in self._traced(lambda: iter(quantal(self.flat))):
            method = f"logit response at lambda {point.precision:.3g}"
            self._append(point.profile, point.certificate, method, point.beliefs)

    def _traced(self, trace: Callable[[], Iterator[Point]]) -> Iterator[Point]:
        try:
            found = list(trace())
        except ProcessFailedError as failure:
            self.tried.append(f"pygambit's logit path: {failure}")
            return
        self.tried.append(f"pygambit's logit path: {'traced' if found else 'failed its checks'}")
        yield from found

    def _append(
        self,
        profile: BehaviourProfile,
        certificate: Certificate,
        method: str,
        beliefs: Beliefs | None = None,
    ) -> None:
        seconds = perf_counter() - self.begun
        self.equilibria.append(
            Equilibrium(profile, certificate, self.concept, method, seconds, beliefs)
        )


CONCEPTS: dict[str, Callable[[_Run], None]] = {
    "spe": _Run.perfect,
    "nash": _Run.perfect,
    "sequential": _Run.limit,
    "qre": _Run.responses,
}
"""Solution concepts, and what finds one."""
