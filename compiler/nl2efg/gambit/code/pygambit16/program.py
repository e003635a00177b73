"""The program for pygambit 16.7 that rebuilds a game."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nl2efg.formats.safe_labels import with_safe_labels
from nl2efg.gambit.code.chains import MIN_CHAIN, chain_lines, continues
from nl2efg.gambit.code.loops import as_tuple, families
from nl2efg.gambit.code.outcomes import are_plain, nodes_of_outcomes, plain_payoff_lines
from nl2efg.gambit.code.patterns import Step, exact_patterns, rounds
from nl2efg.gambit.code.pygambit16.moves import family_lines
from nl2efg.gambit.code.pygambit16.tables import table_lines
from nl2efg.gambit.code.python_source import new_game, number_literal, quoted, rows
from nl2efg.game.model import GameTree

_HELPER = '''\
def after(*actions):
    """The nodes after these actions; ... stands for any action, a tuple for some."""
    nodes = [game.root]
    for wanted in actions:
        chosen = (wanted,) if isinstance(wanted, str) else wanted
        nodes = [
            child
            for node in nodes
            for child in node.children
            if chosen is ... or child.prior_action.label in chosen
        ]
    return nodes
'''


def lines16(tree: GameTree, *, readable: bool) -> Iterator[str]:
    """The program's lines.

    Args:
        tree: the game.
        readable: whether it is small enough for a program that says how the game goes; a larger
            one becomes tables.

    Raises:
        UserError: a number has more digits than any reader takes.
    """
    tree = with_safe_labels(tree)
    yield "import pygambit"
    yield ""
    yield from new_game("game = pygambit.Game.new_tree", tree.players, tree.title)
    if "[labels:" in tree.comment:
        yield "# The note says what labels stood here before they were made plain for pygambit."
    if tree.comment:
        yield f"game.description = {quoted(tree.comment)}"
    yield ""
    if not readable:
        yield from table_lines(tree)
        return
    yield ""
    yield from _HELPER.splitlines()
    yield ""
    yield from _move_lines(tree)
    yield from _outcome_lines(tree)
    yield from _node_label_lines(tree)


def _move_lines(tree: GameTree) -> Iterator[str]:
    chain: list[Step] = []
    for steps in (*rounds(tree), []):
        if chain and (len(steps) != 1 or not continues(tree, chain, steps[0])):
            yield from _chain_lines(tree, chain)
            chain = []
        if len(steps) == 1 and (chain or continues(tree, chain, steps[0])):
            chain.append(steps[0])
            continue
        for family in families(tree, steps):
            yield ""
            yield from family_lines(tree, family)


def _chain_lines(tree: GameTree, chain: Sequence[Step]) -> Iterator[str]:
    if len(chain) >= MIN_CHAIN:
        yield from chain_lines(tree, chain, "after")
        return
    for step in chain:
        yield ""
        yield from family_lines(tree, [step])


def _outcome_lines(tree: GameTree) -> Iterator[str]:
    if not tree.outcomes:
        return
    nodes = nodes_of_outcomes(tree)
    yield ""
    yield f"# Payoffs of {', '.join(tree.players)}."
    single = all(len(own) == 1 for own in nodes)
    if are_plain(tree, nodes):
        yield from plain_payoff_lines(tree, nodes)
        yield '    game.set_outcome(after(*history)[0], game.add_outcome(f"_{number}", amounts))'
        return
    names = [quoted(own.label or f"_{place}") for place, own in enumerate(tree.outcomes, start=1)]
    payoffs = [number_literal(outcome.payoffs) for outcome in tree.outcomes]
    if single:
        yield "outcomes = {"
        for own, name, amounts in zip(nodes, names, payoffs, strict=True):
            yield f"    {as_tuple(tree.history(own[0]))}: ({name}, {amounts}),"
        yield "}"
        yield "for history, (name, amounts) in outcomes.items():"
        yield "    game.set_outcome(after(*history)[0], game.add_outcome(name, amounts))"
        return
    yield "outcomes = ["
    for own, name, amounts in zip(nodes, names, payoffs, strict=True):
        patterns = [as_tuple(pattern) for pattern in exact_patterns(tree, own)]
        yield from rows(f"    ({name}, {amounts}, ", patterns, "),")
    yield "]"
    yield "for name, amounts, histories in outcomes:"
    yield "    outcome = game.add_outcome(name, amounts)"
    yield "    for history in histories:"
    yield "        for node in after(*history):"
    yield "            game.set_outcome(node, outcome)"


def _node_label_lines(tree: GameTree) -> Iterator[str]:
    named = [(node, label) for node, label in enumerate(tree.node_labels) if label]
    if not named:
        return
    yield ""
    yield "node_labels = {"
    for node, label in named:
        yield f"    {as_tuple(tree.history(node))}: {quoted(label)},"
    yield "}"
    yield "for history, label in node_labels.items():"
    yield "    after(*history)[0].label = label"
