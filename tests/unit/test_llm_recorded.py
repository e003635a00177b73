"""Recordings: made, replayed, stale, missing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.errors import FormatError, NoModelError, UnavailableError, UserError
from nl2efg.models import Message, Reply, Request
from nl2efg.models.cached import CachedModel
from nl2efg.models.replay import (
    RecordingFile,
    bundled_files,
    is_recorded,
    prompt_sha256,
    read_recordings,
    recorded_model,
    recorded_samples,
    text_sha256,
)

TEXT = "Two players toss a coin.\n\nThe first one calls it."


class Author:
    """A model that numbers its replies."""

    name = "author"

    def __init__(self) -> None:
        self.said = 0

    async def complete(self, request: Request) -> Reply:
        self.said += 1
        return Reply(f"reply {self.said}\u2028 ü", "author-1", 10, 20, cost=0.5)


def request(
    stage: str = "code", sample: int = 0, prompt: str = "Write it.", text: str = TEXT
) -> Request:
    return Request(stage, (Message("user", prompt),), text, sample)


def record(
    file: Path, *requests: Request, author: Author | None = None
) -> CachedModel[RecordingFile]:
    recorder = CachedModel(author or Author(), RecordingFile(file))
    for each in requests:
        asyncio.run(recorder.complete(each))
    return recorder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "game" / "replies.jsonl"


def test_what_was_recorded_is_replayed(file: Path) -> None:
    record(file, request("information"), request("code"))
    model = recorded_model(TEXT, [file])
    reply = asyncio.run(model.complete(request("code")))
    assert reply == Reply("reply 2\u2028 ü", "author-1", 10, 20)
    assert model.name == "author-1 (recorded)"


def test_a_line_is_what_the_format_says(file: Path) -> None:
    record(file, request())
    line, rest = file.read_text(encoding="utf-8").split("\n")
    assert rest == ""
    assert json.loads(line) == {
        "text_sha256": text_sha256(TEXT),
        "stage": "code",
        "sample": 0,
        "prompt_sha256": prompt_sha256(request().messages),
        "model": "author-1",
        "reply": "reply 1\u2028 ü",
        "prompt_tokens": 10,
        "completion_tokens": 20,
    }


def test_an_edited_prompt_replays_and_is_stale(file: Path) -> None:
    record(file, request())
    model = recorded_model(TEXT, [file])
    reply = asyncio.run(model.complete(request(prompt="Write it well.")))
    assert reply.text.startswith("reply 1")
    assert "earlier prompt" in reply.note
    assert "nl2efg record" in reply.note


def test_line_breaks_of_the_text_do_not_matter(file: Path) -> None:
    record(file, request())
    assert is_recorded("  Two players toss a coin. The first\none calls it.\n", [file])
    assert not is_recorded("Two players toss a coin. The second one calls it.", [file])
    assert not is_recorded(TEXT, [file.with_name("none.jsonl")])


def test_a_missing_stage_is_named(file: Path) -> None:
    record(file, request("information"), request("code"))
    with pytest.raises(NoModelError) as caught:
        asyncio.run(recorded_model(TEXT, [file]).complete(request("repair-1")))
    assert "stage repair-1 of sample 1, only for code, information" in caught.value.message
    assert "nl2efg record" in caught.value.hint


def test_a_missing_sample_is_named(file: Path) -> None:
    record(file, request(sample=0), request(sample=1))
    assert recorded_samples(TEXT, [file]) == 2
    with pytest.raises(NoModelError, match="sample 3 is not recorded; there are 2") as caught:
        asyncio.run(recorded_model(TEXT, [file]).complete(request(sample=2)))
    assert "--samples" in caught.value.hint


def test_another_text_is_not_answered(file: Path) -> None:
    record(file, request())
    with pytest.raises(NoModelError):
        asyncio.run(recorded_model(TEXT, [file]).complete(request(text="another")))


def test_what_is_not_used_is_known(file: Path) -> None:
    record(file, request("information"), request("code"), request("repair-1"))
    model = recorded_model(TEXT, [file])
    for stage in ("information", "code"):
        asyncio.run(model.complete(request(stage)))
    assert [entry.stage for entry in model.store.unused] == ["repair-1"]


def test_a_key_is_recorded_once(file: Path) -> None:
    author = Author()
    record(file, request(), request(sample=1), author=author)
    record(file, request(), author=author)
    entries = read_recordings(file)
    assert [(entry.sample, entry.reply[:7]) for entry in entries] == [
        (0, "reply 3"),
        (1, "reply 2"),
    ]


def test_leftovers_of_an_older_recording_are_dropped(file: Path) -> None:
    record(file, *(request(stage) for stage in ("code", "repair-1", "repair-2")))
    record(file, request("repair-1", sample=1), request("code", text="another game"))
    recorder = record(file, request("code"), request("repair-1"))
    assert recorder.store.drop_leftovers() == 1
    assert sorted((entry.stage, entry.sample) for entry in read_recordings(file)) == [
        ("code", 0),
        ("code", 0),
        ("repair-1", 0),
        ("repair-1", 1),
    ]
    assert recorder.store.drop_leftovers() == 0


def test_a_failing_model_records_nothing(file: Path) -> None:
    class Failing(Author):
        async def complete(self, request: Request) -> Reply:
            raise UnavailableError("down")

    with pytest.raises(UnavailableError):
        record(file, request(), author=Failing())
    assert not file.exists()


def test_a_write_that_fails_leaves_the_old_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(file, request())
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match=r"cannot be written: No space"):
        record(file, request("repair-1"))
    assert file.read_bytes() == before
    assert [entry.name for entry in file.parent.iterdir()] == ["replies.jsonl"]


def test_samples_recorded_side_by_side_are_all_kept(file: Path) -> None:
    recorder = CachedModel(Author(), RecordingFile(file))

    async def together() -> None:
        await asyncio.gather(*(recorder.complete(request(sample=n)) for n in range(20)))

    asyncio.run(together())
    assert recorded_samples(TEXT, [file]) == 20


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"stage": "code"}'])
def test_a_broken_line_is_named(file: Path, line: str) -> None:
    record(file, request())
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")
    with pytest.raises(FormatError, match=r"replies\.jsonl:2: this is no recorded reply"):
        read_recordings(file)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=6))
def test_the_hash_of_a_text_knows_words_only(words: list[str]) -> None:
    text = " ".join(words)
    assert text_sha256(text) == text_sha256("\n\t " + text.replace(" ", " \n ") + "  ")


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text()), max_size=4))
def test_prompts_differ_by_who_says_what(said: list[tuple[str, str]]) -> None:
    messages = [Message(role, content) for role, content in said]  # type: ignore[arg-type]
    more = [*messages, Message("user", "")]
    assert prompt_sha256(messages) == prompt_sha256(list(messages))
    assert prompt_sha256(messages) != prompt_sha256(more)


def test_every_bundled_recording_can_be_read() -> None:
    for file in bundled_files():
        for entry in read_recordings(file):
            assert entry.reply.strip(), f"{file}: {entry.stage}"
            assert entry.sample >= 0


def test_a_file_that_cannot_be_read_is_the_users(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("no folder", encoding="utf-8")
    for file in (plain / "replies.jsonl", tmp_path):
        with pytest.raises(UserError, match="cannot be read") as caught:
            read_recordings(file)
        assert caught.value.hint
    with pytest.raises(UserError, match="cannot be read"):
        record(plain / "replies.jsonl", request())


def test_half_a_character_in_a_recording_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    record(file, request())
    file.write_text(file.read_text(encoding="utf-8").replace("reply 1", r"\ud83d reply 1"), "utf-8")
    reply = asyncio.run(recorded_model(TEXT, [file]).complete(request()))
    assert reply.text.startswith("\ufffd reply 1")
    record(file, request(stage="critic"))
    assert len(read_recordings(file)) == 2
