"""Run code that a model wrote, isolated, and give back its game.

Names are loaded when they are used, because a worker imports this package too and must stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.callable import make_callable
from nl2efg.lazy import names_when_used

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


__getattr__ = names_when_used(__name__, _HOMES)


make_callable(__name__, "build")
