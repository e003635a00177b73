"""Letters in games: expressions, conditions, the dialect's parameters, and families of games."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.errors import CompilationError, UserError
from nl2efg.families import GameFamily, read_conditions, read_expression, value_of
from nl2efg.families.expression_text import ExpressionError
from nl2efg.families.polynomials import ExpressionTooLargeError
from nl2efg.formats import read_efg, write_efg
from nl2efg.sandbox import build
from nl2efg.sandbox.families import family_of
from nl2efg.schema.built import Built

pytestmark = pytest.mark.process

PROGRAM = """
import pygambit as gbt
delta = parameter("delta", "9/10", low=0, high=1, meaning="patience")
c = parameter("c", "1/3", low=0)
p = gbt.parameter("p", "1/2", low=0, high=1)
n = parameter("n", 2, low=1, high=9, kind="size")
assert 0 < delta < 1
g = gbt.Game.new_tree(players=["A", "B"], title="T")
g.append_move(g.root, g.players.chance, ["h", "l"])
g.set_chance_probs(g.root.infoset, [p, 1 - p])
for node in g.root.children:
    for i in range(n):
        g.append_move(node, "A" if i % 2 == 0 else "B", ["take", "pass"])
        g.set_outcome(node.children[0], g.add_outcome([delta ** i * (1 - c), 0.5 * delta]))
        node = node.children[1]
    g.set_outcome(node, g.add_outcome([0 if delta * 2 > c else 1, c]))
"""


def family(code: str = PROGRAM) -> GameFamily:
    built = build(code)
    assert built.tree is not None, built.diagnostics
    found = family_of(built.tree)
    assert found is not None
    return found


def codes(built: Built) -> list[str]:
    return [found.code for found in built.diagnostics]


def texts() -> st.SearchStrategy[str]:
    atoms = st.sampled_from(["a", "b", "δ", "1", "2", "1/3", "0.25"])

    def more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pairs = st.tuples(inner, st.sampled_from("+-*"), inner)
        divided = st.tuples(inner, st.sampled_from(["3", "(a**2 + 1)", "(2 + b*b)"]))
        return st.one_of(
            pairs.map(lambda row: f"({row[0]} {row[1]} {row[2]})"),
            divided.map(lambda row: f"({row[0]}/{row[1]})"),
            inner.map(lambda text: f"(-{text})"),
            inner.map(lambda text: f"({text})**2"),
        )

    return st.recursive(atoms, more, max_leaves=8)


@settings(max_examples=300, deadline=None)
@given(texts(), st.lists(st.fractions(-5, 5, max_denominator=9), min_size=3, max_size=3))
def test_an_expression_is_worth_what_python_says(text: str, row: list[Fraction]) -> None:
    values = dict(zip(("a", "b", "δ"), row, strict=True))
    exact = text.replace("0.25", "Fraction(1, 4)").replace("1/3", "Fraction(1, 3)")
    for digit in "123":
        exact = exact.replace(f"/{digit})", f"/Fraction({digit}))")
    expected = eval(exact, {"Fraction": Fraction, **values})
    found = read_expression(text)
    assert found.at(values) == expected
    for form in (found.text, found.expanded):
        again = read_expression(form)
        assert again == found
        assert again.at(values) == expected


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("delta*(1-p)-c", "delta*(1 - p) - c"),
        ("1/(1+d) - d/(1+d)", "(1 - d)/(d + 1)"),
        ("(1-d**2)/(1-d)", "d + 1"),
        ("a-(b-c)", "a - b + c"),
        ("c - -c", "2*c"),
        ("δ1·x", "δ1*x"),
    ],
)
def test_the_shortest_form_is_written(text: str, form: str) -> None:
    assert read_expression(text).text == form


@pytest.mark.parametrize(
    "text", ["", "1 +", "(a", "a b", "a ** b", "a**(1/2)", "1/0", "a/(b - b)", "$", "f(x)", "a)"]
)
def test_what_is_no_expression_says_where(text: str) -> None:
    with pytest.raises(ExpressionError):
        read_expression(text)


@pytest.mark.parametrize(
    "text",
    ["(a + b + c)**900", "a**2000", "(" * 100 + "a" + ")" * 100, "a+" * 20_000 + "a", "9" * 5_000],
)
def test_large_expressions_are_refused_before_they_are_made(text: str) -> None:
    with pytest.raises(ExpressionTooLargeError):
        read_expression(text)


def test_values_of_texts() -> None:
    values = {"M": Fraction(3), "c": Fraction(1, 2)}
    assert value_of("M - c", values) == Fraction(5, 2)
    assert value_of("-1/3", values) == Fraction(-1, 3)
    assert value_of("M - x", values) is None
    assert value_of("1/(M - 3)", values) is None


def test_chains_of_comparisons() -> None:
    found = read_conditions("D2 > 0 ≥ P2")
    assert [each.text for each in found] == ["D2 > 0", "0 >= P2"]
    assert found[1].holds({"P2": Fraction(0)})
    with pytest.raises(ExpressionError):
        read_conditions("D2")


def test_a_program_gives_a_family() -> None:
    found = family()
    assert [each.symbol for each in found.parameters] == ["delta", "c", "p", "n"]
    assert found.parameters[0].meaning == "patience"
    assert {each.text for each in found.payoffs.values()} == {
        "1 - c", "delta/2", "delta*(1 - c)", "c",
    }  # fmt: skip
    assert [each.text for each in found.probabilities.values()] == ["p", "1 - p"]
    assert [each.text for each in found.demands] == ["delta > 0", "delta < 1"]
    assert "2*delta > c" in [each.text for each in found.conditions if each.kind == "shape"]


def test_the_file_keeps_the_letters() -> None:
    found = family()
    again = family_of(read_efg(write_efg(found.tree)))
    assert again == found


def test_letters_that_do_not_fit_the_game_are_not_taken() -> None:
    text = write_efg(family().tree)
    assert family_of(read_efg(text.replace("{ 2/3 9/20 }", "{ 5/3 9/20 }"))) is None
    assert family_of(read_efg(text.replace("payoff 0 0", "payoff 77 0"))) is None


def test_substitution_is_what_the_program_builds_there() -> None:
    found = family()
    values = {"delta": "1/2", "c": "1/7", "p": "1/9"}
    rewritten = PROGRAM
    for old, new in (('"9/10"', '"1/2"'), ('"1/3"', '"1/7"'), ('"1/2", low=0, high=1)', "X")):
        rewritten = rewritten.replace(old, new, 1) if new != "X" else rewritten
    rewritten = rewritten.replace('"p", "1/2"', '"p", "1/9"')
    other = family(rewritten)
    tree = found.at(**values)
    assert tree.outcomes == other.tree.outcomes
    assert tree.information_sets == other.tree.information_sets
    assert family_of(tree) is not None


def test_another_shape_is_built_by_the_program() -> None:
    found = family()
    assert len(found.at(n=4)) == 19
    bent = found.at(delta="1/100", c=1)
    assert max(outcome.payoffs[0] for outcome in bent.outcomes) == 1
    alone = GameFamily(
        found.tree, found.parameters, found.payoffs, found.probabilities, found.conditions
    )
    with pytest.raises(UserError, match="another shape"):
        alone.at(n=4)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"delta": 2}, "outside of its domain 0 <= delta <= 1"),
        ({"delta": 0}, "breaks delta > 0, which the description demands"),
        ({"x": 1}, "no parameter x"),
        ({"n": "1/2"}, "no whole number"),
        ({"c": "one"}, "is no number"),
    ],
)
def test_values_that_cannot_be_are_refused(values: dict[str, int | str], says: str) -> None:
    with pytest.raises(UserError, match=says):
        family().at(**values)


def small(lines: str) -> str:
    return f"""
import pygambit as gbt
from fractions import Fraction
{lines}
g = gbt.Game.new_tree(players=["A"], title="T")
g.append_move(g.root, "A", ["l", "r"])
g.set_outcome(g.root.children[0], g.add_outcome([x]))
g.set_outcome(g.root.children[1], g.add_outcome([1]))
"""


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ('x = parameter("x", 1)\ny = parameter("x", 1, kind="size")', "B320"),
        ('x = parameter("x", 2, low=0, high=1)', "B320"),
        ('x = parameter("x y", 2)', "B320"),
        ('x = parameter("x", "1/2", kind="size")', "B320"),
        ('x = parameter("x", 2, low=3, high=1)', "B320"),
        ('for i in range(200):\n    x = parameter(f"x{i}", i)', "B320"),
        ('x = Fraction(parameter("x", 2))', "B321"),
        ('x = float(parameter("x", 2))', "B321"),
        ('x = parameter("x", 2)\nassert x < 1', "B102"),
        ('x = 1 / parameter("x", 0)', "B102"),
        ('x = parameter("x", 2) ** 2000', "B102"),
        ('x = (parameter("x", 2) + parameter("y", 1)) ** 400 * parameter("z", 2)', None),
        (
            "x = sum(parameter(f'x{i}', i) for i in range(90)) ** 3",
            "B102",
        ),
    ],
)
def test_what_a_program_asks_wrongly(lines: str, code: str | None) -> None:
    built = build(small(lines))
    if code is None:
        assert built.tree is not None
        assert family_of(built.tree) is not None
    else:
        assert code in codes(built)


def test_a_letter_that_is_lost_holds_at_its_value_alone() -> None:
    found = family(small('x = parameter("x", 2)\nx = Fraction(x) + 1'))
    assert [each.text for each in found.conditions] == ["x == 2"]
    assert found.at(x=5).outcomes[0].payoffs == (Fraction(6),)


def test_a_division_is_a_condition() -> None:
    found = family(small('x = parameter("x", 2)\nx = 1 / x'))
    assert found.at(x=4).outcomes[0].payoffs == (Fraction(1, 4),)
    with pytest.raises(CompilationError, match="is 0 where x = 0"):
        found.at(x=0)


def test_probabilities_must_sum_to_one_everywhere() -> None:
    lines = """
import pygambit as gbt
p, q = parameter("p", "1/2"), parameter("q", "1/2")
g = gbt.Game.new_tree(players=["A"])
g.append_move(g.root, g.players.chance, ["l", "r"])
g.set_chance_probs(g.root.infoset, [p, q])
"""
    assert "B323" in codes(build(lines))


def test_symbols_of_any_script() -> None:
    found = family(small('x = 2 * parameter("δ₁".replace("₁", "1"), "1/2")'))
    assert found.parameters[0].symbol == "δ1"
    again = family_of(read_efg(write_efg(found.tree)))
    assert again is not None
    assert again.payoffs[0, 0].text == "2*δ1"


def test_conditions_that_contradict_each_other_are_told() -> None:
    built = build(small('x = parameter("x", 2)\nassert x > 1\nassert x < 1'))
    assert built.tree is None
    assert "assert x < 1" in built.diagnostics[0].message
