"""An information set told by what its player knows there, not by the histories that lead to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nl2efg.game.model import CHANCE, GameTree

MAX_MOVES = 12
"""Of the moves that are known, so many last ones are told."""


def infoset_numbers(tree: GameTree) -> tuple[int, ...]:
    """The number by which each information set is named everywhere: from 1, by its first node.

    Sets of chance are not numbered; they have 0.
    """
    found, number = [], 0
    for infoset in tree.information_sets:
        number += infoset.player != CHANCE
        found.append(number if infoset.player != CHANCE else 0)
    return tuple(found)


def known_at(tree: GameTree, index: int) -> str:
    """What is known at an information set: ``with J, after Check, Bet``.

    Known is what all histories of the set have in common, move by move. Of a move of chance that
    differs, the beginning or the end that its labels share counts ("JQ" and "JK" tell a J), unless
    all labels there share it ("Door 1" and "Door 3" of three doors tell nothing).

    Args:
        tree: the game.
        index: of the information set.
    """
    told = tree.told
    members = tree.members[index][:MAX_MEMBERS]
    if members[0] == 0:
        return "at the start" if len(members) == 1 else "at the start or later"
    shallow = min(tree.depth[node] for node in members)
    level = {_ancestor(tree, node, shallow) for node in members}
    hidden = any(tree.depth[node] > shallow for node in members)
    held: list[str] = []
    moves: list[str] = []
    for _ in range(MAX_LEVELS):
        if 0 in level or (len(moves) > MAX_MOVES and (len(members) == 1 or len(held) > MAX_MOVES)):
            break
        above = {tree.parents[step] for step in level}
        labels = [told.action_label(step).strip() for step in level]
        chance = all(tree.player_of(node) == CHANCE for node in above)
        plain = {tree.action_label(step).strip() for step in level}  # "the first of" is no card
        drawn = _drawn(tree, above, plain) if chance else ""
        shared = labels[0] if len(set(labels)) == 1 else drawn
        if not shared:
            hidden = True
        elif chance and len(members) > 1:
            held.append(shared)
        else:
            moves.append(shared)
        level = above
    words = []
    if held:
        words.append(f"with {_told(held, whole=0 in level)}")
    if moves:
        words.append(f"after {_told(moves, whole=0 in level)}")
    if hidden and not words:
        return "without knowing what was done"
    if hidden and not held:
        words.append("not knowing the rest")
    return ", ".join(words)


MAX_MEMBERS = 2_000
"""Nodes of a set that are compared."""

MAX_LEVELS = 300
"""Moves above a set that are looked at: a deep game has a set at each of thousands of depths."""


def _ancestor(tree: GameTree, node: int, depth: int) -> int:
    """The node above a node at a depth."""
    while tree.depth[node] > depth:
        node = tree.parents[node]
    return node


def _drawn(tree: GameTree, draws: Collection[int], labels: Collection[str]) -> str:
    """What the labels of some draws tell: what they share, unless every draw there has it."""
    sets = {tree.set_of[node] for node in draws}
    every = {label.strip() for n in sets for label in tree.information_sets[n].actions}
    found = _shared(labels)
    return "" if found == _shared(every) else found


def _shared(labels: Collection[str]) -> str:
    """The beginning or the end that labels share, where it is a word or a card and not a stem."""
    if len(labels) == 1:
        return ""
    found = _beginning(labels)
    if not found:
        found = _beginning([label[::-1] for label in labels])[::-1]
    return found.strip(" ,;:/|-")


def _beginning(labels: Collection[str]) -> str:
    first, last = min(labels), max(labels)  # what these two share, all between them share
    pairs = enumerate(zip(first, last, strict=False))
    size = next((place for place, (one, other) in pairs if one != other), len(first))
    shared = first[:size]
    short = size <= 2 and all(len(label) <= size + 2 for label in labels)
    parted = bool(shared) and not shared[-1].isalnum()
    return shared if short or parted else ""


def _told(last_first: Sequence[str], *, whole: bool) -> str:
    """The last of these labels in their order, after ``…`` if there are others before them."""
    shown = last_first[:MAX_MOVES][::-1]
    return ", ".join(shown if whole and len(last_first) <= MAX_MOVES else ("…", *shown))
