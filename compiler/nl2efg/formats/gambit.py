"""To and from ``pygambit.Game``.

pygambit gets safe labels, and the game's description the note that says what they stand for (see
:mod:`nl2efg.formats.safe_labels`); so labels come back from a game that was changed or saved
there too.

pygambit reads and writes files by recursion and dies of a stack overflow somewhere between a depth
of 5,000 and 20,000, so games go node by node in version 16. Version 17 addresses nodes by their
history, which takes quadratic time; there they go through .efg text, up to ``MAX_TEXT_DEPTH``.
"""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

from nl2efg.errors import UserError
from nl2efg.formats.efg_reader import read_efg
from nl2efg.formats.efg_writer import exact_text, write_efg
from nl2efg.formats.nfg import read_nfg
from nl2efg.formats.safe_labels import restore_labels, with_safe_labels
from nl2efg.game.builder import TreeBuilder
from nl2efg.game.model import NO_OUTCOME, NO_SET, GameTree
from nl2efg.game.wording import told_history

MAX_TEXT_DEPTH = 2000
"""Deeper trees are not handed to pygambit 17; its recursion would overflow the stack."""


def to_gambit(tree: GameTree) -> Any:
    """The game as a ``pygambit.Game`` (in pygambit 17: ``ExtensiveGame``).

    ``from_gambit(to_gambit(tree)) == tree``. pygambit compares each new label with all others, so
    time grows with the square of the number of outcomes and of labelled nodes.

    Raises:
        UserError: pygambit cannot hold the game: probabilities that are negative or do not sum to
            one, a number with too many digits, or (pygambit 17) a tree that is too deep.
    """
    import pygambit

    check_probabilities(tree)
    if hasattr(pygambit.Game, "new_tree"):
        return _node_by_node(with_safe_labels(tree))
    if max(tree.depth) > MAX_TEXT_DEPTH:
        raise UserError(
            f"the game is more than {MAX_TEXT_DEPTH} moves deep, too deep for this pygambit",
            hint="use pygambit 16.7",
        )
    return pygambit.read_efg(io.BytesIO(write_efg(tree).encode("ascii")))


def from_gambit(game: Any) -> GameTree:
    """The tree of a ``pygambit.Game``, with display labels where ``to_gambit`` noted them.

    A game in strategic form becomes a tree in which each player moves once, in order, knowing
    nothing of the others' moves.

    Args:
        game: a game of pygambit, version 16 or 17.
    """
    if not getattr(game, "is_tree", hasattr(game, "append_move")):
        return read_nfg(game.to_nfg(), "the game")
    if not hasattr(game, "root"):
        return read_efg(game.to_efg(), "the game")
    return restore_labels(_read_nodes(game))


def check_probabilities(tree: GameTree) -> None:
    """Refuse a game whose probabilities pygambit cannot hold.

    Raises:
        UserError: some are negative or do not sum to one.
    """
    for number, information_set in enumerate(tree.information_sets):
        given = information_set.probabilities
        if given is not None and (sum(given) != 1 or min(given) < 0):
            where = told_history(tree.history(tree.members[number][0]))
            raise UserError(
                f"pygambit cannot hold this game: the probabilities at {where} are "
                f"{', '.join(map(str, given))}, which is no distribution"
            )


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
