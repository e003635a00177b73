"""Games along one axis, as centipedes are drawn (Rosenthal 1981): who ends the game goes down."""

from __future__ import annotations

from nl2efg.drawing.labels import LINE, Describer, NodeText, line_width
from nl2efg.drawing.layout.canvas import Canvas
from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.geometry import Layout
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE

MIN_NODES = 3  # decision nodes that make a line
DROP = 40.0
ROOM = 16.0


def spine_of(tree: GameTree) -> list[int]:
    """The nodes along which a game goes on, or none if it is no line.

    In a line every information set is one node, every move but one ends the game, and no node has
    more than two moves.
    """
    spine = [0]
    while True:
        own = tree.children[spine[-1]]
        onward = [child for child in own if not tree.is_terminal(child)]
        if len(own) != 2 or len(onward) > 1 or len(tree.members[tree.set_of[spine[-1]]]) > 1:
            return []
        if not onward:
            break
        spine.append(onward[0])
    movers = [node for node in spine if tree.player_of(node) != CHANCE]
    return spine if len(movers) >= MIN_NODES else []


def lay_out_line(tree: GameTree, view: View, profile: BehaviourProfile | None) -> Layout:
    """The layout of a game that :func:`spine_of` finds a line.

    Args:
        tree: the game.
        view: what is written.
        profile: an equilibrium to lay over it, or None.
    """
    spine = spine_of(tree)
    nodes = range(len(tree))
    texts = Describer(tree, nodes, profile, view, upright=True, chance=True).describe()
    canvas = Canvas()
    drop = max(
        DROP,
        2 * T.near
        + LINE * max(len(texts[child].edge) for node in spine for child in tree.children[node]),
    )
    x = 0.0
    for node in spine:
        own = tree.children[node]
        ahead = next((child for child in own if not tree.is_terminal(child)), own[-1])
        down = own[0] if own[1] == ahead else own[1]
        canvas.nodes[node] = (x, 0.0)
        canvas.nodes[down] = (x, drop)
        canvas.edges += [(node, down), (node, ahead)]
        lines = texts[node].side
        canvas.write(node, lines, x, -T.dot - T.near - LINE * len(lines), 0.5)
        edge = texts[down].edge
        canvas.write(down, edge, x + T.aside - 1, (drop - LINE * len(edge)) / 2 + 1, 0.0)
        canvas.write(down, texts[down].end, x, drop + T.end, 0.5)
        step = _step(texts, node, down, ahead)
        free = (x + _half(texts[node]), 0.0), (x + step - _half(texts[ahead]), 0.0)
        canvas.beside(ahead, texts[ahead].edge, *free, True)
        x += step
    canvas.nodes[ahead] = (x, 0.0)
    high = LINE * len(texts[ahead].end)
    canvas.write(ahead, texts[ahead].end, x + T.end, -high / 2, 0.0)
    return canvas.layout("right")


def _half(text: NodeText) -> float:
    """Half the width of the text above a node."""
    return max(map(line_width, text.side), default=0.0) / 2


def _step(texts: dict[int, NodeText], node: int, down: int, ahead: int) -> float:
    """How far it is to the next node."""
    label = max(map(line_width, texts[ahead].edge), default=0.0)
    names = [_half(texts[node]), _half(texts[ahead])]
    below = max(map(line_width, texts[down].edge), default=0.0) + 2 * T.aside
    paid = max(map(line_width, texts[down].end), default=0.0)
    return max(label + sum(names) + ROOM, below + ROOM / 2 + paid / 2, paid + ROOM, DROP)
