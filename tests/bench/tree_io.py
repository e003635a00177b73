"""Reading, writing and handing over games of growing size, beside pygambit's own reader.

Run by hand: ``python tests/bench/tree_io.py [LEVELS]``; times are of this process, in seconds.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from typing import Any

import pygambit

from nl2efg.formats import read_efg, to_networkx, write_efg
from nl2efg.gambit import from_gambit, to_code, to_gambit
from nl2efg.game import GameTree, TreeBuilder, facts


def binary_tree(levels: int) -> GameTree:
    """Two players who see nothing move in turn; each leaf has an outcome of its own."""
    builder = TreeBuilder(["Ann", "Ben"], f"{levels} levels")
    leaves = [0]
    for level in range(levels):
        moves = builder.information_set(level % 2, ["left", "right"])
        leaves = [child for leaf in leaves for child in builder.move(leaf, moves)]
    for number, leaf in enumerate(leaves):
        builder.pay(leaf, [number % 7, number % 5])
    return builder.build()


def timed(work: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """Seconds of processor time, and the result."""
    started = time.process_time()
    result = work(*arguments)
    return time.process_time() - started, result


def main(levels: int) -> None:
    """Print a row for each size."""
    columns = ("write", "read", "gambit", "ratio", "facts", "graph", "code", "to", "from")
    print("   nodes" + "".join(f"{name:>9}" for name in columns))
    for level in range(8, levels + 1, 2):
        tree = binary_tree(level)
        writing, text = timed(write_efg, tree)
        reading, again = timed(read_efg, text)
        assert again == tree
        theirs, _ = timed(pygambit.read_efg, io.BytesIO(text.encode()))
        others = [timed(work, tree)[0] for work in (facts, to_networkx, to_code)]
        there, game = timed(to_gambit, tree)
        back, home = timed(from_gambit, game)
        assert home == tree
        row = (writing, reading, theirs, theirs / reading, *others, there, back)
        print(f"{len(tree):8}" + "".join(f"{value:9.3f}" for value in row), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 14)
