"""Games that are too large, however small the code or text is that makes them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from nl2efg.formats import write_efg
from nl2efg.game import GameTree
from nl2efg.sandbox import Limits, build
from nl2efg.sandbox.size import too_large
from nl2efg.schema.built import Built
from tests.trees import ANY_LABELS, game_trees, kuhn

pytestmark = pytest.mark.process

ROOM = Limits()
HEAD = 'import pygambit as gbt\ng = gbt.Game.new_tree(["A"])\n'
SHARED_SET = """\
node = g.root
g.append_move(node, "A", [{label} + str(i) for i in range({actions})])
for _ in range({depth}):
    node = node.children[0]
    g.append_infoset(node, g.root.infoset)
"""
SHARED_OUTCOME = """\
import pygambit as gbt
g = gbt.Game.new_tree([str(i) for i in range(1000)])
g.append_move(g.root, "0", [str(i) for i in range(3000)])
outcome = g.add_outcome([10 ** 390 + i for i in range(1000)])
for child in g.root.children:
    g.set_outcome(child, outcome)
"""


def codes(built: Built) -> list[str]:
    """The codes of what was found, where there is no game."""
    assert built.tree is None
    return [found.code for found in built.diagnostics]


def text_of(action: str, comment: str = "") -> str:
    """A file of a game with one action."""
    return f'EFG 2 R "t" {{ "A" }} "{comment}"\np "" 1 1 "" {{ "{action}" }} 0\nt "" 0\n'


@pytest.mark.slow
@given(game_trees(labels=ANY_LABELS))
def test_ordinary_games_are_not_too_large(tree: GameTree) -> None:
    assert too_large(tree, ROOM) is None


def with_label(place: str, label: str) -> GameTree:
    """A game with this label at one place."""
    tree = kuhn()
    own, *sets = tree.information_sets
    paid, *outcomes = tree.outcomes
    first = {"set": replace(own, label=label), "action": replace(own, actions=(label, "b", "c"))}
    changes = {
        "title": {"title": label},
        "players": {"players": (label, "B")},
        "node_labels": {"node_labels": (label, *tree.node_labels[1:])},
        "outcome": {"outcomes": (replace(paid, label=label), *outcomes)},
    }
    changed: Any = changes.get(place) or {"information_sets": (first[place], *sets)}
    return replace(tree, **changed)


@pytest.mark.parametrize("place", ["title", "players", "node_labels", "action", "set", "outcome"])
def test_every_label_has_a_longest_length(place: str) -> None:
    assert too_large(with_label(place, "x" * 1000), ROOM) is None
    found = too_large(with_label(place, "x" * 1001), ROOM)
    assert found is not None
    assert found.code == "X205"


def test_a_comment_may_be_longer_but_not_endless() -> None:
    assert too_large(replace(kuhn(), comment="x" * 2**20), ROOM) is None
    found = too_large(replace(kuhn(), comment="x" * (2**20 + 1)), ROOM)
    assert found is not None
    assert found.code == "X205"


@pytest.mark.parametrize("digits", [1, 390])
def test_the_size_is_about_that_of_the_file(digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = kuhn()
    number = Fraction(10**digits - 1, 7)
    tree = replace(
        tree, outcomes=tuple(replace(own, payoffs=(number, -number)) for own in tree.outcomes)
    )
    monkeypatch.setattr(Limits, "text", 0)
    found = too_large(tree, ROOM)
    assert found is not None
    told = int(found.message.split("takes ")[1].split()[0])
    size = len(write_efg(tree))
    assert size / 2 < told < 2 * size


def test_code_with_a_long_label_is_told_so() -> None:
    built = build(HEAD + SHARED_SET.format(label='"x" * 20_000_000', actions=1, depth=20))
    assert codes(built) == ["X205"]
    built = build(HEAD + SHARED_SET.format(label='"x" * 2_000_000', actions=1, depth=20))
    assert codes(built) == ["X205"]
    assert "2000001 characters, over the limit of 1000" in built.diagnostics[0].message


def test_code_whose_nodes_share_many_labels_is_told_so() -> None:
    code = HEAD + SHARED_SET.format(label='"x" * 900', actions=100, depth=1000)
    built = build(code)
    assert codes(built) == ["X205"]
    assert built.diagnostics[0].fix == "use shorter labels and numbers"
    assert build(code, Limits(nodes=10**6)).ok


def test_code_whose_leaves_share_many_payoffs_is_told_so() -> None:
    assert codes(build(SHARED_OUTCOME)) == ["X205"]


def test_a_file_is_bounded_as_code_is() -> None:
    assert codes(build(text_of("x" * 1001))) == ["X205"]
    long = "x" * 900_000
    assert codes(build(text_of("a", f"[labels: a:a={long}]"))) == ["X205"]
    # An outcome's payoffs need be given once only, and then stand for all that have it.
    moves = 'EFG 2 R "t" { ' + '"A" ' * 100 + '} ""\np "" 1 1 "" { ' + '"a" ' * 10_000 + "} 0\n"
    first = 't "" 1 "" { ' + f"{10**300} " * 100 + "}\n"
    built = build(moves + first + 't "" 1\n' * 9_999)
    assert codes(built) == ["X205"]
