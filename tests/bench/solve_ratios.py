"""Times of solving as ratios against pygambit, run beside; run by hand.

``python -m tests.bench.solve_ratios [--quick]`` prints time against size, then ratios with their
aims. Times are the least of several runs, ours and theirs alike; what takes minutes runs once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from fractions import Fraction
from time import perf_counter
from typing import Any

from tests.trees import kuhn

from nl2efg.equilibria.flat_game import flat_game_of
from nl2efg.gambit import to_gambit
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import certify, solve
from nl2efg.solving.subgame_perfect import subgame_perfect


def seconds(job: Callable[[], Any], repeat: int) -> float:
    """The least time of a job."""
    times = []
    for _ in range(repeat):
        begun = perf_counter()
        job()
        times.append(perf_counter() - begun)
    return min(times)


def perfect_information(depth: int, players: int = 2) -> GameTree:
    """A complete binary tree with generic payoffs."""
    builder = TreeBuilder([f"P{i}" for i in range(players)])
    level = [0]
    for move in range(depth):
        level = [
            child
            for node in level
            for child in builder.move(node, builder.information_set(move % players, ["l", "r"]))
        ]
    for number, leaf in enumerate(level):
        builder.pay(leaf, [(number * (7919 + 13 * i) + i) % 10007 for i in range(players)])
    return builder.build()


def centipede(stages: int) -> GameTree:
    builder = TreeBuilder(["Ann", "Ben"])
    node = 0
    for stage in range(stages):
        take, node = builder.move(node, builder.information_set(stage % 2, ["Take", "Pass"]))
        builder.pay(take, [stage + 2 * (stage % 2 == 0), stage + 2 * (stage % 2)])
    builder.pay(node, [stages, stages])
    return builder.build()


def raked(tree: GameTree) -> GameTree:
    """Kuhn poker in which the house keeps a tenth of what is won."""
    from dataclasses import replace

    outcomes = tuple(
        replace(o, payoffs=tuple(u * Fraction(9, 10) if u > 0 else u for u in o.payoffs))
        for o in tree.outcomes
    )
    return replace(tree, outcomes=outcomes)


def ratio(name: str, aim: float, ours: float, theirs: float) -> None:
    got = theirs / ours
    print(
        f"{name:<58} ours {1000 * ours:9.2f} ms  other {1000 * theirs:11.2f} ms  "
        f"ratio {got:9.1f}  aim {aim:g}  {'met' if got >= aim else 'missed'}",
        flush=True,
    )


def solved_and_certified(tree: GameTree) -> bool:
    """What a solver of Nash equilibria does, and the certificate; no beliefs and no remarks."""
    flat = flat_game_of(tree)
    return certify(subgame_perfect(flat, []).profile(flat), flat).is_nash


def ratios(quick: bool) -> None:
    import pygambit

    nash = pygambit.nash
    solve(kuhn(3))
    tree = perfect_information(6)
    game = to_gambit(tree)
    rivals: dict[str, Callable[[], Any]] = {
        "lcp": lambda: nash.lcp_solve(game, rational=True),
        "logit": lambda: nash.logit_solve(game),
    }
    best = min(seconds(job, 1) for job in rivals.values())
    ours = seconds(lambda: solve(tree), 9)
    ratio("64 leaves, perfect information: lcp or logit", 500, ours, best)

    big = perfect_information(14)
    big_game = to_gambit(big)
    theirs = seconds(lambda: len(big_game.subgames), 1)
    ours = seconds(lambda: solve(big), 9)
    ratio("2^14 leaves with certificate: len(game.subgames)", 5, ours, theirs)

    legs = centipede(100)
    legs_game = to_gambit(legs)
    if not quick:
        theirs = seconds(lambda: nash.ipa_solve(legs_game), 1)
        ratio("centipede of 100 stages: ipa_solve", 100, seconds(lambda: solve(legs), 9), theirs)

    five = kuhn(5)
    five_found = solve(five).equilibria[0]
    profile = five_found.to_gambit()
    theirs = seconds(profile.max_regret, 1)
    ratio("certificate, Kuhn with 5 cards: max_regret()", 500,
          seconds(lambda: certify(five_found.profile), 9), theirs)  # fmt: skip

    thirteen = kuhn(13)
    game = to_gambit(thirteen)
    theirs = seconds(lambda: nash.lp_solve(game, rational=False), 9)
    bare = seconds(lambda: solved_and_certified(thirteen), 9)
    ratio("Kuhn with 13 cards, exact: lp_solve in floating point", 4, bare, theirs)
    ours = seconds(lambda: solve(thirteen), 9)
    ratio("the same with all beliefs and remarks", 2, ours, theirs)
    if not quick:
        theirs = seconds(lambda: nash.lp_solve(game, rational=True), 1)
        ratio("Kuhn with 13 cards, exact: lp_solve(rational=True)", 30, ours, theirs)
        rake = raked(thirteen)
        rake_game = to_gambit(rake)
        ours = seconds(lambda: solve(rake), 3)
        theirs = seconds(lambda: nash.lcp_solve(rake_game, rational=True), 1)
        ratio("raked Kuhn, 13 cards, exact: lcp_solve(rational=True)", 60, ours, theirs)
        forty = kuhn(40)
        forty_game = to_gambit(forty)
        theirs = seconds(lambda: nash.lp_solve(forty_game, rational=False), 1)
        ratio("Kuhn with 40 cards, exact: lp_solve in floating point", 30,
              seconds(lambda: solve(forty), 3), theirs)  # fmt: skip


def growth() -> None:
    for name, make, sizes in (
        ("perfect information, leaves 2^n", perfect_information, (6, 8, 10, 12, 14, 16)),
        ("centipede, stages", centipede, (100, 1_000, 10_000, 100_000)),
        ("Kuhn, cards", kuhn, (3, 5, 9, 13, 20, 40)),
    ):
        for size in sizes:
            tree = make(size)
            took = seconds(lambda tree=tree: solve(tree, budget=60), 1)
            print(f"{name:<34} {size:>7}  {len(tree):>7} nodes  {1000 * took:10.1f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="leave out the slowest rivals")
    options = parser.parse_args()
    growth()
    ratios(options.quick)


if __name__ == "__main__":
    sys.exit(main())
