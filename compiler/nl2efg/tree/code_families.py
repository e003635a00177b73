"""Information sets that differ in a label only, as the loop that a person would write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from nl2efg.tree.code_patterns import Pattern, Position, Step
from nl2efg.tree.code_text import braced, literal, number_literal, quoted
from nl2efg.tree.model import CHANCE, GameTree, InformationSet

INDENT = "    "


def families(tree: GameTree, steps: Iterable[Step]) -> list[list[Step]]:
    """Group the steps of one round into those that one loop can make."""
    grouped: dict[object, list[Step]] = {}
    for step in steps:
        own = tree.information_sets[step.number]
        key: object = step.number
        if step.joins is None and len(step.patterns) == 1:
            shape = tuple(
                None if isinstance(position, str) else position for position in step.patterns[0]
            )
            alike = len(own.actions) if own.is_chance else own.actions
            key = (own.player, shape, alike, bool(own.label))
        grouped.setdefault(key, []).append(step)
    return list(grouped.values())


def family_lines(tree: GameTree, family: Sequence[Step]) -> Iterator[str]:
    """The lines that make these steps."""
    first = family[0]
    yield f"# {_remark(tree, family)}"
    if first.joins is not None:
        joined = f"{node_expression(tree, first.joins)}.infoset"
        yield f"game.append_infoset({_nodes(first.patterns)}, {joined})"
        return
    sets = [tree.information_sets[step.number] for step in family]
    if len(family) == 1:
        yield from _move(tree, sets[0], _nodes(first.patterns), label=quoted(sets[0].label))
        return
    yield from _loop(tree, sets, [step.patterns[0] for step in family])


def node_expression(tree: GameTree, node: int) -> str:
    """Python for one node."""
    return "game.root" if node == 0 else f"{after(tree.history(node))}[0]"


def after(pattern: Pattern, names: dict[int, str] | None = None) -> str:
    """A call of the helper ``after``.

    Args:
        names: variables to use at some positions.
    """
    return f"after({', '.join(_parts(pattern, names))})"


def as_tuple(pattern: Pattern) -> str:
    """A pattern as a tuple, for a table."""
    parts = _parts(pattern)
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def _parts(pattern: Pattern, names: dict[int, str] | None = None) -> list[str]:
    """The positions as Python; a run of one label is written as a repetition."""
    written = [(names or {}).get(place) or _position(own) for place, own in enumerate(pattern)]
    parts: list[str] = []
    start = 0
    while start < len(written):
        stop = start
        while stop < len(written) and written[stop] == written[start]:
            stop += 1
        run = stop - start
        parts.extend([f"*[{written[start]}] * {run}"] if run > 3 else written[start:stop])
        start = stop
    return parts


def _position(position: Position) -> str:
    if position is ...:
        return "..."
    if isinstance(position, str):
        return quoted(position)
    return f"({', '.join(map(quoted, position))})"


def _nodes(patterns: Sequence[Pattern]) -> str:
    if patterns == ((),):
        return "game.root"
    return " + ".join(after(pattern) for pattern in patterns)


def _move(
    tree: GameTree,
    own: InformationSet,
    nodes: str,
    *,
    label: str,
    actions: str = "",
    probabilities: str = "",
) -> Iterator[str]:
    """The lines for one information set; texts are Python expressions."""
    player = "game.players.chance" if own.is_chance else quoted(tree.players[own.player])
    actions = actions or literal(own.actions)
    one = "game.root" if nodes == "game.root" else "nodes[0]"
    if nodes != "game.root" and (own.is_chance or own.label):
        yield f"nodes = {nodes}"
        nodes = "nodes"
    yield from braced(f"game.append_move({nodes}, {player}, ", actions, ")")
    if own.probabilities is not None:
        probabilities = probabilities or number_literal(own.probabilities)
        yield from braced(f"game.set_chance_probs({one}.infoset, ", probabilities, ")")
    if own.label:
        yield f"{one}.infoset.label = {label}"


def _loop(
    tree: GameTree, sets: Sequence[InformationSet], patterns: Sequence[Pattern]
) -> Iterator[str]:
    """A loop over information sets whose patterns differ in labels."""
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
    rows = list(zip(*loops.values(), strict=True))
    if loops.keys() == columns.keys() and rows == list(product(*values)):
        for name, column in zip(columns, values, strict=True):
            yield from braced(f"{indent}for {name} in ", f"[{', '.join(column)}]", ":")
            indent += INDENT
    else:
        inner = [row[0] if len(row) == 1 else f"({', '.join(row)})" for row in rows]
        yield from braced(f"for {', '.join(loops)} in ", f"[{', '.join(inner)}]", ":", inner)
        indent += INDENT
    for line in _move(
        tree,
        sets[0],
        after(patterns[0], names),
        label=label,
        actions="actions" if "actions" in loops else "",
        probabilities="probabilities" if "probabilities" in loops else "",
    ):
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
    nodes = [0]
    for wanted in pattern[:place]:
        chosen = (wanted,) if isinstance(wanted, str) else wanted
        nodes = [
            child
            for node in nodes
            for child in tree.children[node]
            if chosen is ... or tree.action_label(child) in chosen
        ]
    movers = (tree.player_of(node) for node in nodes)
    return list(dict.fromkeys(mover for mover in movers if mover is not None))


def _label(
    sets: Sequence[InformationSet], patterns: Sequence[Pattern], names: dict[int, str]
) -> str:
    """An f-string that gives every set's label, or an empty text if there is none."""
    if not sets[0].label:
        return '""'
    for place, name in names.items():
        values = [str(pattern[place]) for pattern in patterns]
        before, found, behind = sets[0].label.partition(values[0])
        if found and all(
            own.label == before + value + behind for own, value in zip(sets, values, strict=True)
        ):
            before, behind = (
                part.replace("{", "{{").replace("}", "}}") for part in (before, behind)
            )
            return f'f"{before}{{{name}}}{behind}"' if before or behind else name
    return ""


def _remark(tree: GameTree, family: Sequence[Step]) -> str:
    """Who moves, and what they do not know."""
    first = family[0]
    name = tree.player_name(tree.information_sets[first.number].player)
    if first.joins is not None:
        return f"{name} cannot tell this from an earlier move."
    if tree.information_sets[first.number].is_chance:
        return "Chance moves."
    hidden = [
        _ordinal(tree, place, first.patterns[0])
        for place, position in enumerate(first.patterns[0])
        if not isinstance(position, str)
    ]
    if len(first.patterns) > 1:
        return f"{name} moves, unable to tell these nodes apart."
    return f"{name} moves" + (f", not knowing {' and '.join(hidden)}." if hidden else ".")


def _ordinal(tree: GameTree, place: int, pattern: Pattern) -> str:
    movers = " or ".join(tree.player_name(mover) for mover in _movers(tree, place, pattern))
    return f"action {place + 1} ({movers})"
