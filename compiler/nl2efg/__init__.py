"""nl2efg: a compiler from natural language to extensive-form games.

::

    import nl2efg

    compilation = nl2efg.compile("Ann and Ben each choose left or right ...")
    compilation.tree, compilation.game, compilation.graph, compilation.equilibria

The public names load what they need when they are first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    "compile": "pipeline",
    "compile_async": "pipeline",
    "draw_svg": "draw",
    "load_efg": "tree",
    "read_efg": "tree",
    "write_efg": "tree",
}


class _Verb:
    """A public function that shares its name with the package it lives in.

    Importing that package would bind its module to the name; a data descriptor on the module's
    class comes first, whatever is imported when.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, module: ModuleType | None, kind: type) -> Any:
        return getattr(import_module(f"nl2efg.{self.name}"), self.name)

    def __set__(self, module: ModuleType, value: object) -> None:
        """The import system binds the package here; the function stays."""


class _Package(ModuleType):
    build = _Verb("build")
    check = _Verb("check")
    compare = _Verb("compare")
    solve = _Verb("solve")

    def __getattr__(self, name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'nl2efg' has no attribute {name!r}")
        return getattr(import_module(f"nl2efg.{_HOMES[name]}"), name)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *__all__})


sys.modules[__name__].__class__ = _Package
