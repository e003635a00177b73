"""Trembles near mixtures: others must be kept indifferent by mixing otherwise, a little."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from nl2efg.game import GameTree, TreeBuilder
from nl2efg.solving import verify_profile
from tests.unit.test_solve_killed import beer_and_more

SMALL = st.integers(-4, 4)


def cube(payoffs: dict[tuple[int, int, int], tuple[int, int, int]]) -> GameTree:
    """Three players choose at once, two actions each."""
    builder = TreeBuilder(["One", "Two", "Three"])
    sets = [builder.information_set(player, ["a", "b"]) for player in range(3)]
    for i, first in enumerate(builder.move(0, sets[0])):
        for j, second in enumerate(builder.move(first, sets[1])):
            for k, leaf in enumerate(builder.move(second, sets[2])):
                builder.pay(leaf, list(payoffs[i, j, k]))
    return builder.build()


@given(
    st.lists(st.integers(1, 5), min_size=4, max_size=4),
    st.lists(SMALL, min_size=8, max_size=8),
)
def test_the_only_equilibrium_is_perfect(sizes: list[int], after: list[int]) -> None:
    """Two play for pennies of any size while the third, who has one best action, may tremble.

    There is one equilibrium, and every game has a perfect one (Selten 1975).
    """
    one, two, three, four = sizes
    pennies = {(0, 0): (one, -two), (0, 1): (-two, one), (1, 0): (-three, four), (1, 1): (four, -1)}
    payoffs = {(i, j, 0): (*row, 1) for (i, j), row in pennies.items()}
    cells = [(i, j) for i in (0, 1) for j in (0, 1)]
    payoffs |= {(i, j, 1): (after[2 * k], after[2 * k + 1], 0) for k, (i, j) in enumerate(cells)}
    tree = cube(payoffs)
    first = Fraction(four + 1, one + two + four + 1)
    second = Fraction(four + two, one + two + three + four)
    profile = ((first, 1 - first), (second, 1 - second), (Fraction(1), Fraction(0)))
    assert verify_profile(tree, profile).holds
    assert verify_profile(tree, profile, concept="perfect").holds


def test_a_mixture_that_is_weakly_dominated_is_refuted() -> None:
    # The second action of One is as good as the first unless Three trembles, and then worse.
    payoffs = {
        (i, j, k): ((k if i == 0 else 0), (1 if i == j else 0), 1 - k)
        for i in (0, 1)
        for j in (0, 1)
        for k in (0, 1)
    }
    half = (Fraction(1, 2), Fraction(1, 2))
    profile = (half, half, (Fraction(1), Fraction(0)))
    assert verify_profile(cube(payoffs), profile).holds
    assert verify_profile(cube(payoffs), profile, concept="perfect").holds is False


def test_trembles_that_all_terms_share_decide_nothing() -> None:
    """Pennies behind a move that is not made: only what happens once it is made by mistake counts.

    The last player has a dominant action and trembles too, so that the mixtures have to shift.
    """
    builder = TreeBuilder(["One", "Two", "Three"])
    stop, go = builder.move(0, builder.information_set(2, ["stop", "go"]))
    builder.pay(stop, [0, 0, 9])
    sets = [builder.information_set(player, ["a", "b"]) for player in range(3)]
    for i, first in enumerate(builder.move(go, sets[0])):
        for j, second in enumerate(builder.move(first, sets[1])):
            for k, leaf in enumerate(builder.move(second, sets[2])):
                win = 1 if i == j else -1
                builder.pay(leaf, [5 * (1 - i) if k else win, -win, 1 - k])
    half, sure = (Fraction(1, 2), Fraction(1, 2)), (Fraction(1), Fraction(0))
    profile = (sure, half, half, sure)
    assert verify_profile(builder.build(), profile, concept="perfect").holds


def test_trembles_themselves_may_keep_others_indifferent() -> None:
    """Both types send the same message; who hears the other one mixes, as types tremble alike."""
    tree = beer_and_more()
    sure, never, half = (Fraction(1), Fraction(0)), (Fraction(0), Fraction(1)), Fraction(1, 2)
    chance = tree.information_sets[0].probabilities
    assert chance is not None
    profile = (chance, sure, never, (half, half), sure)
    assert verify_profile(tree, profile, concept="perfect").holds
