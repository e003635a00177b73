"""A sweep as a picture."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from nl2efg.drawing.regimes import Scale, regime_map, value_map, value_plot
from nl2efg.errors import UserError
from nl2efg.sweeps.axes import Axis
from nl2efg.sweeps.point import NOT_FOUND

if TYPE_CHECKING:
    from nl2efg.sweeps.running import Sweep


def picture(sweep: Sweep, player: str = "") -> str:
    """Regimes over a plane or values along a line, as an SVG document.

    Args:
        player: over a plane, draw this player's value instead of the regimes.

    Raises:
        UserError: more than two axes, or no such player.
    """
    title, players = sweep.family.tree.title, sweep.family.tree.players
    if player and player not in players:
        raise UserError(f"there is no player {player!r}", hint=f"there are {', '.join(players)}")
    if len(sweep.axes) > 2:
        raise UserError(
            f"a picture has two axes at most, not {len(sweep.axes)}",
            hint="write a table, or give the other parameters one value with --set",
        )
    points = sweep.points
    if len(sweep.axes) == 1:
        rows = [
            [_float(point.payoffs[n]) if point.payoffs else None for point in points]
            for n in range(len(players))
        ]
        types = [point.type for point in points]
        return value_plot(title, _scale(sweep.axes[0]), types, rows, players, _without(sweep))
    across, up = sweep.axes
    height = len(up.values)
    columns = [points[n : n + height] for n in range(0, len(points), height)]
    if player:
        place = players.index(player)
        values = [
            [_float(point.payoffs[place]) if point.payoffs else None for point in column]
            for column in columns
        ]
        return value_map(title, _scale(across), _scale(up), values, f"value of {player}")
    names = [[point.type for point in column] for column in columns]
    return regime_map(title, _scale(across), _scale(up), names, _without(sweep))


def _without(sweep: Sweep) -> str:
    """What the points without a regime are: outside of the conditions, or searched in vain."""
    in_vain = {point.trouble == NOT_FOUND for point in sweep.points if not point.type}
    if in_vain == {False}:
        return "no game: outside its conditions"
    return "no certified equilibrium" + (", or outside the conditions" if len(in_vain) == 2 else "")


def _scale(axis: Axis) -> Scale:
    return Scale(axis.symbol, tuple(map(float, axis.values)), tuple(map(_text, axis.values)))


def _text(value: Fraction) -> str:
    return str(value) if value.denominator <= 9 else f"{float(value):.3g}"


def _float(text: str) -> float:
    return float(Fraction(text)) if "/" in text or text.lstrip("-").isdecimal() else float(text)
