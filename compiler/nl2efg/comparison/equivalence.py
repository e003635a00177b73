"""Are two trees the same game?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from nl2efg.comparison.explanation import difference_in_words, identical_difference
from nl2efg.comparison.naming import Names, as_names, crossing_in_words, shared_names
from nl2efg.comparison.open_payoff_search import (
    Match,
    broken_demand,
    keeps_hints,
    match_with_open_payoffs,
    shortfall,
)
from nl2efg.comparison.payoffs import Relation, as_relation
from nl2efg.comparison.prepared import (
    Layout,
    PreparedGame,
    Structure,
    as_structure,
    is_same,
    prepare,
)
from nl2efg.comparison.refinement import Budget, OutOfBudgetError
from nl2efg.errors import UserError
from nl2efg.game import GameTree
from nl2efg.game.constraints import OpenPayoffs


class Verdict(StrEnum):
    """What a comparison says."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Bijection:
    """A renaming that turns one game into the other.

    Args:
        players: index of each player of A to that of B.
        nodes: node of A to node of B; at the level ``strategic`` only for nodes that the
            reduced trees keep.
        sets: information set of A to that of B, chance left out.
        actions: for each set of A its actions, in words, each with that of B; labels may repeat.
    """

    players: dict[int, int] = field(default_factory=dict)
    nodes: dict[int, int] = field(default_factory=dict)
    sets: dict[int, int] = field(default_factory=dict)
    actions: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """The result of :func:`compare`.

    Args:
        verdict: same, different or undecided.
        bijection: the renaming, where the games are the same.
        difference: the first difference in words, where they are different; else why nothing
            was decided, or empty.
        crossed: whether they differ in nothing but where names stand that both have.
        structure, payoffs: what was asked.
    """

    verdict: Verdict
    structure: Structure
    payoffs: Relation
    bijection: Bijection | None = None
    difference: str = ""
    crossed: bool = False

    def __repr__(self) -> str:
        told = f": {self.difference}" if self.difference else ""
        asked = f"structure {self.structure}, payoffs {self.payoffs}"
        return f"<Comparison ({asked}): {self.verdict}{told}>"

    @property
    def same(self) -> bool:
        """Whether the games are the same."""
        return self.verdict is Verdict.SAME


_FOR_WORDS = 5
"""Of the budget so small a part looks for better words, where games are known to differ."""


def default_budget(*trees: GameTree) -> int:
    """Work allowed where none is given: some seconds, and linear in the trees."""
    return 4_000_000 + 200 * sum(map(len, trees))


def compare(
    a: GameTree,
    b: GameTree,
    structure: str = Structure.ISOMORPHIC,
    payoffs: str = Relation.EXACT,
    *,
    names: str = Names.FREE,
    constraints: Sequence[str] = (),
    open_payoffs: Sequence[str] = (),
    budget: int | None = None,
) -> Comparison:
    """Decide whether two trees are the same game.

    Levels of structure:

    * ``identical``: the same tree with the same players, actions, probabilities, information
      partition and payoffs at the same nodes, in the same order and under the same names. Titles,
      comments and labels of nodes, information sets and outcomes are not looked at.
    * ``isomorphic``: the same up to renaming and reordering of players, of the actions of each
      information set and of the outcomes of each chance move. Payoffs on a path add up. How a
      file groups chance nodes into information sets does not matter. Decided exactly.
    * ``strategic``: the reduced trees are isomorphic, see
      :func:`~nl2efg.comparison.reduction.reduce_tree`. Decided exactly: branches of probability
      zero and moves without a choice; consecutive chance moves; interchange of simultaneous moves
      (Thompson 1952 and Elmes and Reny 1994: INT), chance included. Coalescing of moves (COA) is
      applied wherever an action leads exactly to one information set of the same player after
      that; together they are sound (what is called the same has the same reduced normal form up
      to renaming), but trees that only become alike by splitting moves first may be called
      different. Not applied: addition of a superfluous move with a real choice (ADD), and
      inflation and deflation of information sets (Thompson's and Dalkey's INF).

    Relations of payoffs: see :class:`~nl2efg.comparison.payoffs.Relation`. ``constraints`` takes B
    as the reference: payoffs that ``open_payoffs`` names are free, all others fixed, and
    ``constraints``, written in B's labels, must hold in A under the renaming. With ``ordinal``
    payoffs constraints may be given as well: the numbers of A must meet them.

    With free names, players' names and labels never decide (but at ``identical``); where they
    agree, the bijection keeps as many of them as it can. With anchored ones, see
    :class:`~nl2efg.comparison.naming.Names`, what both games know by name must be mapped to itself.

    Args:
        a, b: the trees.
        structure: ``identical``, ``isomorphic`` or ``strategic``.
        payoffs: ``exact``, ``affine``, ``ordinal``, ``constraints`` or ``none``.
        names: ``free`` or ``anchored``.
        constraints: such as ``u[Firm](Enter, Fight) < u[Firm](Out)``; see
            :mod:`nl2efg.game.constraints`.
        open_payoffs: terms such as ``u[*](Enter, *)``.
        budget: work allowed, in edges looked at (about a million a second); the default grows
            with the trees. Beyond it the verdict is undecided.

    Raises:
        UserError: an unknown level or relation, or constraints without the relation.
        ConstraintError: a constraint cannot be read, or names no history of B.
    """
    level, relation, rule = as_structure(structure), as_relation(payoffs), as_names(names)
    takes = relation is Relation.CONSTRAINTS or (
        not open_payoffs and (relation is Relation.ORDINAL or not constraints)
    )
    if not takes:
        raise UserError(
            f"constraints are given, but payoffs are to be compared as {relation}",
            hint="ask for the relation 'constraints'",
        )
    demands = OpenPayoffs.parse(b, open_payoffs, constraints)
    if level is Structure.IDENTICAL:
        if relation is not Relation.EXACT:
            raise UserError("identical games have identical payoffs", hint="use payoffs 'exact'")
        return _compare_identical(a, b)
    return compare_with_demands(a, b, level, relation, rule, demands, budget=budget)


def compare_with_demands(
    a: GameTree,
    b: GameTree,
    level: Structure,
    relation: Relation,
    rule: Names,
    demands: OpenPayoffs,
    *,
    budget: int | None = None,
    called: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """The comparison of :func:`compare`, with demands that are bound to B already.

    Args:
        a, b: the trees.
        level: ``ISOMORPHIC`` or ``STRATEGIC``.
        relation, rule, budget: as for :func:`compare`.
        demands: payoffs of B that are free, and what must hold of A's.
        called: what the games are called in the words of a difference.
    """
    allowed = Budget(default_budget(a, b) if budget is None else budget)
    try:
        first, second = (prepare(tree, level, relation, allowed) for tree in (a, b))
        if rule is Names.FREE:
            return _attempt(first, second, demands, called).comparison()
        found = _attempt(*with_names(first, second), demands, called)
        if found.match is not None:
            return found.comparison()
        allowed.left //= _FOR_WORDS
        return _crossed(first, second, demands, called) or found.comparison()
    except OutOfBudgetError:
        return Comparison(
            Verdict.UNDECIDED,
            level,
            relation,
            difference="the games are too large or too symmetric for the budget",
        )


def _crossed(
    first: PreparedGame, second: PreparedGame, demands: OpenPayoffs, called: tuple[str, str]
) -> Comparison | None:
    """How names have changed places, where that is all in which games with names differ.

    None as well where the budget does not reach to find out: that they differ is known already.
    """
    try:
        match = _attempt(first, second, demands, called).match
    except OutOfBudgetError:
        return None
    if match is None:
        return None
    words = crossing_in_words(first.joint, second.joint, match.players, match.actions)
    return Comparison(
        Verdict.DIFFERENT, first.structure, first.relation, difference=words, crossed=True
    )


def canonical_form(
    tree: GameTree,
    structure: str = Structure.ISOMORPHIC,
    payoffs: str = Relation.EXACT,
    *,
    budget: int | None = None,
) -> str:
    """A text that two trees share exactly if they are the same game at this level.

    Args:
        tree: the game.
        structure: ``isomorphic`` or ``strategic``.
        payoffs: ``exact``, ``affine``, ``ordinal`` or ``none``.
        budget: as for :func:`compare`.

    Raises:
        UserError: a level or relation that has no canonical form.
        OutOfBudgetError: the tree is too symmetric for the budget.
    """
    level, relation = as_structure(structure), as_relation(payoffs)
    if level is Structure.IDENTICAL or relation is Relation.CONSTRAINTS:
        raise UserError(f"there is no canonical form for {level} games, payoffs {relation}")
    allowed = Budget(default_budget(tree) if budget is None else budget)
    return prepare(tree, level, relation, allowed).layout.text


def _compare_identical(a: GameTree, b: GameTree) -> Comparison:
    found = identical_difference(a, b)
    if found:
        return Comparison(Verdict.DIFFERENT, Structure.IDENTICAL, Relation.EXACT, difference=found)
    sets = {
        number: number for number, infoset in enumerate(a.information_sets) if not infoset.is_chance
    }
    bijection = Bijection(
        players={player: player for player in range(len(a.players))},
        nodes={node: node for node in range(len(a))},
        sets=sets,
        actions={
            number: tuple((label, label) for label in a.information_sets[number].actions)
            for number in sets
        },
    )
    return Comparison(Verdict.SAME, Structure.IDENTICAL, Relation.EXACT, bijection)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A match of two prepared games that keeps their hints, or how they differ."""

    first: PreparedGame
    second: PreparedGame
    match: Match | None
    difference: str = ""

    def comparison(self) -> Comparison:
        level, relation = self.first.structure, self.first.relation
        if self.match is None:
            return Comparison(Verdict.DIFFERENT, level, relation, difference=self.difference)
        found = _bijection(self.first, self.second, self.match)
        return Comparison(Verdict.SAME, level, relation, found)


def _attempt(
    first: PreparedGame, second: PreparedGame, demands: OpenPayoffs, called: tuple[str, str]
) -> _Attempt:
    """Look for a match.

    Raises:
        OutOfBudgetError: the games are too large or too symmetric for the budget.
    """

    def different() -> _Attempt:
        return _Attempt(first, second, None, difference_in_words(first, second, called))

    if first.signature != second.signature:
        return different()
    if first.relation is Relation.CONSTRAINTS:
        match = match_with_open_payoffs(first, second, demands)
        if match is not None and keeps_hints(match, first, second):
            return _Attempt(first, second, match)
        try:
            if first.layout.text != second.layout.text:
                return different()
            alike = _match(*_best_named_layouts(first, second))
            difference = shortfall(alike, first, second, demands)
        except OutOfBudgetError:
            difference = "no renaming meets the fixed payoffs and the constraints together"
        return _Attempt(first, second, None, difference)
    match = matching(first, second)
    if match is None:
        return different()
    broken = broken_demand(match, first, second, demands)
    return _Attempt(first, second, None if broken else match, broken)


def _best_named_layouts(first: PreparedGame, second: PreparedGame) -> tuple[Layout, Layout]:
    """Layouts of isomorphic games that keep names: all of them, else the players', else none."""
    if first.hints is not None or first.partition.is_discrete:
        return first.layout, second.layout  # names are kept already, or no choice is left
    for with_actions in (True, False):
        named = with_names(first, second, actions=with_actions)
        try:
            layouts = named[0].layout, named[1].layout
        except OutOfBudgetError:
            break
        if layouts[0].text == layouts[1].text and keeps_hints(_match(*layouts), *named):
            return layouts
    return first.layout, second.layout


def with_names(
    first: PreparedGame, second: PreparedGame, *, actions: bool = True
) -> tuple[PreparedGame, PreparedGame]:
    """The same games, to be matched by the names that both have."""
    hints = shared_names(first.joint, second.joint, actions=actions)
    return replace(first, hints=hints[0]), replace(second, hints=hints[1])


def matching(first: PreparedGame, second: PreparedGame) -> Match | None:
    """The renaming that takes one prepared game to another, hints kept; None if there is none.

    Raises:
        OutOfBudgetError: they are too large or too symmetric for the budget.
    """
    if not is_same(first, second):
        return None
    match = _match(*_best_named_layouts(first, second))
    return match if keeps_hints(match, first, second) else None


def _match(here: Layout, there: Layout) -> Match:
    return Match(
        players=dict(zip(here.players, there.players, strict=True)),
        nodes=dict(zip(here.nodes, there.nodes, strict=True)),
        sets=dict(zip(here.sets, there.sets, strict=True)),
        actions=dict(zip(here.actions, there.actions, strict=True)),
    )


def _bijection(first: PreparedGame, second: PreparedGame, match: Match) -> Bijection:
    a, b = first.joint, second.joint
    found = Bijection(
        players=match.players,
        nodes={a.origin[own]: b.origin[other] for own, other in match.nodes.items()},
    )
    for own, other in match.sets.items():
        number = a.set_origin[own][0]
        found.sets[number] = b.set_origin[other][0]
        found.actions[number] = tuple(
            (a.action_words(action), b.action_words(match.actions[action]))
            for action in a.set_actions[own]
        )
    return found
