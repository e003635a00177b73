"""What a compiler says about a game: a stable code, a place, and what would mend it.

Codes are documented in ``codes/*.toml`` (one file a family) and shown by ``nl2efg explain CODE``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nl2efg.diagnostics.model import Diagnostic, Severity

if TYPE_CHECKING:
    from nl2efg.diagnostics.catalogue import CodeEntry, explain, known_codes

__all__ = ["CodeEntry", "Diagnostic", "Severity", "explain", "known_codes"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.catalogue"), name)
