"""The reference games in code: ``fixtures/games/*/reference.efg`` is what these functions build.

``python -m tests.references`` writes the files anew.
"""

from __future__ import annotations

from tests.references import classics, families, hard, literature, textbook
from tests.references.writing import Reference

REFERENCES: dict[str, Reference] = {
    **textbook.REFERENCES,
    **classics.REFERENCES,
    **literature.REFERENCES,
    **hard.REFERENCES,
    **families.REFERENCES,
}

__all__ = ["REFERENCES"]
