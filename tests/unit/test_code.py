"""pygambit code: it runs, it gives the same game, and it reads like a person's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nl2efg
from nl2efg.drawing import draw_html
from nl2efg.drawing.html.page_data import as_script_data
from nl2efg.errors import UserError
from nl2efg.formats import load_efg, load_game
from nl2efg.gambit import from_gambit, installed_generation, to_code
from nl2efg.gambit.code.foreign_programs import why_not_run
from nl2efg.gambit.code.patterns import exact_patterns
from nl2efg.gambit.code.program import READABLE_NODES
from nl2efg.game import GameTree, TreeBuilder
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

pygambit = pytest.importorskip("pygambit")
CATALOGUE = sorted((Path(pygambit.__file__).parent / "catalog_data").rglob("*.efg"))
REFERENCES = Path(__file__).parents[2] / "../shared/gameinterpreter/references"


def run(code: str) -> GameTree:
    """The game that the code builds with the real pygambit."""
    names: dict[str, object] = {}
    exec(compile(code, "game.py", "exec"), names)
    return from_gambit(names["game"])


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(game_trees(max_moves=14))
def test_the_code_builds_the_same_game(tree: GameTree) -> None:
    assert run(to_code(tree)) == tree


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(game_trees(labels=ANY_LABELS))
def test_any_labels_come_back(tree: GameTree) -> None:
    code = to_code(tree)
    assert code.isascii() or installed_generation() == 17
    assert run(code) == tree


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(game_trees(max_moves=14, labels=st.sampled_from("ab{}'")), st.data())
def test_labels_outcomes_and_names_that_are_shared(tree: GameTree, data: st.DataObject) -> None:
    numbers = st.integers(0, max(len(tree.outcomes) - 1, 0))
    fields = {name: getattr(tree, name) for name in tree.__dataclass_fields__}
    seen: dict[int, int] = {}
    shared = [data.draw(numbers) for _ in tree.outcome_of]
    fields["outcome_of"] = tuple(seen.setdefault(number, len(seen)) for number in shared)
    fields["outcomes"] = tuple(tree.outcomes[number] for number in seen)
    fields["node_labels"] = tuple(data.draw(st.sampled_from(["", "x", "y"])) for _ in shared)
    awkward = GameTree(**fields)
    assert run(to_code(awkward)) == awkward


REFERENCE_GAMES = sorted((Path(__file__).parents[2] / "fixtures/games").glob("*/reference.efg"))
TABLES = sorted((Path(pygambit.__file__).parent / "catalog_data").rglob("*.nfg"))
FILES = CATALOGUE + TABLES + sorted(REFERENCES.glob("*.efg"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_games_of_the_literature(path: Path) -> None:
    tree = load_game(path)
    assert run(to_code(tree)) == tree


@pytest.mark.parametrize("path", REFERENCE_GAMES, ids=lambda path: path.parent.name)
def test_bundled_games(path: Path) -> None:
    tree = load_efg(path)
    assert run(to_code(tree)) == tree


def unlabelled(tree: GameTree) -> GameTree:
    """The game with no labels of information sets."""
    sets = tuple(replace(own, label="") for own in tree.information_sets)
    return replace(tree, information_sets=sets)


@pytest.mark.parametrize("path", REFERENCE_GAMES, ids=lambda path: path.parent.name)
def test_bundled_games_without_names_of_information_sets(path: Path) -> None:
    tree = unlabelled(load_efg(path))
    assert run(to_code(tree)) == tree


def test_what_a_player_knows_makes_the_groups_in_17() -> None:
    (path,) = (one for one in REFERENCE_GAMES if one.parent.name == "kuhn_poker")
    code = to_code(unlabelled(load_efg(path)), 17)
    assert code.count("game.append_move(") == 4  # one call for all cards
    assert 'H.path(..., "Check").by(lambda h: h.actions[0][-1]), "Ben"' in code


def test_labelled_sets_become_loops_in_17() -> None:
    code = to_code(kuhn(), 17)
    assert 'for draw in ["0", "1", "2"]:\n    nodes = H.path(draw, ...)\n' in code
    assert '    game.make_infoset(nodes, "Alice", label=f"{draw}-open")' in code


def test_code_is_for_the_installed_pygambit_or_for_the_one_that_is_named() -> None:
    assert to_code(kuhn()) == to_code(kuhn(), installed_generation())
    assert to_code(kuhn(), 16) != to_code(kuhn(), 17)
    with pytest.raises(UserError, match="no code for pygambit 15"):
        to_code(kuhn(), 15)


def test_labels_of_any_script_are_in_the_code_of_17() -> None:
    builder = TreeBuilder(["甲"], "掷硬币")
    builder.move(0, builder.information_set(0, ["正面", "反面"]))
    assert 'game.append_move(H.path(), "甲", ["正面", "反面"])' in to_code(builder.build(), 17)


def test_cards_become_loops() -> None:
    code = to_code(kuhn(), 16)
    assert 'for draw in ["0", "1", "2"]:\n    nodes = after(draw, ...)' in code
    assert 'nodes[0].infoset.label = f"{draw}-open"' in code
    assert code.count("game.append_move(") == 6


def test_absent_mindedness_joins_the_earlier_move() -> None:
    tree = absent_minded_driver()
    assert 'game.append_infoset(after("Continue"), game.root.infoset)' in to_code(tree, 16)
    assert 'game.append_infoset(H.path("Continue"), H.path())' in to_code(tree, 17)
    assert run(to_code(tree)) == tree


def test_sets_that_wait_for_each_other() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    ann = builder.information_set(0, ["a", "b"])
    ben = builder.information_set(1, ["c", "d"])
    start = builder.move(0, builder.chance(["x", "y"], [Fraction(1, 2)] * 2))
    builder.move(builder.move(start[0], ann)[0], ben)
    builder.move(builder.move(start[1], ben)[0], ann)
    tree = builder.build()
    assert run(to_code(tree)) == tree


def test_a_centipede_becomes_one_loop() -> None:
    builder = TreeBuilder(["Ann", "Ben"], "A centipede")
    node = 0
    for stage in range(30):
        stop, node = builder.move(node, builder.information_set(stage % 2, ["stop", "go"]))
        builder.pay(stop, [stage, 1])
    builder.pay(node, [0, 0])
    code = to_code(builder.build())
    assert 'for stage, player in enumerate(["Ann", "Ben"] * 15):' in code
    assert code.count("game.append_move(") == 1
    assert run(code) == builder.build()


@given(st.lists(st.integers(0, 2), min_size=1, max_size=14), st.booleans())
@settings(max_examples=40, deadline=None)
def test_chains_of_any_turns(turns: list[int], deep: bool) -> None:
    builder = TreeBuilder(["Ann", "Ben", "Cem"], "")
    (node,) = builder.move(0, builder.chance(["go"], [1])) if deep else (0,)
    for player in turns:
        node = builder.move(node, builder.information_set(player, ["stop", "go"]))[1]
    tree = builder.build()
    assert run(to_code(tree)) == tree


def test_wide_moves_are_wrapped() -> None:
    cards = [f"card {number}" for number in range(52)]
    builder = TreeBuilder(["Ann"], "A deck")
    deal = builder.chance(cards, [Fraction(1, 52)] * 50 + [Fraction(1, 26), Fraction(0)])
    hidden = builder.information_set(0, cards, "hidden")
    for number, node in enumerate(builder.move(0, deal)):
        if number < 20:
            builder.move(node, hidden)
    code = to_code(builder.build())
    assert run(code) == builder.build()


def test_patterns_name_exactly_their_nodes() -> None:
    tree = kuhn()
    for members in tree.members:
        (pattern,) = exact_patterns(tree, members)
        assert len(pattern) == tree.depth[members[0]]
    opening = next(
        number for number, own in enumerate(tree.information_sets) if own.label == "1-open"
    )
    assert exact_patterns(tree, tree.members[opening]) == (("1", ...),)


@pytest.mark.slow
def test_large_trees_become_tables() -> None:
    big = kuhn(20)
    assert len(big) > READABLE_NODES
    code = to_code(big)
    assert "after(" not in code
    assert run(code) == big


@pytest.mark.slow
def test_100_000_nodes() -> None:
    builder = TreeBuilder(["Ann"], "deep")
    moves = builder.information_set(0, ["stop", "go"])
    end = builder.outcome([Fraction(1, 3)], "end")
    node = 0
    for _ in range(50_000):
        stop, node = builder.move(node, moves)
        builder.set_outcome(stop, end)
    tree = builder.build()
    code = to_code(tree, 16)
    assert len(code) < 2_000_000
    with pytest.raises(UserError, match="too deep for pygambit 17"):
        to_code(tree, 17)
    if installed_generation() == 16:
        assert run(code) == tree


def test_an_event_that_comes_up_twice_on_a_path() -> None:
    builder = TreeBuilder(["Ann"])
    coin = builder.chance(["heads", "tails"], [Fraction(1, 3), Fraction(2, 3)], "coin")
    _, again = builder.move(0, coin)
    builder.move(again, coin)
    assert run(to_code(builder.build())) == builder.build()


def test_trivial_games() -> None:
    for players in ([], ["Ann"]):
        tree = TreeBuilder(players, "").build()
        assert run(to_code(tree)) == tree


def test_probabilities_must_be_a_distribution() -> None:
    builder = TreeBuilder(["Ann"])
    builder.move(0, builder.chance(["a", "b"], [Fraction(3, 2), Fraction(-1, 2)]))
    with pytest.raises(UserError, match="no distribution"):
        to_code(builder.build())


def only_in(generation: int, reason: str) -> str:
    """The reason, where that generation is installed."""
    return reason if installed_generation() == generation else ""


SPELLED_16 = 'g = gbt.Game.new_tree(players=["A"])\ng.append_move(g.root, "A", ["{word}", "b"])\n'
SPELLED_17 = 'g = gbt.ExtensiveGame(["A"])\ng.append_move(H.path(), "A", ["{word}", "b"])\n'


def test_what_the_installed_pygambit_cannot_run_is_seen() -> None:
    new, old = "it is written for pygambit 17", "it is written for pygambit 16.7"
    plain16, plain17 = (code.format(word="a") for code in (SPELLED_16, SPELLED_17))
    assert why_not_run(plain16).startswith(only_in(17, old))
    assert why_not_run(plain17).startswith(only_in(16, new))
    assert bool(why_not_run(plain16)) == (installed_generation() == 17)
    assert bool(why_not_run(plain17)) == (installed_generation() == 16)
    assert "mixes" in why_not_run(plain16 + plain17)
    assert "mixes" in why_not_run("from pygambit import H\n" + plain16)
    assert "letters" in why_not_run('c = parameter("c", 1)\n' + plain16)
    assert "letters" not in why_not_run("def parameter(c):\n    return c\nparameter(1)\n")
    assert ("ASCII" in why_not_run(SPELLED_16.format(word="正"))) == (installed_generation() == 16)
    for call in ("[1]", "[1], label='a'", "", "payoffs=[1]"):
        old_call = why_not_run(f"g.add_outcome({call})")
        assert ("label" in old_call) == (installed_generation() == 16)
    assert "label" not in why_not_run("g.add_outcome('a', [1])\ng.add_outcome(label='b')")
    assert why_not_run("g.append_move(") == "it is not Python"


def test_the_report_offers_the_code() -> None:
    tree = kuhn()
    offered = f'"code":{as_script_data({"": to_code(tree)})[4:-1]}'
    assert offered in draw_html(tree)
    other = to_code(tree, 16 if installed_generation() == 17 else 17)
    assert offered not in draw_html(tree, code=other)


def test_the_library_takes_the_generation() -> None:
    for generation in (16, 17):
        assert nl2efg.to_code(kuhn(), generation) == to_code(kuhn(), generation)
