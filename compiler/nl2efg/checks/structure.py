"""Checks of the tree's shape that need no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from nl2efg.checks.context import CheckContext, first_sets, set_name
from nl2efg.game import CHANCE
from nl2efg.game.analysis import unpaid_ends
from nl2efg.game.wording import told_histories
from nl2efg.prose.vocabulary import english
from nl2efg.schema.diagnostics import Diagnostic, Severity


def check_structure(case: CheckContext) -> Iterator[Diagnostic]:
    """Every finding about the shape of the tree."""
    yield from _no_decision(case)
    yield from _no_outcome(case)
    yield from _idle_players(case)
    yield from _chance_as_player(case)
    yield from _labels(case)
    yield from _unary(case)


def _no_decision(case: CheckContext) -> Iterator[Diagnostic]:
    if case.movers <= {CHANCE}:
        yield case.found(
            "C101",
            Severity.ERROR,
            "no player ever moves",
            fix="append each player's moves",
        )


def _no_outcome(case: CheckContext) -> Iterator[Diagnostic]:
    """Terminals without any outcome on the path to them: with payoffs on the way they are paid."""
    tree = case.tree
    bare = unpaid_ends(tree)
    if bare:
        parent = tree.parents[bare[0]] if bare[0] else 0
        line = case.lines.move.get(parent) if case.lines else None
        ends = "an end" if len(bare) == 1 else f"{len(bare)} of {len(tree.terminals)} ends"
        yield Diagnostic(
            "C102",
            Severity.ERROR,
            f"{ends} of the game without an outcome: {told_histories(tree, bare)}",
            tree.history(bare[0]),
            line,
            fix="set an outcome at each of these histories, or append the missing move there",
        )


def _idle_players(case: CheckContext) -> Iterator[Diagnostic]:
    passive = case.prose.first_cue("passive") if case.prose else None
    for player, name in enumerate(case.tree.players):
        if player in case.movers:
            continue
        expected = passive is not None and any(True for _ in case.prose.mentions(name))  # type: ignore[union-attr]
        yield case.found(
            "C103",
            Severity.NOTE if expected else Severity.WARNING,
            f"player {name!r} never moves",
            sentence=passive if expected else None,
            fix=f"append the moves of {name!r}, or leave that player out",
        )


def _chance_as_player(case: CheckContext) -> Iterator[Diagnostic]:
    vocabulary = case.prose.vocabulary if case.prose else english()
    for player, name in enumerate(case.tree.players):
        if vocabulary.chance_names.fullmatch(name.strip()):
            nodes = case.nodes_of(player)
            yield case.found(
                "C104",
                Severity.WARNING,
                f"{name!r} is a player with payoffs of its own, not the chance player",
                node=nodes[0] if nodes else None,
                part="move",
                fix="let chance move there, with probabilities",
            )


def _labels(case: CheckContext) -> Iterator[Diagnostic]:
    tree = case.tree
    unlabelled: list[int] = []
    repeated: dict[int, str] = {}
    for number, infoset in enumerate(tree.information_sets):
        if any(not label.strip() for label in infoset.actions):
            unlabelled.append(number)
        elif twice := _repeated(infoset.actions):
            repeated[number] = twice[0]
    for number, more in first_sets(unlabelled):
        yield case.found(
            "C105",
            Severity.NOTE,
            f"an action without a label at {set_name(tree, number)}{more}",
            node=tree.members[number][0],
            part="move",
            fix="label every action",
        )
    for number, more in first_sets(list(repeated)):
        yield case.found(
            "C106",
            Severity.WARNING,
            f"the label {repeated[number]!r} twice at {set_name(tree, number)}: "
            f"its histories cannot be told apart{more}",
            node=tree.members[number][0],
            part="move",
            fix="give every action of a move its own label",
        )
    for name in _repeated(tree.players):
        yield case.found(
            "C107",
            Severity.WARNING,
            f"two players are called {name!r}",
            fix="give every player a name of its own",
        )


def _repeated(labels: Sequence[str]) -> list[str]:
    """Those that occur more than once, in alphabetical order."""
    return sorted(label for label, count in Counter(labels).items() if count > 1)


def _unary(case: CheckContext) -> Iterator[Diagnostic]:
    tree = case.tree
    unary = [
        number for number, infoset in enumerate(tree.information_sets) if len(infoset.actions) == 1
    ]
    if not unary:
        return
    nodes = sorted(node for number in unary for node in tree.members[number])
    yield case.found(
        "C108",
        Severity.NOTE,
        f"a move with one action only at {told_histories(tree, nodes)}",
        node=nodes[0],
        part="move",
        fix="leave out moves that leave no choice, unless the description tells them",
    )
