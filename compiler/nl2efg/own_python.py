"""Processes of our own: they import what this one would, and nothing from the current folder.

``python -c`` and ``python -m`` look into the current folder first. Whoever calls us there may have
got it from somebody else, with a ``json.py`` in it.
"""

from __future__ import annotations

import os
import sys


def own_python(statement: str, *arguments: str) -> list[str]:
    """The command of a process that runs a statement, with this one's places for imports.

    Args:
        statement: such as ``from nl2efg.x import main; main()``.
        arguments: what ``sys.argv`` has from 1 on.
    """
    places = [place for place in sys.path if os.path.isabs(place)]
    boot = f"import sys; sys.path[:] = {places!r}; {statement}"
    return [sys.executable, "-P", "-c", boot, *arguments]
