"""Consensus: which of several games do most samples agree on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nl2efg.comparison.equivalence import default_budget, matching, with_names
from nl2efg.comparison.explanation import difference_in_words
from nl2efg.comparison.naming import Names, as_names, crossing_in_words
from nl2efg.comparison.payoffs import Relation, as_relation
from nl2efg.comparison.prepared import PreparedGame, Structure, as_structure, prepare
from nl2efg.comparison.refinement import Budget, OutOfBudgetError
from nl2efg.errors import ConstraintError, UserError
from nl2efg.game import GameTree
from nl2efg.game.constraints import Constraint, constraint_effort, parse_constraint


@dataclass(frozen=True, slots=True)
class Clusters:
    """Samples that are the same game, together.

    Args:
        clusters: indices of the samples, each cluster with its best sample first; the chosen
            cluster comes first, then by size and score.
        differences: for each cluster but the first, how its game (B) differs from the first (A).
        undecided: samples too symmetric for the budget; each is a cluster of its own.
    """

    clusters: tuple[tuple[int, ...], ...]
    differences: tuple[str, ...]
    undecided: tuple[int, ...] = ()

    @property
    def chosen(self) -> int | None:
        """The sample to take; None if there was none."""
        return self.clusters[0][0] if self.clusters else None

    @property
    def agreement(self) -> int:
        """The size of the largest cluster."""
        return len(self.clusters[0]) if self.clusters else 0


def cluster(
    trees: Sequence[GameTree | None],
    *,
    scores: Sequence[float] = (),
    structure: str = Structure.STRATEGIC,
    payoffs: str = Relation.EXACT,
    names: str = Names.FREE,
    constraints: Sequence[str] = (),
    kinds: Sequence[str] = (),
    budget: int | None = None,
) -> Clusters:
    """Group samples by canonical form; the largest cluster wins.

    Args:
        trees: the samples; None where one gave no game.
        scores: for each sample how much speaks against it (diagnostics, claims of the sketch that
            fail). Among clusters of equal size the one with the lowest best score wins, then the
            one with the earliest sample.
        structure, payoffs: as for :func:`~nl2efg.compare`, but ``identical``.
        names: ``anchored`` splits a group where two samples have shared names in other places.
        constraints: what is known of payoffs that the text leaves open, in words that every
            sample's labels match. The payoffs that they speak of are not compared; which of them
            a sample meets is. Only with ``exact`` payoffs.
        kinds: how each sample was made; agreement across kinds weighs more than any within one.
        budget: work allowed for each tree.

    Raises:
        UserError: a level or relation that has no canonical form.
        ConstraintError: a constraint cannot be read. One that names no history of a sample is
            unmet there.
    """
    level, relation, rule = as_structure(structure), as_relation(payoffs), as_names(names)
    if level is Structure.IDENTICAL or relation is Relation.CONSTRAINTS:
        raise UserError(f"there is no canonical form for {level} games, payoffs {relation}")
    if constraints and relation is not Relation.EXACT:
        raise UserError("constraints go with payoffs 'exact'")
    parsed = [parse_constraint(text) for text in constraints]
    groups: dict[tuple[str, ...], list[int]] = {}
    undecided: list[int] = []
    for number, tree in enumerate(trees):
        if tree is None:
            continue
        open_places, unmet = _open_places(tree, parsed)
        allowed = Budget(default_budget(tree) if budget is None else budget)
        try:
            form = prepare(tree, level, relation, allowed, open_places).layout.digest
        except OutOfBudgetError:
            undecided.append(number)
            form = f"undecided {number}"
        groups.setdefault((form, *unmet), []).append(number)
    score = list(scores) or [0.0] * len(trees)
    if rule is Names.ANCHORED:
        groups = _split_by_names(trees, groups, level, relation, parsed)
    ranked = [sorted(group, key=lambda own: (score[own], own)) for group in groups.values()]
    kind = list(kinds) or [""] * len(trees)
    ranked.sort(
        key=lambda group: (
            -len({kind[number] for number in group}),
            -len(group),
            score[group[0]],
            min(group),
        )
    )
    unmet_of = {min(group): key[1:] for key, group in groups.items()}
    differences = []
    for group in ranked[1:]:
        words = _constraint_words(unmet_of[min(ranked[0])], unmet_of[min(group)])
        if not words:
            words = _difference(trees[ranked[0][0]], trees[group[0]], level, relation, parsed, rule)
        differences.append(words)
    return Clusters(tuple(map(tuple, ranked)), tuple(differences), tuple(undecided))


def _split_by_names(
    trees: Sequence[GameTree | None],
    groups: dict[tuple[str, ...], list[int]],
    level: Structure,
    relation: Relation,
    constraints: Sequence[Constraint],
) -> dict[tuple[str, ...], list[int]]:
    """Groups in which every sample agrees with the first one in the names that both have."""
    found: dict[tuple[str, ...], list[int]] = {}
    for key, group in groups.items():
        parts: list[list[int]] = []
        for number in group:
            for part in parts:
                if _agree_in_names(trees[part[0]], trees[number], level, relation, constraints):
                    part.append(number)
                    break
            else:
                parts.append([number])
        # The part's number follows the form, before the constraints that are unmet.
        found |= {(f"{key[0]} {place}", *key[1:]): part for place, part in enumerate(parts)}
    return found


def _agree_in_names(
    first: GameTree | None,
    other: GameTree | None,
    level: Structure,
    relation: Relation,
    constraints: Sequence[Constraint],
) -> bool:
    assert first is not None
    assert other is not None
    games = []
    for tree in (first, other):
        open_places, _ = _open_places(tree, constraints)
        games.append(prepare(tree, level, relation, Budget(default_budget(tree)), open_places))
    try:
        return matching(*with_names(games[0], games[1])) is not None
    except OutOfBudgetError:
        return True  # they agree but for the names, and nothing is known against these


def _open_places(
    tree: GameTree, constraints: Sequence[Constraint]
) -> tuple[frozenset[tuple[int, int]], list[str]]:
    """The payoffs that constraints speak of, and those constraints that the tree breaks."""
    places: set[tuple[int, int]] = set()
    unmet = []
    totals = tree.path_payoffs
    effort = constraint_effort()
    for constraint in constraints:
        try:
            bound = constraint.bind(tree, effort)
            places.update(place for own in bound.places.values() for place in own)
            if not bound.holds(lambda node, player: totals[node][player], tree, effort):
                unmet.append(constraint.text)
        except ConstraintError:
            unmet.append(constraint.text)
    return frozenset(places), unmet


def _difference(
    first: GameTree | None,
    other: GameTree | None,
    level: Structure,
    relation: Relation,
    constraints: Sequence[Constraint],
    rule: Names,
) -> str:
    """How two samples differ."""
    assert first is not None
    assert other is not None
    games = []
    for tree in (first, other):
        open_places, _ = _open_places(tree, constraints)
        try:
            games.append(
                prepare(tree, level, relation, Budget(10 * default_budget(tree)), open_places)
            )
        except OutOfBudgetError:
            return "one of the games is too large to be reduced"
    return _words(games[0], games[1], rule)


def _words(first: PreparedGame, other: PreparedGame, rule: Names) -> str:
    """How two games differ; where only in names that both have, how these are crossed."""
    if rule is Names.FREE:
        return difference_in_words(first, other)
    try:
        match = matching(first, other)
    except OutOfBudgetError:
        match = None
    if match is None:
        return difference_in_words(*with_names(first, other))
    return crossing_in_words(first.joint, other.joint, match.players, match.actions)


def _constraint_words(first: Sequence[str], other: Sequence[str]) -> str:
    for one, two, words in ((first, other, "A breaks"), (other, first, "B breaks")):
        broken = [text for text in one if text not in two]
        if broken:
            return f"{words} the constraint {broken[0]}"
    return ""
