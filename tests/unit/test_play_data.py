"""What a report holds to have its game played: draws, names, knowledge, payoffs."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nl2efg.drawing import draw_html
from nl2efg.drawing.html.play_data import MAX_PLAYED, MAX_WHOLE, draw_of, play_data
from nl2efg.drawing.numbers import PLAIN, exact_number
from nl2efg.families.written import lettered
from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
from nl2efg.game.knowledge_words import known_at
from tests.gallery import bundled
from tests.trees import game_trees, kuhn, probabilities


def data_of(html: str) -> dict[str, Any]:
    """What the report's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html)
    assert found is not None
    read: dict[str, Any] = json.loads(found.group(1))["playing"]
    return read


@given(st.composite(lambda draw: probabilities(draw, draw(st.integers(1, 6))))())
def test_actions_are_drawn_in_their_exact_proportions(row: list[Fraction]) -> None:
    drawn = draw_of(row)
    if isinstance(drawn, int):
        assert row[drawn] == 1
    else:
        total = sum(drawn)
        assert [Fraction(weight) / Fraction(total) for weight in drawn] == row


def test_what_can_be_drawn_has_weight() -> None:
    small = Fraction(1, 3 * MAX_WHOLE)
    for row in ([small, 1 - small], [1e-9, 1 - 1e-9]):
        drawn = draw_of(row)
        assert isinstance(drawn, list)
        assert min(drawn) > 0
    assert draw_of([Fraction(1, 10**6), 1 - Fraction(1, 10**6)]) == [1, 10**6 - 1]
    assert draw_of([0.0, 1.0]) == 1


@given(game_trees(repeated=True))
def test_the_page_knows_what_every_end_pays(tree: GameTree) -> None:
    data = play_data(tree, [], PLAIN)
    if data.get("why") == "no player has a move":
        assert all(own.player < 0 for own in tree.information_sets)
        return
    for end in tree.terminals:
        number = tree.outcome_of[end]
        own = data["paid"].get(end) or [*map(PLAIN.show, tree.outcomes[number].payoffs)]
        assert own == [*map(PLAIN.show, tree.path_payoffs[end])]
    assert len(set(data["players"])) == len(tree.players)
    for index, infoset in enumerate(tree.information_sets):
        actions = data["told"].get(index, {"actions": infoset.actions})["actions"]
        assert len(set(actions)) == len(actions)
        assert (index in data["draws"]) == infoset.is_chance
        alike = not infoset.is_chance and len(tree.members[index]) > 1
        assert data["known"].get(index) == (known_at(tree, index) if alike else None)


def test_a_profile_is_drawn_from() -> None:
    tree = kuhn()
    quarter = (Fraction(1, 4), Fraction(3, 4))
    rows = tuple(own.probabilities or quarter for own in tree.information_sets)
    data = data_of(draw_html(tree, profiles=[BehaviourProfile(tree, rows)]))
    (profile,) = data["profiles"]
    for index, infoset in enumerate(tree.information_sets):
        assert profile[index] == ([1] * len(infoset.actions) if infoset.is_chance else [1, 3])


def test_letters_play_at_their_values() -> None:
    tree = dict(bundled())["hawk_dove_letters"]
    data = play_data(lettered(tree), [], PLAIN)
    assert data["letters"] == "V = 2, C = 5"
    for end in tree.terminals:
        values = [words.split(" = ")[-1] for words in data["paid"][end]]
        assert values == [exact_number(each) for each in tree.path_payoffs[end]]


def _wide(ends: int) -> GameTree:
    builder = TreeBuilder(["A"])
    moves = builder.information_set(0, [str(number) for number in range(ends)])
    builder.move(0, moves)
    return builder.build()


def test_a_game_that_is_not_offered_says_why() -> None:
    large = draw_html(_wide(MAX_PLAYED))
    assert "The game cannot be played here: its 20,001 nodes are too many" in large
    assert 'id="play"' not in large
    assert set(data_of(large)) == {"why"}
    alone = draw_html(TreeBuilder(["A"]).build())
    assert "cannot be played here: no player has a move" in alone
    assert 'id="play"' in draw_html(_wide(MAX_PLAYED - 1))
