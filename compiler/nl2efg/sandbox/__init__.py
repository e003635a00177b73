"""Run code that a model wrote, isolated, and give back its game.

Names are loaded when they are used, because a worker imports this package too and must stay small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.sandbox.families import family_of
    from nl2efg.sandbox.limits import Limits
    from nl2efg.sandbox.pool import (
        Builders,
        abuild,
        build,
        can_run_code,
        ensure_ready,
        get_ready,
    )

__all__ = [
    "Builders",
    "Limits",
    "abuild",
    "build",
    "can_run_code",
    "ensure_ready",
    "family_of",
    "get_ready",
]

_HOMES = {
    "Builders": "pool",
    "Limits": "limits",
    "abuild": "pool",
    "build": "pool",
    "can_run_code": "pool",
    "ensure_ready": "pool",
    "family_of": "families",
    "get_ready": "pool",
}


__getattr__ = names_when_used(__name__, _HOMES)
