"""How much room each node and its labels need, across the tree and along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nl2efg.drawing.labels import LINE, Line, NodeText, line_width

Grows = Literal["down", "right"]

NODE = 6.0  # radius of a node's marker
BAND = 9.0  # half the width of a band
GAP = 8.0  # between the boxes of neighbours
SIDE = 6.0  # between a line and the label beside it
CURVED = 5.0  # half the width of a curved band
END = 9.0  # between a node and the labels behind it


@dataclass(frozen=True, slots=True)
class Box:
    """Room for a node.

    Args:
        left, right: across the tree, to both sides of the node.
        edge: along the tree, for the label of its edge.
        side: along the tree, before the node's lane, for the labels beside it.
        end: along the tree, behind the node.
        lead: how far from the node's line a curved band runs (left of it when the tree grows
            down, below it when it grows right); 0 where there is none.
    """

    left: float
    right: float
    edge: float
    side: float
    end: float
    lead: float = 0.0


def _widest(lines: list[Line]) -> float:
    return max(map(line_width, lines), default=0.0)


def measure(text: NodeText, direction: Grows, *, led: bool) -> Box:
    """The room that a node's lines need; ``led`` if a curved band runs beside its edge."""
    edge, side, end = _widest(text.edge), _widest(text.side), _widest(text.end)
    if direction == "down":
        half = max(edge, end) / 2
        lead = max(edge / 2 + 2.0, NODE) + CURVED + 4.0 if led else 0.0
        return Box(
            left=max(half, BAND, lead + CURVED) + GAP / 2,
            right=max(half, BAND, SIDE + side if side else 0.0) + GAP / 2,
            edge=LINE * len(text.edge) + 4.0 if text.edge else 0.0,
            side=LINE * len(text.side) + 2.0 if text.side else 0.0,
            end=END + LINE * len(text.end) if text.end else 0.0,
            lead=lead,
        )
    above = sum(1 for line in text.edge if line[0].kind == "action")
    below = len(text.edge) - above
    lead = max(LINE * below + 4.0, NODE) + CURVED + 4.0 if led else 0.0
    return Box(
        left=max(LINE * above + 4.0, LINE * len(text.side) + 4.0, BAND) + GAP / 2,
        right=max(LINE * below + 4.0, LINE / 2 * len(text.end), BAND, lead + CURVED) + GAP / 2,
        edge=edge + 6.0 if edge else 0.0,
        side=side + SIDE if side else 0.0,
        end=END + end if end else 0.0,
        lead=lead,
    )
