"""Iterated strict dominance: which plans of action survive, and in which round each one falls.

A plan is strictly dominated if some mixture of plans pays more whatever the others do (Pearce
1984, Econometrica 52, p. 1048). What survives are, of two players, the rationalisable plans
(Bernheim 1984, Econometrica 52, p. 1016); of more, those that are so for beliefs in which the
others' plans may be correlated. The order of elimination does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from nl2efg.equilibria.deadline import check_clock, within_budget
from nl2efg.equilibria.exact_lp import optimum
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.game import GameTree


@dataclass(frozen=True, slots=True)
class Dominated:
    """A plan of action that falls.

    Args:
        round: the round in which it falls, from 1.
        place: the player's place among those who have a choice.
        strategy: the place of the plan.
        by: the plans that dominate it, each with its share of the mixture.
    """

    round: int
    place: int
    strategy: int
    by: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Rationalisable:
    """What iterated strict dominance leaves.

    Args:
        form: the reduced strategic form.
        surviving: for each player with a choice the places of the plans that are left.
        eliminated: what fell, round by round.
    """

    form: ReducedForm
    surviving: tuple[tuple[int, ...], ...]
    eliminated: tuple[Dominated, ...]

    @property
    def solves(self) -> bool:
        """Whether one combination is left: the game is dominance solvable."""
        return all(len(own) == 1 for own in self.surviving)

    @property
    def words(self) -> tuple[str, ...]:
        """The rounds, a sentence for each plan that falls, and what is left."""
        tree, form = self.form.tree.told, self.form
        found = []
        for fallen in self.eliminated:
            name = tree.player_name(form.players[fallen.place])
            mixture = " and ".join(
                form.words(fallen.place, s)
                if share == 1
                else f"{share} of {form.words(fallen.place, s)}"
                for s, share in fallen.by
            )
            found.append(
                f"round {fallen.round}: {name} gets more by {mixture} than by "
                f"{form.words(fallen.place, fallen.strategy)}, whatever is left to the others"
            )
        for place, own in enumerate(self.surviving):
            name = tree.player_name(form.players[place])
            left = " or ".join(form.words(place, s) for s in own)
            found.append(f"left to {name}: {left}")
        return tuple(found)


def rationalisable(tree: GameTree, *, budget: float = 10.0) -> Rationalisable:
    """The plans of action that survive iterated strict dominance, exactly.

    Args:
        tree: a game of perfect recall with at most ``MAX_COMBINATIONS`` combinations of plans.
        budget: seconds.

    Raises:
        UserError: the game is too large or of imperfect recall, or the budget too small.
    """
    with within_budget(budget, "for iterated dominance"):
        return _eliminated(reduced_form(tree))


def _eliminated(form: ReducedForm) -> Rationalisable:
    left = [tuple(range(len(own))) for own in form.strategies]
    fallen: list[Dominated] = []
    number = 0
    while True:
        number += 1
        found = [
            Dominated(number, place, strategy, by)
            for place in range(len(left))
            for strategy in left[place]
            if (by := dominating_mixture(form, left, place, strategy)) is not None
        ]
        if not found:
            return Rationalisable(form, tuple(left), tuple(fallen))
        fallen += found
        gone = {(entry.place, entry.strategy) for entry in found}
        left = [tuple(s for s in own if (place, s) not in gone) for place, own in enumerate(left)]


def dominating_mixture(
    form: ReducedForm, left: list[tuple[int, ...]], place: int, strategy: int
) -> tuple[tuple[int, Fraction], ...] | None:
    """A mixture of a player's other plans that pays more against all that is left, or None.

    Args:
        left: for each player the places of the plans that are left.
        place: the player.
        strategy: the plan that may be dominated.
    """
    check_clock()
    player = form.players[place]
    own = [s for s in left[place] if s != strategy]
    spaces = [left[other] if other != place else (strategy,) for other in range(len(left))]
    against = list(product(*spaces))

    def pays(combination: tuple[int, ...], s: int) -> Fraction:
        return form.payoffs[(*combination[:place], s, *combination[place + 1 :])][player]

    for s in own:  # a single plan is the simplest reason
        if all(pays(c, s) > pays(c, strategy) for c in against):
            return ((s, Fraction(1)),)
    if len(own) < 2:
        return None
    # Greatest margin: what the mixture pays more, at least, is the last variable.
    margin = len(own)
    rows = [
        (
            {margin: Fraction(1), **{j: pays(c, strategy) - pays(c, s) for j, s in enumerate(own)}},
            Fraction(0),
        )
        for c in against
    ]
    whole = (dict.fromkeys(range(len(own)), Fraction(1)), Fraction(1))
    found = optimum({margin: Fraction(1)}, len(own) + 1, at_most=rows, equal=[whole])
    if found is None or not found.point[margin]:
        return None
    return tuple((s, found.point[j]) for j, s in enumerate(own) if found.point[j])
