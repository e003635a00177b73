"""Equilibria, each with a certificate."""

from nl2efg.solving.assessment import Assessment, InfosetBeliefs
from nl2efg.solving.beliefs import SupportingBeliefs
from nl2efg.solving.certificate import Certificate, PlayerCertificate, certify
from nl2efg.solving.dispatch import solve
from nl2efg.solving.result import Claim, Completeness, Equilibrium, Solution
from nl2efg.solving.solver import CONCEPTS, try_to_solve
from nl2efg.solving.verification import VERIFIABLE, Verification, verify_profile

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
