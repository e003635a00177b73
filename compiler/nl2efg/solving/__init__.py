"""Equilibria, each with a certificate."""

from nl2efg.solving.certificate import Certificate, PlayerCertificate, certify
from nl2efg.solving.result import Claim, Completeness, Equilibrium, Solution
from nl2efg.solving.solver import CONCEPTS, solve

__all__ = [
    "CONCEPTS",
    "Certificate",
    "Claim",
    "Completeness",
    "Equilibrium",
    "PlayerCertificate",
    "Solution",
    "certify",
    "solve",
]
