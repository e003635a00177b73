"""Random small games by a seed: tables, signalling games and trees."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from nl2efg.game import GameTree, TreeBuilder

Table = list[list[tuple[int, ...]]]


def random_table(draw: random.Random, most: int = 3, peak: int = 4, least: int = 1) -> Table:
    """Two players' payoffs, small integers, so that ties are frequent.

    Args:
        most: rows and columns at most.
        peak: the greatest payoff; the least is 0.
        least: rows and columns at least.
    """
    m, n = draw.randint(least, most), draw.randint(least, most)
    return [[(draw.randint(0, peak), draw.randint(0, peak)) for _ in range(n)] for _ in range(m)]


def table_game(table: Table) -> GameTree:
    """Both players choose at once."""
    builder = TreeBuilder(["Row", "Column"])
    rows = builder.information_set(0, [f"r{i}" for i in range(len(table))])
    columns = builder.information_set(1, [f"c{j}" for j in range(len(table[0]))])
    for i, node in enumerate(builder.move(0, rows)):
        for j, leaf in enumerate(builder.move(node, columns)):
            builder.pay(leaf, list(table[i][j]))
    return builder.build()


def cube_game(cube: Sequence[Sequence[Sequence[Sequence[int]]]]) -> GameTree:
    """Three players choose at once."""
    builder = TreeBuilder(["One", "Two", "Three"])
    widths = len(cube), len(cube[0]), len(cube[0][0])
    sets = [builder.information_set(p, [f"a{i}" for i in range(w)]) for p, w in enumerate(widths)]
    for i, first in enumerate(builder.move(0, sets[0])):
        for j, second in enumerate(builder.move(first, sets[1])):
            for k, leaf in enumerate(builder.move(second, sets[2])):
                builder.pay(leaf, list(cube[i][j][k]))
    return builder.build()


def random_cube(draw: random.Random, peak: int = 3) -> list[list[list[list[int]]]]:
    """Three players' payoffs, two actions each."""
    return [
        [[[draw.randint(0, peak) for _ in range(3)] for _ in range(2)] for _ in range(2)]
        for _ in range(2)
    ]


def random_signalling(draw: random.Random, answers: int = 2, peak: int = 3) -> GameTree:
    """Two types, two messages, a few answers."""
    builder = TreeBuilder(["Sender", "Receiver"])
    strong = Fraction(draw.randint(1, 9), 10)
    nature = builder.chance(["strong", "weak"], [strong, 1 - strong])
    names = [f"a{i}" for i in range(answers)]
    replies = [builder.information_set(1, names) for _ in range(2)]
    for kind in builder.move(0, nature):
        for reply, node in zip(
            replies, builder.move(kind, builder.information_set(0, ["m0", "m1"])), strict=True
        ):
            for leaf in builder.move(node, reply):
                builder.pay(leaf, [draw.randint(0, peak), draw.randint(0, peak)])
    return builder.build()


def random_tree(draw: random.Random, players: int = 2, moves: int = 5, peak: int = 4) -> GameTree:
    """Chance, hidden moves and ties; perfect recall is for the caller to ask.

    Args:
        players: at most so many.
        moves: at most so many nodes at which somebody moves.
        peak: the greatest payoff; the least is 0.
    """
    count = draw.randint(2, players)
    builder = TreeBuilder([f"P{i}" for i in range(count)])
    leaves, above = [0], {0: frozenset[int]()}
    owned: list[tuple[int, int]] = []
    for _ in range(draw.randint(2, moves)):
        node = leaves.pop(draw.randrange(len(leaves)))
        mover = draw.choice([-1, *range(count), *range(count)])
        joinable = [n for owner, n in owned if owner == mover and n not in above[node]]
        if mover >= 0 and joinable and draw.random() < 0.6:
            number = draw.choice(joinable)
        elif mover < 0:
            first = Fraction(draw.randint(1, 3), 4)
            number = builder.chance(["h", "t"], [first, 1 - first])
        else:
            width = draw.choice([2, 2, 3])
            number = builder.information_set(mover, [f"a{i}" for i in range(width)])
            owned.append((mover, number))
        children = builder.move(node, number)
        above |= dict.fromkeys(children, above[node] | {number})
        leaves += children
    for leaf in leaves:
        builder.pay(leaf, [draw.randint(0, peak) for _ in range(count)])
    return builder.build()
