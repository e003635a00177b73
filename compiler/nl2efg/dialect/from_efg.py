"""A game under construction that starts from the text of an ``.efg`` file."""

from __future__ import annotations

from typing import Any

from nl2efg.dialect.elements import Infoset, Outcome
from nl2efg.dialect.game import Game
from nl2efg.dialect.node import Node
from nl2efg.dialect.session import current_line, refuse, session
from nl2efg.errors import FormatError
from nl2efg.game import CHANCE, NO_OUTCOME, NO_SET, GameTree


def read_efg(source: Any) -> Game:
    """A game from ``.efg`` text, or from something with ``read``.

    Raises:
        DialectError: a file name (there are no files), or text that is no game.
    """
    text = source.read() if hasattr(source, "read") else source
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if not isinstance(text, str) or not text.lstrip().startswith("EFG"):
        raise refuse(
            "B209",
            f"there is no file to read a game from ({text!r:.60})",
            fix="build the game with append_move and set_outcome",
        )
    from nl2efg.formats import read_efg as read

    notices: list[str] = []
    try:
        game = from_tree(read(text, "the program's .efg text", notices))
    except FormatError as error:
        raise refuse("B108", error.message, fix=error.hint) from None
    for notice in notices:
        session().warn("B310", notice, line=current_line())
    return game


def from_tree(tree: GameTree) -> Game:
    """The tree as a game under construction."""
    game = Game(tree.players, tree.title)
    game.comment = tree.comment
    session().spend(len(tree) - 1)
    line = current_line()
    infosets = []
    for row in tree.information_sets:
        player = game._chance if row.player == CHANCE else game._players[row.player]
        infoset = Infoset(game, player, list(row.actions), row.label)
        for action, probability in zip(infoset._actions, row.probabilities or (), strict=False):
            action._prob = probability
        infosets.append(infoset)
    for payoffs in tree.outcomes:
        outcome = Outcome(game, payoffs.label)
        outcome._payoffs = dict(zip(game._players, payoffs.payoffs, strict=True))
        game._outcomes.append(outcome)
    nodes: list[Node] = []
    for number, parent in enumerate(tree.parents):
        node = game._root if number == 0 else Node(game, nodes[parent])
        if number:
            nodes[parent]._children.append(node)
        nodes.append(node)
        node._label = tree.node_labels[number]
        if tree.set_of[number] != NO_SET:
            node._infoset = infosets[tree.set_of[number]]
            node._infoset._members[node] = None
            node._lines.move = node._lines.infoset = line
        if tree.outcome_of[number] != NO_OUTCOME:
            node._outcome = game._outcomes[tree.outcome_of[number]]
            node._lines.outcome = line
    game._changed()
    return game
