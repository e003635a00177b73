"""pygambit code for a large tree: its tables, and one loop over them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from nl2efg.gambit.code.python_source import WIDTH, literal, number_literal, quoted
from nl2efg.game.model import NO_OUTCOME, NO_SET, GameTree

_LOOP = """\
first = {}  # the first node of each information set
waiting = [game.root]
for place, entry in enumerate(nodes.split()):
    number, _, outcome = entry.partition("/")
    node = waiting.pop()
    if place in node_labels:
        node.label = node_labels[place]
    if outcome:
        game.set_outcome(node, outcomes[int(outcome)])
    if number in first:
        game.append_infoset(node, first[number].infoset)
    elif number != "-":
        player, actions, label, probabilities = information_sets[int(number)]
        game.append_move(node, player or game.players.chance, actions)
        if probabilities:
            game.set_chance_probs(node.infoset, probabilities)
        node.infoset.label = label
        first[number] = node
    waiting.extend(reversed(list(node.children)))
"""


def table_lines(tree: GameTree) -> Iterator[str]:
    """The lines that build a tree with safe labels, after ``game`` has been made."""
    yield "# The player (None: chance), actions, name and probabilities of each information set."
    yield "information_sets = ["
    for infoset in tree.information_sets:
        player = "None" if infoset.is_chance else quoted(tree.players[infoset.player])
        probabilities = number_literal(infoset.probabilities or ())
        actions = literal(infoset.actions)
        yield f"    ({player}, {actions}, {quoted(infoset.label)}, {probabilities}),"
    yield "]"
    yield ""
    yield "# pygambit wants a name for each outcome; _1, _2 and so on stand for no name."
    yield "outcomes = ["
    yield "    game.add_outcome(name, payoffs)"
    yield "    for name, payoffs in ["
    for number, outcome in enumerate(tree.outcomes, start=1):
        name = quoted(outcome.label or f"_{number}")
        yield f"        ({name}, {number_literal(outcome.payoffs)}),"
    yield "    ]"
    yield "]"
    yield ""
    labels = ", ".join(
        f"{node}: {quoted(name)}" for node, name in enumerate(tree.node_labels) if name
    )
    yield f"node_labels = {{{labels}}}"
    yield ""
    yield "# Every node before those that follow it: information set (- at the end of the game),"
    yield "# and after a stroke the outcome, if there is one."
    yield 'nodes = """'
    yield from textwrap.wrap(" ".join(_entries(tree)), WIDTH, break_on_hyphens=False)
    yield '"""'
    yield ""
    yield from _LOOP.splitlines()


def _entries(tree: GameTree) -> Iterator[str]:
    for number, outcome in zip(tree.set_of, tree.outcome_of, strict=True):
        own = "-" if number == NO_SET else str(number)
        yield own if outcome == NO_OUTCOME else f"{own}/{outcome}"
