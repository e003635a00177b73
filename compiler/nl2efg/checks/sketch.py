"""Checks of the tree against the sketch: stage 1's reading and stage 2's code must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from nl2efg.checks.context import CheckContext
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
    yield from _at_most(_as_diagnostic(case, each) for each in sketch_findings(match))


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


def _at_most(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The first few findings of each code."""
    by_code: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        by_code.setdefault(diagnostic.code, []).append(diagnostic)
    for same in by_code.values():
        yield from islice(same, MAX_OF_A_KIND - 1)
        if len(same) == MAX_OF_A_KIND:
            yield same[-1]
        elif len(same) > MAX_OF_A_KIND:
            last, more = same[MAX_OF_A_KIND - 1], len(same) - MAX_OF_A_KIND
            yield replace(last, message=f"{last.message} (and {more} more like this)")
