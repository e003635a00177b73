"""The names of all solution concepts, in one place."""

from __future__ import annotations

from nl2efg.errors import UserError

OF_BEHAVIOUR = ("spe", "nash", "pbe", "sequential", "perfect", "proper", "qre")
"""Concepts of behaviour strategies: their equilibria are listed, each with a certificate."""

OF_PLANS = {
    "ce": "nl2efg.solving.correlated.correlated_equilibrium",
    "cce": "nl2efg.solving.correlated.correlated_equilibrium",
    "efce": "nl2efg.solving.correlated.correlated_equilibrium",
    "stackelberg": "nl2efg.solving.commitment.best_commitment",
    "rationalisable": "nl2efg.solving.rationalisable.rationalisable",
    "security": "nl2efg.solving.commitment.security_levels",
}
"""Concepts of plans of action, whose answers are no lists of equilibria, and their functions."""


def refuse_unknown(concept: str, *, plans: bool = False) -> None:
    """Refuse a concept that is not known, or that gives no list of equilibria where one is wanted.

    Args:
        concept: its name.
        plans: whether concepts of plans of action are admitted.

    Raises:
        UserError: with the concepts that there are, or the function that answers this one.
    """
    if concept in OF_BEHAVIOUR or (plans and concept in OF_PLANS):
        return
    if concept in OF_PLANS:
        raise UserError(
            f"the concept {concept!r} is of plans of action and gives no list of equilibria",
            hint=f"nl2efg solve GAME --concept {concept}, or in Python {OF_PLANS[concept]}",
        )
    every = f"{', '.join(OF_BEHAVIOUR)}; of plans of action: {', '.join(OF_PLANS)}"
    raise UserError(f"there is no concept {concept!r}", hint=f"one of {every}")
