"""Texts between two edges of the textbook style: the room they need, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nl2efg.drawing.layout.constants import TEXTBOOK as T
from nl2efg.drawing.layout.frame import Frame

if TYPE_CHECKING:
    from nl2efg.drawing.layout.textbook import Plan


def room_between(plan: Plan, parent: int, place: int, head: float) -> float:
    """Along, what the texts beside one of a node's edges need so as to touch no edge.

    Args:
        plan: places across are known.
        parent: the node.
        place: which of its edges.
        head: along, the room before the child for its own text.

    Returns:
        a length of all the node's edges; more than the longest allowed if none is enough.
    """
    own = plan.children[parent]
    frame = plan.frames[own[place]]
    neighbour = place + frame.side
    if not 0 <= neighbour < len(own):
        return 0.0
    reach, beyond = ((plan.across[own[n]] - plan.across[parent]) for n in (place, neighbour))
    distance = abs(beyond - reach)
    slant = max(0.0, reach * frame.side, -beyond * frame.side)
    free = distance - _kept_free(plan, own, place)
    needed = 0.0
    for across, along, block in _texts(frame, head):
        if free <= across:
            return 2 * T.most
        needed = max(needed, (block * distance + along * slant) / (free - across))
    return needed


def spread(plan: Plan) -> bool:
    """Keep the children of small families with knees so far apart that they need none.

    Edges are then as long as they may be at most, and texts between them have room there:
    :func:`room_between`, solved for the distance.

    Args:
        plan: placed; its ``wider`` gets the room to both sides of such children.

    Returns:
        whether there are any.
    """
    for parent in plan.kneed:
        own = plan.children[parent]
        if len(own) > T.spread:
            continue
        for place, child in enumerate(own):
            frame = plan.frames[child]
            if not 0 <= place + frame.side < len(own):
                continue
            slanted = 0.0 if 2 * place + 1 == len(own) else 1.0
            distance = 0.0
            for across, along, block in _texts(frame, frame.head):
                left = T.most - block - slanted * along
                if left > 0:
                    room = T.most * (_kept_free(plan, own, place) + across)
                    distance = max(distance, room / left + T.touch)
            other = plan.frames[own[place + frame.side]]
            if frame.side < 0:
                plan.wider[child] = (distance - other.behind, 0.0)
            else:
                plan.wider[child] = (0.0, distance - other.before)
    return bool(plan.wider)


def _kept_free(plan: Plan, own: Sequence[int], place: int) -> float:
    """Across, what stays free between an edge's texts and the two edges around them."""
    frame = plan.frames[own[place]]
    led = frame.led or plan.frames[own[place + frame.side]].led
    return 2 * T.touch + (T.inner if led else 0.0)


def _texts(frame: Frame, head: float) -> list[tuple[float, float, float]]:
    """Of each text beside an edge: across, along, and how far before the row it begins."""
    texts = [(frame.edge_across, frame.edge_along, head + frame.edge_along)]
    if frame.name_across:
        texts.append((frame.name_across + T.dot + T.near, frame.name_along, head))
    return [text for text in texts if text[0]]
