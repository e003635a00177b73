"""How far solving goes: general-sum games by sets, constant-sum games by nodes; run by hand.

``python -m tests.bench.solve_scale [--budget 10] [--seeds 2] [--only NAME] [--beside]
[--processor]`` prints a row for each game: sets, nodes, what was found, by which method, seconds,
and those of the processor; then the largest games that were certified. With ``--beside`` also
whether the best of pygambit's solvers for the kind finds a profile that is certified within the
same budget, and the ratio of the times. Other load makes seconds longer, ours and theirs alike;
with ``--processor`` the budget is of processor time, which it does not.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from time import perf_counter, process_time

from nl2efg.equilibria.certificate import leaf_row
from nl2efg.equilibria.deadline import OutOfTimeError, time_limit
from nl2efg.equilibria.flat_game import as_one_stage, flat_game_of
from nl2efg.equilibria.sequence_form import stage_at
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import Solution, solve
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.pygambit.proposals import stage_profiles
from nl2efg.solving.stage_problem import StageProblem


def bayesian(types: int, players: int, seed: int, last: bool = False) -> GameTree:
    """Everybody learns a type of his own and moves once, seeing the moves before; random payoffs.

    Args:
        last: whether the first player moves once more at the end.
    """
    draw = random.Random(seed)
    builder = TreeBuilder([f"P{i}" for i in range(players)])
    deals = list(product(range(types), repeat=players))
    chance = builder.chance(
        ["".join(map(str, d)) for d in deals], [Fraction(1, len(deals))] * len(deals)
    )
    sets: dict[tuple[int, int, tuple[int, ...]], int] = {}
    order = [*range(players), *([0] if last else [])]

    def grow(node: int, deal: tuple[int, ...], moves: tuple[int, ...]) -> None:
        if len(moves) == len(order):
            builder.pay(node, [draw.randint(0, 99) for _ in range(players)])
            return
        mover = order[len(moves)]
        key = (mover, deal[mover], moves)
        if key not in sets:
            sets[key] = builder.information_set(mover, ["a", "b"])
        for action, child in enumerate(builder.move(node, sets[key])):
            grow(child, deal, (*moves, action))

    for node, deal in zip(builder.move(0, chance), deals, strict=True):
        grow(node, deal, ())
    return builder.build()


def liars_dice(faces: int) -> GameTree:
    """One die each; a bid names how many dice show a face; the last face counts as any."""
    builder = TreeBuilder(["One", "Two"])
    deals = list(product(range(1, faces + 1), repeat=2))
    chance = builder.chance([f"{a}{b}" for a, b in deals], [Fraction(1, len(deals))] * len(deals))
    bids = [(count, face) for count in (1, 2) for face in range(1, faces + 1)]
    sets: dict[tuple[int, int, tuple[int, ...]], int] = {}

    def grow(node: int, deal: tuple[int, ...], made: tuple[int, ...]) -> None:
        mover = len(made) % 2
        key = (mover, deal[mover], made)
        following = range(made[-1] + 1 if made else 0, len(bids))
        labels = [f"{bids[b][0]}x{bids[b][1]}" for b in following] + (["liar"] if made else [])
        if key not in sets:
            sets[key] = builder.information_set(mover, labels)
        children = builder.move(node, sets[key])
        for bid, child in zip(following, children, strict=False):
            grow(child, deal, (*made, bid))
        if made:
            count, face = bids[made[-1]]
            true = sum(die in (face, faces) for die in deal) >= count
            winner = 1 - mover if true else mover
            builder.pay(children[-1], [1, -1] if winner == 0 else [-1, 1])

    for node, deal in zip(builder.move(0, chance), deals, strict=True):
        grow(node, deal, ())
    return builder.build()


def kuhn_of_three(cards: int = 4) -> GameTree:
    """Kuhn poker for three players (Abou Risk and Szafron 2010, AAMAS, p. 159)."""
    builder = TreeBuilder(["P1", "P2", "P3"])
    deals = list(permutations(range(cards), 3))
    chance = builder.chance([str(d) for d in deals], [Fraction(1, len(deals))] * len(deals))
    sets: dict[tuple[int, int, str], int] = {}

    def grow(node: int, deal: tuple[int, ...], moves: str) -> None:
        bet = moves.find("b")
        if (bet < 0 and len(moves) == 3) or (bet >= 0 and len(moves) == bet + 3):
            builder.pay(node, _pot(deal, moves, bet))
            return
        mover = len(moves) % 3
        key = (mover, deal[mover], moves)
        if key not in sets:
            labels = ["check", "bet"] if bet < 0 else ["fold", "call"]
            sets[key] = builder.information_set(mover, labels)
        letters = "cb" if bet < 0 else "fk"
        for letter, child in zip(letters, builder.move(node, sets[key]), strict=True):
            grow(child, deal, moves + letter)

    for node, deal in zip(builder.move(0, chance), deals, strict=True):
        grow(node, deal, "")
    return builder.build()


def _pot(deal: tuple[int, ...], moves: str, bet: int) -> list[int]:
    put, stays = [1, 1, 1], [bet < 0] * 3
    if bet >= 0:
        put[bet], stays[bet] = 2, True
        for after, letter in enumerate(moves[bet + 1 :], 1):
            player = (bet + after) % 3
            if letter == "k":
                put[player], stays[player] = 2, True
    winner = max((deal[p], p) for p in range(3) if stays[p])[1]
    return [sum(put) - put[p] if p == winner else -put[p] for p in range(3)]


def leduc(ranks: int) -> GameTree:
    """Leduc poker (Southey et al. 2005, UAI, p. 550) with two cards of each rank.

    Two rounds with two raises at most, of 2 and of 4; a card is shown between them, a pair with it
    wins, else the higher rank.
    """
    builder = TreeBuilder(["One", "Two"])
    cards = 2 * ranks
    deals = [(a, b) for a in range(ranks) for b in range(ranks)]
    odds = [Fraction(2 * (2 - (a == b)), cards * (cards - 1)) for a, b in deals]
    chance = builder.chance([f"{a} {b}" for a, b in deals], odds)
    sets: dict[tuple[int, int, int, str], int] = {}

    def grow(node: int, deal: tuple[int, int], shown: int, moves: str, put: list[int]) -> None:
        here = moves.split("/")[-1]
        mover = len(here) % 2
        behind, raises = put[0] != put[1], here.count("r")
        letters = ("f" if behind else "") + "c" + ("r" if raises < 2 else "")
        key = (mover, deal[mover], shown, moves)
        if key not in sets:
            sets[key] = builder.information_set(mover, list(letters))
        for letter, child in zip(letters, builder.move(node, sets[key]), strict=True):
            paid = list(put)
            if letter == "f":
                won = put[mover]
                builder.pay(child, [-won, won] if mover == 0 else [won, -won])
                continue
            paid[mover] = put[1 - mover] + (0 if letter == "c" else 2 if shown < 0 else 4)
            if letter == "r" or not here:
                grow(child, deal, shown, moves + letter, paid)
            elif shown >= 0:
                builder.pay(child, _showdown(deal, shown, paid[0]))
            else:
                left = {r: 2 - deal.count(r) for r in range(ranks) if deal.count(r) < 2}
                rates = [Fraction(count, cards - 2) for count in left.values()]
                turn = builder.chance([str(r) for r in left], rates)
                for rank, after in zip(left, builder.move(child, turn), strict=True):
                    grow(after, deal, rank, moves + letter + "/", paid)

    for node, deal in zip(builder.move(0, chance), deals, strict=True):
        grow(node, deal, -1, "", [1, 1])
    return builder.build()


def _showdown(deal: tuple[int, int], shown: int, stake: int) -> list[int]:
    first, second = ((card == shown, card) for card in deal)
    return [0, 0] if first == second else [stake, -stake] if first > second else [-stake, stake]


def games(seeds: int) -> Iterator[tuple[str, GameTree, str]]:
    """Name, game and the pygambit solver that suits it best."""
    for types in (2, 5, 17, 22, 43, 85):
        for seed in range(seeds):
            yield f"two players #{seed}", bayesian(types, 2, seed, last=True), "lcp"
    for types in (3, 9, 14, 20):
        for seed in range(seeds):
            yield f"three players #{seed}", bayesian(types, 3, seed), "gnm"
    for types in (2, 4, 6, 8):
        for seed in range(seeds):
            yield f"four players #{seed}", bayesian(types, 4, seed), "gnm"
    yield "three-player Kuhn", kuhn_of_three(), "gnm"
    for ranks in (3, 10):
        yield f"Leduc, {ranks} ranks", leduc(ranks), "lcp"
    for faces in (3, 4, 5, 6):
        yield f"liar's dice, {faces} faces", liars_dice(faces), "lcp"


def beside(tree: GameTree, method: str, budget: float) -> float | None:
    """Seconds until pygambit's solver has a profile that is certified; None without one."""
    whole = as_one_stage(flat_game_of(tree))
    stage = stage_at(whole, 0)
    leaves = [leaf_row(whole, leaf, {}) for leaf in stage.leaves]
    problem = StageProblem(whole, stage, leaves, [])
    begun = perf_counter()
    try:
        with time_limit(begun + budget, 5.0):
            for rows in stage_profiles(whole, stage, leaves, method, 1.0):
                if problem.check(rows, method) is not None:
                    return perf_counter() - begun
    except (ProcessFailedError, OutOfTimeError):
        pass
    return None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for each game")
    parser.add_argument("--seeds", type=int, default=2, help="games of each size")
    parser.add_argument("--only", default="", help="games whose name begins so")
    parser.add_argument("--most", type=int, default=400_000, help="nodes at most")
    parser.add_argument("--processor", action="store_true", help="budgets of processor time")
    parser.add_argument("--beside", action="store_true", help="pygambit too")
    options = parser.parse_args()
    if options.processor:
        count_processor_time()
    largest: dict[str, int] = {}
    for name, tree, method in games(options.seeds):
        if not name.startswith(options.only) or len(tree) > options.most:
            continue
        begun, worked = perf_counter(), process_time()
        found = solve(tree, budget=options.budget, all=False)
        seconds, worked = perf_counter() - begun, process_time() - worked
        if found.equilibria:
            kind = name.split(" #")[0].split(",")[0]
            largest[kind] = max(largest.get(kind, 0), len(tree.information_sets))
        line = (
            f"{name:<22} {len(tree.information_sets):5} sets {len(tree):7} nodes "
            f"{outcome(found)} {seconds:7.2f} s {worked:6.2f} s"
        )
        if options.beside:
            other = beside(tree, method, options.budget)
            ratio = f"{other / seconds:.1f} times ours" if other else "none"
            line += f" | pygambit {method}: {ratio}"
        print(line, flush=True)
    for kind, sets in largest.items():
        print(f"{kind}: largest certified in {options.budget:g} s has {sets} sets", flush=True)


def count_processor_time() -> None:
    """Let budgets be seconds of this process, as they pass on a machine that nobody else uses."""
    for name, module in list(sys.modules.items()):
        if name.startswith("nl2efg.") and hasattr(module, "perf_counter"):
            vars(module)["perf_counter"] = process_time


def outcome(found: Solution) -> str:
    """What was found, and by which method."""
    if found.equilibria:
        first = found.equilibria[0]
        kind, method = "exact" if first.certificate.exact else "float", first.method
    else:
        near = found.approximate
        kind = f"epsilon {near.certificate.relative_regret:.1e}" if near else "none"
        method = near.method if near else ""
    return f"{kind:<16} {method:<36}"


if __name__ == "__main__":
    main()
