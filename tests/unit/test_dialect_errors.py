"""What has no plain reading is an error that says what, where and what would be right."""

from __future__ import annotations

import pytest

from nl2efg.dialect.execution import execute
from nl2efg.schema.diagnostic_codes import known_codes
from nl2efg.schema.diagnostics import Diagnostic, Severity

START = """import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann", "Bob"], title="t")
g.append_move(g.root, "Ann", ["l", "r"])
"""


def errors(code: str, max_nodes: int = 1000) -> list[Diagnostic]:
    found = [
        one
        for one in execute(code, max_nodes=max_nodes).diagnostics
        if one.severity is Severity.ERROR
    ]
    assert all(one.code in known_codes() for one in found)
    return found


@pytest.mark.parametrize(
    ("line", "code", "history", "words"),
    [
        ("g.append_move(g.root, 'Bob', ['x', 'y'])", "B201", (), "Ann already moves (l, r)"),
        ("g.copy_tree(g.root.children[0], g.root)", "B201", (), "not terminal"),
        ("g.root.children[2]", "B202", (), "no child 2"),
        ("g.root.children['left']", "B202", (), "no child 'left'"),
        ("g.append_move(g.root.children[1].children[0], 'Bob', ['x'])", "B202", ("r",), "no move"),
        ("g.set_outcome(g.root.children[1].children[0], None)", "B202", ("r",), "no such node"),
        ("g.root.children[0].infoset.label = 'x'", "B202", ("l",), "terminal"),
        ("g.set_chance_probs(g.root.children[0].infoset, [1])", "B202", None, "terminal"),
        ("g.append_move(g.root.children[0], 'Cal', ['x'])", "B203", None, "no player 'Cal'"),
        ("g.players[2]", "B207", None, "no player number 2"),
        ("g.append_move(g.root.children[0], 5, ['x'])", "B203", None, "no player number 5"),
        ("g.add_outcome([1, 2, 3], label='o')", "B204", None, "3 payoffs for 2 players"),
        ("g.add_outcome(['much', 2])", "B204", None, "'much' is not a number"),
        ("g.add_outcome([10**9999, 2])", "B204", None, "too many digits"),
        ("g.add_outcome([float('nan'), 2])", "B204", None, "not a finite number"),
        ("g.set_infoset(g.root.children[0], g.root.infoset)", None, None, ""),
        ("g.set_infoset(g.root, g.root.children[1].children[0].infoset)", None, None, ""),
        ("g.set_chance_probs(g.root.infoset, [0.5, 0.5])", "B206", (), "Ann moves, not chance"),
        ("g.set_outcome(g.root, 'nobody wins')", "B207", None, "no outcome has the label"),
        ("g.append_infoset(g.root.children[0], 'nowhere')", "B207", None, "no information set"),
        ("g.append_move('somewhere', 'Bob', ['x'])", "B207", None, "no node has the label"),
        ("g.append_move(None, 'Bob', ['x'])", "B208", None, "nothing (None)"),
        ("g.append_move(g.root.children[0], 'Bob', [])", "B208", ("l",), "action labels"),
        ("g[0, 0]", "B208", None, "no outcome at a combination"),
        ("g.delete_parent(g.root)", None, None, ""),
        ("gbt.Game.read_game('kuhn.efg')", "B209", None, "no file"),
        ("gbt.Game.parse_game('EFG 2 R')", "B108", None, ""),
        ("g.add_infoset(num_actions=2)", "B105", None, "has no 'add_infoset'"),
        ("gbt.Tree()", "B105", None, "pygambit"),
        ("g.root.children[0].move", "B105", None, "Node has no 'move'"),
        ("rot = root + 1", "B102", None, "name 'root' is not defined"),
        ("import notamodule", "B102", None, "notamodule"),
    ],
)
def test_an_error_names_its_place(
    line: str, code: str | None, history: tuple[str, ...] | None, words: str
) -> None:
    # More building comes after it, so that nothing is taken as a failure after the building.
    found = errors(START + line + "\ng.set_outcome(g.root.children[0], g.add_outcome([1, 2]))\n")
    if code is None:
        assert found == []
        return
    assert [one.code for one in found] == [code]
    assert found[0].line == 4
    assert found[0].history == history
    assert words in found[0].message
    assert code in ("B102", "B108") or found[0].fix


def test_sets_that_do_not_fit() -> None:
    found = errors(
        START
        + """
g.append_move(g.root.children[0], "Bob", ["x", "y", "z"])
g.append_move(g.root.children[1], "Bob", ["x", "y"])
g.set_infoset(g.root.children[1], g.root.children[0].infoset)
g.make_infoset(list(g.root.children), "Bob")
g.make_infoset([g.root.children[0].children[0]], "Bob")
g.leave_infoset(g.root.children[0].children[0])
"""
    )
    assert [(one.code, one.line) for one in found] == [
        ("B205", 8),
        ("B205", 9),
        ("B205", 10),
        ("B205", 7),
    ] or {one.code for one in found} == {"B205"}
    assert any("Bob has (x, y, z)" in one.message for one in found)


@pytest.mark.parametrize(
    ("probabilities", "words"),
    [("[0.5, 0.6]", "sum to 11/10"), ("[1]", "1 probabilities"), ("{'z': 1}", "'z'")],
)
def test_probabilities_that_are_wrong(probabilities: str, words: str) -> None:
    found = errors(
        f"""import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
g.append_move(g.root, g.players.chance, ["a", "b"])
g.set_chance_probs(g.root.infoset, {probabilities})
"""
    )
    assert [(one.code, one.line, one.history) for one in found] == [("B206", 4, ())]
    assert words in found[0].message


def test_all_errors_of_a_run_at_once() -> None:
    found = errors(
        START
        + """g.append_move(g.root, "Bob", ["x"])
g.add_outcome([1])
g.set_outcome(g.root.children[0].children[1].children[0], g.add_outcome([1, 2]))
g.append_move(g.root.children[1], "Cal", ["x"])
undefined
g.append_move(g.root.children[1].children[0], "Bob", ["x"])
"""
    )
    assert [(one.code, one.line) for one in found] == [
        ("B201", 4),
        ("B204", 5),
        ("B203", 7),
        ("B102", 8),
    ]


def test_many_findings_of_one_line_are_counted() -> None:
    found = errors(
        START
        + """for i in range(50):
    g.add_outcome([i, i, i], label=str(i))
"""
    )
    assert len(found) == 4
    assert "and 46 more of this kind on this line" in found[-1].message


@pytest.mark.parametrize(
    ("code", "expected", "line"),
    [
        ("g = (1))", "B101", 1),
        ("x = 1\n  y = 2", "B101", 2),
        ("print('no game')", "B103", None),
        ("import pygambit as gbt\ng = gbt.Game.new_tree()", "B103", None),
        ("def f(n):\n    return f(n + 1)\nf(0)", "B102", 2),
        ("1/0", "B102", 1),
        ("raise SystemExit(3)", "B103", None),
        ("x = '\\0'\nimport pygambit\npygambit.Game()", "B103", None),
    ],
)
def test_programs_without_a_game(code: str, expected: str, line: int | None) -> None:
    done = execute(code, max_nodes=100)
    assert done.game is None
    assert [(one.code, one.line) for one in done.diagnostics] == [(expected, line)]


def test_too_many_nodes_cannot_be_caught() -> None:
    code = """import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"])
node = g.root
while True:
    try:
        node = g.append_move(node, "Ann", ["on", "off"]).children[0]
    except Exception:
        pass
"""
    found = errors(code, max_nodes=500)
    assert [(one.code, one.line) for one in found] == [("B104", 6)]
    table = "import pygambit\npygambit.Game.new_table([10] * 20)"
    assert [one.code for one in errors(table)] == ["B104"]


def test_programs_may_catch_what_pygambit_raises() -> None:
    code = (
        START
        + """
for kind in (IndexError, KeyError, ValueError):
    try:
        g.root.children[5]
    except kind:
        pass
"""
    )
    assert errors(code) == []
