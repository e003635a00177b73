"""Texts that nearly all are, plain ones, take a short way: it comes to the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nl2efg.drawing.html.provenance_links import _squeeze, split_text
from nl2efg.text import one_line

TEXTS = st.one_of(st.text(max_size=30), st.text("ab .\t\n\x1f\x7f", max_size=30))


@given(TEXTS)
def test_one_line_of_a_text_is_that_of_the_text_beside_a_letter(text: str) -> None:
    assert one_line(text + " é") == (one_line(text) + " é").strip()


@given(TEXTS)
def test_single_blanks_know_where_they_were(text: str) -> None:
    squeezed, places = _squeeze(text)
    kept = [text[place] for place in places]
    assert squeezed == "".join(" " if char.isspace() else char for char in kept)
    assert "  " not in squeezed
    assert squeezed.split() == text.split()


@given(TEXTS, st.lists(st.text("ab .", min_size=1, max_size=5), max_size=3))
def test_pieces_are_the_text(text: str, sentences: list[str]) -> None:
    pieces = split_text(text, {sentence: number for number, sentence in enumerate(sentences)})
    assert "".join(piece for piece, _ in pieces) == text
    for piece, number in pieces:
        assert number is None or piece.split() == sentences[number].split()
