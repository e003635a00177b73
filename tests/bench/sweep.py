"""How quick a sweep is: points a second, as ratios to building anew and to pygambit's solver.

``python -m tests.bench.sweep`` sweeps a family of 15 nodes over 10,000 points on all cores, then a
sample of them in one process: each built anew by its program in the sandbox and solved, and each
solved by pygambit's own method for subgame-perfect play (logit, as it has none of its own).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import pygambit

from nl2efg.families import GameFamily
from nl2efg.gambit import to_gambit
from nl2efg.sandbox import build, family_of
from nl2efg.sandbox.families import run_again
from nl2efg.solving import solve
from nl2efg.sweeps import sweep
from nl2efg.sweeps.point import solve_point

SIDE = 100
SAMPLE = 60

PROGRAM = """
import pygambit as gbt
r = parameter("r", "3/2", low=0, high=3)
B = parameter("B", 1, low=0, high=3)
g = gbt.Game.new_tree(players=["Ann", "Bob", "Cem"], title="Public good with a bonus")

def grow(node, turn, given):
    if turn == 3:
        bonus = B if sum(given) == 3 else 0
        g.set_outcome(node, g.add_outcome([sum(given) * r / 3 - own + bonus for own in given]))
        return
    g.append_move(node, ["Ann", "Bob", "Cem"][turn], ["Give", "Keep"])
    for child, own in zip(node.children, (1, 0)):
        grow(child, turn + 1, (*given, own))

grow(g.root, 0, ())
"""


def seconds_each(step: Callable[[dict[str, Fraction]], object], points: list[Fraction]) -> float:
    """Seconds that a step takes at a point, in the mean."""
    begun = time.perf_counter()
    for value in points:
        step({"r": value, "B": value})
    return (time.perf_counter() - begun) / len(points)


def main() -> None:
    """Measure, and print a line each."""
    tree = build(PROGRAM).tree
    assert tree is not None
    family = family_of(tree)
    assert isinstance(family, GameFamily)
    begun = time.perf_counter()
    found = sweep(family, [f"r=1/100:3:{SIDE}", f"B=1/100:3:{SIDE}"])
    taken = time.perf_counter() - begun
    certified = sum(point.certified for point in found.points)
    print(
        f"{len(found.points):,} points of {len(tree)} nodes, {certified:,} certified: {taken:.1f} s"
    )
    points = [Fraction(n, 37) for n in range(1, SAMPLE + 1)]
    own = seconds_each(lambda values: solve_point(family, values, "spe", 10.0), points)
    anew = seconds_each(lambda values: solve(run_again(PROGRAM, values).tree), points)
    theirs = seconds_each(
        lambda values: pygambit.nash.logit_solve(to_gambit(family.values_at(values))), points
    )
    print(f"a point: {1000 * own:.2f} ms")
    print(f"built anew in the sandbox and solved: {anew / own:.1f} times as long")
    print(
        f"pygambit logit_solve, numerical and without certificate: {theirs / own:.1f} times as long"
    )


if __name__ == "__main__":
    main()
