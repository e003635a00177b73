"""pygambit.Game there and back, and pygambit's own reading beside ours."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from nl2efg.errors import UserError
from nl2efg.formats import from_gambit, load_efg, load_game, read_efg, to_gambit, write_efg
from nl2efg.game import NO_OUTCOME, GameTree, TreeBuilder, has_perfect_recall, is_constant_sum
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

pygambit = pytest.importorskip("pygambit")
CATALOGUE = Path(pygambit.__file__).parent / "catalog_data"
REFERENCES = Path(__file__).parents[2] / "../shared/gameinterpreter/references"
EFG_FILES = sorted(CATALOGUE.rglob("*.efg")) + sorted(REFERENCES.glob("*.efg"))
NFG_FILES = sorted(CATALOGUE.rglob("*.nfg"))


def read_by_pygambit(text: str) -> Any:
    return pygambit.read_efg(io.BytesIO(text.encode()))


def assert_same(tree: GameTree, game: Any) -> None:
    """Compare through pygambit's own properties, not through our reader of its games."""
    assert [player.label for player in game.players] == list(tree.players)
    nodes = list(game.nodes)
    assert len(nodes) == len(tree)
    index = {node: place for place, node in enumerate(nodes)}
    seen: dict[Any, int] = {}
    for place, node in enumerate(nodes):
        assert (index[node.parent] if node.parent else -1) == tree.parents[place]
        assert node.is_terminal == tree.is_terminal(place)
        if node.prior_action:
            own_label = tree.action_label(place)
            siblings = tree.information_sets[tree.set_of[tree.parents[place]]].actions
            repeated = not own_label or siblings.count(own_label) > 1  # pygambit numbers these
            assert repeated or node.prior_action.label == own_label
        own = tree.outcome_of[place]
        if own == NO_OUTCOME:
            assert not node.outcome
        else:
            payoffs = tuple(Fraction(str(node.outcome[player])) for player in game.players)
            assert payoffs == tree.outcomes[own].payoffs
        if node.is_terminal:
            continue
        own_set = tree.information_sets[tree.set_of[place]]
        key = (node.player.label, node.infoset.number)
        assert seen.setdefault(key, tree.set_of[place]) == tree.set_of[place]
        assert node.player.label == tree.player_name(own_set.player)
        if own_set.probabilities is not None:
            given_here = tuple(Fraction(str(action.prob)) for action in node.infoset.actions)
            assert given_here == own_set.probabilities
    assert len(set(seen.values())) == len(seen)


@settings(max_examples=60)
@given(game_trees(labels=ANY_LABELS))
def test_there_and_back(tree: GameTree) -> None:
    assert from_gambit(to_gambit(tree)) == tree


@settings(max_examples=60)
@given(game_trees())
def test_pygambit_holds_the_same_game(tree: GameTree) -> None:
    game = to_gambit(tree)
    assert_same(tree, game)
    assert has_perfect_recall(tree) == game.is_perfect_recall
    assert is_constant_sum(tree) == game.is_const_sum


@settings(max_examples=60)
@given(game_trees(labels=ANY_LABELS))
def test_pygambit_reads_what_we_write(tree: GameTree) -> None:
    game = read_by_pygambit(write_efg(tree))
    assert from_gambit(game) == tree
    assert read_efg(game.to_efg()) == tree


@pytest.mark.parametrize("path", EFG_FILES, ids=lambda path: path.stem)
def test_files_are_read_as_pygambit_reads_them(path: Path) -> None:
    tree = load_efg(path)
    if len(set(filter(None, tree.node_labels))) < len(list(filter(None, tree.node_labels))):
        with pytest.raises(
            ValueError, match="unique"
        ):  # pygambit 16.7 refuses what older ones wrote
            pygambit.read_efg(path)
        game = read_by_pygambit(write_efg(tree))
    else:
        game = pygambit.read_efg(path)
    assert_same(tree, game)
    assert has_perfect_recall(tree) == game.is_perfect_recall
    assert is_constant_sum(tree) == game.is_const_sum
    assert from_gambit(to_gambit(tree)) == tree
    assert from_gambit(read_by_pygambit(write_efg(tree))) == tree


def test_there_are_files_to_read() -> None:
    assert len(EFG_FILES) >= 30
    assert len(NFG_FILES) >= 5


@pytest.mark.parametrize("path", NFG_FILES, ids=lambda path: path.stem)
def test_strategic_games_pay_as_pygambit_says(path: Path) -> None:
    assert_pays(load_game(path), pygambit.read_nfg(path))


def assert_pays(tree: GameTree, game: Any) -> None:
    """Each strategy profile leads to the same payoffs."""
    players = list(game.players)
    assert [player.label for player in players] == list(tree.players)
    assert len(tree.information_sets) == len(players)
    for leaf in tree.terminals:
        path = tree.path(leaf)[1:]
        profile = tuple(tree.action_of[node] for node in path)
        cell = game[profile]
        assert tree.path_payoffs[leaf] == tuple(Fraction(str(cell[own])) for own in players)
        assert tree.history(leaf) == tuple(
            list(player.strategies)[choice].label
            for player, choice in zip(players, profile, strict=True)
        )


def test_tables_become_simultaneous_moves() -> None:
    game = pygambit.Game.from_arrays(
        [[[1, 2], [3, 4], [5, 6]]], [[[7, 8], [9, 10], [11, "1/3"]]], [[[0, 0], [0, 1], [0, 2]]]
    )
    assert_pays(from_gambit(game), game)
    table = pygambit.Game.new_table([2, 2])
    assert_pays(from_gambit(table), table)


def test_outcomes_without_a_name_stay_without() -> None:
    tree = kuhn()
    assert {outcome.label for outcome in tree.outcomes} == {""}
    game = to_gambit(tree)
    assert all(outcome.label for outcome in game.outcomes)
    assert from_gambit(game) == tree


def test_display_labels_survive_an_edit_in_pygambit() -> None:
    builder = TreeBuilder(["René", "Chance"], "Ça")
    stop, go = builder.move(0, builder.information_set(0, ["arrêt", "aller"], "début"))
    builder.pay(stop, [1, 2], "fin")
    game = to_gambit(builder.build())
    game.append_move(list(game.root.children)[1], next(iter(game.players)), ["x"])
    tree = from_gambit(read_by_pygambit(game.to_efg()))
    assert tree.players == ("René", "Chance")
    assert tree.history(stop) == ("arrêt",)
    assert tree.information_sets[0].label == "début"
    assert tree.information_sets[tree.set_of[go]].actions == ("x",)


def test_probabilities_must_be_a_distribution() -> None:
    builder = TreeBuilder(["Ann"])
    builder.move(0, builder.chance(["a", "b"], [Fraction(1, 2), Fraction(1, 3)]))
    with pytest.raises(UserError, match="no distribution"):
        to_gambit(builder.build())


def test_absent_mindedness() -> None:
    game = to_gambit(absent_minded_driver())
    assert not game.is_perfect_recall
    assert from_gambit(game) == absent_minded_driver()


@pytest.mark.slow
def test_100_000_nodes_in_one_path() -> None:
    builder = TreeBuilder(["Ann"])
    moves = builder.information_set(0, ["stop", "go"])
    end = builder.outcome([1])
    node = 0
    for _ in range(50_000):
        stop, node = builder.move(node, moves)
        builder.set_outcome(stop, end)
    tree = builder.build()
    assert from_gambit(to_gambit(tree)) == tree
