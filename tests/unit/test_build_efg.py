"""Game text from models: whatever it is, a game or diagnostics come of it, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.formats import read_efg, write_efg
from nl2efg.frontend.program_reply import build_reply
from nl2efg.sandbox import Builders, Limits
from nl2efg.sandbox.game_text import is_game_text
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostic_codes import known_codes
from tests.trees import ANY_LABELS, game_trees, kuhn

LIMITS = Limits(nodes=1000)
SAMPLES = (
    write_efg(kuhn()),
    'EFG 2 R "t" { "A" "B" } "comment"\np "" 1 1 "i" { "l" "r" } 0\nt "" 1 "o" { 1, -2/3 }\n'
    't "" 2 "" { 1e2 .5 }\n',
    'EFG 2 R "\x1b[31m" { "A\u202e" } "\x9b"\nt "" 1 "\x07" { 1 }\n',
    'EFG 2 D "t" { "A" }\nc "" 1 "" { "h" 1/2 "t" 0.5 } 0\nt "" 0\nt "" 1 "" { 3 }\n',
)
PIECES = (
    *'"{}\\\n\t\x00\x1b',
    "\u202e\ud7ff", '"" ', "{ ", "} ", "p ", "c ", "t ", "0 ", "-1 ", "1/0 ", "1e999999999 ",
    "9" * 5000, "99999999999 ", "EFG 2 R ", "NFG 1 R ", '"' * 3,
)  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[Builders]:
    with Builders(1) as found:
        yield found


def check(built: Built) -> None:
    """That it can be shown and used."""
    assert built.ok or built.diagnostics
    assert all(found.code in known_codes() for found in built.diagnostics)
    shown = [*map(str, built.diagnostics)]
    if built.tree is not None:
        assert len(built.tree) <= LIMITS.nodes
        assert read_efg(write_efg(built.tree)) == built.tree
        tree = built.tree
        shown += [tree.title, tree.comment, *tree.players, *(o.label for o in tree.outcomes)]
    for text in shown:
        assert not any(unicodedata.category(char)[0] == "C" and char not in "\n\t" for char in text)


@pytest.mark.slow
@given(st.data())
def test_mutated_text(pool: Builders, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(text)))
        end = place + data.draw(st.integers(0, 12))
        piece = data.draw(st.sampled_from(PIECES) | st.text(max_size=5))
        text = text[:place] + piece + text[end:]
    check(build_reply(f"```\n{text}\n```", lambda code: pool.build(code, LIMITS)))
    if is_game_text(text):
        check(pool.build(text, LIMITS))


@pytest.mark.slow
@given(game_trees(labels=ANY_LABELS))
def test_good_text_becomes_its_game(pool: Builders, tree: object) -> None:
    text = write_efg(tree)  # type: ignore[arg-type]
    built = pool.build(text, LIMITS)
    check(built)
    assert built.tree is not None
    assert built.tree == tree or "X305" in {found.code for found in built.diagnostics}


@given(st.text(max_size=300))
def test_any_text_after_the_first_word(pool: Builders, rest: str) -> None:
    check(pool.build("EFG 2 R " + rest, LIMITS))
