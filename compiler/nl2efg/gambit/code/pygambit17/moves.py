"""Moves in pygambit 17: one call for all information sets that differ in what the player knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nl2efg.gambit.code.loops import Expressions, loop_lines, remark, shortened
from nl2efg.gambit.code.patterns import Pattern, Step, matching
from nl2efg.gambit.code.pygambit17.selectors import Standing, key_source
from nl2efg.gambit.code.python_source import WIDTH, literal, number_items, quoted, wrapped
from nl2efg.game.model import GameTree, InformationSet


def family_lines(standing: Standing, family: Sequence[Step]) -> Iterator[str]:
    """The lines that make these steps; afterwards their nodes have moved."""
    tree, first = standing.tree, family[0]
    yield f"# {remark(tree, family)}"
    nodes = [_nodes(tree, step) for step in family]
    every = [node for group in nodes for node in group]
    infoset = tree.information_sets[first.number]
    if first.joins is not None and not infoset.is_chance:
        joined = standing.selector([first.joins])
        yield from _call("append_infoset", standing.selector(every), joined)
        standing.moved.update(every)
        return
    if len(family) > 1 and not infoset.label and _alike(tree, family):
        key = key_source(tree, nodes)
        if key is not None:
            yield from _append(tree, infoset, f"{standing.selector(every)}.by({key})")
            standing.moved.update(every)
            return
    template = _template(standing, family) if len(family) > 1 else None
    if template is not None:
        yield from _loop(tree, family, template)
        standing.moved.update(every)
        return
    for step, group in zip(family, nodes, strict=True):
        own = tree.information_sets[step.number]
        named = bool(own.label) and not own.is_chance
        selector = standing.selector(group, lasting=named)
        standing.moved.update(group)
        if named and selector != "H.path()":
            yield from _named(selector)
            selector = "nodes"
        yield from _append(tree, own, selector)
        if named:
            yield _labelled(tree, own, selector, quoted(own.label))


def _named(selector: str) -> Iterator[str]:
    """A name for some nodes, on several lines if need be."""
    line = f"nodes = {selector}"
    before, filtered, test = line.partition(".filter(")
    if len(line) <= WIDTH or not filtered:
        yield line
        return
    yield f"{before}.filter("
    yield f"    {test[:-1]}"
    yield ")"


def event_lines(standing: Standing, number: int) -> Iterator[str]:
    """A chance event with a name, or one whose nodes were made in several steps, as a whole."""
    tree = standing.tree
    infoset = tree.information_sets[number]
    behind = f", label={quoted(infoset.label)}" if infoset.label else ""
    nodes = standing.selector(tree.members[number])
    shown = _distribution(infoset)
    if len(shown) > WIDTH // 2:
        yield from _chance_lines(infoset)
        shown = "chances"
    yield from _call("make_event", nodes, shown + behind)


def _nodes(tree: GameTree, step: Step) -> list[int]:
    return sorted({node for pattern in step.patterns for node in matching(tree, pattern)})


def _alike(tree: GameTree, family: Sequence[Step]) -> bool:
    """Whether the actions, and chance's probabilities, are the same in all sets."""
    sets = [tree.information_sets[step.number] for step in family]
    return len({(own.actions, own.probabilities) for own in sets}) == 1


Template = Callable[[Sequence[str]], str]
"""From the positions of a pattern, as Python, to a selector."""


def _path(positions: Sequence[str]) -> str:
    return f"H.path({', '.join(shortened(positions))})"


def _template(standing: Standing, family: Sequence[Step]) -> Template | None:
    """A form of selector that finds the nodes of every set of a family; None if there is none.

    It finds them before the moves and afterwards: it does not ask for nodes that are terminal.
    """
    tree = standing.tree
    patterns = [step.patterns[0] for step in family]
    plain = all(isinstance(part, str) or part is ... for pattern in patterns for part in pattern)
    if not plain or any(tree.information_sets[step.number].is_chance for step in family):
        return None
    wanted = [frozenset(matching(tree, pattern)) for pattern in patterns]
    if [standing.path(pattern) for pattern in patterns] == wanted:
        return _path
    depth = len(patterns[0])
    hidden = [place for place in range(depth) if any(own[place] is ... for own in patterns)]
    if not hidden or hidden[-1] + 1 == depth:
        return None
    count = depth - hidden[-1] - 1
    every = standing.path((...,) * depth) or frozenset()
    for pattern, nodes in zip(patterns, wanted, strict=True):
        tail = tuple(pattern[depth - count :])
        if {node for node in every if tree.history(node)[depth - count :] == tail} != nodes:
            return None
    return lambda told: (
        f"{_path(['...'] * depth)}.after({', '.join(shortened(told[depth - count :]))})"
    )


def _loop(tree: GameTree, family: Sequence[Step], template: Template) -> Iterator[str]:
    sets = [tree.information_sets[step.number] for step in family]
    patterns: list[Pattern] = [step.patterns[0] for step in family]

    def body(told: Expressions) -> Iterator[str]:
        nodes = template(told.path)
        if sets[0].label:
            yield f"nodes = {nodes}"
            nodes = "nodes"
        yield from _append(tree, sets[0], nodes, actions=told.actions)
        if sets[0].label:
            yield _labelled(tree, sets[0], nodes, told.label)

    yield from loop_lines(tree, sets, patterns, body)


def _append(
    tree: GameTree, infoset: InformationSet, nodes: str, *, actions: str = ""
) -> Iterator[str]:
    """The call that makes an information set or event, or those of a grouped selector."""
    if infoset.is_chance:
        shown = _distribution(infoset)
        if len(shown) > WIDTH // 2:
            yield from _chance_lines(infoset)
            shown = "chances"
        yield from _call("append_event", nodes, shown)
        return
    player = quoted(tree.players[infoset.player])
    shown = actions or literal(infoset.actions)
    if len(shown) > WIDTH // 2:
        yield from wrapped("actions = ", list(map(quoted, infoset.actions)), "")
        shown = "actions"
    yield from _call("append_move", nodes, f"{player}, {shown}")


def _labelled(tree: GameTree, infoset: InformationSet, nodes: str, label: str) -> str:
    player = quoted(tree.players[infoset.player])
    return f"game.make_infoset({nodes}, {player}, label={label})"


def _distribution(infoset: InformationSet) -> str:
    """A mapping from the actions of chance to their probabilities."""
    values = number_items(infoset.probabilities or ())
    names = list(map(quoted, infoset.actions))
    if len(set(values)) == 1 and len(values) > 3:
        return f"dict.fromkeys([{', '.join(names)}], {values[0]})"
    return f"{{{', '.join(f'{a}: {p}' for a, p in zip(names, values, strict=True))}}}"


def _chance_lines(infoset: InformationSet) -> list[str]:
    """A name for a long distribution, on as many lines as it takes."""
    values = number_items(infoset.probabilities or ())
    names = list(map(quoted, infoset.actions))
    if len(set(values)) == 1:
        return wrapped("chances = dict.fromkeys(", names, f", {values[0]})")
    items = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
    return wrapped("chances = ", items, "", brackets="{}")


def _call(method: str, nodes: str, behind: str) -> Iterator[str]:
    line = f"game.{method}({nodes}, {behind})"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"game.{method}("
    yield f"    {nodes},"
    yield f"    {behind},"
    yield ")"
