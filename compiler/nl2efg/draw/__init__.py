"""Pictures of games: one layout, drawn as SVG, as an interactive report and as TikZ."""

from nl2efg.draw.graphs import draw_dot, draw_ef, draw_graphml
from nl2efg.draw.layout import Layout, layout
from nl2efg.draw.raster import to_pdf, to_png
from nl2efg.draw.report import draw_html
from nl2efg.draw.svg import draw_svg
from nl2efg.draw.tikz import draw_tikz

__all__ = [
    "Layout",
    "draw_dot",
    "draw_ef",
    "draw_graphml",
    "draw_html",
    "draw_svg",
    "draw_tikz",
    "layout",
    "to_pdf",
    "to_png",
]
