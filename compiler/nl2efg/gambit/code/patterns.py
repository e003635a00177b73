"""How a person would address the nodes of a tree: by patterns of action labels.

``("K", ..., "Bet")`` stands for every node after K, any action, Bet. Information sets are put in an
order in which they can be built, and their members into as few patterns as can name them exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import EllipsisType

from nl2efg.game.model import NO_SET, GameTree

Position = str | tuple[str, ...] | EllipsisType
Pattern = tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Nodes that join one information set at once.

    Args:
        number: the information set.
        patterns: name exactly these nodes.
        joins: a node of the set that has moved before, or None if the set is new.
    """

    number: int
    patterns: tuple[Pattern, ...]
    joins: int | None


def rounds(tree: GameTree) -> Iterator[list[Step]]:
    """The steps that build the tree; those of one round are independent of each other.

    An information set is built in one step once all its members exist. Where sets wait for each
    other (absent-mindedness is the simplest case), the members that exist go first and the others
    join later.
    """
    missing = [len(members) for members in tree.members]
    waiting: dict[int, list[int]] = {}
    moved: dict[int, int] = {}
    ready: list[int] = []

    def appear(node: int) -> None:
        number = tree.set_of[node]
        if number != NO_SET:
            waiting.setdefault(number, []).append(node)
            missing[number] -= 1
            if not missing[number]:
                ready.append(number)

    appear(0)
    while waiting:
        chosen = sorted(ready) or [min(waiting)]
        ready.clear()
        steps = []
        members = [(number, sorted(waiting.pop(number))) for number in chosen]
        for number, nodes in members:
            steps.append(Step(number, exact_patterns(tree, nodes), moved.get(number)))
            moved.setdefault(number, nodes[0])
        yield steps
        for _, nodes in members:
            for node in nodes:
                for child in tree.children[node]:
                    appear(child)


def exact_patterns(tree: GameTree, nodes: Iterable[int]) -> tuple[Pattern, ...]:
    """Patterns that together name these nodes and no others of the finished tree."""
    by_depth: dict[int, list[int]] = {}
    for node in nodes:
        by_depth.setdefault(tree.depth[node], []).append(node)
    groups = [(group, [tree.history(node) for node in group]) for group in by_depth.values()]
    found: list[Pattern] = []
    while groups:
        group, histories = groups.pop()
        columns = [list(dict.fromkeys(column)) for column in zip(*histories, strict=True)]
        pattern = _exact(tree, columns, len(group))
        if pattern is not None:
            found.append(pattern)
            continue
        place = next(place for place, labels in enumerate(columns) if len(labels) > 1)
        for label in reversed(columns[place]):
            kept = [at for at, history in enumerate(histories) if history[place] == label]
            groups.append(([group[at] for at in kept], [histories[at] for at in kept]))
    return tuple(found)


def _exact(tree: GameTree, columns: Sequence[Sequence[str]], count: int) -> Pattern | None:
    """The pattern of these columns that matches ``count`` nodes: any action, else some."""
    anything: Pattern = tuple(labels[0] if len(labels) == 1 else ... for labels in columns)
    if len(matching(tree, anything)) == count:
        return anything
    some: Pattern = tuple(labels[0] if len(labels) == 1 else tuple(labels) for labels in columns)
    return some if len(matching(tree, some)) == count else None


def matching(tree: GameTree, pattern: Pattern) -> list[int]:
    """The nodes that a pattern names."""
    nodes = [0]
    for wanted in pattern:
        chosen = (wanted,) if isinstance(wanted, str) else wanted
        nodes = [
            child
            for node in nodes
            for child in tree.children[node]
            if chosen is ... or tree.action_label(child) in chosen
        ]
    return nodes
