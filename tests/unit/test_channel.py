"""The channel's encoding: exact there and back, and closed to every other byte."""

from __future__ import annotations

import struct
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.build.channel import ChannelError, clean, decode, encode
from nl2efg.build.data import Execution, GameData
from nl2efg.diagnostics import Diagnostic, Severity
from nl2efg.tree import GameTree
from tests.trees import ANY_LABELS, game_trees, kuhn

MANY = 10**6


def to_data(tree: GameTree) -> GameData:
    """The rows that a run would hand back for a tree."""
    return GameData(
        players=tree.players,
        title=tree.title,
        comment=tree.comment,
        sets=tuple(
            (
                own.player,
                own.actions,
                own.label,
                None if own.probabilities is None else tuple(map(str, own.probabilities)),
            )
            for own in tree.information_sets
        ),
        outcomes=tuple((tuple(map(str, own.payoffs)), own.label) for own in tree.outcomes),
        nodes=tuple(zip(tree.set_of, tree.outcome_of, tree.node_labels, strict=True)),
        lines=tuple((node, 0, 1) for node in range(len(tree))),
    )


FINDINGS = st.builds(
    Diagnostic,
    code=st.just("X301"),
    severity=st.sampled_from(Severity),
    message=ANY_LABELS,
    history=st.none() | st.lists(ANY_LABELS, max_size=3).map(tuple),
    line=st.none() | st.integers(1, 10**6),
    sentence=st.none() | ANY_LABELS,
    fix=st.none() | ANY_LABELS,
)


@given(game_trees(labels=ANY_LABELS), st.lists(FINDINGS, max_size=4).map(tuple))
def test_gives_back_what_was_put_in(tree: GameTree, findings: tuple[Diagnostic, ...]) -> None:
    given_in = Execution(to_data(tree), findings)
    taken_out = decode(encode(given_in), MANY)
    assert taken_out == given_in
    assert taken_out.game is not None
    assert taken_out.game.to_tree() == tree


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ChannelError):
        decode(data, MANY)
    with pytest.raises(ChannelError):
        decode(b"N2E1" + data, MANY)


FRAME = encode(Execution(to_data(kuhn()), (Diagnostic("X301", Severity.NOTE, "message"),)))


@given(st.data())
def test_mutated_frames_raise_nothing_else(data: st.DataObject) -> None:
    frame = bytearray(FRAME)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(frame) - 1))
        kind = data.draw(st.integers(0, 3))
        if kind == 0:
            frame[place] = data.draw(st.integers(0, 255))
        elif kind == 1 and place + 4 <= len(frame):
            frame[place : place + 4] = struct.pack(
                "<i", data.draw(st.sampled_from((-1, 0, 2**31 - 1, -(2**31), 1)))
            )
        elif kind == 2 and len(frame) > 5:
            del frame[place : place + data.draw(st.integers(1, 50))]
        else:
            frame[place:place] = data.draw(st.binary(max_size=20))
        if not frame:
            return
    try:
        found = decode(bytes(frame), MANY)
        if found.game is not None:
            found.game.to_tree()
    except ValueError:
        return


@pytest.mark.parametrize("length", range(0, len(FRAME), 7))
def test_a_frame_cut_short_is_refused(length: int) -> None:
    with pytest.raises(ChannelError):
        decode(FRAME[:length], MANY)


def test_more_bytes_are_refused() -> None:
    with pytest.raises(ChannelError, match="more bytes"):
        decode(FRAME + b"x", MANY)


def test_a_length_of_four_billion_takes_no_memory() -> None:
    with pytest.raises(ChannelError, match="cut short"):
        decode(b"N2E1" + struct.pack("<BI", 1, 2**32 - 1), MANY)


def test_too_many_nodes_are_refused() -> None:
    with pytest.raises(ChannelError, match="over the limit of 54"):
        decode(FRAME, 54)


def test_too_many_players_are_refused() -> None:
    data = GameData(("A",) * 1001, "", "", (), (), ((-1, -1, ""),))
    with pytest.raises(ChannelError, match="1001 players"):
        decode(encode(Execution(data)), MANY)


def test_a_long_number_is_refused() -> None:
    data = GameData(("A",), "", "", (), ((("1" * 401,), ""),), ((-1, 0, ""),))
    with pytest.raises(ChannelError, match="number"):
        decode(encode(Execution(data)), MANY)


def test_labels_that_do_not_show_are_marked_and_said() -> None:
    label = "a\x1b[31m\u202e\u200b\x9b"
    data = GameData((label,), label, "", (), ((("1/2",), label),), ((-1, 0, label),))
    found = decode(encode(Execution(data)), MANY)
    assert found.game is not None
    assert found.game.players == ("a\ufffd[31m\ufffd\ufffd\ufffd",)
    assert found.game.to_tree().outcomes[0].payoffs == (Fraction(1, 2),)
    assert [finding.code for finding in found.diagnostics] == ["X305"]


def test_a_lone_surrogate_does_not_stop_the_writer() -> None:
    data = GameData(("\ud800",), "", "", (), ((("1",), ""),), ((-1, 0, ""),))
    found = decode(encode(Execution(data)), MANY)
    assert found.game is not None
    assert found.game.players == ("?",)


@given(st.text())
def test_clean_text_shows_and_keeps_its_length(text: str) -> None:
    found = clean(text, keep="\n")
    assert len(found) == len(text)
    assert not any(unicodedata.category(char)[0] == "C" and char != "\n" for char in found)
    assert clean(found, keep="\n") == found
