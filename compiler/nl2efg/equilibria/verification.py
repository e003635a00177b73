"""verify_profile(): is what somebody brings an equilibrium, and if not, who would deviate?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nl2efg.equilibria.assessment import Assessment, assess
from nl2efg.equilibria.beliefs import Belief, SupportingBeliefs, best_departure
from nl2efg.equilibria.certificate import TOLERANCE, Certificate, certify, exact_rows
from nl2efg.equilibria.consistency import consistent_assessment
from nl2efg.equilibria.deadline import within_budget
from nl2efg.equilibria.flat_game import FlatGame, flat_game_of
from nl2efg.equilibria.properness import proper_claim
from nl2efg.equilibria.result import player_results
from nl2efg.equilibria.trembles import perfect_claim
from nl2efg.equilibria.wording import departure_words, place_words
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree, has_perfect_recall
from nl2efg.game.parts import part_below
from nl2efg.game.profile import Probability
from nl2efg.game.wording import after_history
from nl2efg.schema.record import VerificationRecord

VERIFIABLE = ("nash", "spe", "pbe", "sequential", "perfect", "proper")
"""Concepts that a profile can be verified for, the weakest first."""

ROUNDED = 1e-6
"""By how much a given belief in floating point may miss Bayes' rule."""


@dataclass(frozen=True, slots=True, repr=False)
class Verification:
    """What came of verifying a profile for a concept.

    Args:
        profile: the profile.
        concept: one of ``VERIFIABLE``.
        holds: whether it is proved, or refuted; None where neither could be done. Of a profile in
            floating point to within rounding: the reason says how little anybody can gain.
        reason: why, in a sentence.
        certificate: payoffs, best responses and regrets.
        assessment: beliefs that support the profile, or those that were given; None where the
            concept asks for none or the game has imperfect recall.
        subgame: root of the subgame with the greatest regret; None if nobody gains in any.
        deviation: the best deviation there in words; empty if nobody gains.
        unrounded: of a profile in decimals that fails, the fractions with which it holds, such as
            "1/3 for 0.333"; empty where there are none.
    """

    profile: BehaviourProfile
    concept: str
    holds: bool | None
    reason: str
    certificate: Certificate
    assessment: Assessment | None = None
    subgame: int | None = None
    deviation: str = ""
    unrounded: str = ""

    def __repr__(self) -> str:
        told = {True: "yes", False: "no", None: "undecided"}[self.holds]
        return f"<Verification ({self.concept}): {told}, {self.reason}>"

    def __bool__(self) -> bool:
        """Whether the concept is proved."""
        return self.holds is True

    def record(self) -> VerificationRecord:
        """As plain data, numbers as exact text."""
        tree = self.profile.tree
        certificate = self.certificate
        return VerificationRecord(
            concept=self.concept,
            holds=self.holds,
            reason=self.reason,
            exact=certificate.exact,
            players=player_results(tree, certificate),
            max_regret=str(certificate.max_regret),
            relative_regret=certificate.relative_regret,
            subgame=self.subgame,
            deviation=self.deviation,
            unrounded=self.unrounded,
            assessment=self.assessment.record(tree) if self.assessment else None,
        )


def verify_profile(
    tree: GameTree,
    profile: BehaviourProfile | Sequence[Sequence[Probability]],
    *,
    concept: str = "nash",
    beliefs: Mapping[int, Sequence[Probability]] | None = None,
    budget: float = 10.0,
) -> Verification:
    """Whether a profile satisfies a solution concept, with the best deviation if not.

    Args:
        tree: the game.
        profile: a row of probabilities for each information set in the order of the tree, chance
            included; Fractions for an exact answer.
        concept: ``nash``, ``spe`` (subgame-perfect), ``pbe`` (beliefs support the profile at
            every set: weak perfect Bayesian in every subgame), ``sequential`` (with consistent
            beliefs), ``perfect`` (extensive-form trembling-hand) or ``proper`` (two players; the
            last two for exact profiles).
        beliefs: for some information sets of players the probabilities of their nodes, in
            preorder; what is not given is chosen in favour of the profile. For ``pbe`` and
            ``sequential``.
        budget: seconds.

    Raises:
        UserError: an unknown concept; rows or beliefs that are no distributions or do not fit the
            game; beliefs under imperfect recall; a budget that is too small to certify anything.
    """
    if concept not in VERIFIABLE:
        raise UserError(
            f"a profile cannot be verified for {concept!r}", hint=f"one of {', '.join(VERIFIABLE)}"
        )
    if not isinstance(profile, BehaviourProfile):
        try:
            profile = BehaviourProfile(tree, tuple(map(tuple, profile)))
        except ValueError as error:
            raise UserError(str(error)) from None
    with within_budget(budget, "to verify the profile"):
        flat = flat_game_of(tree)
        certificate = certify(profile, flat)
        if concept in ("nash", "spe"):
            return _without_beliefs(profile, concept, certificate)
        if concept in ("perfect", "proper"):
            return _with_trembles(flat, profile, concept, certificate)
        return _with_beliefs(flat, profile, concept, certificate, beliefs or {})


def _without_beliefs(
    profile: BehaviourProfile, concept: str, certificate: Certificate
) -> Verification:
    holds = certificate.is_nash if concept == "nash" else certificate.is_subgame_perfect
    if holds:
        where = "" if concept == "nash" else " in any subgame"
        reason = f"nobody gains by deviating{where}"
        if certificate.rounding_words:
            reason = f"to within rounding: {certificate.rounding_words}"
        return Verification(profile, concept, True, reason, certificate)
    tree = profile.tree.told
    regrets, worst, where, inner = certificate.subgame_regrets, 0, "", certificate
    numbers = list(range(len(tree.information_sets)))
    if certificate.is_nash:
        worst = max(regrets, key=regrets.__getitem__)
        where = f"in the subgame {after_history(tree.history(worst))} "
        part, numbers = part_below(profile.tree, worst)
        rows = tuple(profile.probabilities[number] for number in numbers)
        inner = certify(BehaviourProfile(part, rows))
    entry = max(inner.players, key=lambda entry: entry.relative_regret)
    deviation = {numbers[number]: action for number, action in entry.deviation.items()}
    words = departure_words(tree, deviation)
    reason = f"{where}{tree.player_name(entry.player)} gains {entry.regret} by {words}"
    return Verification(
        profile, concept, False, reason, certificate, subgame=worst, deviation=words
    )


def _with_trembles(
    flat: FlatGame, profile: BehaviourProfile, concept: str, certificate: Certificate
) -> Verification:
    if not profile.is_exact:
        raise UserError(f"{concept} is verified for exact profiles", hint="give fractions")
    if concept == "proper" and not certificate.is_nash:
        return replace(_without_beliefs(profile, "nash", certificate), concept=concept)
    if concept == "proper":
        claim = proper_claim(profile)
        return Verification(profile, concept, claim.holds, claim.reason, certificate)
    sequential = _with_beliefs(flat, profile, "sequential", certificate, {})
    claim = perfect_claim(profile, sequential=sequential.holds)
    return Verification(
        profile, concept, claim.holds, claim.reason, certificate, sequential.assessment
    )


def _with_beliefs(
    flat: FlatGame,
    profile: BehaviourProfile,
    concept: str,
    certificate: Certificate,
    beliefs: Mapping[int, Sequence[Probability]],
) -> Verification:
    tree = profile.tree
    if not has_perfect_recall(tree):
        raise UserError(
            f"{concept} is defined for perfect recall, and a player forgets",
            hint="verify the profile for nash",
        )
    if not certificate.is_subgame_perfect:
        weaker = _without_beliefs(profile, "spe", certificate)
        return replace(weaker, concept=concept)
    exact = profile.is_exact
    slack = Fraction(0) if exact else Fraction(TOLERANCE)
    if not exact:
        profile = BehaviourProfile(tree, tuple(exact_rows(flat, profile.probabilities)))
    assessment = assess(flat, profile, slack, subgame_perfect=True)
    if beliefs:
        assessment, fault, words = _given(profile, assessment, beliefs, exact)
        if fault:
            return Verification(
                profile, concept, False, fault, certificate, assessment, deviation=words
            )
    return _judged(profile, concept, certificate, assessment)


def _judged(
    profile: BehaviourProfile, concept: str, certificate: Certificate, assessment: Assessment
) -> Verification:
    tree = profile.tree
    rounded = f", to within rounding: {words}" if (words := certificate.rounding_words) else ""
    if not assessment.supported:
        at = place_words(tree, assessment.unsupported[0])
        refuted = any(entry.belief is None and entry.decided for entry in assessment.beliefs)
        reason = (
            f"no belief supports what is played {at}"
            if refuted
            else f"the supporting beliefs {at} are too many to work out"
        )
        return Verification(
            profile, concept, False if refuted else None, reason, certificate, assessment
        )
    if concept == "pbe":
        reason = f"at every information set a belief supports what is played{rounded}"
        return Verification(profile, concept, True, reason, certificate, assessment)
    found, proved = consistent_assessment(profile, assessment)
    if found is not None:
        reason = f"consistent beliefs support what is played at every information set{rounded}"
        return Verification(profile, concept, True, reason, certificate, found)
    reason = (
        "beliefs that support the profile exist at each set, but no consistent ones"
        if proved
        else "consistent beliefs that support the profile were not found, nor excluded"
    )
    return Verification(
        profile, concept, False if proved else None, reason, certificate, assessment
    )


def _given(
    profile: BehaviourProfile,
    assessment: Assessment,
    beliefs: Mapping[int, Sequence[Probability]],
    exact: bool,
) -> tuple[Assessment, str, str]:
    """The assessment with the user's beliefs in place, what is wrong, and the better strategy."""
    tree = profile.tree
    fault = better = ""
    entries = {entry.infoset: entry for entry in assessment.beliefs}
    for number, row in beliefs.items():
        if number not in entries:
            raise UserError(f"there is no information set {number} of a player to believe at")
        belief = _distribution(row, number, len(tree.members[number]))
        words = place_words(tree, number)
        entry = entries[number]
        if entry.supporting is None and entry.decided and entry.belief is not None:
            gap = max(abs(p - q) for p, q in zip(belief, entry.belief, strict=True))
            if gap > (0 if exact else ROUNDED):
                fault = fault or f"the belief {words} is not what Bayes' rule gives"
            continue
        gain, departure = best_departure(profile, number, belief)
        if gain > 0 and not fault:
            better = departure_words(tree.told, departure)
            name = tree.told.player_name(tree.information_sets[number].player)
            fault = f"given the belief {words}, {name} gains {gain} by {better}"
        entries[number] = replace(entry, belief=belief, supporting=_point(number, belief))
    return Assessment(tuple(entries.values())), fault, better


def _distribution(row: Sequence[Probability], number: int, members: int) -> Belief:
    """A given belief, exactly; a floating-point one is made to sum to one."""
    belief = tuple(Fraction(p) for p in row)
    total = sum(belief, Fraction(0))
    rounded = any(isinstance(p, float) for p in row)
    misses = abs(total - 1) > (ROUNDED if rounded else 0)
    if len(belief) != members or misses or min(belief) < 0:
        raise UserError(
            f"the belief at information set {number} is no distribution over its {members} nodes"
        )
    return tuple(p / total for p in belief)


def _point(number: int, belief: Belief) -> SupportingBeliefs:
    """One belief as a polytope: no probability may be smaller than it says."""
    sides = [tuple(int(i == j) - p for j in range(len(belief))) for i, p in enumerate(belief)]
    return SupportingBeliefs(number, (belief,), tuple(sides))
