"""Moves in pygambit 16.7: nodes are lists that the helper ``after`` finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nl2efg.gambit.code.loops import loop_lines, parts, remark, shortened
from nl2efg.gambit.code.patterns import Pattern, Step
from nl2efg.gambit.code.python_source import (
    WIDTH,
    literal,
    number_items,
    number_literal,
    quoted,
    rows,
    wrapped,
)
from nl2efg.game.model import GameTree, InformationSet


def family_lines(tree: GameTree, family: Sequence[Step]) -> Iterator[str]:
    """The lines that make these steps."""
    first = family[0]
    yield f"# {remark(tree, family)}"
    if first.joins is not None:
        joined = "game.root" if first.joins == 0 else f"{after(tree.history(first.joins))}[0]"
        calls = [parts(pattern) for pattern in first.patterns]
        yield from _with_nodes("game.append_infoset(", calls, f", {joined}.infoset)", named=False)
        return
    sets = [tree.information_sets[step.number] for step in family]
    if len(family) == 1:
        calls = [parts(pattern) for pattern in first.patterns]
        yield from _move(tree, sets[0], calls, label=quoted(sets[0].label))
        return
    yield from loop_lines(
        tree,
        sets,
        [step.patterns[0] for step in family],
        lambda told: _move(
            tree,
            sets[0],
            [shortened(told.path)],
            label=told.label,
            actions=told.actions,
            probabilities=told.probabilities,
        ),
    )


def after(pattern: Pattern) -> str:
    """A call of the helper ``after``."""
    return f"after({', '.join(parts(pattern))})"


def _with_nodes(
    before: str, calls: Sequence[Sequence[str]], behind: str, *, named: bool
) -> Iterator[str]:
    """A statement about nodes; they get the name ``nodes`` first if that is needed, or shorter.

    Args:
        before, behind: the statement on both sides of the nodes.
        calls: arguments of the calls of ``after`` that together give the nodes.
        named: whether later statements use the name.
    """
    if calls == [[]]:
        yield f"{before}game.root{behind}"
        return
    whole = " + ".join(f"after({', '.join(call)})" for call in calls)
    if not named and len(before + whole + behind) <= WIDTH:
        yield f"{before}{whole}{behind}"
        return
    if len(calls) == 1:
        yield from wrapped("nodes = after", calls[0], "", brackets="()")
    elif len(whole) + len("nodes = ") <= WIDTH:
        yield f"nodes = {whole}"
    else:
        starred = [f"*after({', '.join(call)})" for call in calls]
        yield from rows("nodes = ", starred, "")
    yield f"{before}nodes{behind}"


def _move(
    tree: GameTree,
    infoset: InformationSet,
    calls: Sequence[Sequence[str]],
    *,
    label: str,
    actions: str = "",
    probabilities: str = "",
) -> Iterator[str]:
    """The lines for one information set; texts are Python expressions."""
    player = "game.players.chance" if infoset.is_chance else quoted(tree.players[infoset.player])
    named = infoset.is_chance or bool(infoset.label)
    behind = f", {player}, {actions or literal(infoset.actions)})"
    if not actions and len(behind) > WIDTH // 2:
        yield from wrapped("actions = ", list(map(quoted, infoset.actions)), "")
        behind = f", {player}, actions)"
    yield from _with_nodes("game.append_move(", calls, behind, named=named)
    one = "game.root" if calls == [[]] else "nodes[0]"
    if infoset.probabilities is not None:
        given = probabilities or number_literal(infoset.probabilities)
        line = f"game.set_chance_probs({one}.infoset, {given})"
        if len(line) <= WIDTH:
            yield line
        else:
            yield from wrapped("probabilities = ", number_items(infoset.probabilities), "")
            yield f"game.set_chance_probs({one}.infoset, probabilities)"
    if infoset.label:
        yield f"{one}.infoset.label = {label}"
