"""Programs and game text are found in whatever a model wrote around them."""

from __future__ import annotations

from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.dialect.brackets import close_brackets
from nl2efg.dialect.execution import execute
from nl2efg.formats import write_efg
from nl2efg.frontend.program_reply import Program, build_reply, programs
from nl2efg.sandbox.game_text import is_game_text, read_text
from nl2efg.sandbox.limits import Limits
from nl2efg.schema.built import Built
from tests.trees import absent_minded_driver

GAME = """import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"], title="{0}")
g.append_move(g.root, "Ann", ["l", "r"])
"""
WRONG = 'import pygambit as gbt\ng = gbt.Game.new_tree(players=["Ann"])\nnonsense(g)\n'
EFG = write_efg(absent_minded_driver())


def fence(code: str, language: str = "python") -> str:
    return f"```{language}\n{code}\n```\n"


def build(code: str) -> Built:
    if is_game_text(code):
        return read_text(code, Limits())
    done = execute(code, max_nodes=1000)
    tree = None if done.game is None else done.game.to_tree()
    return Built(tree, done.diagnostics, code)


def title(reply: str) -> str:
    """The title of the game that comes of a reply."""
    built = build_reply(reply, build)
    assert built.ok, built.diagnostics
    assert built.tree is not None
    return built.tree.title


@pytest.mark.parametrize(
    "reply",
    [
        GAME.format("a"),
        "Here it is:\n\n" + fence(GAME.format("a")) + "\nHope it helps!",
        fence(GAME.format("a"), ""),
        "~~~py\n" + GAME.format("a") + "~~~\n",
        "  ```python\n" + GAME.format("a") + "  ```",
        "```python\n" + GAME.format("a"),
        "The code:\n\n" + GAME.format("a") + "\nThis code builds the game.\n",
        "\ufeff" + fence(GAME.format("a")).replace("\n", "\r\n"),
        fence(WRONG) + fence(GAME.format("a")),
        fence(GAME.format("a")) + fence(WRONG),
        fence(GAME.format("b")) + "Better:\n" + fence(GAME.format("a")),
        fence(GAME.format("b")).rstrip() + fence(GAME.format("a")),
        fence("g.set_infoset(g.root, g.root.infoset)") + fence(GAME.format("a")),
        fence("pip install pygambit", "bash") + fence(GAME.format("a")),
        fence("{}", "json") + fence(GAME.format("a")),
        "1. The code:\n\n" + indent(fence(GAME.format("a")), "   "),
        fence(GAME.format("a") + 'print("Trying again")'),
        f"<think>A draft:\n{fence(GAME.format('b'))}so\n```</think>\n{fence(GAME.format('a'))}",
    ],
)
def test_the_program_is_found(reply: str) -> None:
    assert title(reply) == "a"


def test_a_program_that_goes_on_in_later_blocks_is_one() -> None:
    reply = (
        "First the tree:\n"
        + fence(GAME.format("a"))
        + "Then what it pays:\n"
        + fence('g.set_outcome(g.root.children[0], g.add_outcome([5], label="five"))')
    )
    built = build_reply(reply, build)
    assert built.tree is not None
    assert built.tree.outcomes[0].payoffs == (5,)


def test_a_program_in_pieces_that_only_work_together() -> None:
    head, *rest = GAME.format("a").splitlines()
    assert title(fence(head) + "and\n" + fence("\n".join(rest))) == "a"


def test_the_last_attempt_of_a_transcript_counts() -> None:
    again = "name 'node' is not defined\nError in code generation. Trying again...\n\n"
    first, second = GAME.format("first"), GAME.format("second")
    rule = "=" * 20 + "\n"
    assert title(fence(first) + rule + again + second) == "second"
    assert title(fence(first) + rule + again + fence(second)) == "second"
    assert title(fence(first) + rule + again + second + rule + "an error\n") == "second"
    assert title(fence(first) + rule + again) == "first"


def test_a_broken_last_attempt_is_not_swapped_for_an_earlier_one() -> None:
    again = "===\nError in code generation. Trying again...\n"
    built = build_reply(fence(GAME.format("first")) + again + WRONG, build)
    assert not built.ok
    assert [one.code for one in built.diagnostics] == ["B102"]


@pytest.mark.parametrize(
    "reply",
    [
        EFG,
        fence(EFG, ""),
        fence(EFG, "efg"),
        f"The game:\n\n{EFG}\nThat is all.\n",
        f"x\n```\n{EFG}",
    ],
)
def test_game_text_is_found(reply: str) -> None:
    assert [one.kind for one in programs(reply)] == ["efg"]
    built = build_reply(reply, build)
    assert built.tree is not None
    assert write_efg(built.tree) == EFG


def test_game_text_in_strategic_form() -> None:
    text = 'NFG 1 R "pennies" { "Ann" "Bob" } { 2 2 }\n\n1 -1 -1 1 -1 1 1 -1\n'
    built = build_reply(f"As a table:\n```\n{text}```\n", build)
    assert built.tree is not None
    assert len(built.tree) == 7


def test_game_text_with_a_mistake_names_its_line() -> None:
    built = build_reply('EFG 2 R "g" { "Ann" }\n\np "" 1 1 "" { "l" "r" } 0\nt "" 0\n', build)
    assert built.tree is None
    assert [one.code for one in built.diagnostics] == ["B108"]
    assert built.diagnostics[0].line


@pytest.mark.parametrize("reply", ["", "I cannot do that.", "```bash\nls\n```", "x = 1"])
def test_nothing_to_find(reply: str) -> None:
    assert programs(reply) == []
    assert [one.code for one in build_reply(reply, build).diagnostics] == ["B100"]


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        (
            "g.set_outcome(n, g.add_outcome([1], label='a (b'",
            "g.set_outcome(n, g.add_outcome([1], label='a (b'))",
        ),
        ("f(g[0, 1, h(2])", "f(g[0, 1, h(2)])"),
        ("f([1, 2)  # why [", "f([1, 2])  # why ["),
        ("    x = f(1", "    x = f(1)"),
    ],
)
def test_brackets_are_closed_within_their_line(line: str, whole: str) -> None:
    before, after = ("if a:\n", "\n    y = 2") if line.startswith(" ") else ("a = 1\n", "\nb = 2")
    assert close_brackets(before + line + after) == (before + whole + after, [2])


@pytest.mark.parametrize(
    "line", ["f(1))", "x = = 2", "for i in range(3:", "f('a", "f(1, 2", "x = 1"]
)
def test_other_mistakes_are_left_as_they_are(line: str) -> None:
    after = "\n3 = 4" if line == "f(1, 2" else ""
    assert close_brackets(line + after) == (line + after, [])


def test_closed_brackets_are_said() -> None:
    line = 'g.set_outcome(g.root.children[0], g.add_outcome([5], label="five")\n'
    built = build_reply(fence(GAME.format("a") + line * 2), build)
    assert built.ok
    assert [(one.code, one.line) for one in built.diagnostics] == [
        ("B318", 4),
        ("B318", 5),
        ("B305", 5),
    ]


@given(st.text(st.sampled_from("()[]{}'#,x=\n "), max_size=60))
def test_brackets_in_any_text(text: str) -> None:
    mended, lines = close_brackets(text)
    assert (mended == text) == (not lines)


def test_a_game_with_errors_is_better_than_none() -> None:
    flawed = GAME.format("flawed") + "g.append_move(g.root, 'Bob', ['x'])\n"
    built = build_reply(fence(flawed) + fence(WRONG), build)
    assert built.tree is not None
    assert not built.ok


@given(st.text(st.sampled_from('`~ \n=EFG2R"pg.append_move(import x)'), max_size=200))
def test_any_text_is_searched_without_failing(text: str) -> None:
    assert all(isinstance(one, Program) for one in programs(text))


def test_long_texts_are_searched_in_linear_time() -> None:
    for piece in (
        "```\n",
        "EFG 2 R\n",
        "import x\n",
        "=====\n",
        "Trying again\n",
        "g.append_move(\n",
    ):
        programs(piece * 20_000)
