"""Games that are the same as another: renamed, reordered, with moves added."""

from __future__ import annotations

import random
from collections.abc import Callable

from nl2efg.game import NO_OUTCOME, GameTree, TreeBuilder


def rebuilt(
    tree: GameTree,
    *,
    players: list[int] | None = None,
    orders: dict[int, list[int]] | None = None,
    names: Callable[[str], str] = lambda name: name,
    chance_apart: bool = False,
    add: Callable[[TreeBuilder, int], int] = lambda _, node: node,
) -> GameTree:
    """The tree again, renamed and reordered.

    Args:
        players: which old player each new one is.
        orders: for a set of the old tree, which old action each new one is.
        names: a new name for each old one.
        chance_apart: whether every chance node gets a set of its own.
        add: called with the new builder and a terminal node where the old tree goes on; returns
            the node from which to go on.
    """
    players = players or list(range(len(tree.players)))
    position = {own: number for number, own in enumerate(players)}
    builder = TreeBuilder([names(tree.players[own]) for own in players])
    sets: dict[int, int] = {}
    waiting = [(0, 0)]
    while waiting:
        old, new = waiting.pop()
        if tree.outcome_of[old] != NO_OUTCOME:
            paid = tree.outcomes[tree.outcome_of[old]].payoffs
            builder.pay(new, [paid[own] for own in players])
        if tree.is_terminal(old):
            continue
        new = add(builder, new)
        number = tree.set_of[old]
        own_set = tree.information_sets[number]
        order = (orders or {}).get(number, list(range(len(own_set.actions))))
        if number not in sets or (chance_apart and own_set.is_chance):
            labels = [names(own_set.actions[place]) for place in order]
            if own_set.probabilities is None:
                sets[number] = builder.information_set(position[own_set.player], labels)
            else:
                chances = [own_set.probabilities[place] for place in order]
                sets[number] = builder.chance(labels, chances)
        for place, child in zip(order, builder.move(new, sets[number]), strict=True):
            waiting.append((tree.children[old][place], child))
    return builder.build()


def shuffled(tree: GameTree, chance: random.Random) -> GameTree:
    """The same game with other names, in another order."""
    players = list(range(len(tree.players)))
    chance.shuffle(players)
    orders = {}
    for number, own in enumerate(tree.information_sets):
        orders[number] = list(range(len(own.actions)))
        chance.shuffle(orders[number])
    return rebuilt(
        tree,
        players=players,
        orders=orders,
        names=lambda name: f"{name}{len(name)}x",
        chance_apart=chance.random() < 0.5,
    )
