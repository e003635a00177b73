"""Measures of the textbook style: the report's script gets them in the page's data."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from nl2efg.drawing.labels import APART, LINE, SIZE


@dataclass(frozen=True, slots=True)
class TextbookMeasures:
    """Lengths in units of the layout; "along" is the way the tree grows, "across" the other.

    Args:
        size, line: of the type, and from one line of text to the next.
        dot: radius of a decision node's marker.
        gap: across, between what belongs to neighbours.
        touch: between an edge and the corner of its label.
        near: between a marker and the text beside it.
        aside: across, between a node and the text beside it where an edge or a set passes.
        apart: across, kept by a payoff with blanks of its own.
        end: along, between a terminal node and its payoffs.
        column: between the columns of payoffs of a tree that grows right.
        least_down, least_right: along, the shortest edge.
        slope: the least length of an edge along for its length across.
        most: along, the longest edge that ``slope`` or labels between edges may ask for; beyond
            it, edges that have labels between them get knees.
        knee_least, knee_most: along, how far edges spread before a knee.
        lane: along, between two lanes of a row.
        spread: children of a family that is spread to spare its edges knees; larger ones keep them.
        inner: how far a curved band runs beside an edge.
        upright: how far from the middle a middle child may be to have its parent over it, as a
            share of what all children take.
        obstacles: nodes that are looked at before an edge that passes rows is given a knee.
    """

    size: float = SIZE
    line: float = LINE
    dot: float = 4.0
    gap: float = 6.0
    touch: float = 3.0
    near: float = 3.0
    aside: float = 5.0
    apart: float = APART
    end: float = 5.0
    column: float = 6.0
    least_down: float = 36.0
    least_right: float = 28.0
    slope: float = 0.22
    most: float = 96.0
    knee_least: float = 18.0
    knee_most: float = 60.0
    lane: float = 12.0
    spread: float = 4.0
    inner: float = 7.0
    upright: float = 0.3
    obstacles: int = 60

    def as_json(self) -> dict[str, float]:
        """The measures by name."""
        return asdict(self)


TEXTBOOK = TextbookMeasures()
