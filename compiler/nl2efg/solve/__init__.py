"""Equilibria, each with a certificate."""

from nl2efg.callable import make_callable
from nl2efg.solve.certificate import Certificate, PlayerCertificate, certify
from nl2efg.solve.result import Claim, Completeness, Equilibrium, Solution
from nl2efg.solve.solver import CONCEPTS, solve

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

make_callable(__name__, "solve")
