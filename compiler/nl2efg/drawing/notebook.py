"""The report inside a notebook's cell."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

HEIGHT = 760  # pixels


@dataclass(frozen=True, repr=False)
class Explorer:
    """A report that a notebook shows in its cell, in a frame of its own.

    Args:
        html: the report.
        height: of the frame, in pixels.
    """

    html: str
    height: int = HEIGHT

    def __repr__(self) -> str:
        return f"<a report of {len(self.html):,} characters; a notebook shows it>"

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self.html)}" width="100%" height="{self.height}" '
            'style="border:0" sandbox="allow-scripts allow-downloads" title="report"></iframe>'
        )
