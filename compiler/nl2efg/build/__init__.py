"""Run code that a model wrote, isolated, and give back its game.

Names are loaded when they are used, because a worker imports this package too and must stay small.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nl2efg.callable import make_callable

if TYPE_CHECKING:
    from nl2efg.build.limits import Limits
    from nl2efg.build.pool import Builders, abuild, build, get_ready
    from nl2efg.build.result import Built, SourceMap

__all__ = ["Builders", "Built", "Limits", "SourceMap", "abuild", "build", "get_ready"]

_HOMES = {
    "Builders": "pool",
    "Built": "result",
    "Limits": "limits",
    "SourceMap": "result",
    "abuild": "pool",
    "build": "pool",
    "get_ready": "pool",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


make_callable(__name__, "build")
