"""Games whose letters have powers that nobody can factor are refused, or told as far as they go."""

from __future__ import annotations

from time import perf_counter

import pytest
from sympy import QQ, ring

from nl2efg.errors import UserError
from nl2efg.families import GameFamily, family_of, read_conditions, read_expression
from nl2efg.formats import read_efg
from nl2efg.solving import solve
from nl2efg.theorems import algebra
from nl2efg.theorems.curves import Curves, PlaneTooLargeError
from nl2efg.theorems.line import Line, LineTooLargeError

STEEP = (
    "(a**20*b**36*c**24 - 3*a**8*b**39*c**33 + a**17)*10**200",
    "7*a**39*b**16 - c**40*a**3 + 10**200*b**11",
)
SIMULTANEOUS = """p "" 1 1 "" { "l" "r" } 0
p "" 2 1 "" { "l" "r" } 0
t "" 1 "" { 0, 0 }
t "" 2 "" { 0, 0 }
p "" 2 1 "" { "l" "r" } 0
t "" 3 "" { 0, 0 }
t "" 4 "" { 0, 0 }
"""
IN_TURN = SIMULTANEOUS.replace(
    'p "" 2 1 "" { "l" "r" } 0\nt "" 3', 'p "" 2 2 "" { "l" "r" } 0\nt "" 3'
)


def steep(body: str, written: tuple[str, str] = STEEP, letters: str = "abc") -> GameFamily:
    """A game whose payoffs are steep expressions, all letters being 1."""
    note = ["[family", *(f"parameter {letter} quantity 1 - - - -" for letter in letters)]
    for end in range(4):
        paid = [f"{written[(end + player) % 2]} + {end}" for player in range(2)]
        note += [f"payoff {end} {player} {text}" for player, text in enumerate(paid)]
        values = [read_expression(text).at(dict.fromkeys(letters, 1)) for text in paid]
        body = body.replace("{ 0, 0 }", f"{{ {values[0]}, {values[1]} }}", 1)
    text = 'EFG 2 R "t" { "A" "B" } "' + "\n".join([*note, ']"']) + "\n" + body
    found = family_of(read_efg(text))
    assert found is not None
    return found


def test_what_cannot_be_factored_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    real = algebra._written_bits

    def noted(poly: object) -> int:
        tried.append(real(poly))
        return tried[-1]

    monkeypatch.setattr(algebra, "_written_bits", noted)
    found = solve(steep(SIMULTANEOUS), concept="spe", budget=2.0)
    assert not found.all_pure
    assert max(tried) > algebra.MAX_FACTORED
    why = "powers are too high, or numbers too long"
    assert f"not all equilibria were looked at: {why}" in found.remarks


def test_powers_beyond_any_budget_are_refused() -> None:
    with pytest.raises(UserError, match="powers too high") as raised:
        solve(steep(IN_TURN), concept="spe", budget=2.0)
    assert "--set" in raised.value.hint


WIDE = (
    "10**200*c**5 + (c**11 - 3*c**4 + 1/7)/10**200",
    "(c**5 - 7/3*c**2)/(1 + c**3) + 10**200*c**9",
)


def test_a_line_whose_roots_are_too_far_apart_is_sampled() -> None:
    found = solve(steep(SIMULTANEOUS, WIDE, "c"), concept="spe", budget=5.0)
    assert found.regimes is None
    assert any("the line was sampled" in remark for remark in found.remarks)
    assert found.equilibria


def test_a_line_is_cut_in_time_alone() -> None:
    (condition,) = read_conditions("c**2 > 2")
    assert len(Line("c", (), [condition]).roots) == 2
    with pytest.raises(LineTooLargeError, match="time ran out"):
        Line("c", (), [condition], deadline=0.0)
    (condition,) = read_conditions("c**1000 > 10**20")
    with pytest.raises(LineTooLargeError, match="powers are too high"):
        Line("c", (), [condition])


def test_powers_that_are_meant_are_kept() -> None:
    field = algebra.LetterField(("a", "b"))
    wanted = read_expression("(a**9 - b**7)*(a*b**6 - 2)**2")
    sign, factors = field.factors(field.element(wanted)) or (0, ())
    assert sign == 1
    assert len(factors) == 3


def test_a_plane_whose_cuts_take_too_long_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    z3 = pytest.importorskip("z3")

    def canceled(*_: object) -> None:
        raise z3.Z3Exception(b"canceled")

    x, y = ring("x,y", QQ)[1:]
    curves = Curves((x**2 + y**2 - 1,))
    assert curves.cells(lambda _: True, perf_counter() + 60)
    monkeypatch.setattr("z3.z3num.isolate_roots", canceled)
    with pytest.raises(PlaneTooLargeError, match="time ran out"):
        curves.cells(lambda _: True, perf_counter() + 60)
