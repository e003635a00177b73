"""Parts of a run are read while their writers add to them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nl2efg.batch.storage import append_log
from nl2efg.batch.storage.append_log import read_entries
from nl2efg.batch.storage.ledger import Ledger, Writer, part_name, read_rows
from nl2efg.batch.storage.result_row import failed_row
from nl2efg.models import Reply

KEY = "ab" * 16
ENTRIES = [{"n": 1}, {"n": 2, "text": "x" * 40}, {"text": "é\n"}, {}]
CONTENT = b"".join(json.dumps(entry).encode() + b"\n" for entry in ENTRIES)


class Growing(io.FileIO):
    """A file to which a piece is added whenever its reader comes to the end."""

    def __init__(self, file: Path, pieces: list[bytes]) -> None:
        super().__init__(file)
        self._place, self._pieces = file, pieces

    def readinto(self, room: bytearray) -> int:  # type: ignore[override]
        count = super().readinto(room) or 0
        if not count and self._pieces:
            with self._place.open("ab") as opened:
                opened.write(self._pieces.pop(0))
        return count


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cuts=st.lists(st.integers(0, len(CONTENT)), min_size=1, max_size=6).map(sorted),
    longest=st.sampled_from([1 << 20, 30]),
)
def test_a_line_that_is_being_written_is_not_damaged(
    cuts: list[int], longest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "part.jsonl"
    file.write_bytes(CONTENT[: cuts[0]])
    pieces = [CONTENT[a:b] for a, b in zip(cuts, [*cuts[1:], len(CONTENT)], strict=True)]
    kept = [entry for entry in ENTRIES if len(json.dumps(entry)) < longest]
    told: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(append_log, "MAX_ENTRY", longest)
        patched.setattr(append_log, "_CHUNK", 7)
        patched.setattr(
            append_log, "open_regular", lambda at: io.BufferedReader(Growing(at, pieces), 16)
        )
        found = [entry.data for entry in read_entries(file, told.append)]
    assert found == kept[: len(found)]
    whole = CONTENT[: cuts[0]].count(b"\n")
    assert len(found) + len(told) >= whole
    # Only the line that is longer than any may be is told of.
    assert all("part.jsonl:2 is damaged" in word for word in told)
    assert len(told) <= (longest == 30)


def test_a_line_that_is_too_long_and_has_no_end_is_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append_log, "MAX_ENTRY", 16)
    monkeypatch.setattr(append_log, "_CHUNK", 16)
    file = tmp_path / "part.jsonl"
    for tail in (b"x" * 15, b"x" * 16, b"x" * 32, b"x" * 33):
        told: list[str] = []
        file.write_bytes(b'{"a": 1}\n' + tail)
        assert [entry.data for entry in read_entries(file, told.append)] == [{"a": 1}]
        assert not told
        file.write_bytes(b'{"a": 1}\n' + tail + b'\n{"b": 2}\n')
        found = list(read_entries(file, told.append))
        assert [entry.data for entry in found] == [{"a": 1}, {"b": 2}]
        assert found[1].offset == len(tail) + 10
        assert len(told) == 1


def test_only_lines_with_the_words_are_read(tmp_path: Path) -> None:
    file = tmp_path / "part.jsonl"
    file.write_bytes(b'{"a": 1}\n{"b": 2}\nno\n{"a": 2}\n{"a": 3')
    told: list[str] = []
    found = list(read_entries(file, told.append, words=b'"a"'))
    assert [(entry.offset, entry.data) for entry in found] == [(0, {"a": 1}), (21, {"a": 2})]
    assert not told


def test_rows_that_are_read_while_a_writer_works_are_those_that_it_kept(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    told: list[str] = []
    with Writer(tmp_path, part_name((1, 1), 1)) as writer:
        for number in range(5):
            row = failed_row(number, f"g{number}", f"{number:032x}", ("ReplyError", "x" * 9000))
            writer.keep_row(row)
            seen = list(read_rows(tmp_path, told.append))
            assert [each.id for each in seen] == [f"g{n}" for n in range(number + 1)]
    assert not told


def test_damage_in_what_a_dead_worker_left_is_passed_over(tmp_path: Path) -> None:
    name, reply = part_name((1, 1), 3), Reply("said", "m")
    with Writer(tmp_path, name) as writer:
        writer.keep_reply(KEY, "a", reply)
        writer.keep_row(failed_row(0, "g", KEY, ("ReplyError", "said")))
    for kind in ("replies", "results"):
        with (tmp_path / f"parts/{kind}-{name}.jsonl").open("ab") as opened:
            opened.write(f'{{"unit": "{KEY}"}}\n["{KEY}"]\n{{"{KEY}": \n'.encode())
            opened.write(f'{{"unit": "{KEY}", "tried": 0, "call": 1, "reply": []}}\n'.encode())
    told: list[str] = []
    with Ledger(tmp_path, (1, 1), damaged=told.append) as ledger:
        before = len(told)
        row, replies = ledger.left_by(name, KEY, 0)
    assert row is not None
    assert row.id == "g"
    assert replies == {"a": reply}
    assert len(told) > before
