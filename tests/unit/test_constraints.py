"""Constraints on payoffs: grammar, histories, stars, and errors that say where."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import ConstraintError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.game.constraints import OpenPayoffs, parse_constraint, parse_payoff


def entry() -> GameTree:
    """Young pays (0, 2) for Out, (-1, -1) for In and War, (1, 3/2) for In and Share (half)."""
    builder = TreeBuilder(["Young firm", "Old firm"])
    out, entered = builder.move(0, builder.information_set(0, ["Out", "In"]))
    war, share = builder.move(entered, builder.information_set(1, ["War", "Share (half, half)"]))
    for node, paid in ((out, [0, 2]), (war, [-1, -1]), (share, [1, Fraction(3, 2)])):
        builder.pay(node, paid)
    return builder.build()


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("u[Young firm](Out) = 0", True),
        ("u[young firm](out) == 0 < u[Old firm](Out)", True),
        ("u[Old firm](Out) > u[Old firm](In, Share (half, half)) > u[Old firm](In, War)", True),
        ('u["Old firm"]("In", "Share (half, half)") = 1.5', True),
        ("u[Old firm](In, Share half half) = 3/2", True),
        ("u[Old firm](Out) >= u[Young firm](Out) ≥ 0", True),
        ("u[Old firm](Out) <= 1 + 2 * (u[Young firm](Out) - -1) / 2", True),
        ("2 * u[Old firm](Out) - 4 / 2 / 2 = 3", True),
        ("u[Old firm](Out) < 2", False),
        ("u[Old firm](Out) > u[Young firm](Out) > 0", False),
        ("u[*](In, War) = −1", True),
        ("u[*](*) >= 0", True),
        ("u[*](*, *) > -1", False),
        ("u[Old firm](*, *) <= u[*](Out) + 2", True),
        ("u[Old firm](Out) / u[Young firm](Out) > 0", False),
    ],
)
def test_meaning(text: str, holds: bool) -> None:
    assert (parse_constraint(text).broken_in(entry()) == "") is holds


def test_a_star_stands_for_the_histories_that_end() -> None:
    assert len(parse_payoff("u[*](*)").places(entry())) == 2
    assert len(parse_payoff("u[Old firm](*, *)").places(entry())) == 2


def test_what_breaks_it_is_said() -> None:
    said = parse_constraint("u[*](In, War) > u[Old firm](Out) - 3").broken_in(entry())
    assert "u[Young firm](In, War) = -1" in said
    assert "u[Old firm](Out) = 2" in said


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("u[Ann](a)", 10),
        ("u[Ann](a) >", 12),
        ("u[Ann](a) > > 1", 13),
        ("u[Ann(a) > 1", 13),
        ("u[](a) > 1", 3),
        ("u[Ann](a,) > 1", 10),
        ("u[Ann](a > 1", 13),
        ('u["Ann](a) > 1', 3),
        ("v(a) > 1", 1),
        ("(u[Ann](a) > 1", 12),
        ("u[Ann](a) > 1 2", 15),
    ],
)
def test_errors_name_the_column(text: str, column: int) -> None:
    with pytest.raises(ConstraintError, match=rf"column {column}: expected ") as caught:
        parse_constraint(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["1 > 0", "(" * 60 + "1", "u[A](a) > " + "1+" * 300 + "1", "1" * 10_001, "-" * 5000]
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ConstraintError):
        parse_constraint(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("u[Nobody](Out) > 0", "no player 'Nobody'"),
        ("u[Old firm](Stay) > 0", "no such history"),
        ("u[Old firm](Out, War) > 0", "no such history"),
        ("u[Old firm](In) > 0", "goes on after"),
        ("u[Old firm]() > 0", "goes on after"),
    ],
)
def test_histories_that_are_not_there(text: str, words: str) -> None:
    with pytest.raises(ConstraintError, match=words) as caught:
        parse_constraint(text).bind(entry())
    assert caught.value.hint


def test_too_many_cases() -> None:
    builder = TreeBuilder(["Ann"])
    for end in builder.move(0, builder.information_set(0, [str(n) for n in range(1001)])):
        builder.pay(end, [0])
    with pytest.raises(ConstraintError, match="cases"):
        parse_constraint("u[Ann](*) + u[*](*) >= 0").bind(builder.build())


def test_open_payoffs() -> None:
    found = OpenPayoffs.parse(entry(), ["u[Old firm](In, *)"], ["u[Old firm](Out) > 1"])
    assert found.places == {(3, 1), (4, 1)}
    with pytest.raises(ConstraintError, match="the end"):
        OpenPayoffs.parse(entry(), ["u[Old firm](Out) > 1"], [])


@given(
    st.recursive(
        st.one_of(st.integers(0, 9).map(str), st.just("u[Young firm](In, War)")),
        lambda part: st.tuples(part, st.sampled_from("+-*"), part).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        max_leaves=12,
    )
)
def test_arithmetic_is_python_s(expression: str) -> None:
    value = eval(expression.replace("u[Young firm](In, War)", "(-1)"))
    text = f"{expression} + 0*u[Old firm](Out) = {value}".replace("= -", "= 0-")
    assert parse_constraint(text).broken_in(entry()) == ""
    assert parse_constraint(f"{text} + 1").broken_in(entry())


def test_numbers_of_too_many_digits_are_refused() -> None:
    with pytest.raises(ConstraintError, match="digits"):
        parse_constraint("u[Ann](a) > " + "9" * 5000)
