"""Sentences, quotes and cues of a description."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.prose.numbers import number_of, probabilities_in, valued_cues, vectors_in
from nl2efg.prose.text import Prose
from nl2efg.prose.vocabulary import english


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ann moves. Ben answers!", ["Ann moves.", "Ben answers!"]),
        ("It costs 2.5 coins. Then it ends.", ["It costs 2.5 coins.", "Then it ends."]),
        ("Many ways, e.g. Left, lead home. Some do not.", None),
        ("Mr. Ames sells to Dr. Bo. They part.", ["Mr. Ames sells to Dr. Bo.", "They part."]),
        ("She plays A. He plays B.", ["She plays A.", "He plays B."]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("¿Quién empieza? Empieza Ana. ¡Bien!", ["¿Quién empieza?", "Empieza Ana.", "¡Bien!"]),
        ("甲先行动。乙看不见。然后结束！", ["甲先行动。", "乙看不见。", "然后结束！"]),
        ("Payoffs:\n- both in: 3\n- both out: 1", ["Payoffs:", "- both in: 3", "- both out: 1"]),
        ("A line that is\nwrapped goes on.", ["A line that is\nwrapped goes on."]),
        ("A heading\n\nA paragraph", ["A heading", "A paragraph"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, sentences: list[str] | None) -> None:
    expected = sentences or ["Many ways, e.g. Left, lead home.", "Some do not."]
    if not text.strip():
        expected = []
    assert list(Prose(text).sentences) == expected


@given(st.text(max_size=200))
def test_sentences_are_parts_of_the_text_in_order(text: str) -> None:
    place = 0
    for sentence in Prose(text).sentences:
        assert sentence.strip() == sentence != ""
        place = text.index(sentence, place) + len(sentence)
    rest = text
    for sentence in Prose(text).sentences:
        rest = rest.replace(sentence, "", 1)
    assert not rest.strip()


@given(st.text(max_size=60), st.integers(0, 60))
def test_a_sentence_is_found_at_every_place(text: str, place: int) -> None:
    prose = Prose(text)
    assert prose.sentence_at(place) in (prose.sentences or ("",))


@pytest.mark.parametrize(
    "quote",
    ["Ben cannot\n   see it", "“ben cannot see it”", "Ben cannot see it.", "it’s Ann's – or his"],
)
def test_quotes_are_found_whatever_their_marks_and_space(quote: str) -> None:
    prose = Prose("First it's Ann’s — or his. Ben cannot see it. Then it ends.")
    sentence = prose.sentence_of(quote)
    assert sentence is not None
    assert sentence in prose.sentences


@pytest.mark.parametrize("quote", ["Ben can see it", "", "  ", '""', "Ann moves twice"])
def test_other_quotes_are_not_found(quote: str) -> None:
    assert Prose("Ann moves. Ben cannot see it.").find(quote) is None


@given(st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=80), st.data())
def test_every_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    part = text[start:end]
    found = Prose(text).find(part)
    if any(char.isalnum() for char in part):
        assert found is not None
        assert 0 <= found[0] < found[1] <= len(text)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("hidden", "They choose simultaneously."),
        ("hidden", "Ben chooses without\nknowing what Ann did."),
        ("hidden", "Ben can't observe it."),
        ("hidden", "Each writes a sealed bid."),
        ("hidden", "He is not told which."),
        ("hidden", "It is a simultaneous-move game."),
        ("forgetting", "She no longer remembers it."),
        ("forgetting", "The driver is absent-minded."),
        ("chance", "A fair coin is tossed."),
        ("chance", "It rains with probability 1/4."),
        ("chance", "Nature moves first."),
        ("open", "All earlier moves are visible to both players."),
        ("zero_sum", "This is a zero-sum game."),
    ],
)
def test_cues(family: str, text: str) -> None:
    assert Prose(text).cues(family)


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("hidden", "They do not move simultaneously but in turn."),
        ("hidden", "Nothing is hidden and all observe all."),
        ("hidden", "Both forgot to say where they would meet."),
        ("forgetting", "A player never forgets anything."),
        ("forgetting", "Ann forgot to call."),
        ("chance", "Then Ben has a second chance to enter."),
        ("chance", "Ann has two piles of coins."),
        ("chance", "There is no random event."),
        ("zero_sum", "The game is not zero-sum."),
        ("open", "The game has not perfect information."),
    ],
)
def test_denied_cues(family: str, text: str) -> None:
    assert Prose(text).cues(family) == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1/3", "1/3"),
        ("0.25", "1/4"),
        ("25%", "1/4"),
        ("10 per cent", "1/10"),
        ("$3,000", "3000"),
        ("−2", "-2"),
        ("two-thirds", "2/3"),
        ("half", "1/2"),
    ],
)
def test_numbers(written: str, value: str) -> None:
    assert str(number_of(written, english().numbers)) == value


@pytest.mark.parametrize("written", ["some", "", "1/0", "three apples", "1/2/3"])
def test_what_is_no_number(written: str) -> None:
    assert number_of(written, english().numbers) is None


def test_probabilities_and_vectors() -> None:
    prose = Prose(
        "It is high with probability 2 / 3; a 5% chance of rain; a probability of one-half. "
        "The payoffs are (3, -1), or (0,2). Ann marks the square (1, 1)."
    )
    assert [str(value) for value, _ in probabilities_in(prose)] == ["2/3", "1/20", "1/2"]
    vectors = [tuple(map(str, vector)) for vector, _ in vectors_in(prose, "payoff_vector")]
    assert vectors[0] == ("3", "-1")
    assert ("1", "1") not in vectors


def test_other_languages_are_not_taken_for_english() -> None:
    english_text = "If Ann goes in, then Ben can fight or share the market with her, and it ends."
    assert Prose(english_text).is_english
    assert not Prose(
        "Si Ana entra, Benito puede pelear o compartir el mercado con ella."
    ).is_english
    assert not Prose("甲先行动，乙后行动，然后游戏结束。").is_english


def test_mentions_respect_single_letters_and_scripts() -> None:
    assert list(Prose("A sees a cat. a and A.").mentions("A")) == [(0, 1), (20, 21)]
    assert list(Prose("甲先行动").mentions("甲")) == [(0, 1)]
    assert list(Prose("Anna and Ann").mentions("Ann")) == [(9, 12)]
    assert list(Prose("the stay-out move").mentions("Stay out")) == [(4, 12)]


WORDS = (
    "Simultaneously", "AT THE SAME TIME", "without", "Knowing", "only Ann knows", "Zero-Sum", "not",
    "with probability 1/4", "ſimultaneouſly", "İ", "ß", "K", "the two players", "each", "forgets",
    "Payoffs (3, -1)", "gets $5", "’", "\n",
)  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=12))
def test_capitals_do_not_matter_to_cues_whichever_way_a_text_is_searched(words: list[str]) -> None:
    text = " ".join(words)
    quick, plain = Prose(text), Prose(text)
    plain.searched = (text, False)
    for family in english()._families:
        assert quick.cues(family) == plain.cues(family)
        assert valued_cues(quick, family) == valued_cues(plain, family)


def test_no_family_asks_for_a_capital() -> None:
    for table in english()._families.values():
        for phrase in (*table["cues"], *table.get("denials", ())):
            assert not re.search(r"[A-Z]", re.sub(r"\(\?P<|\\[A-Z]", "", phrase)), phrase
