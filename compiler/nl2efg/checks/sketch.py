"""Checks of the tree against the sketch: stage 1's reading and stage 2's code must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from nl2efg.checks.context import CheckContext
from nl2efg.game.effort import EffortError
from nl2efg.provenance.sketch_findings import SketchFinding, sketch_findings
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.diagnostics import Diagnostic, Severity

MAX_OF_A_KIND = 8
"""So many findings of one code are shown; the last one counts the rest."""


def check_sketch(case: CheckContext) -> Iterator[Diagnostic]:
    """Every disagreement between the tree and the sketch."""
    if case.sketch is None or not case.sketch.is_game:
        return
    match = SketchMatch(case.tree, case.sketch)
    counts: Counter[str] = Counter()
    told: dict[str, list[SketchFinding]] = {}
    too_much: EffortError | None = None
    try:
        for finding in sketch_findings(match):
            counts[finding.code] += 1
            if counts[finding.code] <= MAX_OF_A_KIND:
                told.setdefault(finding.code, []).append(finding)
    except EffortError as error:
        too_much = error
    for code, same in told.items():
        yield from (_as_diagnostic(case, finding) for finding in same[:-1])
        last = _as_diagnostic(case, same[-1])
        more = counts[code] + match.untold[code] - len(same)
        words = f"{last.message} (and {more} more like this)" if more else last.message
        yield replace(last, message=words)
    if too_much is not None:
        yield case.found("C613", Severity.NOTE, too_much.message)


def _as_diagnostic(case: CheckContext, finding: SketchFinding) -> Diagnostic:
    sentence = case.prose.sentence_of(finding.quote) if case.prose and finding.quote else None
    return case.found(
        finding.code,
        Severity.NOTE if finding.code == "C612" else Severity.WARNING,
        finding.message,
        node=finding.node,
        part=finding.line,
        sentence=sentence,
        fix=finding.fix or None,
    )
