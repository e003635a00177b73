"""Pictures of games: one layout, drawn as SVG, as an interactive report and as TikZ."""

from nl2efg.draw.layout import Layout, layout
from nl2efg.draw.svg import draw_svg

__all__ = ["Layout", "draw_svg", "layout"]
