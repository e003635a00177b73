"""The channel's encoding: exact there and back, and closed to every other byte."""

from __future__ import annotations

import struct
import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.dialect.game_data import Execution, GameData
from nl2efg.game import GameTree
from nl2efg.sandbox.limits import Limits
from nl2efg.sandbox.protocol.encoding import ChannelError, TooLargeError, decode, encode
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.text import visible
from tests.trees import ANY_LABELS, game_trees, kuhn

MANY = Limits(nodes=10**6)


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


@pytest.mark.slow
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
        decode(FRAME, Limits(nodes=54))


def test_too_many_players_are_refused() -> None:
    data = GameData(("A",) * 1001, "", "", (), (), ((-1, -1, ""),))
    with pytest.raises(ChannelError, match="1001 players"):
        decode(encode(Execution(data)), MANY)


def test_a_long_number_is_refused() -> None:
    data = GameData(("A",), "", "", (), ((("1" * 401,), ""),), ((-1, 0, ""),))
    with pytest.raises(ChannelError, match="payoffs has 401 characters"):
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


SMALL = Limits(nodes=100)
SHAPES = {
    "players": GameData(("A",) * 1001, "", "", (), (), ()),
    "information sets": GameData((), "", "", ((0, (), "", None),) * 101, (), ()),
    "actions": GameData((), "", "", ((0, ("a",) * 101, "", None),), (), ()),
    "probabilities": GameData((), "", "", ((-1, (), "", ("1",) * 101),), (), ()),
    "outcomes": GameData((), "", "", (), (((), ""),) * 101, ()),
    "payoffs": GameData((), "", "", (), ((("1",) * 10_401, ""),), ()),
    "nodes": GameData((), "", "", (), (), ((-1, -1, ""),) * 101),
    "players has 1001 characters": GameData(("A" * 1001,), "", "", (), (), ()),
    "labels has 1048577 characters": GameData((), "", "x" * (2**20 + 1), (), (), ()),
}


@pytest.mark.parametrize("what", SHAPES)
def test_what_is_too_large_is_counted_before_it_is_made(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = encode(Execution(SHAPES[what]))
    made: list[str] = []

    def noted(blob: str, keep: str = "") -> str:
        made.append(blob + keep)
        return visible(blob, keep)

    monkeypatch.setattr("nl2efg.sandbox.protocol.encoding.visible", noted)
    with pytest.raises(TooLargeError, match=what):
        decode(frame, SMALL)
    assert max(map(len, made), default=0) <= 3


@pytest.mark.parametrize("nodes", [10, 1000])
def test_the_bounds_grow_with_the_limit_of_nodes(nodes: int) -> None:
    limits = Limits(nodes=nodes)
    data = GameData((), "", "", (), (), ((-1, -1, ""),) * nodes)
    assert decode(encode(Execution(data)), limits).game == data
    assert limits.result > 80 * nodes < limits.text


def test_histories_are_handed_over_as_far_as_there_is_room() -> None:
    def finding(*history: str) -> Diagnostic:
        return Diagnostic("B202", Severity.ERROR, "message", history, 7)

    given_in = (
        finding("x" * 5_000_000, "b"),
        finding(*["y"] * 60_000),
        finding("z"),
        finding(*["w" * 999] * 99),
    )
    found = decode(encode(Execution(None, given_in)), MANY).diagnostics
    assert [one.history for one in found] == [("x" * 1000, "b"), None, ("z",), None]
    assert {one.line for one in found} == {7}


@pytest.mark.parametrize("line", [2**31, 10**30, -1, "x"])
def test_a_line_that_cannot_be_is_left_out(line: object) -> None:
    finding = Diagnostic("B101", Severity.ERROR, "message", line=line)  # type: ignore[arg-type]
    (found,) = decode(encode(Execution(None, (finding,))), MANY).diagnostics
    assert found.line is None


def test_what_joins_characters_stays() -> None:
    text = "\U0001f469\u200d\U0001f4bb \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert visible(text) == text


def test_many_kinds_of_hidden_characters_are_replaced_as_few_are() -> None:
    hidden = "".join(map(chr, range(0xE000, 0xE000 + 300)))
    assert visible(f"a{hidden}b") == f"a{chr(0xFFFD) * 300}b"


@pytest.mark.slow
@given(st.text())
def test_clean_text_shows_and_keeps_its_length(text: str) -> None:
    found = visible(text, keep="\n")
    assert len(found) == len(text)
    kept = "\n\u200c\u200d"
    assert not any(unicodedata.category(c)[0] == "C" and c not in kept for c in found)
    assert visible(found, keep="\n") == found
