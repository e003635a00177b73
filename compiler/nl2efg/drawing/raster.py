"""Pictures that are not text: PNG and PDF, made from the SVG by CairoSVG (the extra ``images``)."""

from __future__ import annotations

import re
from typing import Any

from nl2efg.drawing.fonts import with_fonts
from nl2efg.errors import UserError

PNG_LIMIT = 32_000  # pixels on a side; cairo's image surfaces end at 32,767
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def can_rasterise() -> bool:
    """Whether PNG and PDF can be made here: CairoSVG and the cairo library are installed."""
    try:
        _cairosvg()
    except UserError:
        return False
    return True


def to_png(svg: str, scale: float = 2.0) -> bytes:
    """A PNG of an SVG that :func:`nl2efg.draw_svg` made.

    Args:
        svg: the document.
        scale: image pixels for a CSS pixel, above 0.

    Raises:
        UserError: CairoSVG or cairo is not installed, or the image would be too large.
    """
    cairosvg = _cairosvg()
    found = _SIZE.search(svg)
    side = max(map(float, found.groups())) * scale if found else 0.0
    if side > PNG_LIMIT:
        raise UserError(
            f"the PNG would be {side:,.0f} pixels long; {PNG_LIMIT:,} is the limit",
            hint="cut the tree with --depth, or draw SVG or PDF",
        )
    png: bytes = cairosvg.svg2png(bytestring=with_fonts(svg).encode(), scale=scale)
    return png


def to_pdf(svg: str) -> bytes:
    """A PDF, in vectors, of an SVG that :func:`nl2efg.draw_svg` made.

    Raises:
        UserError: CairoSVG or cairo is not installed.
    """
    pdf: bytes = _cairosvg().svg2pdf(bytestring=with_fonts(svg).encode())
    return pdf


def _cairosvg() -> Any:
    try:
        import cairosvg
    except (ImportError, OSError) as error:  # OSError: the cairo library itself is missing
        raise UserError(
            f"PNG and PDF need CairoSVG and the cairo library ({error})",
            hint="pip install 'nl2efg[images]', or draw SVG",
        ) from error
    return cairosvg
