"""A stage to solve, and what a method may propose for it."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.equilibria.certificate import stage_regret, stage_values
from nl2efg.equilibria.deadline import in_grace
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.sequence_form import Row, Stage

Rows = dict[int, Row]

STAGE_TOLERANCE = 5e-10
"""Greatest relative regret of a floating-point solution of a stage; half of a certificate's."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verified solution of a stage.

    Args:
        rows: behaviour at the information sets of the stage.
        method: how it was found.
        exact: whether it is exact.
        value: what the stage is worth to each player, scaled.
    """

    rows: Rows
    method: str
    exact: bool
    value: Row


@dataclass
class StageProblem:
    """One stage to solve.

    Args:
        flat: the game.
        stage: the stage.
        leaves: exact payoffs of the leaves, scaled.
        tried: receives a line on every method that was tried.
        nearest: of the profiles that were seen, the one with the least regret, relative to the
            players' payoff ranges, and its method; None before the first.
    """

    flat: FlatGame
    stage: Stage
    leaves: list[Row]
    tried: list[str]
    nearest: tuple[float, Rows, str] | None = None

    def accept(self, rows: Rows | None, method: str) -> Proposal | None:
        """The rows as a proposal, if nobody gains against them."""
        if rows is None:
            self.tried.append(f"{method}: no answer")
            return None
        found = self.check(rows, method)
        if found is None:
            self.tried.append(f"{method}: rejected, somebody gains by deviating")
        else:
            self.tried.append(f"{method}: certified{'' if found.exact else ' in floating point'}")
        return found

    def check(self, rows: Rows, method: str) -> Proposal | None:
        """As ``accept``, in silence."""
        exact = not any(isinstance(p, float) for row in rows.values() for p in row)
        with in_grace():
            value, best = stage_values(self.flat, self.stage, rows, self.leaves)
        regret = stage_regret(self.flat, self.stage.root, value, best)
        self.note(regret, rows, method)
        if regret > (0 if exact else STAGE_TOLERANCE):
            return None
        return Proposal(rows, method, exact, value)

    def note(self, regret: float, rows: Rows, method: str) -> None:
        """Remember a profile that was seen, if none nearer to an equilibrium is known.

        Args:
            regret: the greatest of anybody, relative to the payoff range.
        """
        if self.nearest is None or regret < self.nearest[0]:
            self.nearest = regret, rows, method
