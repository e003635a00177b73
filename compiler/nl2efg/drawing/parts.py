"""A tree cut into parts: few, each with as many ends as fit, and named where one goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import count
from string import ascii_uppercase

from nl2efg.drawing.labels import Excerpt
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.knowledge_words import infoset_numbers
from nl2efg.game.parts import ProfileBelow, part_below
from nl2efg.text import one_line


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a tree as it is drawn.

    Args:
        tree: what lies below its root, as a game.
        view: how it is looked at, with what follows in other parts left out.
        profile: the equilibrium of the whole game as it goes on there, or None.
        excerpt: what the picture takes from the whole game.
        caption: its letter, and the moves that lead to it.
    """

    tree: GameTree
    view: View
    profile: BehaviourProfile | None
    excerpt: Excerpt
    caption: str


def is_cut(tree: GameTree, view: View) -> bool:
    """Whether a view cuts a tree into parts: it asks for them, and the tree has too many ends."""
    return (
        view.parts is not None
        and view.kind in ("auto", "tree")
        and len(tree.terminals) > view.parts
    )


def parts_of(tree: GameTree, view: View, profile: BehaviourProfile | None) -> list[Part]:
    """The parts of at most ``view.parts`` ends, in the order in which play comes to them.

    Reach, beliefs and values are those of the whole game, and so is how numbers are written. Sets
    that several parts hold are named by their number.

    Args:
        tree: the game.
        view: how it is looked at; ``parts`` is set.
        profile: an equilibrium whose probabilities are written in.
    """
    cuts = all_cuts(tree, view.parts or len(tree))
    letters = dict(zip(cuts, part_names(), strict=False))
    named = divided_sets(tree, cuts)
    formats = view.payoff_format(tree, profile), view.chance_format(tree)
    found = []
    for root, stops in cuts.items():
        part, rows = subtree(tree, root, named, others=view.sets)
        own = None if profile is None else ProfileBelow.of(profile, part, root, rows)
        words = ", ".join(map(one_line, tree.told.history(root)))
        caption = f"{letters[root]}: after {words}" if root else f"{letters[root]}: from the start"
        collapsed = tuple(stop - root for stop in stops)
        shown = view.changed(parts=None, collapsed=collapsed, sets=True)
        notes = {stop - root: f"→ {letters[stop]}" for stop in stops}
        found.append(Part(part, shown, own, Excerpt(notes, *formats), caption))
    return found


def all_cuts(tree: GameTree, most: int) -> dict[int, list[int]]:
    """The root of each part, in their order, and the nodes at which it goes on elsewhere.

    The parts are as few as can be (Kundu and Misra 1977): from the ends upwards, the heaviest
    subtrees of a node are cut off, until what is left below it is light enough.

    Args:
        tree: the game.
        most: terminal nodes and cuts of a part, at most; a node with more moves than that has
            them all in one part.
    """
    weight = [1] * len(tree)
    cut = {0}
    for node in range(len(tree) - 1, -1, -1):
        own = tree.children[node]
        if not own:
            continue
        weight[node] = sum(weight[child] for child in own)
        for child in sorted(own, key=lambda child: (-weight[child], -child)):
            if weight[node] <= most or weight[child] == 1:
                break
            weight[node] -= weight[child] - 1
            cut.add(child)
    found: dict[int, list[int]] = {}
    part_of = [0] * len(tree)
    for node in range(1, len(tree)):
        above = part_of[tree.parents[node]]
        part_of[node] = above
        if node in cut:
            found.setdefault(above, []).append(node)
            part_of[node] = node
    ordered: dict[int, list[int]] = {}
    queue = [0]
    for root in queue:
        ordered[root] = found.get(root, [])
        queue += ordered[root]
    return ordered


def divided_sets(tree: GameTree, roots: Collection[int]) -> frozenset[int]:
    """The information sets whose nodes are in several parts: only a name joins them.

    A node at which a part begins stands in the part before as well.

    Args:
        tree: the game.
        roots: the nodes at which parts begin.
    """
    part_of: list[int] = []
    for node, parent in enumerate(tree.parents):
        part_of.append(node if node in roots else part_of[parent])
    found = set()
    for index, members in enumerate(tree.members):
        if len({part_of[node] for node in members}) > 1:
            found.add(index)
    return frozenset(found)


def part_names() -> Iterator[str]:
    """A, B, …, Z, A2, B2, …"""
    for turn in count(1):
        for letter in ascii_uppercase:
            yield letter if turn == 1 else f"{letter}{turn}"


def subtree(
    tree: GameTree, root: int, named: Collection[int], *, others: bool = False
) -> tuple[GameTree, list[int]]:
    """The tree below a node as a game of its own, and the index of each of its sets in the whole.

    Args:
        tree: the game.
        root: the node, which becomes node 0; the others keep their order.
        named: the information sets of the whole game that are named, by their number there, from 1.
        others: whether the other sets keep the labels that they have.
    """
    part, rows = part_below(tree, root)
    numbers = infoset_numbers(tree)
    sets = []
    for index, infoset in zip(rows, part.information_sets, strict=True):
        label = infoset.label if others else ""
        if index in named and not infoset.is_chance:
            label = f"set {numbers[index]}"
        sets.append(replace(infoset, label=label))
    return replace(part, information_sets=tuple(sets)), rows
