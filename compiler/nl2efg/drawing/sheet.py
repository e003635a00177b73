"""Several pictures on one sheet: a tree cut into parts, or one picture for each equilibrium."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count
from string import ascii_uppercase
from typing import Unpack

from nl2efg.drawing.end_chances import ends_panels
from nl2efg.drawing.header import header_of
from nl2efg.drawing.layout.picture import EASY_WIDTH, lay_out
from nl2efg.drawing.matrix import matrix_panel
from nl2efg.drawing.panel import Panel
from nl2efg.drawing.svg import MARGIN, THIN, Drawing, document, header_svg, short
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.families.written import lettered
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.knowledge_words import infoset_numbers
from nl2efg.game.parts import ProfileBelow, part_below
from nl2efg.text import one_line

GAP = 18.0  # between pictures


def contact_sheet(
    tree: GameTree,
    profiles: Sequence[BehaviourProfile],
    view: View | None = None,
    **options: Unpack[ViewOptions],
) -> str:
    """One picture for each equilibrium, side by side, as one SVG document.

    Args:
        tree: the game.
        profiles: the equilibria, in order.
        view, options: as of :func:`nl2efg.draw_svg`; ``width`` is that of the sheet. Of the kinds
            ``"matrix"`` and ``"ends"`` it holds matrices and bars.

    Raises:
        UserError: the game has no picture of the kind that the view asks for.
    """
    view, tree = View.of(view, options), lettered(tree)
    views = [
        view.changed(title=False, caption=f"Equilibrium {number}")
        for number, _ in enumerate(profiles, start=1)
    ]
    if view.kind == "ends":
        panels = ends_panels(tree, views, profiles)
    else:
        draw = matrix_panel if view.kind == "matrix" else _panel
        panels = [draw(tree, *each) for each in zip(views, profiles, strict=True)]
    words = f"{len(panels)} pictures of one game, one for each equilibrium."
    return _sheet(tree, view, panels, words)


def draw_parts(tree: GameTree, view: View, profile: BehaviourProfile | None = None) -> str:
    """A tree cut into parts of at most ``view.parts`` terminal nodes, as one SVG document.

    Where a part goes on elsewhere its node has the letter of that part. Reach, beliefs and values
    are those of the whole game.

    Args:
        tree: the game.
        view: how it is looked at; ``parts`` is set.
        profile: an equilibrium whose probabilities are written in.
    """
    most = view.parts or len(tree)
    cuts = all_cuts(tree, most)
    letters = dict(zip(cuts, part_names(), strict=False))
    named = divided_sets(tree, cuts)
    panels = []
    view = view.changed(sets=True)
    for root, stops in cuts.items():
        part, rows = subtree(tree, root, named)
        own = None if profile is None else ProfileBelow.of(profile, part, root, rows)
        words = ", ".join(map(one_line, tree.history(root)))
        caption = f"{letters[root]}: after {words}" if root else f"{letters[root]}: from the start"
        shown = view.changed(
            title=False,
            legend=False,
            caption=caption,
            parts=None,
            collapsed=tuple(stop - root for stop in stops),
        )
        notes = {stop - root: f"→ {letters[stop]}" for stop in stops}
        panels.append(_panel(part, shown, own, notes))
    words = f"A game tree of {len(tree):,} nodes in {len(panels)} parts."
    return _sheet(tree, view, panels, words, profile)


def all_cuts(tree: GameTree, most: int) -> dict[int, list[int]]:
    """The root of each part, in their order, and the nodes at which it goes on elsewhere.

    Args:
        tree: the game.
        most: terminal nodes and cuts of a part, at most.
    """
    found: dict[int, list[int]] = {}
    queue = [0]
    for root in queue:
        found[root] = cut_nodes(tree, root, most)
        queue += found[root]
    return found


def divided_sets(tree: GameTree, roots: Collection[int]) -> frozenset[int]:
    """The information sets whose nodes are in several parts: only a name joins them.

    Args:
        tree: the game.
        roots: the nodes at which parts begin.
    """
    part_of: list[int] = []
    for node, parent in enumerate(tree.parents):
        part_of.append(node if node in roots else part_of[parent])
    return frozenset(
        index
        for index, members in enumerate(tree.members)
        if len({part_of[node] for node in members}) > 1
    )


def part_names() -> Iterator[str]:
    """A, B, …, Z, A2, B2, …"""
    for turn in count(1):
        for letter in ascii_uppercase:
            yield letter if turn == 1 else f"{letter}{turn}"


def cut_nodes(tree: GameTree, root: int, most: int) -> list[int]:
    """The nodes at which the part that begins at a node goes on elsewhere, in preorder.

    The largest subtrees are opened first, as long as the part has at most ``most`` ends and cuts.
    """
    from heapq import heappop, heappush

    frontier: list[tuple[int, int]] = []
    inside = 1

    def size(node: int) -> int:
        return tree.subtree_end[node] - node

    heappush(frontier, (-size(root), root))
    while frontier:
        _, node = frontier[0]
        more = len(tree.children[node]) - 1
        if node != root and inside + more > most:
            break
        heappop(frontier)
        inside += more
        for child in tree.children[node]:
            if not tree.is_terminal(child):
                heappush(frontier, (-size(child), child))
    return sorted(node for _, node in frontier)


def subtree(tree: GameTree, root: int, named: Collection[int]) -> tuple[GameTree, list[int]]:
    """The tree below a node as a game of its own, and the index of each of its sets in the whole.

    Args:
        tree: the game.
        root: the node, which becomes node 0; the others keep their order.
        named: the information sets of the whole game that are named, by their number there, from 1.
    """
    part, rows = part_below(tree, root)
    numbers = infoset_numbers(tree)
    sets = tuple(
        replace(
            infoset,
            label=f"set {numbers[index]}" if index in named and not infoset.is_chance else "",
        )
        for index, infoset in zip(rows, part.information_sets, strict=True)
    )
    return replace(part, information_sets=sets), rows


def _panel(
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    notes: dict[int, str] | None = None,
) -> Panel:
    geometry = lay_out(tree, view, profile=profile, notes=notes)
    header = header_of(tree, view, profile, geometry.width)
    parts = [
        *header_svg(header, view, 0.0),
        f'<g stroke-width="{THIN}" transform="translate(0 {short(header.height)})">',
        *Drawing(tree, geometry, profile).lines(),
        "</g>",
    ]
    return Panel(max(geometry.width, header.width), geometry.height + header.height, parts)


def _sheet(
    tree: GameTree,
    view: View,
    panels: Sequence[Panel],
    words: str,
    profile: BehaviourProfile | None = None,
) -> str:
    """Panels in rows, under the game's title and, of parts, the legend."""
    room = EASY_WIDTH if view.max_width is None else view.max_width / view.scale
    room = max(room, *(panel.width for panel in panels))
    legend = view.legend and view.parts is not None
    header = header_of(tree, view.changed(legend=legend), profile, room)
    parts = header_svg(header, view, MARGIN)
    x, y, high, widest = 0.0, header.height, 0.0, header.width
    for panel in panels:
        if x and x + panel.width > room:
            x, y, high = 0.0, y + high + GAP, 0.0
        parts += panel.at(MARGIN + x, MARGIN + y)
        widest = max(widest, x + panel.width)
        x, high = x + panel.width + GAP, max(high, panel.height)
    size = (widest + 2 * MARGIN, y + high + 2 * MARGIN)
    return document(tree, view, size, words, parts, len(panels))
