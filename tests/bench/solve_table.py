"""Every game of pygambit's catalogue, and of any folders, solved; run by hand.

``python -m tests.bench.solve_table [FOLDER ...]`` prints a row for each ``.efg`` and ``.nfg`` file:
whether the profile is certified and exact, whether it is subgame-perfect, the time, what a check by
brute force says (small games only) and the method; then totals. It fails if a profile of a game of
perfect recall is missing or not subgame-perfect, or if the check finds a profile false.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

from tests.brute_force import best_pure_gain, small, subgame_roots

from nl2efg.errors import Nl2efgError
from nl2efg.formats import load_game
from nl2efg.game import NO_SET, BehaviourProfile, GameTree, has_perfect_recall
from nl2efg.solving import Solution, solve

MAX_NODES = 300
"""Larger games are not checked by brute force."""


@dataclass(frozen=True)
class Row:
    """What became of one game; ``gain`` is what the check by brute force found, if it ran."""

    name: str
    recall: bool
    solution: Solution
    gain: Fraction | None

    @property
    def kind(self) -> str:
        """``exact``, ``float`` or ``none``."""
        found = self.solution.equilibria
        return "none" if not found else "exact" if found[0].certificate.exact else "float"

    @property
    def good(self) -> bool:
        """Whether there is a certified subgame-perfect equilibrium."""
        found = self.solution.equilibria
        return bool(found) and found[0].certificate.is_subgame_perfect

    @property
    def false(self) -> bool:
        """Whether the check contradicts the certificate."""
        return self.gain is not None and self.gain > (0 if self.kind == "exact" else 1e-8)

    def __str__(self) -> str:
        found = self.solution.equilibria
        checked = "FALSE" if self.false else "checked" if self.gain is not None else "-"
        return (
            f"{self.name:<44} {'perfect' if self.recall else 'imperfect':<9} {self.kind:<5} "
            f"{'spe' if self.good else '-':<3} {1000 * self.solution.seconds:9.1f} ms  "
            f"{checked:<7}  {found[0].method if found else '; '.join(self.solution.tried)}"
        )


def greatest_gain(profile: BehaviourProfile) -> Fraction | None:
    """The most that a pure strategy gains in any subgame, over the payoff range there."""
    tree = profile.tree
    if len(tree) > MAX_NODES or not small(tree) or tree.is_terminal(0):
        return None
    worst = Fraction(0)
    for root in subgame_roots(tree):
        inside = range(root, tree.subtree_end[root])
        leaves = [tree.path_payoffs[node] for node in inside if tree.set_of[node] == NO_SET]
        for player in range(len(tree.players)):
            column = [row[player] for row in leaves]
            span = max(column) - min(column)
            if span:
                worst = max(worst, best_pure_gain(profile, root, player) / span)
    return worst


def rows(folders: list[Path], budget: float) -> Iterator[Row | str]:
    """A row for each game, or a sentence on why there is none."""
    for root in folders:
        for path in sorted([*root.rglob("*.efg"), *root.rglob("*.nfg")]):
            name = path.relative_to(root).as_posix()
            try:
                tree: GameTree = load_game(path)
                solution = solve(tree, budget=budget)
            except Nl2efgError as error:
                yield f"{name:<44} refused: {error.message}"
                continue
            found = solution.equilibria
            gain = greatest_gain(found[0].profile) if found else None
            yield Row(name, has_perfect_recall(tree), solution, gain)


def total(name: str, table: list[Row]) -> str:
    times = [1000 * row.solution.seconds for row in table] or [0.0]
    return (
        f"{name}: {sum(row.good for row in table)} of {len(table)} certified and subgame-perfect, "
        f"{sum(row.kind == 'exact' for row in table)} exact, "
        f"{sum(row.gain is not None for row in table)} checked by brute force, "
        f"{sum(row.false for row in table)} false; "
        f"median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms"
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for each game")
    options = parser.parse_args()
    spec = find_spec("pygambit")
    assert spec is not None
    assert spec.submodule_search_locations
    catalogue = Path(spec.submodule_search_locations[0]) / "catalog_data"
    table = []
    for row in rows([catalogue, *options.folders], options.budget):
        print(row, flush=True)
        if isinstance(row, Row):
            table.append(row)
    perfect = [row for row in table if row.recall]
    print(total("perfect recall", perfect))
    print(total("imperfect recall", [row for row in table if not row.recall]))
    return int(not all(row.good for row in perfect) or any(row.false for row in table))


if __name__ == "__main__":
    sys.exit(main())
