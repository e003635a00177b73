"""Leduc poker through OpenSpiel (``pip install open_spiel``), solved and compared; run by hand.

``python -m tests.bench.solve_leduc``: the tree is OpenSpiel's, and so is the exploitability that
the certified profile is held against. If LiteEFG (``pip install LiteEFG``) is there, the time of
its CFR+ to an exploitability of 1e-3 is printed too; the aim is a tenth of it.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from importlib import import_module
from time import perf_counter
from typing import Any

from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import solve

VALUE = -0.085606424078
"""Leduc poker's value to the first player, as OpenSpiel's tests have it."""


def from_openspiel(game: Any) -> GameTree:
    """OpenSpiel's game as a tree; its information states become labels."""
    builder = TreeBuilder([f"Player {i}" for i in range(game.num_players())], str(game))
    sets: dict[tuple[int, str], int] = {}
    stack = [(0, game.new_initial_state())]
    while stack:
        node, state = stack.pop()
        if state.is_terminal():
            builder.pay(node, [Fraction(u).limit_denominator(10**6) for u in state.returns()])
            continue
        player = state.current_player()
        actions = state.legal_actions()
        labels = [state.action_to_string(action) for action in actions]
        if state.is_chance_node():
            chances = [Fraction(p).limit_denominator(10**4) for _, p in state.chance_outcomes()]
            number = builder.chance(labels, chances)
        else:
            key = player, state.information_state_string(player)
            if key not in sets:
                sets[key] = builder.information_set(player, labels, key[1])
            number = sets[key]
        for action, child in zip(actions, builder.move(node, number), strict=True):
            stack.append((child, state.child(action)))
    return builder.build()


def openspiel_policy(profile: Any) -> dict[str, list[tuple[int, float]]]:
    """Action probabilities by information state, in the order of the legal actions."""
    tree = profile.tree
    return {
        own.label: [float(p) for p in profile.probabilities[n]]
        for n, own in enumerate(tree.information_sets)
        if not own.is_chance
    }


def cfr_plus(game: Any, exploitability: float) -> float | None:
    """Seconds of LiteEFG's CFR+ (linear averages) to an exploitability; None without LiteEFG.

    What its measurements of the exploitability take is left out.
    """
    try:
        lite = import_module("LiteEFG")
        graph = import_module("LiteEFG.baselines.CFRplus").graph()
    except ImportError as error:
        print(f"LiteEFG is not there ({error})")
        return None
    env = lite.OpenSpielEnv(game, traverse_type="Enumerate", regenerate=False)
    env.set_graph(graph)
    took = 0.0
    for rounds in range(1, 100_001):
        begun = perf_counter()
        graph.update_graph(env)
        env.update_strategy(graph.current_strategy(), update_best=False)
        took += perf_counter() - begun
        if rounds % 50 == 0:
            gap = sum(env.exploitability(graph.current_strategy(), "linear-avg-iterate"))
            if gap <= exploitability:
                print(f"CFR+ of LiteEFG: {rounds} rounds to {gap:.1e}, {took:.2f} s")
                return took
    return None


def main() -> int:
    import pyspiel

    game = pyspiel.load_game("leduc_poker")
    tree = from_openspiel(game)
    times = []
    for _ in range(3):
        begun = perf_counter()
        solution = solve(tree, budget=120)
        times.append(perf_counter() - begun)
    print(f"{tree!r}: {min(times):.2f} s; {'; '.join(solution.tried)}")
    theirs = cfr_plus(game, 1e-3)
    if theirs is not None:
        print(f"ratio {theirs / min(times):.1f}, aim 10")
    found = solution.equilibria[0]
    certificate = found.certificate
    print(f"exact {certificate.exact}, max regret {float(certificate.max_regret):.1e}")
    print(f"value {float(found.values[0]):.12f}, known {VALUE}")
    rows = openspiel_policy(found.profile)
    table = {}
    stack = [game.new_initial_state()]
    while stack:
        state = stack.pop()
        if state.is_terminal():
            continue
        if not state.is_chance_node():
            key = state.information_state_string()
            table[key] = list(zip(state.legal_actions(), rows[key], strict=True))
        stack.extend(state.child(action) for action in state.legal_actions())
    exploitability = pyspiel.exploitability(game, pyspiel.TabularPolicy(table))
    print(f"exploitability by OpenSpiel {exploitability:.1e}")
    good = abs(float(found.values[0]) - VALUE) < 1e-9 and abs(exploitability) < 1e-9
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
