"""The program for pygambit 17 that rebuilds a game."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nl2efg.formats.efg_writer import write_efg
from nl2efg.formats.safe_labels import with_safe_labels
from nl2efg.gambit.code.chains import MIN_CHAIN, chain_lines, continues
from nl2efg.gambit.code.loops import families
from nl2efg.gambit.code.outcomes import are_plain, nodes_of_outcomes, plain_payoff_lines
from nl2efg.gambit.code.patterns import Step, matching, rounds
from nl2efg.gambit.code.pygambit17.moves import event_lines, family_lines
from nl2efg.gambit.code.pygambit17.selectors import Standing
from nl2efg.gambit.code.python_source import new_game, number_literal, quoted
from nl2efg.gambit.pygambit17 import check_depth
from nl2efg.game.model import GameTree


def lines17(tree: GameTree, *, readable: bool) -> Iterator[str]:
    """The program's lines.

    Nodes have no names in pygambit 17: the note in the description has those of the game.

    Args:
        tree: the game.
        readable: whether it is small enough for a program that says how the game goes; a larger
            one becomes the .efg text that pygambit reads.

    Raises:
        UserError: the tree is too deep for pygambit 17, or a number has too many digits.
    """
    check_depth(tree)
    if not readable:
        yield from _file_lines(tree)
        return
    tree = with_safe_labels(tree, unicode=True, node_labels_noted=True)
    yield "import pygambit"
    yield "from pygambit import H"
    yield ""
    yield from new_game("game = pygambit.ExtensiveGame", tree.players, tree.title)
    if "[labels:" in tree.comment:
        yield "# The note says what labels stood here that pygambit does not take."
    if tree.comment:
        yield f"game.description = {quoted(tree.comment)}"
    standing = Standing(tree)
    yield from _move_lines(standing)
    yield from _outcome_lines(standing)


def _file_lines(tree: GameTree) -> Iterator[str]:
    yield "import io"
    yield ""
    yield "import pygambit"
    yield ""
    yield "# The game is too large to be told move by move; this is how Gambit's files write it."
    yield 'game = pygambit.read_efg(io.StringIO("""\\'
    # Safe labels hold neither quotation marks nor backslashes.
    yield from write_efg(tree, unicode=True).splitlines()
    yield '"""))'


def _move_lines(standing: Standing) -> Iterator[str]:
    tree = standing.tree
    chain: list[Step] = []
    events: list[int] = []
    for steps in (*rounds(tree), []):
        if chain and (len(steps) != 1 or not continues(tree, chain, steps[0])):
            yield from _chain_lines(standing, chain)
            chain = []
        if len(steps) == 1 and (chain or continues(tree, chain, steps[0])):
            chain.append(steps[0])
            continue
        for family in families(tree, steps):
            yield ""
            yield from family_lines(standing, family)
            events.extend(
                step.number
                for step in family
                if tree.information_sets[step.number].is_chance
                and (step.joins is not None or tree.information_sets[step.number].label)
            )
    if events:
        yield ""
        yield "# Events with a name, and those that are one though they come at different times."
        for number in dict.fromkeys(events):
            yield from event_lines(standing, number)


def _chain_lines(standing: Standing, chain: Sequence[Step]) -> Iterator[str]:
    if len(chain) < MIN_CHAIN:
        for step in chain:
            yield ""
            yield from family_lines(standing, [step])
        return
    yield from chain_lines(standing.tree, chain, "H.path")
    for step in chain:
        standing.moved.update(matching(standing.tree, step.patterns[0]))


def _outcome_lines(standing: Standing) -> Iterator[str]:
    tree = standing.tree
    if not tree.outcomes:
        return
    standing.finish()
    nodes = nodes_of_outcomes(tree)
    yield ""
    yield f"# Payoffs of {', '.join(tree.players)}."
    if are_plain(tree, nodes):
        yield from plain_payoff_lines(tree, nodes)
        yield "    paid = dict(zip(game.players, amounts))"
        yield '    game.make_outcome(H.path(*history), paid, f"_{number}")'
        return
    yield "outcomes = ["
    for place, (outcome, own) in enumerate(zip(tree.outcomes, nodes, strict=True), start=1):
        name = quoted(outcome.label or f"_{place}")
        yield f"    ({name}, {number_literal(outcome.payoffs)}, {standing.selector(own)}),"
    yield "]"
    yield "for name, amounts, nodes in outcomes:"
    yield "    game.make_outcome(nodes, dict(zip(game.players, amounts)), name)"
