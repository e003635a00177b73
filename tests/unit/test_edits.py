"""Edits of a game without a model, and what is told of a change."""

from __future__ import annotations

import shlex
import warnings
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nl2efg.comparison.changes import game_changes
from nl2efg.errors import ReadingWarning, UserError
from nl2efg.families import GameFamily, Parameter, family_of, read_expression
from nl2efg.families.note_writing import with_note
from nl2efg.game import CHANCE, GameTree, TreeBuilder
from nl2efg.revision.edit_list import EditList
from nl2efg.revision.edits import join, rename, set_payoff, set_probabilities, split
from nl2efg.revision.recompiled import text_changes
from tests.trees import game_trees

FILTERED = settings(
    suppress_health_check=[
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ]
)
"""Many random trees have no two sets that are alike, or no chance."""


def places(tree: GameTree, node: int) -> list[str]:
    """The history of a node by positions, which say where it is whatever the labels."""
    return [f"#{tree.action_of[step] + 1}" for step in tree.path(node)[1:]]


def blank(tree: GameTree) -> GameTree:
    """The tree with labels that say nothing, and that no position could be taken for."""
    sets = [replace(each, actions=("",) * len(each.actions)) for each in tree.information_sets]
    names = tuple(f"P{number}" for number in range(len(tree.players)))
    return replace(tree, players=names, information_sets=tuple(sets))


@given(game_trees(), st.data())
def test_a_payoff_changes_at_its_end_alone_and_is_told(tree: GameTree, data: st.DataObject) -> None:
    assume(tree.players)
    tree = blank(tree)
    node = data.draw(st.sampled_from(tree.terminals))
    player = data.draw(st.sampled_from(range(len(tree.players))))
    value = Fraction(data.draw(st.integers(-9, 9)), data.draw(st.integers(1, 9)))
    changed = set_payoff(tree, places(tree, node), tree.players[player], value)
    for end in tree.terminals:
        paid = list(tree.path_payoffs[end])
        if end == node:
            paid[player] = value
        assert changed.path_payoffs[end] == tuple(paid)
    assert (changed.set_of, changed.information_sets) == (tree.set_of, tree.information_sets)
    told = game_changes(tree, changed)
    was = tree.path_payoffs[node][player]
    assert len(told) == (value != was)
    assert all(f"P{player} gets {value} (was {was})" in line for line in told)


@FILTERED
@given(game_trees(max_players=1), st.data())
def test_who_knows_what_joined_and_split_again(tree: GameTree, data: st.DataObject) -> None:
    tree = blank(tree)
    alike = [
        (a, b)
        for a, one in enumerate(tree.information_sets)
        for b, other in enumerate(tree.information_sets)
        if a < b and one.player == other.player != CHANCE and one.actions == other.actions
    ]
    assume(alike)
    a, b = data.draw(st.sampled_from(alike))
    joined = join(tree, *(places(tree, tree.members[each][0]) for each in (a, b)))
    together = set(tree.members[a]) | set(tree.members[b])
    partition = {frozenset(own) for own in tree.members}
    assert {frozenset(own) for own in joined.members} == (
        partition - {frozenset(tree.members[a]), frozenset(tree.members[b])} | {frozenset(together)}
    )
    (told,) = game_changes(tree, joined)
    assert "no longer tells" in told
    apart = split(joined, *(places(tree, node) for node in tree.members[b]))
    assert {frozenset(own) for own in apart.members} == partition
    (told,) = game_changes(joined, apart)
    assert told.endswith(" now")
    assert not game_changes(tree, apart)


@given(game_trees())
def test_nothing_is_told_of_the_same_game(tree: GameTree) -> None:
    assert game_changes(tree, tree) == ()


@FILTERED
@given(game_trees(max_players=1), st.data())
def test_probabilities_stay_parts_of_one(tree: GameTree, data: st.DataObject) -> None:
    tree = blank(tree)
    draws = [
        node
        for node in range(len(tree))
        if tree.player_of(node) == CHANCE
        and sum(tree.information_sets[tree.set_of[node]].probabilities or ()) == 1
    ]
    assume(draws)
    node = data.draw(st.sampled_from(draws))
    own = tree.information_sets[tree.set_of[node]]
    assume(len(own.actions) > 1)
    value = Fraction(data.draw(st.integers(0, 7)), 7)
    changed = set_probabilities(tree, places(tree, node), {"#1": value})
    given_ = changed.information_sets[changed.set_of[node]].probabilities
    assert given_ is not None
    assert (given_[0], sum(given_)) == (value, 1)
    rest = (own.probabilities or ())[1:]
    if sum(rest):
        assert [each * sum(rest) for each in given_[1:]] == [each * (1 - value) for each in rest]


def entry() -> GameTree:
    """A coin decides whether an incumbent is tough; an entrant who does not know it may enter."""
    builder = TreeBuilder(["Firm 1", "Firm 2"])
    coin = builder.chance(["Tough", "Weak"], [Fraction(1, 2), Fraction(1, 2)])
    enter = builder.information_set(0, ["Enter", "Stay out"])
    pay = builder.outcome([0, 2], "no entry")
    for node in builder.move(0, coin):
        enters, stays = builder.move(node, enter)
        builder.set_outcome(stays, pay)
        reply = builder.information_set(1, ["Fight", "Share"])
        for end, payoffs in zip(builder.move(enters, reply), ([-1, 0], [1, 1]), strict=True):
            builder.pay(end, payoffs)
    return builder.build()


def test_each_edit_in_words() -> None:
    tree = entry()
    edits = EditList(
        payoffs=[("Tough, Enter, Fight", "Firm 2", "3"), ("*, Stay out", "firm 1", "1/2")],
        probabilities=[("", "Tough", "1/3")],
        joins=[("Tough, Enter", "Weak, Enter")],
        splits=["Weak"],
        renames=[("Firm 1", "Entrant"), ("Tough, Enter, Fight", "War"), ("Weak", "Soft")],
    )
    changed = edits.done(tree)
    assert game_changes(tree, changed) == (
        "Firm 1 is called Entrant",
        "Chance's Weak is called Soft",
        "Firm 2's Fight is called War, at 2 nodes",
        "at the root Tough has probability 1/3 (was 1/2), Soft has probability 2/3 (was 1/2)",
        "Firm 2 no longer tells (Tough, Enter) from (Soft, Enter)",
        "Entrant tells (Tough) from (Soft) now",
        "after (Tough, Enter, War) Firm 2 gets 3 (was 0)",
        "after (Tough, Stay out) Entrant gets 1/2 (was 0)",
        "after (Soft, Stay out) Entrant gets 1/2 (was 0)",
    )
    assert tree == entry()  # the old game is as it was
    assert str(edits).startswith('--payoff "Tough, Enter, Fight" "Firm 2" "3" --payoff')


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda t: set_payoff(t, "Tough, Enter", "Firm 1", 3), "the game goes on"),
        (lambda t: set_payoff(t, "Tough, Run", "Firm 1", 3), "there is no 'Run' after \\(Tough"),
        (lambda t: set_payoff(t, "Tough, Stay out", "Firm 3", 3), "no player is called 'Firm 3'"),
        (lambda t: set_payoff(t, "Tough, Stay out", "Firm 1", "c"), "'c' is no payoff"),
        (lambda t: set_payoff(t, "Tough, #3", "Firm 1", 1), "there is no '#3'"),
        (lambda t: set_payoff(t, "Tough, (", "Firm 1", 1), "is no history"),
        (lambda t: set_probabilities(t, "Tough", {"Enter": "1"}), "chance does not move"),
        (lambda t: set_probabilities(t, "", {"Tough": "3/2"}), "cannot be"),
        (lambda t: set_probabilities(t, "", {"Tough": 1, "Weak": 1}), "cannot be"),
        (lambda t: set_probabilities(t, "", {"Hail": "1/2"}), "no action of chance is 'Hail'"),
        (lambda t: join(t, "Tough", "Tough, Enter"), "Firm 2 moves after .* and not Firm 1"),
        (lambda t: join(t, "Tough", "Weak"), "in one information set already"),
        (lambda t: join(t, ""), "no player moves at the root"),
        (lambda t: split(t, "Tough, Enter"), "the whole information set"),
        (lambda t: split(t, "Tough", "Tough, Enter"), "different information sets already"),
        (lambda t: rename(t, "Hail", "Snow"), "no player and no action is called 'Hail'"),
        (lambda t: rename(t, "Firm 1", "Firm 2"), "another player"),
        (lambda t: rename(t, "Firm 1", " "), "Firm 1 would have no name"),
        (lambda t: rename(t, "#1", "x"), "'#1' is a player and an action"),
        (lambda t: rename(t, "player:#3", "x"), "no player and no action is called '#3'"),
        (lambda t: set_probabilities(t, "", {"Tough": 0, "tough": 1}), "'tough' is given twice"),
    ],
)
def test_what_cannot_be_done_is_said(edit: object, words: str) -> None:
    with pytest.raises(UserError, match=words):
        edit(entry())  # type: ignore[operator]


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        (EditList(payoffs=[("Tough, Stay out", "Firm 1", "3"), ("#1, #2", "#1", "5")]), "payoff"),
        (EditList(payoffs=[("Tough, Stay out", "Firm 1", "3"), ("*, #2", "#1", "5")]), "payoff"),
        (EditList(probabilities=[("", "Weak", "1"), ("", "Weak", "0")]), "probability of 'Weak'"),
        (EditList(probabilities=[("", "Weak", "1"), (" ", "Tough", "0")]), "draw"),
        (EditList(renames=[("Firm 1", "Ann"), ("firm 1", "Bea")]), "new name of 'firm 1'"),
        (EditList(renames=[("Weak", "Soft"), ("action:Weak", "Bad")]), "new name"),
    ],
)
def test_what_is_said_twice_is_not_taken_once(edits: EditList, words: str) -> None:
    with pytest.raises(UserError, match=f"{words}.* is given twice"):
        edits.done(entry())


def test_what_holds_everywhere_may_be_another_in_one_place() -> None:
    tree = EditList(
        payoffs=[("*, Stay out", "Firm 1", "3"), ("Weak, Stay out", "Firm 1", "5")],
        renames=[("Fight", "War"), ("Weak, Enter, Fight", "Peace")],
    ).done(entry())
    paid = [tree.path_payoffs[tree.find([coin, "Stay out"]) or 0][0] for coin in ("Tough", "Weak")]
    assert paid == [3, 5]
    assert tree.find(["Tough", "Enter", "War"])
    assert tree.find(["Weak", "Enter", "Peace"])


def test_names_change_places() -> None:
    renames = [("Firm 1", "Firm 2"), ("Firm 2", "Firm 1"), ("Tough", "Weak"), ("Weak", "Tough")]
    tree = EditList(renames=renames).done(entry())
    assert tree.players == ("Firm 2", "Firm 1")
    assert tree.information_sets[0].actions == ("Weak", "Tough")


def test_what_has_no_name_gets_one() -> None:
    builder = TreeBuilder(["A", "A"])
    for end in builder.move(0, builder.information_set(0, ["Left", "Right"])):
        builder.pay(end, [0, 0])
    twins = builder.build()
    with pytest.raises(UserError, match="several players are called 'A'") as error:
        rename(twins, "A", "B")
    assert "'player:#2'" in error.value.hint
    for name in ("#2", "player:#2"):
        assert rename(twins, name, "B").players == ("A", "B")
    assert rename(twins, "action:#2", "Up").information_sets[0].actions == ("Left", "Up")
    builder = TreeBuilder(["A", "B"])
    for end in builder.move(0, builder.information_set(0, ["", "Right"])):
        builder.pay(end, [0, 0])
    tree = builder.build()
    for name in ("#1", "action:#1"):
        assert rename(tree, name, "Left").information_sets[0].actions == ("Left", "Right")
    assert rename(tree, "player:#1", "C").players == ("C", "B")
    nameless = replace(tree, players=("", "B"))
    assert game_changes(nameless, rename(nameless, "player:#1", "C")) == (
        "the player without a name is called C",
    )


def test_outcomes_that_are_called_by_their_histories_follow_new_names() -> None:
    tree = entry()
    labels = {tree.outcome_of[node]: ", ".join(tree.history(node)) for node in tree.terminals[:2]}
    tree = replace(
        tree,
        outcomes=tuple(
            replace(each, label=labels.get(number, each.label))
            for number, each in enumerate(tree.outcomes)
        ),
    )
    changed = rename(rename(tree, "Tough", "Hard"), "Firm 1", "Ann")
    assert [each.label for each in changed.outcomes][:3] == [
        "Hard, Enter, Fight",
        "Hard, Enter, Share",
        "no entry",
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"#1": "0.3333333333333333"}, ["1/3", "1/3", "1/3"]),
        ({"#1": "0.333333"}, ["1/3", "1/3", "1/3"]),
        ({"#1": "0.142857142857"}, ["1/7", "3/7", "3/7"]),
        ({"#1": "0.333333", "#2": "0.333333", "#3": "0.333334"}, ["1/3", "1/3", "1/3"]),
        ({"#1": "0.33", "#2": "0.33", "#3": "0.33"}, ["1/3", "1/3", "1/3"]),
    ],
)
def test_rounded_decimals_are_what_they_were_rounded_from(
    values: dict[str, str], expected: list[str]
) -> None:
    with pytest.warns(ReadingWarning, match="is a rounded decimal; taken as 1/"):
        assert three_cards(values) == [Fraction(each) for each in expected]


@pytest.mark.parametrize("value", ["0.25", "0.333", "0.123457", "333333/1000000", "0.000001"])
def test_exact_numbers_stay_as_they_are(value: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert three_cards({"#1": value})[0] == Fraction(value)
        assert three_cards({"#1": Fraction(333333, 1000000)})[0] == Fraction(333333, 1000000)


def three_cards(values: Mapping[str, str | Fraction]) -> list[Fraction]:
    """What chance draws three cards with, when it had drawn them alike."""
    builder = TreeBuilder(["A"])
    for end in builder.move(0, builder.chance(["J", "Q", "K"], [Fraction(1, 3)] * 3)):
        builder.pay(end, [0])
    changed = set_probabilities(builder.build(), "", values)
    return list(changed.information_sets[0].probabilities or ())


def test_labels_that_repeat_are_told_apart_by_position() -> None:
    builder = TreeBuilder(["A"])
    for end in builder.move(0, builder.information_set(0, ["x", "x"])):
        builder.pay(end, [0])
    tree = builder.build()
    with pytest.raises(UserError, match="means 2 places"):
        set_payoff(tree, "x", "A", 1)
    assert set_payoff(tree, "#2", "A", 1).path_payoffs[2] == (1,)


def lettered() -> GameTree:
    """The entry game in which entering costs c, and both may be told apart by nobody."""
    tree = entry()
    number = tree.outcome_of[tree.terminals[1]]  # Tough, Enter, Share
    family = GameFamily(
        tree, (Parameter("c", Fraction(1)),), {(number, 0): read_expression("c")}, {}
    )
    return with_note(family)


def test_letters_stay_where_they_are() -> None:
    tree = lettered()
    changed = join(rename(tree, "Firm 1", "Entrant"), "Tough, Enter", "Weak, Enter")
    changed = set_payoff(changed, "Tough, Enter, Fight", "Entrant", "1 - 2*c")
    changed = set_payoff(changed, "Tough, Enter, Share", "Firm 2", 5)
    assert game_changes(tree, changed) == (
        "Firm 1 is called Entrant",
        "Firm 2 no longer tells (Tough, Enter) from (Weak, Enter)",
        "after (Tough, Enter, Fight) Entrant gets 1 - 2*c (was -1)",
        "after (Tough, Enter, Share) Firm 2 gets 5 (was 1)",
    )
    found = family_of(changed)
    assert found is not None
    there = found.at(c="1/4")
    ends = there.find(["Tough", "Enter", "Fight"]), there.find(["Tough", "Enter", "Share"])
    assert [there.path_payoffs[end or 0] for end in ends] == [
        (Fraction(1, 2), 0),
        (Fraction(1, 4), 5),
    ]
    with pytest.raises(UserError, match="'d' is no payoff"):
        set_payoff(tree, "Tough, Enter, Fight", "Firm 1", "d")


def test_a_letter_that_shapes_the_tree_is_not_lost() -> None:
    tree = entry()
    size = Parameter("n", Fraction(2), kind="size")
    with pytest.raises(UserError, match="n says how large the tree is"):
        set_payoff(with_note(GameFamily(tree, (size,), {}, {})), "Tough, Stay out", "Firm 1", 1)


def test_changes_of_moves() -> None:
    tree = entry()
    builder = TreeBuilder(["Firm 1", "Firm 2"])
    coin = builder.chance(["Tough", "Weak"], [Fraction(1, 2), Fraction(1, 2)])
    first, second = builder.move(0, coin)
    builder.pay(first, [0, 0])
    enter = builder.information_set(1, ["Enter", "Stay out", "Wait"])
    for end in builder.move(second, enter):
        builder.pay(end, [0, 2])
    assert game_changes(tree, builder.build()) == (
        "after (Tough) the game ends; it went on",
        "after (Weak) Firm 2 moves (Enter, Stay out, Wait); it was Firm 1",
        "after (Weak) Firm 2 can also choose Wait",
        "after (Weak, Enter) the game ends; it went on",
    )


@given(game_trees(repeated=True), st.data())
def test_a_new_name_is_told_as_a_new_name_whoever_has_it_too(
    tree: GameTree, data: st.DataObject
) -> None:
    names = sorted({label for each in tree.information_sets for label in each.actions})
    assume(len(tree) > 1)
    number = data.draw(st.sampled_from(range(len(tree.information_sets))))
    own = tree.information_sets[number]
    place = data.draw(st.sampled_from(range(len(own.actions))))
    new = data.draw(st.sampled_from([*names, "new"]))
    labels = tuple(new if each == place else label for each, label in enumerate(own.actions))
    sets = list(tree.information_sets)
    sets[number] = replace(own, actions=labels)
    told = game_changes(tree, replace(tree, information_sets=tuple(sets)))
    assert len(told) == (new != own.actions[place])
    assert all(f"{own.actions[place]} is called {new}" in line for line in told)


def test_a_name_that_another_action_has_beside_another_change() -> None:
    tree = entry()
    changed = set_payoff(rename(tree, "Enter", "Stay out"), "Tough, #2", "Firm 1", 5)
    assert game_changes(tree, changed) == (
        "Firm 1's Enter is called Stay out, at 2 nodes",
        "after (Tough, Stay out) Firm 1 gets 5 (was 0)",
    )
    builder = TreeBuilder(["A", "A", "B"])
    for end in builder.move(0, builder.information_set(1, ["x", "y"])):
        builder.pay(end, [1, 2, 3])
    tree = builder.build()
    told = game_changes(tree, replace(tree, players=("A", "B", "B")))
    assert told == ("A is called B",)


def test_actions_in_another_order_go_by_their_names() -> None:
    builders = []
    for actions in (["a", "b", "c"], ["b", "c", "d"], ["c", "a", "b"]):
        builder = TreeBuilder(["A"])
        for end, label in zip(
            builder.move(0, builder.information_set(0, actions)), actions, strict=True
        ):
            builder.pay(end, [ord(label)])
        builders.append(builder.build())
    assert game_changes(builders[0], builders[1]) == (
        "A's a is called d",
        "after (d) A gets 100 (was 97)",
    )
    assert game_changes(builders[0], builders[2]) == ()


def test_many_changes_are_counted() -> None:
    builder = TreeBuilder(["A"])
    for end in builder.move(0, builder.information_set(0, [str(n) for n in range(50)])):
        builder.pay(end, [0])
    tree = builder.build()
    told = game_changes(tree, set_payoff(tree, "*", "A", 1), most=5)
    assert len(told) == 6
    assert told[-1] == "and 45 more payoffs differ"


def test_changes_of_a_text() -> None:
    assert text_changes("a coin worth 1 euro", "a coin worth 2 euro") == (
        "the text changed: “2” for “1”"
    )
    assert text_changes("a b", "a  b\n") == "the same text, read again"
    assert "“very” is new" in text_changes("a good deal", "a very good deal")


@pytest.mark.parametrize(
    "name", ["Ann", "Ann, the 1st", "it's", 'the "fool"', "$1", "a`b", "x\\y", "!"]
)
def test_edits_are_told_as_a_shell_takes_them(name: str) -> None:
    told = str(EditList(renames=[("Bob", name)]))
    assert shlex.split(told) == ["--rename", "Bob", name]
