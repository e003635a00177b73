"""Canonical form at 10³, 10⁴ and 10⁵ nodes: ``python -m tests.bench.canonical``.

For each kind of tree and each size: seconds of processor time, the exponent of the growth since
the last size (1 is linear), and networkx's generic isomorphism (VF2) of the same coloured graph
with a reordered copy, where that ends within 25 seconds, for a ratio.
"""

from __future__ import annotations

import random
import subprocess
import sys
from fractions import Fraction
from math import log
from time import process_time

from tests.trees import kuhn

from nl2efg.comparison import OutOfBudgetError, canonical_form, compare
from nl2efg.game import CHANCE, GameTree, TreeBuilder

SIZES = (1_000, 10_000, 100_000)
PATIENCE = 25


def random_tree(size: int, seed: int) -> GameTree:
    """Random moves of two players and chance, information sets of up to five nodes.

    Args:
        size: about how many nodes.
        seed: of everything but the order of actions, which is drawn anew.
    """
    chance, order = random.Random(seed), random.Random()
    builder = TreeBuilder(["Ann", "Bob"])
    leaves, nodes = [0], 1
    open_sets: dict[int, tuple[int, int, list[int]]] = {}
    while nodes < size:
        node = leaves.pop(chance.randrange(len(leaves)))
        mover = chance.randrange(-1, 2)
        places = list(range(2))
        order.shuffle(places)
        if mover < 0:
            odds = [Fraction(1, 3), Fraction(2, 3)]
            own = builder.chance(["x", "y"], [odds[place] for place in places])
        elif mover in open_sets and open_sets[mover][1] < 5:
            own, count, places = open_sets[mover]
            open_sets[mover] = (own, count + 1, places)
        else:
            own = builder.information_set(mover, ["x", "y"])
            open_sets[mover] = (own, 1, places)
        children = builder.move(node, own)
        leaves.extend(children[places.index(place)] for place in range(2))
        nodes += 2
    for leaf in leaves:
        builder.pay(leaf, [chance.randrange(4), chance.randrange(4)])
    return builder.build()


def symmetric_tree(size: int, _: int) -> GameTree:
    """A complete binary tree of perfect information that pays nothing anywhere."""
    builder = TreeBuilder(["Ann", "Bob"])
    level, nodes, mover = [0], 1, 0
    while nodes + 2 * len(level) <= 1.5 * size:
        level = [
            child
            for node in level
            for child in builder.move(node, builder.information_set(mover, ["x", "y"]))
        ]
        nodes += len(level)
        mover = 1 - mover
    for leaf in level:
        builder.pay(leaf, [0, 0])
    return builder.build()


def poker(size: int, _: int) -> GameTree:
    """Kuhn poker with as many cards as it takes."""
    cards = 3
    while 1 + cards + 9 * cards * (cards - 1) < size:
        cards += 1
    return kuhn(cards)


def centipede(size: int, _: int) -> GameTree:
    """A tree as deep as half its nodes."""
    builder = TreeBuilder(["Ann", "Bob"])
    node = 0
    for number in range(size // 2):
        end, node = builder.move(node, builder.information_set(number % 2, ["take", "pass"]))
        builder.pay(end, [number, -number])
    builder.pay(node, [0, 0])
    return builder.build()


KINDS = {
    "random": random_tree,
    "symmetric": symmetric_tree,
    "poker": poker,
    "centipede": centipede,
}


def as_networkx(tree: GameTree) -> object:
    """The tree as a coloured graph whose isomorphisms keep order-free structure and payoffs."""
    import networkx as nx

    graph = nx.Graph()
    for node in range(len(tree)):
        mover = tree.player_of(node)
        graph.add_node(node, colour=("node", mover, tree.depth[node], tree.path_payoffs[node]))
        if node:
            graph.add_edge(node, tree.parents[node])
        if mover is not None and mover != CHANCE:
            own = tree.set_of[node]
            graph.add_node(("set", own), colour="set")
            graph.add_edge(node, ("set", own))
            for place, child in enumerate(tree.children[node]):
                graph.add_node(("action", own, place), colour="action")
                graph.add_edge(("action", own, place), ("set", own))
                graph.add_edge(("action", own, place), child)
    return graph


def networkx_seconds(kind: str, size: int) -> float | None:
    """Seconds of VF2 in a process of its own; None if it does not end in time."""
    command = [sys.executable, "-m", "tests.bench.canonical", "networkx", kind, str(size)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return None
    return float(done.stdout) if done.returncode == 0 else None


def run_networkx(kind: str, size: int) -> None:
    """Print the seconds that VF2 takes."""
    import networkx as nx

    sys.setrecursionlimit(10**6)
    first, second = (as_networkx(KINDS[kind](size, 1)) for _ in range(2))
    start = process_time()
    same = nx.is_isomorphic(first, second, node_match=lambda a, b: a["colour"] == b["colour"])
    if not same:
        raise SystemExit("networkx finds no isomorphism")
    print(process_time() - start)


def main() -> None:
    """Print the table."""
    print(f"{'kind':<10} {'structure':<11} {'nodes':>7} {'s':>8} {'growth':>7}  networkx")
    for kind, make in KINDS.items():
        for structure in ("isomorphic", "strategic"):
            before: tuple[int, float] | None = None
            for size in SIZES:
                tree = make(size, 1)
                start = process_time()
                try:
                    form = canonical_form(tree, structure)
                except OutOfBudgetError:
                    print(f"{kind:<10} {structure:<11} {len(tree):>7}  undecided")
                    continue
                seconds = process_time() - start
                assert form == canonical_form(make(size, 1), structure)
                growth = ""
                if before:
                    growth = f"{log(seconds / before[1]) / log(len(tree) / before[0]):.2f}"
                before = (len(tree), seconds)
                beside = "-"
                if structure == "isomorphic":
                    theirs = networkx_seconds(kind, size)
                    beside = "does not end" if theirs is None else f"{theirs / seconds:.1f} times"
                row = f"{kind:<10} {structure:<11} {len(tree):>7} {seconds:>8.3f} {growth:>7}"
                print(f"{row}  {beside}", flush=True)
    tree = random_tree(SIZES[-1], 1)
    start = process_time()
    verdict = compare(tree, random_tree(SIZES[-1], 1)).verdict
    print(f"compare, random, {len(tree)} nodes: {verdict} in {process_time() - start:.1f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["networkx"]:
        run_networkx(sys.argv[2], int(sys.argv[3]))
    else:
        main()
