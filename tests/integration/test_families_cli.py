"""The commands on games with letters: --set, solve --symbolic, sweep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nl2efg.cli.app import main
from nl2efg.formats import write_efg
from nl2efg.sandbox import build
from tests.references.families import REFERENCES
from tests.references.writing import family, game, letter, move, pay

pytestmark = pytest.mark.process

PROGRAM = """
import pygambit as gbt
d = parameter("d", "3/5", low=0, high=1)
n = parameter("n", 2, low=1, high=9, kind="size")
g = gbt.Game.new_tree(players=["A", "B"], title="Cake")
node = g.root
for i in range(n):
    g.append_move(node, "AB"[i % 2], ["take", "wait"])
    pay = [d ** i * 2, d ** i]
    g.set_outcome(node.children[0], g.add_outcome(pay if i % 2 == 0 else pay[::-1]))
    node = node.children[1]
g.set_outcome(node, g.add_outcome([0, 0]))
"""


@pytest.fixture
def cake(tmp_path: Path) -> Path:
    tree = build(PROGRAM).tree
    assert tree is not None
    file = tmp_path / "cake.efg"
    file.write_text(write_efg(tree), encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(map(str, words)))
    shown = capsys.readouterr()
    return int(left.value.code or 0), shown.out, shown.err


def test_symbolic(capsys: pytest.CaptureFixture[str], cake: Path) -> None:
    code, out, _ = run(capsys, "solve", cake, "--symbolic")
    assert code == 0
    assert "A plays take at the start" in out
    assert "for all values; then A gets 2, B gets 1" in out
    code, out, _ = run(capsys, "solve", cake, "--symbolic", "--set", "n=3", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["parameters"]["n"] == "3"
    assert all(each["certificate"]["holds"] for each in found["equilibria"])


@pytest.fixture
def hawks(tmp_path: Path) -> Path:
    file = tmp_path / "hawks.efg"
    file.write_text(write_efg(REFERENCES["hawk_dove_letters"]()), encoding="utf-8")
    return file


def test_symbolic_at_a_value_of_one_letter(capsys: pytest.CaptureFixture[str], hawks: Path) -> None:
    code, out, _ = run(capsys, "solve", hawks, "--symbolic", "--set", "C=4", "--json")
    assert code == 0
    found = json.loads(out)
    assert list(found["parameters"]) == ["V"]
    assert {part["region"] for part in found["regimes"]["parts"]} == {"V > 4", "V < 4"}
    assert all(each["certificate"]["holds"] for each in found["equilibria"])
    code, out, _ = run(capsys, "solve", hawks, "--symbolic", "--set", "C=4")
    assert "At C = 4." in out
    assert "V > 4: equilibrium 1 alone" in out


def test_letters_get_every_type_in_any_case(
    capsys: pytest.CaptureFixture[str], hawks: Path
) -> None:
    code, plain, err = run(capsys, "solve", hawks, "--symbolic", "--set", "C=4")
    assert (code, err) == (0, "")
    for option in ("--all", "--full"):
        code, out, err = run(capsys, "solve", hawks, "--symbolic", "--set", "C=4", option)
        assert (code, out) == (0, plain)
        assert f"{option}: with letters all types are listed in full in any case" in err


def test_how_often_in_numbers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = {"H": {"H": ("x", 0), "T": (0, "x")}, "T": {"H": (0, "x"), "T": ("x", 0)}}
    replies = {
        own: move("Two", "two", {other: pay(*row) for other, row in below.items()})
        for own, below in rows.items()
    }
    tree = family(game("Pennies", ["One", "Two"], move("One", "one", replies)), [letter("x", 1, 1)])
    file = tmp_path / "pennies.efg"
    file.write_text(write_efg(tree), encoding="utf-8")
    assert "H half the time" in run(capsys, "solve", file, "--symbolic")[1]
    assert "H with probability 1/2" in run(capsys, "solve", file, "--symbolic", "--numbers")[1]


def test_a_size_is_told_to_move_the_answer(capsys: pytest.CaptureFixture[str], cake: Path) -> None:
    code, out, _ = run(capsys, "solve", cake)
    assert code == 0
    assert "Remark: the first equilibrium pays with n = 2: A 2, B 1; with n = 3: A 2, B 1" in out
    code, out, _ = run(capsys, "solve", cake, "--set", "n=3", "--json")
    assert any("with n = 3: A 2, B 1; with n = 4" in each for each in json.loads(out)["remarks"])


def test_code_at_values(capsys: pytest.CaptureFixture[str], hawks: Path, cake: Path) -> None:
    code, whole, _ = run(capsys, "code", hawks, "--pygambit", "16", "--check")
    assert code == 0
    assert "def build(V=" in whole
    code, some, _ = run(capsys, "code", hawks, "--pygambit", "16", "--set", "C=4", "--check")
    assert code == 0
    assert "def build(V=" in some
    assert "C" not in some[some.index("def build(") :].split(")")[0]
    code, none, _ = run(
        capsys, "code", hawks, "--pygambit", "16", "--set", "C=4", "--set", "V=2", "--check"
    )
    assert code == 0
    assert "def build(" not in none
    assert '"take", "wait"' in run(capsys, "code", cake, "--set", "n=4", "--pygambit", "16")[1]
    code, out, _ = run(capsys, "code", hawks, "--set", "C=-1")
    assert (code, out) == (2, "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--set", "V=3", "--set", "C=4"), "--set gives every letter a number"),
        (("--select", "welfare"), "--select is of a game in numbers"),
        (("--one",), "--one is of a game in numbers"),
        (("--set", "C=x"), "is no number"),
        (("--set", "Q=1"), "no parameter Q"),
    ],
)
def test_symbolic_refuses(
    capsys: pytest.CaptureFixture[str], hawks: Path, words: tuple[str, ...], says: str
) -> None:
    code, out, err = run(capsys, "solve", hawks, "--symbolic", *words)
    assert code == 2
    assert out == ""
    assert says in err


def test_set(capsys: pytest.CaptureFixture[str], cake: Path) -> None:
    assert "A d, B 2d" in run(capsys, "describe", cake)[1]
    assert "A 0.5, B 1" in run(capsys, "describe", cake, "--set", "d=1/2")[1]
    code, out, _ = run(capsys, "show", cake, "--set", "d=1/2", "--set", "n=3")
    assert code == 0
    assert "(1/2, 1/4)" in out
    code, out, _ = run(capsys, "solve", cake, "--set", "d=1/2")
    assert code == 0
    assert "A gets 2" in out


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("d=2", "outside of its domain 0 <= d <= 1"),
        ("e=2", "no parameter e"),
        ("d", "write a symbol and a value"),
        ("d=x", "is no number"),
        ("n=1/2", "no whole number"),
    ],
)
def test_settings_that_cannot_be(
    capsys: pytest.CaptureFixture[str], cake: Path, setting: str, says: str
) -> None:
    code, _, err = run(capsys, "solve", cake, "--set", setting)
    assert code == 2
    assert says in err


def test_a_game_without_letters(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "plain.efg"
    file.write_text('EFG 2 R "" { "A" }\np "" 1 1 "" { "l" "r" } 0\n'
                    't "" 1 "" { 1 }\nt "" 2 "" { 2 }\n')  # fmt: skip
    code, _, err = run(capsys, "solve", file, "--symbolic")
    assert code == 2
    assert "has no parameters" in err


def test_sweep_over_a_size(capsys: pytest.CaptureFixture[str], cake: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    code, _, err = run(capsys, "sweep", cake, "--over", "n=1:4", "-o", table)
    assert code == 0
    assert "4 points, 4 certified" in err
    assert "with n = 4: A 2, B 1" in err
    assert len(table.read_text().splitlines()) == 5
    assert not list(tmp_path.glob(".*.log"))


def test_sweep_by_processes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "entry.efg"
    file.write_text(write_efg(REFERENCES["entry_with_commitment"]()), encoding="utf-8")
    picture = tmp_path / "p.svg"
    code, _, err = run(
        capsys, "sweep", file, "--over", "c=1:8:20", "--over", "D1=3:9:20", "-o", picture,
        "--workers", "2",
    )  # fmt: skip
    assert code == 0
    assert "400 points, 400 certified" in err
    assert picture.read_text().startswith("<svg")


def test_sweep_refuses(capsys: pytest.CaptureFixture[str], cake: Path, tmp_path: Path) -> None:
    assert run(capsys, "sweep", cake, "--over", "n=1:4", "-o", tmp_path / "t.txt")[0] == 2
    code, _, err = run(capsys, "sweep", cake, "--over", "k=1:4", "-o", tmp_path / "t.csv")
    assert code == 2
    assert "no parameter k" in err
