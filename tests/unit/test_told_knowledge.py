"""What is told of knowledge is the partition into information sets, whatever the labels are.

In two steps. With plain labels the telling is read back, sentence by sentence, as sets of nodes
that cannot be told apart. With any labels (repeated, empty, in any script) it is the telling of the
same tree with plain labels, with the words for the labels in their place.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.cli import main
from nl2efg.equilibria.wording import place_words
from nl2efg.formats import read_efg, write_efg
from nl2efg.formats.english import describe
from nl2efg.game import CHANCE, NO_SET, GameTree, TreeBuilder
from nl2efg.game.distinct_words import distinct_words
from nl2efg.game.outline import Step, outline
from tests.trees import ANY_LABELS, absent_minded_driver, game_trees, kuhn

ODD = st.sampled_from(
    ["", " ", "1", " 1", "1\u200b", "x", "a, b", "a and b", "”, “", "x\ny", "é", "e\u0301"]
) | st.sampled_from(
    ["the first of two actions named 1", "the action without a name", "the action named 1"]
)
FACT = re.compile(r"(?:whether|what) (\w+) (?:drew|chose)((?:[ ,]|and|at \d+|w\d+ or w\d+)*)")
HISTORY = re.compile(r"\(([^()]*)\)|the start")


class Told:
    """A telling with the labels ``w0``, ``w1`` … and the players ``P0``, ``P1`` …, read back."""

    def __init__(self, tree: GameTree) -> None:
        self.tree = tree
        self.steps = outline(tree)
        moves = [step for step in self.steps if tree.set_of[step.nodes[0]] != NO_SET]
        self.shown = dict(enumerate(moves, 1))
        self.joined = list(range(len(tree)))
        lines = describe(tree).split("\n")
        starts = [at for at, line in enumerate(lines) if re.match(r"\d+\. ", line)]
        for start, stop in pairwise([*starts, len(lines)]):
            number, _, sentence = lines[start].partition(". ")
            rows = []
            for line in lines[start + 1 : stop]:
                if not line.startswith("   - "):
                    break
                rows.append(line.removeprefix("   - "))
            self.read(self.shown[int(number)], sentence, rows)

    def mover(self, step: Step) -> str:
        player = self.tree.player_of(step.nodes[0])
        assert player is not None
        return "chance" if player == CHANCE else self.tree.players[player]

    def read(self, step: Step, told: str, rows: list[str]) -> None:
        """Join the nodes that a step's sentences put together."""
        if self.mover(step) == "chance":
            return
        for sentence in re.split(r"(?<=[.:]) ", told)[1:]:
            who, _, what = sentence.rstrip(".:").partition(" ")
            if what.startswith("does not know whether this is "):
                steps = re.findall(r"step (\d+)", what)
                self.join([node for number in steps for node in self.shown[int(number)].nodes])
            elif what.startswith("does not know "):
                unknown, _, known = what.partition(", but knows ")
                places = self.places(step, known)
                assert (
                    sorted(places + self.places(step, unknown))
                    == list(range(len(step.coordinates)))
                    or "cannot tell" in told
                )
                if "cannot tell" not in told:
                    self.join_rows(step, places, [])
            elif what.startswith("cannot tell apart the histories"):
                for row in rows:
                    self.join([self.node(found[1]) for found in HISTORY.finditer(row)])
            elif what.startswith("cannot tell "):
                pairs, _, events = what.removeprefix("cannot tell ").rpartition(" (what ")
                groups = [re.findall(r"\([^()]*\)|w\d+", pair) for pair in pairs.split(" nor ")]
                self.join_rows(step, self.places(step, f"what {events}"), groups)
            else:
                assert sentence.startswith("As to "), sentence
                groups = [re.findall(r"\([^()]*\)|w\d+", row) for row in rows]
                self.join_rows(step, self.places(step, what.partition("cannot tell")[0]), groups)
            assert who

    def places(self, step: Step, facts: str) -> list[int]:
        """The coordinates that words such as ``whether P0 chose w1 or w2 at 3`` name."""
        found = []
        for who, where in FACT.findall(facts):
            numbers = [int(number) for number in re.findall(r"at (\d+)", where)]
            for place, coordinate in enumerate(step.coordinates):
                other = self.steps[coordinate]
                here = not numbers or any(self.shown[number] is other for number in numbers)
                if self.mover(other) == who and here:
                    found.append(place)
        return found

    def join_rows(self, step: Step, places: list[int], groups: list[list[str]]) -> None:
        """Join nodes that agree at coordinates, and those whose rows stand in one group."""
        group_of = {row: number for number, group in enumerate(groups) for row in group}
        first: dict[object, int] = {}
        for node, row in zip(step.nodes, step.rows, strict=True):
            told = ", ".join(row[place] for place in places)
            told = told if len(places) == 1 else f"({told})"
            self.join([first.setdefault(group_of.get(told, told), node), node])

    def node(self, history: str | None) -> int:
        found = 0 if not history else self.tree.find(history.split(", "))
        assert found is not None
        return found

    def join(self, nodes: list[int]) -> None:
        least = min(self.joined[node] for node in nodes)
        gone = {self.joined[node] for node in nodes}
        self.joined = [least if one in gone else one for one in self.joined]

    def sets(self) -> set[tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for node, one in enumerate(self.joined):
            if self.tree.player_of(node) not in (None, CHANCE):
                found.setdefault(one, []).append(node)
        return set(map(tuple, found.values()))


def plain(tree: GameTree) -> tuple[GameTree, dict[str, str]]:
    """The tree with a plain label for each word, and the word, as it is written, for each."""
    labels: dict[str, str] = {}
    told = tree.told
    sets = []
    for own in told.information_sets:
        actions = [labels.setdefault(word, f"w{len(labels)}") for word in own.actions]
        sets.append(replace(own, label="", actions=tuple(actions)))
    players = tuple(f"P{number}" for number in range(len(tree.players)))
    names = {plain: quoted(word) for word, plain in labels.items()}
    names |= {plain: quoted(word) for word, plain in zip(told.players, players, strict=True)}
    return replace(tree, players=players, information_sets=tuple(sets), title=""), names


def quoted(word: str) -> str:
    run_on = word != word.strip() or set(word) & set(",;:()“”\n\t") or " or " in word
    return "“" + word.replace("”", "””") + "”" if run_on or " and " in word else word


def partition(tree: GameTree) -> set[tuple[int, ...]]:
    sets = zip(tree.information_sets, tree.members, strict=True)
    return {members for own, members in sets if not own.is_chance}


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(game_trees(max_moves=12, labels=st.sampled_from("abc")))
def test_the_telling_is_the_partition(tree: GameTree) -> None:
    named, _ = plain(tree)
    assert Told(named).sets() == partition(tree)


@pytest.mark.parametrize("tree", [kuhn(), kuhn(4), absent_minded_driver()])
def test_the_telling_of_known_games_is_the_partition(tree: GameTree) -> None:
    named, _ = plain(tree)
    assert Told(named).sets() == partition(tree)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(game_trees(max_moves=8, labels=ODD | ANY_LABELS, repeated=True))
def test_any_labels_are_told_as_plain_ones_are(tree: GameTree) -> None:
    tree = replace(tree, title="")
    named, words = plain(tree)
    text = re.sub(r"\b[wP]\d+\b", lambda found: words[found[0]], describe(named))
    assert describe(tree) == text
    assert Told(named).sets() == partition(tree)


@given(st.lists(ODD | ANY_LABELS, min_size=1, max_size=12))
def test_words_tell_every_position_apart(labels: list[str]) -> None:
    words = distinct_words(tuple(labels), "action")
    assert len(set(words)) == len(labels)
    assert all(len(word.splitlines()) == 1 and word.strip() for word in words)
    assert distinct_words(words[::-1], "action") is not None


def test_the_words_of_repeated_and_empty_labels() -> None:
    assert distinct_words(("1", "1", "x", ""), "action") == (
        "the first of two actions named 1",
        "the second of two actions named 1",
        "x",
        "the action without a name",
    )
    many = distinct_words(("",) * 23, "action")
    assert many[0] == "the first of 23 actions without a name"
    assert [word.split()[1] for word in many[9:13]] == ["tenth", "11th", "12th", "13th"]
    assert [word.split()[1] for word in many[20:]] == ["21st", "22nd", "23rd"]
    assert distinct_words(("Ann", "Ben"), "player") == ("Ann", "Ben")


def cards(*labels: str, known: bool) -> GameTree:
    """Chance draws a card; Ann bets, seeing it or not; Ben answers, seeing nothing."""
    builder = TreeBuilder(["Ann", "Ben"])
    draw = builder.chance(labels, [Fraction(1, len(labels))] * len(labels))
    blind = builder.information_set(0, ["bet", "fold"])
    answer = builder.information_set(1, ["call", "pass"])
    for worth, card in enumerate(builder.move(0, draw), 1):
        own = builder.information_set(0, ["bet", "fold"]) if known else blind
        bet, fold = builder.move(card, own)
        builder.pay(fold, [-1, 1])
        call, passed = builder.move(bet, answer)
        builder.pay(call, [worth, -worth])
        builder.pay(passed, [1, -1])
    return builder.build()


@pytest.mark.parametrize("labels", [("1/2", "1/2"), ("", ""), ("", "x"), ("x", "x", "")])
def test_who_knows_a_card_without_a_name_of_its_own(labels: tuple[str, ...]) -> None:
    blind, seen = (describe(cards(*labels, known=known)) for known in (False, True))
    assert "Ann does not know wh" in blind
    assert "Ann does not know" not in seen
    assert "but knows" not in blind
    assert "Ben does not know wh" in seen


def test_what_is_told_and_shown_of_a_solution_names_every_action(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cards.efg"
    file.write_text(write_efg(cards("", "", known=True)), encoding="utf-8")
    for command in ("solve", "show", "describe"):
        with pytest.raises(SystemExit) as end:
            main([command, str(file)])
        assert end.value.code == 0
        told = capsys.readouterr().out
        assert "the first of two actions without a name" in told
        assert "the second of two actions without a name" in told


def test_sets_of_one_label_are_told_apart() -> None:
    builder = TreeBuilder(["Ann", "Ben"])
    for child in builder.move(0, builder.information_set(0, ["l", "r"], "here")):
        for end in builder.move(child, builder.information_set(1, ["x", "y"], "there")):
            builder.pay(end, [0, 0])
    tree = builder.build()
    assert [place_words(tree, number) for number in range(3)] == [
        "at here",
        "after l",
        "after r",
    ]


def test_a_tree_with_good_labels_is_told_as_it_is() -> None:
    tree = kuhn()
    assert tree.told is tree
    odd = cards("x", "x", known=False)
    assert odd.told is not odd
    assert odd.told.told is odd.told
    assert odd.information_sets[0].actions == ("x", "x")
    assert read_efg(write_efg(odd)) == odd
