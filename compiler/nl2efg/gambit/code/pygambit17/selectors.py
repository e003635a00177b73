"""Which selector names some nodes, as an expert of pygambit 17 would choose it.

A selector is evaluated on the game as it stands, so what it finds depends on which nodes have
moved already; that is followed here on the finished tree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from nl2efg.gambit.code.loops import as_tuple, parts
from nl2efg.gambit.code.patterns import Pattern
from nl2efg.gambit.code.python_source import quoted
from nl2efg.game.model import GameTree


@dataclass(frozen=True, slots=True)
class Found:
    """A selector as Python source, and the nodes that it finds; None where it fails."""

    source: str
    nodes: frozenset[int] | None


class Standing:
    """A tree while it is built: the nodes that have moved, and what selectors find by then.

    Args:
        tree: the finished game, with safe labels.
    """

    def __init__(self, tree: GameTree) -> None:
        self.tree = tree
        self.moved: set[int] = set()

    def finish(self) -> None:
        """From now on every move has been made."""
        self.moved = {node for node, number in enumerate(self.tree.set_of) if number >= 0}

    def path(self, pattern: Pattern) -> frozenset[int] | None:
        """The nodes of ``H.path(*pattern)``, in which a position is a label or ``...``.

        None where pygambit raises: a label that one of the nodes on the way does not have.
        """
        tree, found = self.tree, [0]
        for wanted in pattern:
            further: list[int] = []
            for node in found:
                children = tree.children[node] if node in self.moved else ()
                if wanted is ...:
                    further.extend(children)
                    continue
                named = [child for child in children if tree.action_label(child) == wanted]
                if not named:
                    return None
                further.extend(named)
            found = further
        return frozenset(found)

    def ends(self, below: int = 0) -> frozenset[int]:
        """The nodes at and below one that are terminal by now."""
        found, stack = set(), [below]
        while stack:
            node = stack.pop()
            if node in self.moved:
                stack.extend(self.tree.children[node])
            else:
                found.add(node)
        return frozenset(found)

    def selector(self, nodes: Collection[int], *, lasting: bool = False) -> str:
        """The simplest of the usual selectors that finds exactly these nodes.

        Args:
            nodes: nodes of the game as it stands.
            lasting: whether it must find them once they have moved, too.
        """
        wanted = frozenset(nodes)
        histories = [self.tree.history(node) for node in sorted(wanted)]
        for found in self._candidates(histories):
            if found.nodes == wanted and not (lasting and "plays" in found.source):
                return found.source
        # Names every history; whatever the nodes are, this finds them.
        start = "H.plays" if wanted <= self.ends() and not lasting else "H.after()"
        listed = ", ".join(map(as_tuple, histories))
        return f"{start}.filter(lambda h: h.actions in [{listed}])"

    def _candidates(self, histories: Sequence[Sequence[str]]) -> Iterator[Found]:
        if len({len(history) for history in histories}) == 1:
            yield from self._of_one_depth(histories)
        yield Found("H.plays", self.ends())
        shared = _shared_end(histories)
        for count in range(1, shared + 1):
            labels = list(histories[0][len(histories[0]) - count :])
            yield self._after("H.plays", self.ends(), labels)

    def _of_one_depth(self, histories: Sequence[Sequence[str]]) -> Iterator[Found]:
        columns = [list(dict.fromkeys(column)) for column in zip(*histories, strict=True)]
        pattern: Pattern = tuple(col[0] if len(col) == 1 else ... for col in columns)
        yield Found(path_source(pattern), self.path(pattern))
        varying = [place for place, column in enumerate(columns) if len(column) > 1]
        if not varying:
            return
        first, last = varying[0], varying[-1]
        head, tail = pattern[:first], [str(label) for label in pattern[last + 1 :]]
        anything = (*head, *[...] * (len(pattern) - first))
        base = Found(path_source(anything), self.path(anything))
        if base.nodes is None:
            return
        if tail:
            yield self._after(base.source, base.nodes, tail)
        (start,) = self.path(head) or (0,)
        below = f"{path_source(head)}.plays" if head else "H.plays"
        yield Found(below, self.ends(start))
        if tail:
            yield self._after(below, self.ends(start), tail)
        for start_from in (Found(path_source(pattern), self.path(pattern)), base):
            yield from self._filtered(start_from, columns)

    def _filtered(self, base: Found, columns: Sequence[Sequence[str]]) -> Iterator[Found]:
        """The base's nodes whose labels are among those of the columns."""
        if base.nodes is None:
            return
        some = [
            place
            for place, column in enumerate(columns)
            if {self.tree.history(node)[place] for node in base.nodes} - set(column)
        ]
        if some:
            kept = frozenset(
                node
                for node in base.nodes
                if all(self.tree.history(node)[place] in columns[place] for place in some)
            )
            tests = " and ".join(_test(place, columns) for place in some)
            yield Found(f"{base.source}.filter(lambda h: {tests})", kept)

    def _after(self, source: str, nodes: frozenset[int], labels: Sequence[str]) -> Found:
        kept = frozenset(
            node for node in nodes if list(self.tree.history(node)[-len(labels) :]) == list(labels)
        )
        shown = f"H.after({', '.join(parts(tuple(labels)))})"
        if source == "H.plays":
            return Found(f"H.plays{shown[1:]}", kept)
        return Found(f"{source}{shown[1:]}", kept)


def path_source(pattern: Pattern) -> str:
    """``H.path(...)`` of a pattern."""
    return f"H.path({', '.join(parts(pattern))})"


def key_source(tree: GameTree, groups: Sequence[Collection[int]]) -> str | None:
    """What tells some groups of nodes apart, as a function of a history ``h``.

    It is what a player knows: actions, or parts of their labels (as the first card of the deal
    ``KQ``), that are the same within each group and together differ between them. None where there
    are no such actions.
    """
    nodes = [node for group in groups for node in group]
    depths = {tree.depth[node] for node in nodes}
    if len(depths) > 1:
        return None
    histories = {node: tree.history(node) for node in nodes}
    (depth,) = depths
    varying = [
        place for place in range(depth) if len({histories[node][place] for node in nodes}) > 1
    ]
    known = {
        place: part
        for place in varying
        if (part := _known_part([[histories[n][place] for n in group] for group in groups]))
    }
    keys = [
        {tuple(part.of(histories[node][place]) for place, part in known.items()) for node in group}
        for group in groups
    ]
    if len({key for own in keys for key in own}) != len(groups):
        return None
    if len(known) > 1 and not any(part.source for part in known.values()):
        if list(known) == varying:
            return "lambda h: h.actions"
        if list(known) == list(range(len(known))):
            return f"lambda h: h.actions[:{len(known)}]"
    shown = [
        f"h.actions[{-1 if place == depth - 1 else place}]{part.source}"
        for place, part in known.items()
    ]
    return f"lambda h: {shown[0] if len(shown) == 1 else '(' + ', '.join(shown) + ')'}"


@dataclass(frozen=True, slots=True)
class LabelPart:
    """A part of an action's label: what a player sees of it.

    Args:
        source: Python that follows the label; empty for the whole.
        of: the part.
    """

    source: str
    of: Callable[[str], str]


def _label_parts() -> Iterator[LabelPart]:
    yield LabelPart("", lambda label: label)
    yield LabelPart("[0]", lambda label: label[0])
    yield LabelPart("[-1]", lambda label: label[-1])
    for separator in (", ", ",", "/", "-", "_", " "):
        for index in (0, 1, -1):
            yield LabelPart(
                f".split({quoted(separator)})[{index}]",
                lambda label, separator=separator, index=index: (  # type: ignore[misc]
                    label.split(separator)[index] if separator in label else label
                ),
            )


def _known_part(groups: Sequence[Sequence[str]]) -> LabelPart | None:
    """The part of an action's label that is the same within each group and differs somewhere."""
    labels = [label for group in groups for label in group]
    for part in _label_parts():
        if part.source.startswith(".split") and not all(
            part.source.split('"')[1] in label for label in labels
        ):
            continue
        seen = [{part.of(label) for label in group} for group in groups]
        if all(len(own) == 1 for own in seen) and len(set.union(*seen)) > 1:
            return part
    return None


def _test(place: int, columns: Sequence[Sequence[str]]) -> str:
    at = f"h.actions[{-1 if place == len(columns) - 1 else place}]"
    if len(columns[place]) == 1:
        return f"{at} == {quoted(columns[place][0])}"
    return f"{at} in {as_tuple(tuple(columns[place]))}"


def _shared_end(histories: Sequence[Sequence[str]]) -> int:
    """How many labels all histories end with alike."""
    count = 0
    while all(len(history) > count for history in histories) and (
        len({history[-1 - count] for history in histories}) == 1
    ):
        count += 1
    return count
