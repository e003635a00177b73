"""Run code that a model wrote, isolated, and give back its game.

``nl2efg.build`` is the package and, called, its function: ``nl2efg.build(code)``. Names are loaded
when they are used, because a worker imports this package too and must stay small.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nl2efg.build.limits import Limits
    from nl2efg.build.pool import Builders, abuild, build
    from nl2efg.build.result import Built, SourceMap

__all__ = ["Builders", "Built", "Limits", "SourceMap", "abuild", "build"]

_HOMES = {
    "Builders": "pool",
    "Built": "result",
    "Limits": "limits",
    "SourceMap": "result",
    "abuild": "pool",
    "build": "pool",
}


class _Callable(ModuleType):
    """A package that is also its main function, so that importing a part of it hides nothing."""

    def __call__(self, code: str, limits: Limits | None = None) -> Built:
        """As :func:`nl2efg.build.build`."""
        run: Any = self.build
        built: Built = run(code, limits)
        return built


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


sys.modules[__name__].__class__ = _Callable
