"""Parts of a run are read while their writers add to them."""

from __future__ import annotations

import io
import json
import math
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nl2efg.batch.storage import append_log
from nl2efg.batch.storage.append_log import read_entries
from nl2efg.batch.storage.ledger import Ledger, Writer, part_name
from nl2efg.batch.storage.result_row import failed_row
from nl2efg.batch.storage.rows import read_rows
from nl2efg.errors import ReadingWarning, UserError
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


GOOD = {"unit": KEY, "tried": 0, "call": "a", "reply": asdict(Reply("said", "m", 3, 4, 0.5))}


@pytest.mark.parametrize(
    "changed",
    [
        *({"unit": value} for value in (5, None, [], "é", KEY[1:])),
        *({"call": value} for value in (5, None, [])),
        *({"tried": value} for value in ("0", None, 0.0, [])),
        *({"reply": GOOD["reply"] | {name: None}} for name in asdict(Reply("", ""))),
        *({"reply": GOOD["reply"] | {"cost": value}} for value in ("dear", -1.0, 1e999, math.nan)),
        *({"reply": GOOD["reply"] | {"prompt_tokens": value}} for value in ("3", -3, 10**30, 3.5)),
    ],
    ids=str,
)
def test_a_reply_of_other_types_is_none(tmp_path: Path, changed: dict[str, Any]) -> None:
    """Rather than a text that fails for good: its call is made again."""
    told: list[str] = []
    part = tmp_path / "parts/replies-1-of-1.jsonl"
    part.parent.mkdir()
    part.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD | changed) + "\n")
    with Ledger(tmp_path, (1, 1), damaged=told.append) as ledger:
        assert list(ledger.replies(KEY).values()) == [Reply("said", "m", 3, 4, 0.5)]
    assert told == [f"{part}:2 is no stored reply, and is passed over"]


def test_rows_of_another_run_are_passed_over_and_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"inputs": {"units": 2}}))
    rows = [failed_row(n, f"g{n}", f"{n:032x}", ("ReplyError", "x")) for n in (0, 1, 2, -1)]
    rows.append(failed_row(1, "g1", "", ("ReplyError", "x")))
    rows.append(failed_row(1, "g1", KEY.upper(), ("ReplyError", "x")))
    part = tmp_path / "parts/results-1-of-1.jsonl"
    part.parent.mkdir()
    part.write_text("".join(row.model_dump_json() + "\n" for row in rows))
    said: list[str] = []
    with pytest.warns(ReadingWarning, match="passed over") as warned:
        assert list(read_rows(tmp_path)) == rows[:2]
    with Ledger(tmp_path, (1, 1), damaged=said.append) as ledger:
        assert ledger.finished == 2
    assert said == [str(each.message) for each in warned]
    assert [words.partition(" ")[0] for words in said] == [f"{part}:{n}" for n in (3, 4, 5, 6)]
    assert "another run" in said[0]
    assert "no row of results" in said[2]


def test_of_many_damaged_lines_the_first_few_are_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    part = tmp_path / "parts/results-1-of-1.jsonl"
    part.parent.mkdir()
    part.write_text("junk\n" * 12_345)
    said: list[str] = []
    assert list(read_rows(tmp_path, said.append)) == []
    assert said[4].startswith(f"{part}:5 is damaged")
    assert said[5].startswith("and 12,340 more such lines")
    assert len(said) == 6


@pytest.mark.parametrize("kind", ["results", "replies"])
@pytest.mark.parametrize("name", ["1-of-1", "1-of-1-worker-3"])
@pytest.mark.parametrize("what", ["a folder", "a pipe"])
def test_a_part_that_is_no_file_is_named(kind: str, name: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    part = tmp_path / f"parts/{kind}-{name}.jsonl"
    part.parent.mkdir()
    part.mkdir() if what == "a folder" else os.mkfifo(part)
    with pytest.raises(UserError, match=rf"{kind}-{name}.jsonl.* cannot be|is no regular") as told:
        Ledger(tmp_path, (1, 1))
    assert "make room" not in str(told.value.hint)
    assert str(told.value.hint)
    if kind == "results":
        with pytest.raises(UserError, match=rf"{part.name} cannot be read"):
            list(read_rows(tmp_path))


def test_what_is_added_is_synced_soon_and_in_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replies are paid for: a power cut loses no more than a moment's, and no reply waits."""
    sizes: list[int] = []
    monkeypatch.setattr(append_log, "sync", lambda handle: sizes.append(os.fstat(handle).st_size))
    part = append_log.Part(tmp_path / "part.jsonl")
    for number in range(500):
        part.append({"number": number})
    size = (tmp_path / "part.jsonl").stat().st_size
    end = time.monotonic() + 60
    while (not sizes or sizes[-1] < size) and time.monotonic() < end:
        time.sleep(0.01)
    assert sizes[-1] == size, "the last one is not synced"
    assert len(sizes) < 250, "each was waited for"
    part.append({"number": 500})
    part.close()
    assert sizes[-1] == (tmp_path / "part.jsonl").stat().st_size


def test_a_failed_text_has_null_for_what_it_has_not() -> None:
    """A mean over a column of an export counts no game that there is not."""
    figures = {
        *("nodes", "terminals", "depth", "information_sets", "equilibria", "regret", "agreeing"),
        *("samples", "perfect_recall", "perfect_information", "constant_sum", "zero_sum"),
        "seconds",
    }
    row = json.loads(failed_row(0, "g", KEY, ("ReplyError", "x")).model_dump_json())
    assert {name for name, value in row.items() if value is None} == figures
