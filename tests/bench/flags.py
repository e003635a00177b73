"""Which replies that build do the checks flag? A table by check, wrong and right games apart.

    python tests/bench/flags.py REPLIES.jsonl DESCRIPTIONS/ [--setting NAME ...] [--list]

``REPLIES.jsonl`` holds rows ``id, setting, game, label, reply`` with the label ``correct`` or
``incorrect``; ``DESCRIPTIONS/`` a file ``GAME.txt`` for each game. No sketch is used: what is
measured is what tree, text and build say alone. A game is flagged by an error or a warning.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nl2efg.checks import check
from nl2efg.comparison import canonical_form
from nl2efg.frontend.program_reply import build_reply
from nl2efg.sandbox import build
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Diagnostic, Severity

WRONG, RIGHT = "incorrect", "correct"


@dataclass
class Judged:
    """A reply from which a game came."""

    row: dict[str, Any]
    form: str
    label: str
    from_build: list[Diagnostic]
    from_check: list[Diagnostic]

    @property
    def flags(self) -> list[Diagnostic]:
        return self.from_build + self.from_check


def judge(rows: list[dict[str, Any]], texts: dict[str, str]) -> list[Judged]:
    """Build and check every reply; those without a game are left out."""
    found = []
    for row in rows:
        built = build_reply(row["reply"], build)
        if built.tree is not None:
            checked = check(built.tree, text=texts[row["game"]], lines=built.lines)
            form = canonical_form(built.tree, "strategic")
            weighty = _weighty(built.diagnostics), _weighty(checked)
            found.append(Judged(row, form, row["label"], *weighty))
    forms = Counter((one.row["game"], one.form) for one in found if one.label == RIGHT)
    for one in found:
        if forms[one.row["game"], one.form] >= 2:
            one.label = RIGHT
    return found


def _weighty(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [one for one in diagnostics if one.severity is not Severity.NOTE]


def table(title: str, judged: list[Judged], *, by_build: bool) -> None:
    """Print how many games each code flags, and how many are flagged at all."""
    counts: dict[str, Counter[str]] = {WRONG: Counter(), RIGHT: Counter()}
    flagged: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    totals = Counter(one.label for one in judged)
    for one in judged:
        label = one.label
        codes = {flag.code for flag in (one.flags if by_build else one.from_check)}
        counts[label].update(codes)
        flagged[label] += bool(codes)
        if len(codes) == 1 and label == WRONG:
            alone.update(codes)
    print(f"\n{title}")
    print(f"{'check':<6} {'wrong':>6} {'alone':>6} {'right':>6}  meaning")
    for code in sorted(counts[WRONG].keys() | counts[RIGHT].keys()):
        wrong, right = counts[WRONG][code], counts[RIGHT][code]
        print(f"{code:<6} {wrong:>6} {alone[code]:>6} {right:>6}  {known_codes()[code].title}")
    for label in (WRONG, RIGHT):
        share = flagged[label] / totals[label] if totals[label] else 0.0
        print(f"{label}: {flagged[label]} of {totals[label]} flagged ({share:.1%})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("replies", type=Path)
    parser.add_argument("descriptions", type=Path)
    parser.add_argument("--setting", action="append", help="only these settings")
    parser.add_argument("--list", action="store_true", help="list wrong games not flagged")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.replies.read_text(encoding="utf-8").splitlines()]
    if given.setting:
        rows = [row for row in rows if row["setting"] in given.setting]
    texts = {
        file.stem: file.read_text(encoding="utf-8") for file in given.descriptions.glob("*.txt")
    }
    judged = judge(rows, texts)
    mended = sum(one.label == RIGHT != one.row["label"] for one in judged)
    print(f"{len(rows)} replies, {len(judged)} with a game; {mended} labelled incorrect are right")
    silent = [one for one in judged if not any(f.severity == "error" for f in one.from_build)]
    table("Programs that ran to their end (silent errors), checks alone", silent, by_build=False)
    table("The same, with what the build warned of", silent, by_build=True)
    table("Every reply with a game, also one that raised", judged, by_build=True)
    print("\nRight games flagged:")
    for one in judged:
        if one.label == RIGHT and one.flags:
            codes = ", ".join(sorted({flag.code for flag in one.flags}))
            first = (one.from_check or one.flags)[0]
            print(f"  {one.row['id']} (labelled {one.row['label']}): {codes}; {first.message}")
    if given.list:
        print("\nWrong games not flagged:")
        for one in judged:
            if one.label == WRONG and not one.flags:
                print(f"  {one.row['id']}")


if __name__ == "__main__":
    sys.exit(main())
