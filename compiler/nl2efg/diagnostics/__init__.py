"""What a compiler says about a game: a stable code, a place, and what would mend it.

Codes are documented in ``codes/*.toml`` (one file a family) and shown by ``nl2efg explain CODE``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.diagnostics.model import Diagnostic, Severity
from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.diagnostics.catalogue import CodeEntry, explain, known_codes

__all__ = ["CodeEntry", "Diagnostic", "Severity", "explain", "known_codes"]


__getattr__ = names_when_used(
    __name__, dict.fromkeys(("CodeEntry", "explain", "known_codes"), "catalogue")
)
