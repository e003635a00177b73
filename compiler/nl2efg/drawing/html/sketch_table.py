"""The report's table of the sketch: what stage 1 read, and what the finished game has there.

Whether the two agree is decided by :mod:`nl2efg.provenance.sketch_findings`, as in the checks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.game import GameTree
from nl2efg.game.effort import EffortError
from nl2efg.game.wording import told_histories, told_history
from nl2efg.provenance.sketch_findings import SketchFinding, fractions_of, sketch_findings
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.sketch import Sketch, SketchClaim, SketchInformationSet

MAX_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison.

    Args:
        what: an information set or a claim, in words.
        sketch: what the sketch says.
        tree: what the tree has.
        agrees: whether they are the same; None if that cannot be told.
        node: a node of the tree that is meant, or None.
    """

    what: str
    sketch: str
    tree: str
    agrees: bool | None
    node: int | None


def compare_sketch(sketch: Sketch, tree: GameTree) -> list[Compared]:
    """Each information set and each claim of the sketch beside what the tree has."""
    if len(tree) > MAX_NODES:
        return []
    try:
        return _rows(SketchMatch(tree, sketch))
    except EffortError:
        return []  # the checks say that the sketch is too large to be laid over the game


def _rows(match: SketchMatch) -> list[Compared]:
    sketch = match.sketch
    if compare_with_sketch(match.tree, sketch).same:
        return _same(match)
    against: dict[int, SketchFinding] = {}
    for finding in sketch_findings(match):
        if finding.subject is not None:
            against.setdefault(id(finding.subject), finding)
    rows = [
        _set_row(match, infoset, against.get(id(infoset))) for infoset in sketch.information_sets
    ]
    return rows + [_claim_row(match, claim, against.get(id(claim))) for claim in sketch.claims]


def _same(match: SketchMatch) -> list[Compared]:
    """All rows agree where the sketch is the game, whatever its labels are."""
    rows = [_set_row(match, infoset, None) for infoset in match.sketch.information_sets]
    rows += [_claim_row(match, claim, None) for claim in match.sketch.claims]
    return [
        row
        if row.agrees
        else replace(row, tree="the same, under other labels or in another order", agrees=True)
        for row in rows
    ]


def _set_row(
    match: SketchMatch, infoset: SketchInformationSet, finding: SketchFinding | None
) -> Compared:
    what = f"{infoset.player} chooses {', '.join(infoset.actions)}"
    sketch = " · ".join(map(told_history, infoset.histories))
    nodes = match.nodes_of(infoset)
    node = nodes[0] if nodes else None
    if finding is not None:
        return Compared(what, sketch, finding.tree, False, node)
    if not nodes or match.player(infoset.player) is None:
        return Compared(what, sketch, "cannot be told", None, node)
    tree = match.tree
    sets = {tree.set_of[node] for node in nodes}
    match.spend(sum(len(tree.members[number]) for number in sets))
    further = sorted({node for number in sets for node in tree.members[number]} - set(nodes))
    if further:
        told = f"the set holds {told_histories(tree, further)} as well"
        return Compared(what, sketch, told, False, node)
    return Compared(what, sketch, "the same nodes", True, node)


def _claim_row(match: SketchMatch, claim: SketchClaim, finding: SketchFinding | None) -> Compared:
    sketch = ", ".join(f"{part.player} {part.value}" for part in claim.payoffs)
    what = f"payoffs at {told_history(claim.history)}"
    nodes = match.nodes_of(claim)
    if finding is not None:
        return Compared(what, sketch, finding.tree, False, nodes[0] if nodes else None)
    if not nodes:
        return Compared(what, sketch, "cannot be told", None, None)
    match.spend(len(match.tree.players))
    paid = zip(match.tree.players, match.tree.path_payoffs[nodes[0]], strict=True)
    told = ", ".join(f"{name} {payoff}" for name, payoff in paid)
    known = all(
        match.player(part.player) is not None and fractions_of([part.value])
        for part in claim.payoffs
    )
    return Compared(what, sketch, told, True if known else None, nodes[0])
