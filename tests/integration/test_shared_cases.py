"""Small games that were solved wrongly once, each with its right value; skipped where absent.

They lie beside the project. Cases of the same kinds are in the tests of each kind.
"""

from __future__ import annotations

import runpy
from fractions import Fraction
from pathlib import Path

import pytest

from nl2efg import describe, load_game, solve
from nl2efg.errors import FormatError, ReadingWarning
from nl2efg.game import BehaviourProfile, GameTree
from tests.brute_force import best_pure_gain, subgame_roots

FOLDER = next(
    (
        folder / "shared" / "cases"
        for folder in Path(__file__).resolve().parents
        if (folder / "shared" / "cases").is_dir()
    ),
    Path("absent"),
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared cases are not here"),
]
Values = set[tuple[Fraction, ...]]


def case(name: str) -> GameTree:
    return load_game(FOLDER / name)


def values(name: str, concept: str = "spe") -> Values:
    found = solve(case(name), concept=concept, budget=60)  # type: ignore[arg-type]
    certificates = [each.certificate for each in found.equilibria]
    assert all(each.exact and not each.max_regret for each in certificates)
    return {tuple(map(Fraction, each.values)) for each in found.equilibria}


def of(*rows: str) -> Values:
    return {tuple(map(Fraction, row.split())) for row in rows}


@pytest.mark.parametrize(
    ("name", "right"),
    [
        # Ann mixes 3/4 and 1/4, Bob 2/5 and 3/5; her third move is dominated.
        ("02_samelabels.efg", of("6/5 3/4")),
        # The battle behind the door that opens; what is behind the other is never reached.
        ("08_zerochance.efg", of("2 1", "2/3 2/3", "1 2")),
        ("10_driver.efg", of("4/3")),
        ("18_pennies.nfg", of("0 0")),
        ("46_plainmillions.efg", of("1000000000000 1/10000000")),
        ("47b_blind.efg", of("0 0")),
        ("50_toypoker.efg", of("-1/7 1/7")),
    ],
)
def test_the_value(name: str, right: Values) -> None:
    assert values(name) == right


def test_rounded_thirds() -> None:
    with pytest.warns(ReadingWarning, match="taken as 1/3, 1/3, 1/3"):
        assert values("39_thirds.efg") == of("5/3")


def test_payoffs_of_four_sizes() -> None:
    a, b = Fraction(-2_000_000_000), Fraction("8.000000000001")
    c, d = Fraction("-0.008"), Fraction(-2_000_000)
    value = (a * d - b * c) / (a + d - b - c)
    assert values("48_scales.nfg") == {(value, -value)}


@pytest.mark.parametrize("name", ["42_forgetpure.efg", "43_crosslevels.efg"])
def test_pure_equilibria_are_those_of_brute_force(name: str) -> None:
    tree = case(name)
    found = {each.profile.probabilities for each in solve(tree, all=True).equilibria}
    pure = [row for row in found if all(p in (0, 1) for own in row for p in own)]
    assert pure
    for rows in pure:
        profile = BehaviourProfile(tree, rows)
        players = range(len(tree.players))
        roots = subgame_roots(tree)
        assert all(best_pure_gain(profile, r, p) == 0 for r in roots for p in players)


def test_twelve_by_twelve() -> None:
    assert values("40_all12.nfg")


def test_what_is_called_sequential_is() -> None:
    """Beliefs of the third player follow the second one's strategy, so both must mix."""
    found = solve(case("false_sequential.efg"), concept="sequential", budget=60)
    assert [each.profile.probabilities[1:] for each in found.equilibria] == [
        ((Fraction(1, 121), Fraction(120, 121)), (Fraction(1, 2), Fraction(1, 2)))
    ]


def test_three_hundred_by_three_hundred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(FOLDER / "51_big300.py"))
    found = solve(load_game(tmp_path / "51_big300.nfg"), concept="nash", all=False, budget=60)
    assert found.equilibria[0].is_pure


def test_a_decimal_in_a_fraction() -> None:
    with pytest.raises(FormatError, match=r"1\.5/2 is not a number") as error:
        case("15c_decfrac.efg")
    assert (error.value.line, error.value.column) == (4, 13)


def test_an_old_encoding() -> None:
    with pytest.warns(ReadingWarning, match="it is read as cp1252"):
        tree = case("17b_cp1252.efg")
    assert tree.title == "Café – test"
    assert tree.players == ("Zoë", "Player’s")
    assert tree.information_sets[1].actions == ("don’t", "do…")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("47b_blind.efg", "A does not know whether chance drew the first of two actions named 1/2"),
        ("02_samelabels.efg", "Bob does not know what Ann chose."),
    ],
)
def test_what_is_told_of_knowledge(name: str, told: str) -> None:
    text = describe(case(name))
    assert told in text
    assert "but knows" not in text


def test_every_case_is_judged() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [file.name for file in FOLDER.iterdir() if f'"{file.name}"' not in source] == []
