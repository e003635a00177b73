"""Pictures of games: one layout, drawn as SVG, as an interactive report and as TikZ.

Names are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.drawing.graphs import draw_dot, draw_ef, draw_graphml
    from nl2efg.drawing.html.report import draw_html
    from nl2efg.drawing.layout.geometry import Layout
    from nl2efg.drawing.layout.picture import lay_out
    from nl2efg.drawing.payoff_space import draw_payoff_space
    from nl2efg.drawing.raster import can_rasterise, to_pdf, to_png
    from nl2efg.drawing.sheet import contact_sheet
    from nl2efg.drawing.svg_kinds import draw_svg
    from nl2efg.drawing.tikz import draw_tikz
    from nl2efg.drawing.view import View

__all__ = [
    "Layout",
    "View",
    "can_rasterise",
    "contact_sheet",
    "draw_dot",
    "draw_ef",
    "draw_graphml",
    "draw_html",
    "draw_payoff_space",
    "draw_svg",
    "draw_tikz",
    "lay_out",
    "to_pdf",
    "to_png",
]

_HOMES = {
    "Layout": "layout.geometry",
    "View": "view",
    "contact_sheet": "sheet",
    "draw_dot": "graphs",
    "draw_ef": "graphs",
    "draw_graphml": "graphs",
    "draw_html": "html.report",
    "draw_payoff_space": "payoff_space",
    "draw_svg": "svg_kinds",
    "draw_tikz": "tikz",
    "lay_out": "layout.picture",
    "to_pdf": "raster",
    "can_rasterise": "raster",
    "to_png": "raster",
}


__getattr__ = names_when_used(__name__, _HOMES)
