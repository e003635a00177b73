"""Information sets that differ in a label only, as the loop that a person would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from nl2efg.gambit.code.patterns import Pattern, Position, Step, matching
from nl2efg.gambit.code.python_source import (
    SHORT_RUN,
    literal,
    number_literal,
    quoted,
    rows,
    wrapped,
)
from nl2efg.game.model import CHANCE, GameTree, InformationSet

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Expressions:
    """Python expressions for what differs between the information sets of a loop.

    Args:
        path: the positions of the nodes' pattern, runs not yet shortened.
        label: the information set's label.
        actions, probabilities: variables that hold them; empty where all sets have the same.
    """

    path: Sequence[str]
    label: str
    actions: str = ""
    probabilities: str = ""


def families(tree: GameTree, steps: Iterable[Step]) -> list[list[Step]]:
    """Group the steps of one round into those that one loop can make."""
    grouped: dict[object, list[Step]] = {}
    for step in steps:
        infoset = tree.information_sets[step.number]
        key: object = step.number
        if step.joins is None and len(step.patterns) == 1:
            shape = tuple(position is ... for position in step.patterns[0])
            alike = len(infoset.actions) if infoset.is_chance else infoset.actions
            key = (infoset.player, shape, alike, bool(infoset.label))
        grouped.setdefault(key, []).append(step)
    return list(grouped.values())


def as_tuple(pattern: Pattern) -> str:
    """A pattern as a tuple, for a table."""
    written = parts(pattern)
    return f"({written[0]},)" if len(written) == 1 else f"({', '.join(written)})"


def parts(pattern: Pattern) -> list[str]:
    """The positions as Python; a run of one label is written as a repetition."""
    return shortened([_position(own) for own in pattern])


def shortened(written: Sequence[str]) -> list[str]:
    """Items of a list in Python, in which long runs of one item become repetitions."""
    found: list[str] = []
    start = 0
    while start < len(written):
        stop = start
        while stop < len(written) and written[stop] == written[start]:
            stop += 1
        run = stop - start
        found.extend([f"*[{written[start]}] * {run}"] if run > SHORT_RUN else written[start:stop])
        start = stop
    return found


def _position(position: Position) -> str:
    if position is ...:
        return "..."
    if isinstance(position, str):
        return quoted(position)
    return f"({', '.join(map(quoted, position))})"


def loop_lines(
    tree: GameTree,
    sets: Sequence[InformationSet],
    patterns: Sequence[Pattern],
    body: Callable[[Expressions], Iterable[str]],
) -> Iterator[str]:
    """A loop over information sets whose patterns differ in labels.

    Args:
        tree: the game, with safe labels.
        sets: information sets, alike but for what ``body`` is told.
        patterns: for each set the pattern of its nodes.
        body: the lines for one information set, not indented.
    """
    varying = [
        place
        for place, labels in enumerate(zip(*patterns, strict=True))
        if any(label != labels[0] for label in labels)
    ]
    names = _names(tree, patterns[0], varying)
    columns = {
        name: [_position(pattern[place]) for pattern in patterns] for place, name in names.items()
    }
    loops = dict(columns)
    label = _label(sets, patterns, names)
    if not label:
        label = "label"
        loops["label"] = [quoted(own.label) for own in sets]
    actions = [literal(own.actions) for own in sets]
    probabilities = [number_literal(own.probabilities or ()) for own in sets]
    if len(set(actions)) > 1:
        loops["actions"] = actions
    if len(set(probabilities)) > 1:
        loops["probabilities"] = probabilities
    indent = ""
    values = [list(dict.fromkeys(column)) for column in columns.values()]
    table = list(zip(*loops.values(), strict=True))
    if loops.keys() == columns.keys() and table == list(product(*values)):
        for name, column in zip(columns, values, strict=True):
            yield from wrapped(f"{indent}for {name} in ", column, ":")
            indent += INDENT
    else:
        entries = [row[0] if len(row) == 1 else f"({', '.join(row)})" for row in table]
        yield from rows(f"for {', '.join(loops)} in ", entries, ":")
        indent += INDENT
    expressions = Expressions(
        path=[names.get(place) or _position(own) for place, own in enumerate(patterns[0])],
        label=label,
        actions="actions" if "actions" in loops else "",
        probabilities="probabilities" if "probabilities" in loops else "",
    )
    for line in body(expressions):
        yield indent + line


def _names(tree: GameTree, pattern: Pattern, places: Sequence[int]) -> dict[int, str]:
    """Variables for the positions that vary: a draw of chance or a move of a player."""
    kinds = {
        place: "draw" if CHANCE in _movers(tree, place, pattern) else "move" for place in places
    }
    many = {kind for kind in kinds.values() if list(kinds.values()).count(kind) > 1}
    return {place: f"{kind}_{place + 1}" if kind in many else kind for place, kind in kinds.items()}


def _movers(tree: GameTree, place: int, pattern: Pattern) -> list[int]:
    """Who may move after the first ``place`` actions of a pattern."""
    movers = (tree.player_of(node) for node in matching(tree, pattern[:place]))
    return list(dict.fromkeys(mover for mover in movers if mover is not None))


def _label(
    sets: Sequence[InformationSet], patterns: Sequence[Pattern], names: dict[int, str]
) -> str:
    """An f-string that gives every set's label, or an empty text if there is none."""
    if not sets[0].label:
        return '""'
    for place, name in names.items():
        values = [own for pattern in patterns if isinstance(own := pattern[place], str)]
        if len(values) < len(sets):
            continue
        before, found, behind = sets[0].label.partition(values[0])
        if found and all(
            own.label == before + value + behind for own, value in zip(sets, values, strict=True)
        ):
            parts = [part.replace("{", "{{").replace("}", "}}") for part in (before, behind)]
            return f'f"{parts[0]}{{{name}}}{parts[1]}"' if before or behind else name
    return ""


def remark(tree: GameTree, family: Sequence[Step]) -> str:
    """Who moves, and what they do not know."""
    first = family[0]
    name = tree.player_name(tree.information_sets[first.number].player)
    if first.joins is not None:
        return f"{name} cannot tell this from an earlier move."
    if tree.information_sets[first.number].is_chance:
        return "Chance moves."
    if len(first.patterns) > 1:
        return f"{name} moves, unable to tell these nodes apart."
    hidden = [
        f"{'' if position is ... else 'all of '}{_ordinal(tree, place, first.patterns[0])}"
        for place, position in enumerate(first.patterns[0])
        if not isinstance(position, str)
    ]
    return f"{name} moves" + (f", not knowing {' and '.join(hidden)}." if hidden else ".")


def _ordinal(tree: GameTree, place: int, pattern: Pattern) -> str:
    movers = " or ".join(tree.player_name(mover) for mover in _movers(tree, place, pattern))
    return f"action {place + 1} ({movers})"
