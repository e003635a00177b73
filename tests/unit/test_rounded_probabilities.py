"""Probabilities that another program has rounded are read as what they were rounded from."""

from __future__ import annotations

import warnings
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nl2efg.cli import main
from nl2efg.dialect.numbers import read_probabilities
from nl2efg.errors import ReadingWarning
from nl2efg.formats import read_efg, write_efg
from nl2efg.game import GameTree
from nl2efg.game.rounded_probabilities import unrounded
from nl2efg.sandbox.game_text import read_text
from nl2efg.sandbox.limits import Limits

THIRD = Fraction(1, 3)


def draw_of(*probabilities: str) -> str:
    """A file in which chance draws once, with these probabilities."""
    actions = " ".join(f'"{place}" {p}' for place, p in enumerate(probabilities))
    ends = "\n".join(f't "" {n} "" {{ {n} }}' for n in range(1, len(probabilities) + 1))
    return f'EFG 2 R "" {{ "Ann" }}\n""\nc "" 1 "" {{ {actions} }} 0\n{ends}\n'


def drawn(tree: GameTree) -> tuple[Fraction, ...]:
    found = tree.information_sets[0].probabilities
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["0.3333333333333333"] * 3, [THIRD] * 3),
        (["0.333333"] * 3, [THIRD] * 3),
        (["0.33"] * 3, [THIRD] * 3),
        (["0.333333", "0.333333", "0.333334"], [Fraction("0.333333")] * 2 + [Fraction("0.333334")]),
        (["0.1666666666666667", "0.8333333333333334"], [Fraction(1, 6), Fraction(5, 6)]),
        (
            ["0.0007541478129713424", "0.9992458521870287"],
            [Fraction(1, 1326), Fraction(1325, 1326)],
        ),
        (["0.6666666666666666", "0.3333333333333333", "0"], [2 * THIRD, THIRD, 0]),
        (["0.4", "0.5"], [Fraction(2, 5), Fraction(1, 2)]),
        (["0.5", "0.49"], [Fraction(1, 2), Fraction(49, 100)]),
        (["1/3", "0.333333", "0.333333"], [THIRD] * 3),
    ],
)
def test_what_is_read_into_a_file(written: list[str], meant: list[Fraction]) -> None:
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        tree = read_efg(draw_of(*written), "doors.efg")
    assert drawn(tree) == tuple(meant)
    changed = [Fraction(one) for one in written] != meant
    assert [each.category for each in noticed] == [ReadingWarning] * changed
    if changed:
        assert str(noticed[0].message).startswith("doors.efg:3: the probabilities are decimals")
        assert read_efg(write_efg(tree)) == tree


def test_what_is_no_simple_fraction_is_divided_by_its_sum() -> None:
    written = [Fraction("0.1734561"), Fraction("0.8265438")]
    values, words = unrounded(written)
    assert values == [value / sum(written) for value in written]
    assert words.endswith("divided by their sum")


@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=6),
    st.integers(6, 17),
    st.booleans(),
)
def test_rounded_or_cut_off_the_same_is_read(weights: list[int], digits: int, cut: bool) -> None:
    """Six digits tell fractions up to 100 apart, as 1/q and 1/(q+1) differ by more than 10**-5."""
    total = sum(weights)
    exact = [Fraction(weight, total) for weight in weights]
    assume(total <= 100 or digits > 10)
    unit = 10**digits
    written = [Fraction(int(p * unit) if cut else round(p * unit), unit) for p in exact]
    assume(min(written) > 0)
    values, words = unrounded(written)
    assert sum(values) == 1
    if sum(written) == 1:
        assert values == written
        assert not words
    else:
        assert values == exact
        assert words


@given(st.lists(st.fractions(0, 1, max_denominator=400), min_size=1, max_size=5))
def test_what_rounding_does_not_explain_is_left_alone(values: list[Fraction]) -> None:
    found, words = unrounded(values)
    if words:
        assert sum(found) == 1
        assert all(abs(a - b) <= Fraction(1, 100) for a, b in zip(found, values, strict=True))
    else:
        assert found == values


def test_code_and_files_read_alike() -> None:
    rounded = [Fraction("0.3333333333333333")] * 3
    assert read_probabilities(rounded) == unrounded(rounded)
    assert read_probabilities([Fraction(1), Fraction(2)])[0] == [THIRD, 2 * THIRD]


def test_a_set_that_is_given_twice_is_compared_as_it_is_written() -> None:
    head = 'EFG 2 R "" { "Ann" }\n""\np "" 1 1 "" { "l" "r" } 0\n'
    chance = 'c "" 1 "" { "a" 0.333333 "b" 0.333333 "c" 0.333333 } 0\n'
    ends = '"" 1 "" { 1 }'
    text = head + (chance + f"t {ends}\nt {ends}\nt {ends}\n") * 2
    with pytest.warns(ReadingWarning, match="0.999999; taken as 1/3, 1/3, 1/3"):
        tree = read_efg(text)
    assert tree.information_sets[1].probabilities == (THIRD,) * 3


def test_a_reply_says_so_in_its_diagnostics() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        built = read_text(draw_of(*["0.333333"] * 3), Limits())
    assert built.tree is not None
    assert drawn(built.tree) == (THIRD,) * 3
    assert [(found.code, found.line) for found in built.diagnostics] == [("B310", 3)]


def test_the_command_solves_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "doors.efg"
    file.write_text(draw_of(*["0.333333"] * 3))
    with pytest.raises(SystemExit) as end:
        main(["solve", str(file)])
    assert end.value.code == 0
    told = capsys.readouterr()
    assert "Ann gets 2" in told.out
    assert told.err == (
        f"nl2efg: {file}:3: the probabilities are decimals rounded to 6 digits, that sum to "
        "0.999999; taken as 1/3, 1/3, 1/3\n"
    )
