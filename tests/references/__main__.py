"""Write every ``reference.efg`` anew."""

from __future__ import annotations

from pathlib import Path

from nl2efg.formats import write_efg
from tests.references import REFERENCES

GAMES = Path(__file__).parents[2] / "fixtures" / "games"

for slug, reference in REFERENCES.items():
    (GAMES / slug / "reference.efg").write_text(write_efg(reference()), encoding="utf-8")
    print(f"{slug}: {reference()!r}")
