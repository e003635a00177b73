"""Colours and markers that tell players apart, in light, in dark and in print.

The hues follow Okabe and Ito's colour-blind-safe set ("Color universal design", 2008), darkened
(lightened for dark pages) until text has a contrast of at least 4.5 : 1 against the page; every
player has a marker of its own besides.
"""

from __future__ import annotations

from math import cos, pi, sin

from nl2efg.game.model import CHANCE

LIGHT = ("#0b62a4", "#b94700", "#00755a", "#9b3f86", "#7a5c00", "#187189", "#5b4bb5", "#8a2d3b")
DARK = ("#74b9f2", "#ff9d66", "#4fd0a8", "#e59ad0", "#e0c04c", "#7fd6ee", "#b5abff", "#ff9aa8")
PAGE = ("#ffffff", "#16181d")
INK = ("#1f2328", "#e6e8eb")
SOFT = ("#5b626b", "#a3abb6")

PATTERNS = ("5 3", "1.5 2.5", "9 3 2 3", "9 3", "3 2 1 2", "12 3", "2 4", "6 2 2 2 2 2")
"""Dashes of the players' information sets in black and white."""

SHAPES: tuple[tuple[float, ...], ...] = (
    (),
    (45, 135, 225, 315),
    (270, 30, 150),
    (0, 90, 180, 270),
    (90, 210, 330),
    (270, 342, 54, 126, 198),
    (0, 60, 120, 180, 240, 300),
)


def colour_index(player: int) -> int:
    """Which colour of ``LIGHT`` and ``DARK`` a player has."""
    return player % len(LIGHT)


def stroke_class(player: int) -> str:
    """Class of a line: ``s0`` to ``s7``, ``k`` for chance."""
    return "k" if player == CHANCE else f"s{colour_index(player)}"


def shape_index(player: int) -> int:
    """Which marker a player has; beyond eight players the pairs of colour and marker differ."""
    return (player + player // len(LIGHT)) % len(SHAPES)


def colour_class(player: int | None) -> str:
    """Class of a text or shape: ``p0`` to ``p7``, ``c`` for chance, ``i`` for ink."""
    if player is None:
        return "i"
    return "c" if player == CHANCE else f"p{colour_index(player)}"


def corners(player: int, radius: float) -> tuple[tuple[float, float], ...]:
    """Corners of a player's marker around the origin; empty for a circle."""
    reach = radius * 1.2
    return tuple(
        (round(reach * cos(angle * pi / 180), 2), round(reach * sin(angle * pi / 180), 2))
        for angle in SHAPES[shape_index(player)]
    )


def css(root: str, theme: str = "auto") -> str:
    """Style rules of colour for everything inside ``root``.

    Args:
        root: a selector.
        theme: ``"light"``; ``"dark"``; ``"auto"``: light, and dark where the reader prefers it;
            ``"print"``: black on white, sets told apart by the pattern of their lines.
    """
    if theme == "print":
        return _print_rules(root)
    if theme == "auto":
        return (
            _rules(root, 0)
            + "@media screen and (prefers-color-scheme:dark){"
            + _rules(root, 1)
            + "}"
        )
    return _rules(root, 1 if theme == "dark" else 0)


def _rules(root: str, theme: int) -> str:
    colours = (LIGHT, DARK)[theme]
    rules = _neutral_rules(root, INK[theme], SOFT[theme], PAGE[theme])
    for index, colour in enumerate(colours):
        rules.append(f"{root} .p{index}{{fill:{colour}}}{root} .s{index}{{stroke:{colour}}}")
    return "".join(rules)


def _print_rules(root: str) -> str:
    rules = _neutral_rules(root, "#000", "#000", "#fff")
    for index, pattern in enumerate(PATTERNS):
        rules.append(
            f"{root} .p{index}{{fill:#000}}{root} .s{index}{{stroke:#000}}"
            f"{root} .d.s{index}{{stroke-dasharray:{pattern}}}"
        )
    return "".join(rules)


def _neutral_rules(root: str, ink: str, soft: str, page: str) -> list[str]:
    return [
        f"{root} .page{{fill:{page}}}",
        f"{root} text,{root} .i{{fill:{ink}}}",
        f"{root} .e,{root} .k{{stroke:{soft}}}",
        f"{root} .c{{fill:{soft}}}",
        f"{root} .c.m{{fill:{page};stroke:{soft}}}",
        f"{root} .t{{fill:{soft}}}",
        f"{root} .r{{stroke:{ink}}}",
    ]
