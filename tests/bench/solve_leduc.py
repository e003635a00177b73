"""Leduc poker through OpenSpiel (``pip install open_spiel``), solved and compared; run by hand.

``python -m tests.bench.solve_leduc``: the tree is OpenSpiel's, and so is the exploitability that
the certified profile is held against.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from time import perf_counter
from typing import Any

from nl2efg.solve import solve
from nl2efg.tree import GameTree, TreeBuilder

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


def main() -> int:
    import pyspiel

    game = pyspiel.load_game("leduc_poker")
    tree = from_openspiel(game)
    begun = perf_counter()
    solution = solve(tree, budget=120)
    took = perf_counter() - begun
    print(f"{tree!r}: {took:.2f} s; {'; '.join(solution.tried)}")
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
