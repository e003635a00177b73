"""Equilibria, each with a certificate."""

from nl2efg.equilibria.assessment import Assessment, InfosetBeliefs
from nl2efg.equilibria.beliefs import SupportingBeliefs
from nl2efg.equilibria.certificate import Certificate, PlayerCertificate, certify
from nl2efg.equilibria.result import Claim, Completeness, Equilibrium, Solution
from nl2efg.equilibria.verification import VERIFIABLE, Verification, verify_profile
from nl2efg.solving.dispatch import solve
from nl2efg.solving.solver import CONCEPTS, try_to_solve

__all__ = [
    "CONCEPTS",
    "VERIFIABLE",
    "Assessment",
    "Certificate",
    "Claim",
    "Completeness",
    "Equilibrium",
    "InfosetBeliefs",
    "PlayerCertificate",
    "Solution",
    "SupportingBeliefs",
    "Verification",
    "certify",
    "solve",
    "try_to_solve",
    "verify_profile",
]
