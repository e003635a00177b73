"""The style ``"textbook"``: straight edges from node to node, labels beside them.

Nodes are placed across the tree by :class:`TidyTree`. The edges and labels of a family (a node's
children) then lie between the first and the last of its children's frames, and these intervals do
not overlap within a row; so an edge that ends in the next row can be straight. One that must pass
lanes or rows is straight if nothing is in its way, and else has a knee.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nl2efg.drawing.labels import Describer, Excerpt, NodeText, line_width
from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.frame import Frame, frame_of
from nl2efg.drawing.layout.geometry import Layout
from nl2efg.drawing.layout.lanes import WAY_STEPS, pack_spans, way_between
from nl2efg.drawing.layout.measures import Grows
from nl2efg.drawing.layout.room_between import room_between, spread
from nl2efg.drawing.layout.row_assignment import assign_rows
from nl2efg.drawing.layout.tidy import TidyTree
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE


def lay_out_textbook(
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    direction: Grows,
    visible: Sequence[int],
    excerpt: Excerpt | None = None,
) -> Layout:
    """The tree in the style ``"textbook"``, in near-linear time and the same way every time.

    Args:
        tree: the game.
        view: what is written; its direction, depth and collapsed nodes are not asked.
        profile: an equilibrium whose probabilities, beliefs and values are written in.
        direction: which way the tree grows.
        visible: the nodes in the picture, in preorder.
        excerpt: as of :class:`Describer`.
    """
    from nl2efg.drawing.layout.textbook_lines import draw_lines

    texts = Describer(
        tree, visible, profile, view, upright=True, chance=True, excerpt=excerpt
    ).describe()
    rows, aligned = assign_rows(tree, visible, view.along)
    plan = Plan(tree, direction, visible, texts, rows, aligned)
    plan.place()
    return draw_lines(plan, tilt=view.tilt)


class Plan:
    """Where the nodes are, and how much room there is between the rows.

    Args:
        tree, direction, visible: as of :func:`lay_out_textbook`.
        texts: the lines of each visible node.
        row_of: the row of each visible node.
        aligned: information sets that have one row.
    """

    def __init__(
        self,
        tree: GameTree,
        direction: Grows,
        visible: Sequence[int],
        texts: dict[int, NodeText],
        row_of: dict[int, int],
        aligned: set[int],
    ) -> None:
        self.tree, self.direction, self.visible = tree, direction, visible
        self.texts, self.row_of, self.aligned = texts, row_of, aligned
        self.children: dict[int, tuple[int, ...]] = {}
        for node in visible:
            own = tree.children[node]
            self.children[node] = own if own and own[0] in texts else ()
        self.ends = {node for node in visible if tree.is_terminal(node)}
        self.members: dict[int, list[int]] = {}
        for node in visible:
            if tree.player_of(node) not in (None, CHANCE):
                self.members.setdefault(tree.set_of[node], []).append(node)
        self.ways = self._ways()
        self.columns = self._columns()
        self.frames = self._frames()
        self.wider: dict[int, tuple[float, float]] = {}  # nodes kept apart for straight edges
        self.across: dict[int, float] = {}
        self.along: dict[int, float] = {}
        self.rows: list[list[int]] = []
        self.spans: list[list[tuple[float, float]]] = []  # of each row: its information sets
        self.starts: list[float] = []  # of each row: its first lane
        self.stops: list[float] = []  # and its last
        self.kneed: dict[int, float] = {}  # families whose edges run straight before their nodes
        self.blocks: dict[int, float] = {}  # of each family, along: labels and what follows them

    def _ways(self) -> dict[int, list[list[int]]]:
        """For each information set that has no row of its own, the edges from node to node."""
        budget = WAY_STEPS * len(self.visible)
        found: dict[int, list[list[int]]] = {}
        for index, members in self.members.items():
            if index in self.aligned or len(members) < 2:
                continue
            ways = [way_between(self.tree, a, b) for a, b in pairwise(members)]
            budget -= sum(map(len, ways))
            if budget < 0:
                break
            found[index] = ways
        return found

    def _columns(self) -> list[float]:
        """The widths of the columns of payoffs."""
        found = [0.0] * len(self.tree.players)
        for node in self.ends:
            for player, line in enumerate(self.texts[node].end):
                found[player] = max(found[player], line_width(line))
        return found

    def _frames(self) -> dict[int, Frame]:
        led = {max(step, -1 - step) for ways in self.ways.values() for way in ways for step in way}
        columns = sum(self.columns) + T.column * max(0, len(self.columns) - 1)
        found = {}
        for node in self.visible:
            position, count = 0, 0
            if node:
                position = self.tree.action_of[node]
                count = len(self.tree.children[self.tree.parents[node]])
            found[node] = frame_of(
                self.texts[node], self.direction, position, count, columns, led=node in led
            )
        return found

    def place(self) -> None:
        """Find every node's place; families are spread where that spares their edges a knee."""
        self._place()
        if not spread(self):
            return
        self._place()
        kneed = [child for parent in self.kneed for child in self.children[parent]]
        in_vain = [child for child in kneed if child in self.wider]
        for child in in_vain:
            del self.wider[child]
        if in_vain:
            self._place()

    def _place(self) -> None:
        self.spans, self.starts, self.stops, self.kneed = [], [], [], {}
        self._place_across()
        self.rows = [[] for _ in range(max(self.row_of.values()) + 1)]
        for node in self.visible:
            self.rows[self.row_of[node]].append(node)
        lanes = [self._lanes(row) for row in self.rows]
        self._set_overhang(len(self.rows) - 1, T.most)
        gaps = [self._gap(rank) for rank in range(len(self.rows) - 1, 0, -1)][::-1]
        self._place_along(lanes, [0.0, *gaps])

    def _place_across(self) -> None:
        index = {node: position for position, node in enumerate(self.visible)}
        boxes = [(node, self.frames[node]) for node in self.visible]
        placed = TidyTree(
            [[index[child] for child in self.children[node]] for node in self.visible],
            [max(own.before, self.wider.get(n, (0, 0))[0]) for n, own in boxes],
            [max(own.behind, self.wider.get(n, (0, 0))[1]) for n, own in boxes],
            # Edges of a neighbour may not pass below a node that has none of its own.
            [self.row_of[node] + (1 if self.children[node] else 2) for node in self.visible],
            upright=T.upright,
        ).place()
        least = min(u - own.before for u, (_, own) in zip(placed, boxes, strict=True))
        for node, u in zip(self.visible, placed, strict=True):
            self.across[node] = u - least

    def _lanes(self, row: Sequence[int]) -> dict[int, int]:
        """The lane of each node of a row: no set is drawn through a foreign node.

        Terminal nodes that lie within a set are drawn before it, lest their edges cross it.
        """
        spans: dict[int, tuple[float, float, list[int]]] = {}
        for node in row:
            if node in self.ends:
                continue
            index = self.tree.set_of[node]
            key = index if index in self.aligned else -1 - node
            low = self.across[node] - self.frames[node].before
            high = self.across[node] + self.frames[node].behind
            left, right, members = spans.get(key, (low, high, []))
            spans[key] = (min(low, left), max(high, right), [*members, node])
        lanes = pack_spans(list(spans.values()))
        wide = [
            (self.across[members[0]], self.across[members[-1]])
            for _, _, members in spans.values()
            if len(members) > 1
        ]
        self.spans.append(wide)
        within = any(self._lies_under(node, wide) for node in row if node in self.ends)
        if within:
            lanes = {node: lane + 1 for node, lane in lanes.items()}
        lanes.update((node, 0) for node in row if node in self.ends)
        return lanes

    def _lies_under(self, node: int, spans: Sequence[tuple[float, float]]) -> bool:
        """Whether a node lies between the ends of an information set, across the tree."""
        before, behind = self.frames[node].before, self.frames[node].behind
        here = self.across[node]
        return any(low < here + behind and here - before < high for low, high in spans)

    def _gap(self, rank: int) -> float:
        """Along, the room between a row and the one before it; decides which families have knees.

        Rows are asked from the last one backwards: how far the text beside a node reaches beyond
        it depends on how steep its own edges are.
        """
        needed = T.least_down if self.direction == "down" else T.least_right
        for node in self.rows[rank]:
            self._set_head(node)
            needed = max(needed, self.frames[node].head + 2 * T.near)
        for parent in self.rows[rank - 1]:
            if self.children[parent]:
                needed = max(needed, self._family_gap(parent, rank))
        self._set_overhang(rank - 1, needed)
        return needed

    def _family_gap(self, parent: int, rank: int) -> float:
        """Along, the room that the edges from one node need; decides whether they have knees."""
        own = self.children[parent]
        breadth = block = between = 0.0
        for place, child in enumerate(own):
            frame = self.frames[child]
            reach = self.across[child] - self.across[parent]
            head = frame.head if self.row_of[child] == rank else T.dot + T.near
            breadth = max(breadth, abs(reach))
            block = max(block, head + frame.edge_along)
            between = max(between, room_between(self, parent, place, head))
            # Text beside a node would be on the inner side of its edge, and so on the edge.
            if reach * frame.side < -1.0 and frame.name_across:
                between = 2 * T.most
        self.blocks[parent] = block
        if between > T.most:
            self.kneed[parent] = block + T.near
            return block + T.near + min(T.knee_most, max(T.knee_least, T.slope * breadth / 2))
        return max(block + 2 * T.near, between, min(T.most, T.slope * breadth))

    def _set_head(self, node: int) -> None:
        """Along, the room before a node for the text beside it."""
        frame = self.frames[node]
        frame.head = T.dot + T.near
        if not frame.name_along:
            return
        if self.direction == "down":
            frame.head = max(frame.head, frame.name_along + 2 * T.near)
        else:
            frame.head = max(frame.head, frame.name_along - frame.overhang + T.near)

    def _set_overhang(self, rank: int, gap: float) -> None:
        """How far the text beside a node of a tree that grows right reaches over its edges."""
        if self.direction == "down":
            return
        for node in self.rows[rank]:
            frame = self.frames[node]
            index = self.tree.set_of[node]
            frame.overhang = 0.0
            if not frame.name_along:
                continue
            if len(self.members.get(index, ())) > 1:
                frame.overhang = -T.aside
                continue
            if not self._covers(node):
                continue
            rises = [
                (self.across[child] - self.across[node]) * frame.side
                for child in self.children[node]
            ]
            steepest = max([*rises, 0.0]) / (gap - self.kneed.get(node, 0.0))
            room = T.dot / steepest if steepest else frame.name_along
            free = max(0.0, gap - self.blocks.get(node, 0.0) - 2 * T.near)
            frame.overhang = min(frame.name_along / 2, room, free)

    def _covers(self, node: int) -> bool:
        """Whether the text beside a node is not wider, across, than the edges that leave it."""
        own, frame = self.children[node], self.frames[node]
        if not own:
            return False
        low = self.across[own[0]] - self.frames[own[0]].before
        high = self.across[own[-1]] + self.frames[own[-1]].behind
        here = self.across[node]
        return here - low >= frame.before if frame.side < 0 else high - here >= frame.behind

    def _place_along(self, lanes: list[dict[int, int]], gaps: Sequence[float]) -> None:
        cursor = 0.0
        for rank, row in enumerate(self.rows):
            heads = [T.dot] * (1 + max((lanes[rank][node] for node in row), default=0))
            tails = [T.dot] * len(heads)
            for node in row:
                lane, frame = lanes[rank][node], self.frames[node]
                if not rank:
                    self._set_head(node)
                heads[lane] = max(heads[lane], frame.head)
                if lane + 1 < len(heads):
                    tails[lane] = max(tails[lane], frame.end)
            start = cursor + gaps[rank] if rank else heads[0] + T.gap / 2
            places = [start]
            for lane in range(1, len(heads)):
                step = max(T.lane, tails[lane - 1] + T.near, tails[lane - 1] + heads[lane])
                places.append(places[-1] + step)
            shift = self._shift(rank, places) if rank else 0.0
            places = [place + shift for place in places]
            self.starts.append(places[0])
            self.stops.append(places[-1])
            for node in row:
                self.along[node] = places[lanes[rank][node]]
            cursor = places[-1]

    def _shift(self, rank: int, places: Sequence[float]) -> float:
        """How far a row moves on, for the payoffs of the row before to end in time."""
        shift = 0.0
        for node in self.rows[rank - 1]:
            if node in self.ends:
                end = self.along[node] + self.frames[node].end
                shift = max(shift, end - places[-1])
                if self._lies_under(node, self.spans[rank]):
                    shift = max(shift, end + T.near - places[0])
        return shift
