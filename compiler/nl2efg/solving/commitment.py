"""What a player can secure alone, and what he gains by committing himself first; exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from nl2efg.equilibria.deadline import check_clock, within_budget
from nl2efg.equilibria.exact_lp import Optimum, SparseRow, optimum
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.wording import number_words
from nl2efg.errors import UserError
from nl2efg.game import GameTree

Mixture = tuple[tuple[int, Fraction], ...]
"""Plans of action, by place, and how often each is taken."""


@dataclass(frozen=True)
class SecurityLevel:
    """What a player can secure, and what the others can hold him down to.

    Args:
        player: index of the player.
        maxmin: the greatest payoff that a mixture of plans secures.
        mixture: such a mixture.
        pure_maxmin: what a single plan secures.
        pure_minmax: what the others can hold the player down to by plans, if he answers them.
        words: the level in words.

    By linear programming duality ``maxmin`` is also what the others can hold the player down to if
    they may correlate their plans; of two players that is their minmax value.
    """

    player: int
    maxmin: Fraction
    mixture: Mixture
    pure_maxmin: Fraction
    pure_minmax: Fraction
    words: str


@dataclass(frozen=True)
class Commitment:
    """The best that a leader can do by committing himself to a mixture of plans.

    Args:
        form: the reduced strategic form.
        leader: index of the player who commits himself.
        mixture: the leader's plans; the follower sees the mixture, not what is drawn.
        answer: the place of the follower's plan; of several best ones the leader's favourite.
        values: both players' payoffs.
    """

    form: ReducedForm
    leader: int
    mixture: Mixture
    answer: int
    values: tuple[Fraction, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The commitment and the answer in words."""
        tree, form = self.form.tree.told, self.form
        place = form.players.index(self.leader)
        other = 1 - place
        told = ", ".join(f"{form.words(place, s)} {number_words(p)}" for s, p in self.mixture)
        return (
            f"{tree.player_name(self.leader)} commits to: {told}",
            f"{tree.player_name(form.players[other])} answers: {form.words(other, self.answer)}",
        )


def security_levels(tree: GameTree, *, budget: float = 10.0) -> tuple[SecurityLevel, ...]:
    """What every player with a choice can secure.

    Args:
        tree: a game of perfect recall with at most ``MAX_COMBINATIONS`` combinations of plans.
        budget: seconds.

    Raises:
        UserError: the game is too large or of imperfect recall, or the budget too small.
    """
    with within_budget(budget, "for the security levels"):
        form = reduced_form(tree)
        return tuple(_level(form, place) for place in range(len(form.players)))


def best_commitment(tree: GameTree, leader: int = 0, *, budget: float = 10.0) -> Commitment:
    """The strong Stackelberg equilibrium in mixed plans of two players.

    One linear program for each answer of the follower (Conitzer and Sandholm 2006, ACM Conference
    on Electronic Commerce, p. 84); the leader commits himself at the start, to everything.

    Args:
        tree: a game of two players with a choice, of perfect recall and moderate size.
        leader: index of the player who commits himself.
        budget: seconds.

    Raises:
        UserError: there are not two players with a choice, the leader is none of them, the game
            is too large or of imperfect recall, or the budget too small.
    """
    with within_budget(budget, "for the best commitment"):
        form = reduced_form(tree)
        if len(form.players) != 2 or leader not in form.players:
            raise UserError("commitment is for two players who have a choice, one of them leading")
        return _commitment(form, form.players.index(leader))


def _level(form: ReducedForm, place: int) -> SecurityLevel:
    player = form.players[place]
    own = range(len(form.strategies[place]))
    others = list(_others(form, place))
    table = [[form.payoffs[_with(c, place, s)][player] for c in others] for s in own]
    low = min(map(min, table))
    value = len(table)
    rows: list[tuple[SparseRow, Fraction]] = [
        ({value: Fraction(1), **{s: low - table[s][k] for s in own}}, Fraction(0))
        for k in range(len(others))
    ]
    whole = (dict.fromkeys(own, Fraction(1)), Fraction(1))
    found = _proved(optimum({value: Fraction(1)}, value + 1, at_most=rows, equal=[whole]))
    mixture = tuple((s, found.point[s]) for s in own if found.point[s])
    maxmin = found.point[value] + low
    told = ", ".join(f"{form.words(place, s)} {number_words(p)}" for s, p in mixture)
    name = form.tree.told.player_name(player)
    return SecurityLevel(
        player,
        maxmin,
        mixture,
        max(map(min, table)),
        min(max(row[k] for row in table) for k in range(len(others))),
        f"{name} secures {maxmin} by {told}",
    )


def _others(form: ReducedForm, place: int) -> Iterator[tuple[int, ...]]:
    spaces = [range(len(own)) if i != place else range(1) for i, own in enumerate(form.strategies)]
    yield from product(*spaces)


def _with(combination: tuple[int, ...], place: int, strategy: int) -> tuple[int, ...]:
    return (*combination[:place], strategy, *combination[place + 1 :])


def _proved(found: Optimum | None) -> Optimum:
    if found is None or found.value is None:
        raise UserError("the linear program was not solved exactly", hint="give a greater budget")
    return found


def _commitment(form: ReducedForm, place: int) -> Commitment:
    leader, follower = form.players[place], form.players[1 - place]
    mine, theirs = range(len(form.strategies[place])), range(len(form.strategies[1 - place]))

    def pays(s: int, answer: int, player: int) -> Fraction:
        return form.payoffs[(s, answer) if place == 0 else (answer, s)][player]

    best: tuple[Fraction, int, Optimum] | None = None
    for answer in theirs:
        check_clock()
        rows = [
            ({s: pays(s, other, follower) - pays(s, answer, follower) for s in mine}, Fraction(0))
            for other in theirs
            if other != answer
        ]
        whole = (dict.fromkeys(mine, Fraction(1)), Fraction(1))
        goal = {s: pays(s, answer, leader) for s in mine}
        found = optimum(goal, len(mine), at_most=rows, equal=[whole])
        if found is None:
            continue  # never a best answer
        value = _proved(found).value
        assert value is not None
        if best is None or value > best[0]:
            best = value, answer, found
    assert best is not None
    _, answer, found = best
    mixture = tuple((s, found.point[s]) for s in mine if found.point[s])
    values = tuple(
        sum((p * pays(s, answer, player) for s, p in mixture), Fraction(0))
        for player in range(len(form.tree.players))
    )
    return Commitment(form, leader, mixture, answer, values)
