"""nl2efg: a compiler from natural language to extensive-form games.

::

    import nl2efg

    compilation = nl2efg.compile("Ann and Ben each choose left or right ...")
    compilation.tree, compilation.game, compilation.graph, compilation.equilibria

The public names load what they need when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.batch import compile_many
    from nl2efg.checks import check
    from nl2efg.comparison import compare
    from nl2efg.drawing import draw_svg
    from nl2efg.errors import Nl2efgError
    from nl2efg.families import GameFamily
    from nl2efg.formats import load_efg, read_efg, write_efg
    from nl2efg.game import GameTree, TreeBuilder
    from nl2efg.pipeline import Compilation, compile, compile_async
    from nl2efg.sandbox import build, family_of
    from nl2efg.solving import solve
    from nl2efg.sweeps import sweep

__all__ = [
    "Compilation",
    "GameFamily",
    "GameTree",
    "Nl2efgError",
    "TreeBuilder",
    "build",
    "check",
    "compare",
    "compile",
    "compile_async",
    "compile_many",
    "draw_svg",
    "family_of",
    "load_efg",
    "read_efg",
    "solve",
    "sweep",
    "write_efg",
]

_HOMES = {
    "Compilation": "pipeline",
    "GameFamily": "families",
    "GameTree": "game",
    "Nl2efgError": "errors",
    "TreeBuilder": "game",
    "build": "sandbox",
    "check": "checks",
    "compare": "comparison",
    "compile": "pipeline",
    "compile_async": "pipeline",
    "compile_many": "batch",
    "draw_svg": "drawing",
    "family_of": "sandbox",
    "load_efg": "formats",
    "read_efg": "formats",
    "solve": "solving",
    "sweep": "sweeps",
    "write_efg": "formats",
}


__getattr__ = names_when_used(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
