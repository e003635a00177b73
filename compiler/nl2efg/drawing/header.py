"""What stands above a picture: title, caption and legend, wrapped to its width."""

from __future__ import annotations

from dataclasses import dataclass, field

from nl2efg.drawing.labels import LINE, NAME_LIMIT, SIZE
from nl2efg.drawing.layout.constants import TEXTBOOK
from nl2efg.drawing.layout.measures import NODE
from nl2efg.drawing.numbers import letter_values
from nl2efg.drawing.text_metrics import shorten, stretch_of, width, wrap
from nl2efg.drawing.view import View
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.game.model import CHANCE
from nl2efg.text import one_line

TITLE_SIZE = 15.0
BOLD = 1.08  # how much wider than the table
MIN_ROOM = 200.0
MAX_TITLE_LINES = 6
FRAMED = "framed: played"
"""What the frame of a cell means where an equilibrium is marked in a matrix."""
BETWEEN = 12.0  # entries of the legend


@dataclass(slots=True)
class Header:
    """Lines above a picture, from its upper left corner.

    Args:
        lines: kind (``"h"`` title, ``"t"`` other), text and baseline.
        legend: player (``CHANCE`` too), text, and the left end and middle of its place.
        width, height: the room that all takes.
        radius: of the markers in the legend.
    """

    lines: list[tuple[str, str, float]] = field(default_factory=list)
    legend: list[tuple[int, str, float, float]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    radius: float = NODE


def header_of(
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    room: float,
    *,
    at_values: bool = False,
    key: str = "",
) -> Header:
    """The header of a picture.

    Args:
        tree: the game.
        view: says what is written.
        profile: the equilibrium that is shown, or None.
        room: the width of the picture below.
        at_values: whether the picture holds at values of the game's letters only, as one with an
            equilibrium does; these are written then.
        key: what the signs of an equilibrium mean; by default those of a tree.
    """
    room = max(room, MIN_ROOM)
    stretch = stretch_of(view.font)
    found = Header(radius=NODE if view.style == "lanes" else TEXTBOOK.dot)
    if view.title and tree.title:
        _text(found, "h", one_line(tree.title), TITLE_SIZE, BOLD * stretch, room)
    if view.caption:
        _text(found, "t", one_line(view.caption), SIZE, stretch, room)
    letters = letter_values(tree) if profile is not None or at_values else ""
    if letters:
        _text(found, "t", f"at {letters}", SIZE, stretch, room)
    if view.legend:
        _legend(found, tree, view, profile, room, stretch)
        if profile is not None and view.values:
            _text(found, "t", key or profile_key(tree, profile), SIZE, stretch, room)
    if found.height:
        found.height += LINE / 2
    return found


def profile_key(tree: GameTree, profile: BehaviourProfile) -> str:
    """What the signs of an equilibrium mean, of those that the picture of a game may have.

    Args:
        tree: the game.
        profile: the equilibrium that is shown.
    """
    signs = ["E expected payoff"]
    sets = zip(tree.information_sets, tree.members, strict=True)
    if any(len(members) > 1 and not infoset.is_chance for infoset, members in sets):
        signs.append("[p] belief")
    if not all(profile.reach):
        signs.append("pale: not reached")
    return " · ".join(signs)


def _text(header: Header, kind: str, text: str, size: float, stretch: float, room: float) -> None:
    for line in wrap(text, size * stretch, room, MAX_TITLE_LINES, cut=False):
        header.lines.append((kind, line, header.height + size))
        header.height += size + 4
        header.width = max(header.width, width(line, size * stretch))
    header.height += 2


def _legend(
    header: Header,
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    room: float,
    stretch: float,
) -> None:
    entries = []
    valued = profile is not None and view.values
    show = view.payoff_format(tree, profile).show if valued else str
    for player, name in enumerate(tree.players):
        text = one_line(name) if view.full else shorten(one_line(name), SIZE, NAME_LIMIT / stretch)
        if profile is not None and view.values:
            text += f"  E {show(profile.values[player])}"
        entries.append((player, text))
    if view.style == "lanes" and any(infoset.is_chance for infoset in tree.information_sets):
        entries.append((CHANCE, "Chance"))
    if not entries:
        return
    x, y = 0.0, header.height + LINE / 2
    for player, text in entries:
        extent = width(text, SIZE) * stretch + 2 * NODE + 3
        if x and x + extent > room:
            x, y = 0.0, y + LINE + 2
        header.legend.append((player, text, x, y))
        header.width = max(header.width, x + extent)
        x += extent + BETWEEN
    header.height = y + LINE / 2 + 2
