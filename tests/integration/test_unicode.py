"""Texts from outside: half characters, control characters, and what turns text around."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nl2efg
from nl2efg.cli import main
from nl2efg.evaluation.replies import load_replies
from nl2efg.formats import write_efg
from nl2efg.frontend import ask_critic
from nl2efg.game import TreeBuilder
from nl2efg.models import Reply
from nl2efg.schema.record import CompilationRecord
from nl2efg.text import load_json, steady, steers, valid
from tests.scripted import CODE, SKETCH, TEXT, coin_model, fenced

pytestmark = pytest.mark.process

HALF = "\ud83d"
RAW = "\x1b[31m \x9b31m \x07 \x7f \r \u202e \u2066"
"""What a terminal obeys, or a page turns around."""
ANY = st.text(st.characters(codec=None) | st.characters(categories=("Cs", "Cc", "Cf")))


@given(ANY)
def test_valid_text_can_be_encoded(text: str) -> None:
    found = valid(text)
    found.encode()
    assert valid(found) == found
    if not any("\ud800" <= char <= "\udfff" for char in text):
        assert found is text


def test_a_pair_of_halves_is_a_character() -> None:
    assert valid("a\ud83d\ude00b\ud83dc\ude00") == "a😀b\ufffdc\ufffd"


@given(ANY)
def test_steady_text_keeps_its_length_and_what_shows(text: str) -> None:
    found = steady(text)
    found.encode()
    assert len(found) == len(text)
    assert steers(text) == (found != text)
    assert steady(found) == found


def test_steady_text_keeps_what_scripts_need() -> None:
    kept = "a\tb\nc \u200c می‌خواهم 👩‍👩‍👧 \u200f\u00a0é"
    assert steady(kept) == kept
    assert steady("a\x1bb\x9bc\u202ed\u2067e\ud800f\rg\x7f") == "a�b�c�d�e�f�g�"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.booleans(), st.booleans())
def test_json_is_read_with_valid_text(data: object, escaped: bool, as_bytes: bool) -> None:
    text = json.dumps(data, ensure_ascii=escaped)
    if not escaped:
        text = valid(text)
    found = load_json(text.encode() if as_bytes else text)
    json.dumps(found, ensure_ascii=False).encode()
    if valid(json.dumps(data, ensure_ascii=False)) == json.dumps(data, ensure_ascii=False):
        assert found == data


def test_a_compilation_of_half_characters_can_be_written(tmp_path: Path) -> None:
    """They come in the description, its name, the sketch's escapes and the reply."""
    sketch = json.loads(SKETCH) | {"title": f"A coin {HALF}"}
    model = coin_model(information=json.dumps(sketch), code=f"{HALF} {fenced(CODE)}")
    compilation = nl2efg.compile(f"{TEXT} {HALF}", model=model, name=f"coin {HALF}", solve=False)
    record = compilation.record
    assert CompilationRecord.model_validate_json(record.model_dump_json()) == record
    assert record.sketch is not None
    assert record.sketch.title == "A coin \ufffd"
    compilation.write(tmp_path / "coin")
    replies = (tmp_path / "coin" / "transcript").glob("*code.reply.md")
    assert next(replies).read_text(encoding="utf-8").startswith("\ufffd Here")


def test_a_reply_is_valid_whoever_gives_it() -> None:
    reply = Reply(f"text {HALF}", f"model {HALF}", note=f"note {HALF}")
    assert (reply.text, reply.model, reply.note) == ("text \ufffd", "model \ufffd", "note \ufffd")


def test_the_critic_gets_valid_text() -> None:
    model = coin_model(critic=f"nothing {HALF}")
    assert asyncio.run(ask_critic(model, TEXT, "", lambda *_: None)) == "nothing \ufffd"


def test_kept_replies_are_valid(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    deep = "[" * 100_000
    file.write_text(
        json.dumps({"id": f"1{HALF}", "game": "nim", "reply": f"a{HALF}"}) + f"\n{deep}\n",
        encoding="utf-8",
    )
    found, problems = load_replies(file)
    assert (found[0].id, found[0].reply) == ("1\ufffd", "a\ufffd")
    assert len(problems) == 1


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    """A game whose file holds raw control characters, and more of them in its note."""
    builder = TreeBuilder(["Ann", "Bén"], "title")
    left, right = builder.move(0, builder.information_set(0, ["left", "right"], "set"))
    for node, label in ((left, "one"), (right, "two")):
        builder.set_outcome(node, builder.outcome([1, 2], label))
    text = write_efg(builder.build())
    assert "B%C3%A9n" in text
    for word in ("title", "Ann", "left", "set", "one"):
        text = text.replace(f'"{word}"', f'"{word}{RAW}"')
    text = text.replace("B%C3%A9n", "B%1B%5B31m%C2%9B%E2%80%AEn")
    path = tmp_path / "awkward.efg"
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    "command",
    [
        ["solve", "--json"],
        ["solve"],
        ["check", "--json"],
        ["check"],
        ["describe"],
        ["show"],
        ["code"],
        ["build", "--json"],
        ["build"],
        ["diff", "--json"],
        ["diff"],
    ],
    ids=" ".join,
)
def test_no_command_prints_control_characters(
    command: list[str], awkward: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(awkward)] * (2 if command[0] == "diff" else 1)
    with pytest.raises(SystemExit) as left:
        main([command[0], *files, *command[1:]])
    out, err = capsys.readouterr()
    assert left.value.code in (0, 1, None)
    assert "Ann" in out or command[0] in ("check", "diff")
    assert not steers(out + err)
    if "--json" in command:
        assert out.isascii()
        json.loads(out)


@pytest.mark.parametrize("ending", ["html", "svg", "tex", "dot", "graphml"])
def test_no_drawing_holds_control_characters(
    ending: str, awkward: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = awkward.with_suffix(f".{ending}")
    with pytest.raises(SystemExit) as left:
        main(["draw", str(awkward), "-o", str(target)])
    assert not left.value.code, capsys.readouterr().err
    assert not steers(target.read_text(encoding="utf-8"))
