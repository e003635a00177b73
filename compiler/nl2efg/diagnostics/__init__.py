"""What a compiler says about a game: a stable code, a place, and what would mend it.

Codes are documented in ``codes/*.toml`` (one file a family) and shown by ``nl2efg explain CODE``.
"""

from nl2efg.diagnostics.catalogue import CodeEntry, explain, known_codes
from nl2efg.diagnostics.model import Diagnostic, Severity

__all__ = ["CodeEntry", "Diagnostic", "Severity", "explain", "known_codes"]
