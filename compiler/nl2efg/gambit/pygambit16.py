"""pygambit 16.7: nodes, information sets and outcomes are objects.

pygambit reads and writes files by recursion and dies of a stack overflow somewhere between a depth
of 5,000 and 20,000, so games go node by node.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from nl2efg.formats.efg_writer import exact_text
from nl2efg.formats.nfg import read_nfg
from nl2efg.formats.safe_labels import restore_labels, with_safe_labels
from nl2efg.gambit.port import Rows
from nl2efg.game.builder import TreeBuilder
from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree


class Pygambit16:
    """The adapter for pygambit 16.7."""

    def new_game(self, tree: GameTree) -> Any:
        """The tree as a ``pygambit.Game``, built node by node."""
        return _node_by_node(with_safe_labels(tree))

    def read_game(self, game: Any) -> GameTree:
        """The tree of a ``pygambit.Game``; a strategic game moves simultaneously."""
        if not game.is_tree:
            return read_nfg(game.to_nfg(), "the game")
        return restore_labels(_read_nodes(game))

    def new_profile(self, game: Any, tree: GameTree, rows: Rows, *, rational: bool) -> Any:
        """A ``MixedBehaviorProfile`` with these probabilities."""
        profile = game.mixed_behavior_profile(rational=rational)
        for row, own in zip(rows, _information_sets(game, tree), strict=True):
            if own is not None:
                for action, probability in zip(own.actions, row, strict=True):
                    profile[action] = probability
        return profile

    def profile_rows(self, profile: Any, game: Any, tree: GameTree) -> Rows:
        """The probabilities of a ``MixedBehaviorProfile``."""
        return [
            [] if own is None else [_number(profile[action]) for action in own.actions]
            for own in _information_sets(game, tree)
        ]

    def logit_branch(
        self, game: Any, tree: GameTree, max_regret: float
    ) -> list[tuple[float, Rows]]:
        """Points on the principal branch, which pygambit gives as flat lists."""
        from pygambit.qre import logit_solve_branch

        start: dict[tuple[int, int], int] = {}
        count = 0
        for player in game.players:
            for own in player.infosets:
                start[player.number, own.number] = count
                count += len(own.actions)
        places: list[range] = []
        for own in _information_sets(game, tree):
            first = 0 if own is None else start[own.player.number, own.number]
            places.append(range(first, first + (0 if own is None else len(own.actions))))
        points = list(logit_solve_branch(game, maxregret=max_regret))
        return [
            (float(point.lam), [[float(point[at]) for at in place] for place in places])
            for point in points
        ]


def _node_by_node(tree: GameTree) -> Any:
    import pygambit

    game = pygambit.Game.new_tree(players=list(tree.players), title=tree.title)
    game.description = tree.comment
    # Safe labels never look like "_1", the name that pygambit gives to an unnamed outcome.
    outcomes = [
        game.add_outcome(outcome.label or f"_{number}", list(map(exact_text, outcome.payoffs)))
        for number, outcome in enumerate(tree.outcomes, start=1)
    ]
    players = [*game.players, game.players.chance]  # chance is player -1
    sets: dict[int, Any] = {}
    handles: list[Any] = [None] * len(tree)
    handles[0] = game.root
    for node, number in enumerate(tree.set_of):
        handle = handles[node]
        if tree.node_labels[node]:
            handle.label = tree.node_labels[node]
        if tree.outcome_of[node] != NO_OUTCOME:
            game.set_outcome(handle, outcomes[tree.outcome_of[node]])
        if number == NO_SET:
            continue
        if number in sets:
            game.append_infoset(handle, sets[number])
        else:
            information_set = tree.information_sets[number]
            game.append_move(handle, players[information_set.player], list(information_set.actions))
            sets[number] = handle.infoset
            sets[number].label = information_set.label
            if information_set.probabilities is not None:
                probabilities = list(map(exact_text, information_set.probabilities))
                game.set_chance_probs(sets[number], probabilities)
        for child, child_handle in zip(tree.children[node], handle.children, strict=True):
            handles[child] = child_handle
    return game


def _read_nodes(game: Any) -> GameTree:
    builder = TreeBuilder((player.label for player in game.players), game.title, game.description)
    outcomes = [
        builder.outcome([Fraction(outcome[player]) for player in game.players], outcome.label)
        for outcome in game.outcomes
    ]
    sets: dict[tuple[int, int], int] = {}
    for player, owner in enumerate(game.players):
        for information_set in owner.infosets:
            sets[player, information_set.number] = builder.information_set(
                player, [action.label for action in information_set.actions], information_set.label
            )
    for information_set in game.players.chance.infosets:
        actions = list(information_set.actions)
        sets[-1, information_set.number] = builder.chance(
            [action.label for action in actions],
            [Fraction(action.prob) for action in actions],
            information_set.label,
        )
    stack = [(game.root, 0)]
    while stack:
        node, handle = stack.pop()
        if node.label:
            builder.set_label(handle, node.label)
        if node.outcome:
            builder.set_outcome(handle, outcomes[node.outcome.number])
        if node.is_terminal:
            continue
        player = -1 if node.infoset.is_chance else node.player.number
        children = builder.move(handle, sets[player, node.infoset.number])
        stack.extend(zip(node.children, children, strict=True))
    return builder.build()


def _information_sets(game: Any, tree: GameTree) -> list[Any]:
    """pygambit's information set for each one of the tree; None for those of chance."""
    found: list[Any] = [None] * len(tree.information_sets)
    for node, number in zip(_preorder(game), tree.set_of, strict=True):
        if number >= 0 and tree.information_sets[number].player != CHANCE:
            found[number] = node.infoset
    return found


def _preorder(game: Any) -> Iterator[Any]:
    stack = [game.root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(node.children)))


def _number(probability: Any) -> Fraction | float:
    if isinstance(probability, float):
        return probability
    return Fraction(probability.numerator, probability.denominator)
