"""What one call of solve() has found so far; the steps of the search fill it in."""

from __future__ import annotations

from time import perf_counter

from nl2efg.equilibria.certificate import Certificate
from nl2efg.equilibria.deadline import OutOfTimeError, share_of_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.refinements import MAX_NODES, canonical_order, judged
from nl2efg.equilibria.result import Beliefs, Claim, Equilibrium
from nl2efg.game import BehaviourProfile, has_perfect_recall
from nl2efg.solving.list_claims import NORMAL_FORM, REFINED, left_out, proved, refined_claim
from nl2efg.solving.listing import Listing

JUDGE_SHARE = 0.5
"""How much of the time that is left goes into beliefs and refinements."""


class Search:
    """One call of solve: what was found so far.

    Args:
        concept: what is looked for.
        everything: whether all equilibria are to be listed.
        asked: whether the caller asked for that.
        begun: when the call began.
    """

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

    def passes(self, certificate: Certificate) -> bool:
        """Whether a certificate is enough for the concept."""
        if self.concept in NORMAL_FORM:
            return certificate.is_nash
        return certificate.is_subgame_perfect

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

    def is_refined(self, found: Equilibrium) -> bool:
        """Whether an equilibrium is proved to satisfy the concept."""
        return proved(found, self.concept)

    def keep_refined(self) -> None:
        """Keep what is proved to satisfy the concept, and say what is left out."""
        self.claim = refined_claim(self.equilibria, self.concept, self.claim)
        self.remarks += left_out(self.equilibria, self.concept)
        self.equilibria = [found for found in self.equilibria if self.is_refined(found)]
        if not self.equilibria:
            of_nash = ": found Nash equilibria, certified as such"
            self.tried = [line.replace(": certified", of_nash, 1) for line in self.tried]
