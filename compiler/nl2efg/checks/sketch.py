"""Checks of the tree against the sketch: stage 1's reading and stage 2's code must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from nl2efg.checks.context import CheckContext
from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.game.effort import EffortError
from nl2efg.provenance.sketch_findings import SketchFinding, sketch_findings
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.diagnostics import Diagnostic, Severity

MAX_OF_A_KIND = 8
"""So many findings of one code are shown; the last one counts the rest."""

_MISPLACED = frozenset({"C602", "C604"})
"""Findings of labels alone, which a comparison by structure replaces."""


def check_sketch(case: CheckContext) -> Iterator[Diagnostic]:
    """Every disagreement between the tree and the sketch."""
    if case.sketch is None or not case.sketch.is_game:
        return
    whole = compare_with_sketch(case.tree, case.sketch)
    if whole.same is False:
        yield case.found(
            "C614",
            Severity.WARNING,
            f"the sketch, read as a game, is another one: {whole.difference}",
            fix="build the game of the sketch, unless the text says otherwise",
        )
    if whole.too_long:
        yield case.found(
            "C613",
            Severity.NOTE,
            "the game has so many alike parts that the sketch, read as a game, could not be held "
            "against it as a whole, but only history by history",
        )
    for found in _by_labels(case):
        # What has the same structure is the same game, whatever its labels are; and where labels
        # differ, what they point to says nothing about another game.
        replaced = whole.same or (whole.same is False and found.code in _MISPLACED)
        if found.severity is Severity.NOTE or not replaced:
            yield found


def _by_labels(case: CheckContext) -> Iterator[Diagnostic]:
    """Disagreements history by history, where the sketch's labels are found in the tree."""
    assert case.sketch is not None
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
