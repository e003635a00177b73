"""Pictures of games: one layout, drawn as SVG, as an interactive report and as TikZ."""

from nl2efg.drawing.graphs import draw_dot, draw_ef, draw_graphml
from nl2efg.drawing.html.report import draw_html
from nl2efg.drawing.layout.geometry import Layout
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.raster import to_pdf, to_png
from nl2efg.drawing.sheet import contact_sheet
from nl2efg.drawing.svg import draw_svg
from nl2efg.drawing.tikz import draw_tikz
from nl2efg.drawing.view import View

__all__ = [
    "Layout",
    "View",
    "contact_sheet",
    "draw_dot",
    "draw_ef",
    "draw_graphml",
    "draw_html",
    "draw_svg",
    "draw_tikz",
    "lay_out",
    "to_pdf",
    "to_png",
]
