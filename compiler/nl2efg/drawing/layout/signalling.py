"""Signalling games as economists draw them (Spence 1973; Cho and Kreps 1987, figure I).

Chance stands in the middle, the two types of the sender above and below it, the two messages lead
left and right, and the receiver's information sets are vertical lines.
"""

from __future__ import annotations

from nl2efg.drawing.labels import LINE, Describer, NodeText, line_width
from nl2efg.drawing.layout.canvas import Canvas
from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.geometry import Layout, Point
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE

MAX_ANSWERS = 4
STEP = 16.0  # between the ends behind one node of the receiver, besides their payoffs' height
ROOM = 18.0  # around a message's label on its edge


def is_signalling(tree: GameTree) -> bool:
    """Whether a game is a signalling game of two types and two messages.

    Chance draws a type; one player, the sender, sees it and has the same two moves for each;
    after a move another player, who does not see the type, moves and the game ends, or it ends
    at once whatever the type is. He has at most four moves.
    """
    types = tree.children[0]
    if tree.player_of(0) != CHANCE or len(types) != 2 or any(map(tree.is_terminal, types)):
        return False
    sender = tree.player_of(types[0])
    sets = [tree.set_of[node] for node in types]
    if sender == CHANCE or tree.player_of(types[1]) != sender or sets[0] == sets[1]:
        return False
    if any(
        len(tree.members[index]) > 1 or len(tree.children[node]) != 2
        for index, node in zip(sets, types, strict=True)
    ):
        return False
    answers = 0
    for message in (0, 1):
        nodes = [tree.children[node][message] for node in types]
        if all(map(tree.is_terminal, nodes)):
            continue
        index = tree.set_of[nodes[0]]
        if index != tree.set_of[nodes[1]] or index < 0 or tree.player_of(nodes[0]) == CHANCE:
            return False
        if tree.player_of(nodes[0]) == sender or len(tree.members[index]) != 2:
            return False
        if not all(tree.is_terminal(end) for node in nodes for end in tree.children[node]):
            return False
        if max(len(tree.children[node]) for node in nodes) > MAX_ANSWERS:
            return False
        answers += 1
    return answers > 0


def lay_out_signalling(tree: GameTree, view: View, profile: BehaviourProfile | None) -> Layout:
    """The layout of a game for which :func:`is_signalling` holds.

    Args:
        tree: the game.
        view: what is written.
        profile: an equilibrium to lay over it, or None.
    """
    nodes = range(len(tree))
    texts = Describer(tree, nodes, profile, view, upright=True, chance=True, rows=False).describe()
    return _Picture(tree, texts).layout()


class _Picture:
    def __init__(self, tree: GameTree, texts: dict[int, NodeText]) -> None:
        self.tree, self.texts = tree, texts
        self.canvas = Canvas()
        self.types = tree.children[0]
        outer = [node for kind in self.types for node in tree.children[kind]]
        fans = [node for node in outer if not tree.is_terminal(node)]
        ends = [end for node in fans for end in tree.children[node]]
        lines = max([1, *(len(texts[end].edge) for end in ends)])
        self.step = LINE * lines + STEP
        most = max(len(tree.children[node]) for node in fans)
        names = max([1, *(len(texts[node].side) for node in fans)])
        answer = max([line_width(line) for end in ends for line in texts[end].edge], default=0.0)
        # Flat enough for a label to lie on its edge; of three and more, before its end.
        self.reach = max(answer + ROOM, 1.1 * (most - 1) * self.step, 40.0)
        self.crowded = most > 2
        if self.crowded:
            self.reach = max(3 * answer, 60.0)
            last = 1 - T.touch / self.reach
            first = last - answer / self.reach
            room = first - ((most - 1) / 2 - 1) * (last - first)
            self.step = max(self.step, (LINE * lines + 2 * T.touch) / room)
        half = (most - 1) / 2 * self.step
        kinds = LINE * max(len(texts[kind].edge) for kind in self.types)
        self.high = max(half + LINE * lines / 2 + LINE * names, kinds + 2 * T.dot + LINE) + T.near
        message = max(
            [line_width(line) for node in outer for line in texts[node].edge], default=0.0
        )
        beside = max(line_width(line) for kind in self.types for line in texts[kind].edge or [()])
        chance = max(map(line_width, texts[0].side), default=0.0)
        sender = max(line_width(line) for kind in self.types for line in texts[kind].side or [()])
        self.sender = sender / 2
        self.wide = max(self.sender + message + ROOM, beside + ROOM, chance + ROOM)

    def layout(self) -> Layout:
        tree, texts, canvas = self.tree, self.texts, self.canvas
        canvas.nodes[0] = (0.0, 0.0)
        canvas.write(0, texts[0].side, -T.dot - T.near, -LINE / 2 * len(texts[0].side), 1.0)
        for kind, sign in zip(self.types, (-1, 1), strict=True):
            y = sign * self.high
            canvas.nodes[kind] = (0.0, y)
            canvas.edges.append((0, kind))
            edge = texts[kind].edge
            canvas.write(kind, edge, T.aside, y / 2 - LINE / 2 * len(edge), 0.0)
            self._outside(kind, sign, 0.5)
            for side, node in zip((-1, 1), tree.children[kind], strict=True):
                self._message(kind, node, side, sign)
        for message, side in ((0, -1), (1, 1)):
            ends = [tree.children[kind][message] for kind in self.types]
            if not tree.is_terminal(ends[0]):
                points = tuple(canvas.nodes[node] for node in ends)
                canvas.bands.append((tree.set_of[ends[0]], points))
                self._set_name(ends[0], side)
        return canvas.layout("right")

    def _outside(self, node: int, sign: int, where: float) -> None:
        """What is written beside a node, above it or below it."""
        lines = self.texts[node].side
        x, y = self.canvas.nodes[node]
        top = y - T.dot - T.near - LINE * len(lines) if sign < 0 else y + T.dot + T.near
        self.canvas.write(node, lines, x, top, where)

    def _set_name(self, node: int, side: int) -> None:
        """The receiver's name beside the middle of the information set."""
        lines = [line for line in self.texts[node].side if line[0].kind != "belief"]
        x = self.canvas.nodes[node][0]
        where = 1.0 if side < 0 else 0.0
        self.canvas.write(node, lines, x + side * T.aside, -LINE / 2 * len(lines), where)

    def _message(self, kind: int, node: int, side: int, sign: int) -> None:
        tree, canvas = self.tree, self.canvas
        start = canvas.nodes[kind]
        place = (side * self.wide, start[1])
        canvas.nodes[node] = place
        canvas.edges.append((kind, node))
        free = (start[0] + side * self.sender, start[1])
        canvas.beside(node, self.texts[node].edge, free, place, sign < 0)
        if tree.is_terminal(node):
            self._payoffs(node, side)
            return
        beliefs = [line for line in self.texts[node].side if line[0].kind == "belief"]
        inside = -1 if side > 0 else 1
        top = place[1] + T.near if sign < 0 else place[1] - T.near - LINE * len(beliefs)
        where = 1.0 if inside < 0 else 0.0
        canvas.write(node, beliefs, place[0] + inside * T.aside, top, where)
        own = tree.children[node]
        for rank, end in enumerate(own):
            offset = (rank - (len(own) - 1) / 2) * self.step
            canvas.nodes[end] = (place[0] + side * self.reach, place[1] + offset)
            canvas.edges.append((node, end))
            up = offset <= 0
            self._answer(end, place, side, up)
            self._payoffs(end, side)

    def _answer(self, end: int, start: Point, side: int, up: bool) -> None:
        """The label of an edge to an end: at its middle, or before its end if it is crowded."""
        x, y = self.canvas.nodes[end]
        lines = self.texts[end].edge
        if self.crowded and lines:
            slope = (y - start[1]) / (x - start[0])
            x -= side * T.touch
            back = max(map(line_width, lines))
            start = (x - side * back, y - slope * side * (T.touch + back))
            y -= slope * side * T.touch
        self.canvas.beside(end, lines, start, (x, y), up)

    def _payoffs(self, node: int, side: int) -> None:
        """Payoffs in a row, in the players' order."""
        lines = self.texts[node].end
        x, y = self.canvas.nodes[node]
        x += side * T.end
        if side < 0:
            x -= sum(map(line_width, lines)) + T.column * (len(lines) - 1)
        for line in lines:
            self.canvas.write(node, [line], x, y - LINE / 2, 0.0)
            x += line_width(line) + T.column
