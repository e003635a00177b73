"""Which refinements an equilibrium passes, and the canonical order of a list of equilibria."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction

from nl2efg.equilibria.assessment import Assessment, assess
from nl2efg.equilibria.certificate import TOLERANCE, Certificate, exact_rows
from nl2efg.equilibria.consistency import consistent_assessment
from nl2efg.equilibria.deadline import OutOfTimeError, share_of_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.joint_beliefs import joint_beliefs
from nl2efg.equilibria.properness import proper_claim
from nl2efg.equilibria.result import Equilibrium
from nl2efg.equilibria.signalling import signalling_claims
from nl2efg.equilibria.trembles import perfect_claim
from nl2efg.equilibria.wording import place_words
from nl2efg.game import BehaviourProfile
from nl2efg.schema.record import ConceptClaim

MAX_NODES = 3000
"""Of larger games no beliefs are worked out."""


CONSISTENCY_SHARE = 0.3
"""How much of the time that is left the search for consistent beliefs of one profile may take."""


def judged(flat: FlatGame, equilibrium: Equilibrium, concept: str = "") -> Equilibrium:
    """An equilibrium with its beliefs and with claims on nash, spe, pbe and sequential.

    Of a signalling game also on the intuitive criterion and D1.

    Args:
        flat: a game of perfect recall.
        concept: ``perfect`` or ``proper`` for a claim on that too.

    Raises:
        OutOfTimeError: the budget ended.
    """
    profile, certificate = equilibrium.profile, equilibrium.certificate
    tree = profile.tree
    claims = _of_gains(certificate)
    if concept == "proper" and certificate.exact:
        claims.append(proper_claim(profile))
    if not certificate.is_subgame_perfect or len(tree) > MAX_NODES:
        return replace(equilibrium, claims=tuple(claims))
    slack = Fraction(0)
    if not certificate.exact:
        slack = Fraction(TOLERANCE)
        profile = BehaviourProfile(tree, tuple(exact_rows(flat, profile.probabilities)))
    assessment = assess(flat, profile, slack, subgame_perfect=True)
    found, proved = None, False
    with suppress(OutOfTimeError), share_of_time(CONSISTENCY_SHARE):
        found, proved = consistent_assessment(profile, assessment)
        if found is not None and certificate.exact:
            found = replace(found, joint=joint_beliefs(profile, assessment))
    supported = pbe_claim(tree_words(assessment, profile), assessment)
    if supported.holds and certificate.rounding_words:
        reason = f"{supported.reason}, to within rounding"
        supported = supported.model_copy(update={"reason": reason})
    claims += [
        supported,
        _sequential(found, proved, certificate.exact),
    ]
    if concept == "perfect" and certificate.exact:
        claims.append(perfect_claim(profile, sequential=claims[-1].holds))
    claims += signalling_claims(profile, found or assessment)
    return replace(equilibrium, claims=tuple(claims), assessment=found or assessment)


def _of_gains(certificate: Certificate) -> list[ConceptClaim]:
    """The claims that need no beliefs; of a floating-point profile to within rounding."""
    rounded = certificate.rounding_words and f"to within rounding: {certificate.rounding_words}"
    perfect = certificate.is_subgame_perfect
    inner = "nobody gains in any subgame"
    if not perfect:
        inner = "somebody gains in a subgame that is not reached"
    elif rounded:
        inner = rounded
    return [
        ConceptClaim(concept="nash", holds=certificate.is_nash, reason=rounded or "nobody gains"),
        ConceptClaim(concept="spe", holds=perfect, reason=inner),
    ]


def tree_words(assessment: Assessment, profile: BehaviourProfile) -> str:
    """Where no belief supports what is played, in words; empty if there is no such set."""
    sets = assessment.unsupported
    return place_words(profile.tree, sets[0]) if sets else ""


def pbe_claim(where: str, assessment: Assessment) -> ConceptClaim:
    """The claim that beliefs support an equilibrium at every set.

    Args:
        where: the set at which none does, in words.
    """
    if assessment.supported:
        reason = "at every information set a belief supports what is played"
        return ConceptClaim(concept="pbe", holds=True, reason=reason)
    if any(entry.belief is None and entry.decided for entry in assessment.beliefs):
        reason = f"no belief supports what is played {where}"
        return ConceptClaim(concept="pbe", holds=False, reason=reason)
    reason = f"the supporting beliefs {where} are too many to work out"
    return ConceptClaim(concept="pbe", holds=None, reason=reason)


def _sequential(found: Assessment | None, proved: bool, exact: bool) -> ConceptClaim:
    if found is not None and not exact:  # rounded rows prove nothing of the profile they stand for
        reason = "to within rounding consistent beliefs support it, which is no proof"
        return ConceptClaim(concept="sequential", holds=None, reason=reason)
    if found is not None:
        reason = "consistent beliefs support what is played at every information set"
        return ConceptClaim(concept="sequential", holds=True, reason=reason)
    reason = (
        "no consistent beliefs support it"
        if proved
        else "consistent beliefs that support it were neither found nor excluded"
    )
    return ConceptClaim(concept="sequential", holds=False if proved else None, reason=reason)


_STRENGTH = ("sequential", "pbe", "spe", "nash")


def canonical_order(equilibria: Iterable[Equilibrium]) -> list[Equilibrium]:
    """The equilibria by what they pass, then pure before mixed, then by their probabilities.

    Those for which no belief supports the play come last.
    """
    found = list(equilibria)
    return sorted(found, key=_rank) if len(found) > 1 else found


def _rank(equilibrium: Equilibrium) -> tuple[int, bool, tuple[tuple[float, ...], ...]]:
    rows = equilibrium.profile.probabilities
    held = {claim.concept for claim in equilibrium.claims if claim.holds}
    strength = next((i for i, name in enumerate(_STRENGTH) if name in held), len(_STRENGTH))
    mixed = any(
        0 < p < 1
        for row, own in zip(rows, equilibrium.profile.tree.information_sets, strict=True)
        if not own.is_chance
        for p in row
    )
    return strength, mixed, tuple(tuple(-float(p) for p in row) for row in rows)
