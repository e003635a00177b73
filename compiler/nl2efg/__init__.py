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
    from nl2efg.build import build
    from nl2efg.check import check
    from nl2efg.compare import compare
    from nl2efg.draw import draw_svg
    from nl2efg.errors import Nl2efgError
    from nl2efg.pipeline import Compilation, compile, compile_async
    from nl2efg.solve import solve
    from nl2efg.tree import GameTree, TreeBuilder, load_efg, read_efg, write_efg

__all__ = [
    "Compilation",
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
    "load_efg",
    "read_efg",
    "solve",
    "write_efg",
]

_HOMES = {
    "Compilation": "pipeline",
    "GameTree": "tree",
    "Nl2efgError": "errors",
    "TreeBuilder": "tree",
    "build": "build",
    "check": "check",
    "compare": "compare",
    "compile": "pipeline",
    "compile_async": "pipeline",
    "compile_many": "batch",
    "draw_svg": "draw",
    "load_efg": "tree",
    "read_efg": "tree",
    "solve": "solve",
    "write_efg": "tree",
}


__getattr__ = names_when_used(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
