"""Equilibria as pandas tables."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.equilibria.result import Equilibrium, Solution

COLUMNS = (
    "player",
    "information_set",
    "label",
    "history",
    "action",
    "probability",
    "exact",
)


def equilibrium_frame(equilibrium: Equilibrium) -> Any:
    """A DataFrame: a row for each action of each player's information set.

    ``probability`` is a float, ``exact`` the exact text; ``history`` leads to the set's first
    node.

    Raises:
        UserError: pandas is not installed.
    """
    return _pandas().DataFrame(_rows(equilibrium), columns=list(COLUMNS))


def solution_frame(solution: Solution) -> Any:
    """All equilibria in one DataFrame, with a first column ``equilibrium`` counted from 1.

    Raises:
        UserError: pandas is not installed.
    """
    rows = [
        {"equilibrium": number, **row}
        for number, equilibrium in enumerate(solution.equilibria, 1)
        for row in _rows(equilibrium)
    ]
    return _pandas().DataFrame(rows, columns=["equilibrium", *COLUMNS])


def _pandas() -> Any:
    try:
        return import_module("pandas")
    except ImportError:
        raise UserError(
            "pandas is not installed", hint="pip install 'nl2efg[frames]', or use record()"
        ) from None


def _rows(equilibrium: Equilibrium) -> list[dict[str, Any]]:
    tree = equilibrium.profile.tree
    found = []
    for number, infoset in enumerate(tree.information_sets):
        if infoset.is_chance:
            continue
        history = ", ".join(tree.history(tree.members[number][0]))
        row = equilibrium.profile.probabilities[number]
        for action, probability in zip(infoset.actions, row, strict=True):
            found.append(
                {
                    "player": tree.players[infoset.player],
                    "information_set": number,
                    "label": infoset.label,
                    "history": history,
                    "action": action,
                    "probability": float(probability),
                    "exact": str(probability),
                }
            )
    return found
