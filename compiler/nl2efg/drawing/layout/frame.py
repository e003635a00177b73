"""The room that nodes and their labels need in the textbook style, before anything is placed.

Everything is in coordinates across and along the tree, so that both directions are one algorithm:
a label is a rectangle on one side of its edge whose corner touches the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.drawing.labels import LINE, NodeText, line_width
from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.measures import Grows


@dataclass(slots=True)
class Frame:
    """Room for a node.

    Args:
        side: on which side of its edge the label is: -1 before it across the tree, +1 behind it.
        edge_across, edge_along: size of the edge's label.
        name_across, name_along: size of the text beside the node.
        end: along, behind a terminal node.
        before, behind: across, to both sides of the node.
        head: along, kept free before the node for its own text.
        overhang: along, how far the text beside the node reaches beyond it (tree growing right).
        led: whether a curved band runs beside its edge.
    """

    side: int
    edge_across: float
    edge_along: float
    name_across: float
    name_along: float
    end: float
    before: float
    behind: float
    head: float = 0.0
    overhang: float = 0.0
    led: bool = False


def frame_of(
    text: NodeText, direction: Grows, position: int, count: int, columns: float, *, led: bool
) -> Frame:
    """The room of one node.

    Args:
        text: its lines.
        direction: which way the tree grows.
        position, count: which child it is, and of how many; 0 and 0 for the root.
        columns: along, the payoffs of a terminal node of a tree that grows right.
        led: whether a curved band runs beside its edge.
    """
    down = direction == "down"
    wide = max(map(line_width, text.edge), default=0.0)
    high = LINE * len(text.edge)
    name_wide = max(map(line_width, text.side), default=0.0)
    name_high = LINE * len(text.side)
    end_wide = max(map(line_width, text.end), default=0.0)
    side = _side(position, count, down=down)
    lead = T.inner + T.near if led else 0.0
    if down:
        end = T.end + LINE * len(text.end) if text.end else 0.0
        label, name = (wide, high), (name_wide, name_high)
        core = max(T.dot, end_wide / 2)
        beside = name_wide + T.aside if count and name_wide else 0.0
    else:
        end = T.end + columns if text.end else 0.0
        label, name = (high, wide), (name_high, name_wide)
        core = max(T.dot, LINE / 2 if text.end else 0.0)
        beside = name_high + T.dot + T.near if name_high else 0.0
    outer = max(core, label[0] + T.touch if label[0] else 0.0, beside)
    inner = max(core, lead)
    if down and not count:
        outer = inner = max(core, name_wide / 2)
    elif down and 2 * position + 1 == count > 1:
        inner = outer  # the middle child stands in the middle
    before, behind = (outer, inner) if side < 0 else (inner, outer)
    return Frame(side, *label, *name, end, before + T.gap / 2, behind + T.gap / 2, led=led)


def _side(position: int, count: int, *, down: bool) -> int:
    """Labels lie on the outer side of their edges; in the middle right of them, or above."""
    if not count or 2 * position + 1 == count:
        return 1 if down else -1
    return -1 if 2 * position + 1 < count else 1
