"""solve(): a game in, certified equilibria out."""

from __future__ import annotations

from time import perf_counter

from nl2efg.errors import UserError
from nl2efg.solve.arrays import Arrays, arrays_of
from nl2efg.solve.certificate import certify
from nl2efg.solve.perfect import subgame_perfect
from nl2efg.solve.result import Claim, Completeness, Equilibrium, Solution
from nl2efg.tree import NO_OUTCOME, GameTree

CONCEPTS = ("spe", "nash", "sequential", "qre")


def solve(
    tree: GameTree, *, concept: str = "spe", all: bool = False, budget: float = 10.0
) -> Solution:
    """Equilibria of a game, each with a certificate.

    Args:
        tree: the game.
        concept: ``spe``, ``nash``, ``sequential`` or ``qre``.
        all: look for more than one.
        budget: seconds; a call takes at most about one second longer.

    Raises:
        UserError: an unknown concept, a budget that is no time, or a game that cannot be solved.
    """
    begun = perf_counter()
    if concept not in CONCEPTS:
        raise UserError(f"there is no concept {concept!r}", hint=f"one of {', '.join(CONCEPTS)}")
    if not budget > 0:
        raise UserError(f"a budget of {budget} seconds is no time", hint="give a positive one")
    deadline = begun + budget
    arrays = arrays_of(tree)
    found = subgame_perfect(arrays, deadline)
    remarks = _missing_outcomes(arrays)
    equilibria: tuple[Equilibrium, ...] = ()
    if found.failed is None:
        profile = found.profile(arrays)
        certificate = certify(profile, arrays)
        if certificate.is_subgame_perfect:
            seconds = perf_counter() - begun
            equilibria = (Equilibrium(profile, certificate, concept, found.method, seconds),)
    claim = Claim.SOME if equilibria else Claim.NONE
    return Solution(
        equilibria,
        Completeness(claim, len(equilibria)),
        tuple(remarks),
        tuple(found.tried),
        perf_counter() - begun,
    )


def _missing_outcomes(arrays: Arrays) -> list[str]:
    tree = arrays.tree
    bare = [node for node in tree.terminals if tree.outcome_of[node] == NO_OUTCOME]
    if not bare:
        return []
    paid = [number != NO_OUTCOME for number in tree.outcome_of]
    for node in range(1, len(tree)):
        paid[node] = paid[node] or paid[tree.parents[node]]
    bare = [node for node in bare if not paid[node]]
    if not bare:
        return []
    shown = "; ".join(", ".join(tree.history(node)) or "the root" for node in bare[:3])
    more = f" and {len(bare) - 3} more" if len(bare) > 3 else ""
    return [f"no outcome, so everybody is taken to get 0: {shown}{more}"]
