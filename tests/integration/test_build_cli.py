"""``nl2efg build`` as a person uses it: real sandbox, real files."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

import pytest

from nl2efg.cli import main
from nl2efg.formats import read_efg

pytestmark = pytest.mark.process

PAPER = Path(__file__).parents[2] / "../shared/gameinterpreter"
GAME = """import pygambit as gbt
g = gbt.Game.new_tree(players=["Ann"], title="Ünïcode\\x1b[2J")
g.append_move(g.root, "Ann", ["l", "r"])
g.set_outcome(g.root.children[0], g.add_outcome([1/3]))
"""
REPLY = f"Here you are:\n\n```python\n{GAME}```\n\nEnjoy.\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["build", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


@pytest.fixture
def reply(tmp_path: Path) -> Path:
    path = tmp_path / "reply.md"
    path.write_text(REPLY, encoding="utf-8")
    return path


def test_a_reply_becomes_game_text(reply: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, reply)
    assert code == 0
    assert read_efg(out).players == ("Ann",)
    assert "\x1b" not in out + err
    assert "B309" in err


def test_it_goes_to_a_file(reply: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = reply.with_name("game.efg")
    code, out, err = run(capsys, reply, "-o", target)
    assert (code, out) == (0, "")
    assert read_efg(target.read_text(encoding="utf-8")).title.startswith("Ünïcode")
    assert "game.efg" in err


def test_json_is_all_there_is_on_stdout(reply: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, reply, "--json")
    row = json.loads(out)
    assert code == 0
    assert row["status"] == "built"
    assert row["diagnostics"][0]["code"] == "B309"
    assert row["diagnostics"][0]["severity"] == "note"
    assert read_efg(row["efg"]).outcomes


def test_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Input:
        buffer = io.BytesIO(REPLY.encode())

    monkeypatch.setattr("sys.stdin", Input())
    code, out, _ = run(capsys, "-")
    assert code == 0
    assert out.startswith("EFG")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("I would rather not.", 1, "B100"),
        ("```python\nx = = 2\n```", 1, "B101"),
        (REPLY.replace("g.root.children[0]", "g.root.children[7]"), 1, "no child 7"),
        ("```python\nimport pygambit\nimport os\nos.system('ls')\n```", 1, "X101"),
        (b"\0\1\2", 2, "binary"),
        ("  \n", 2, "empty"),
    ],
)
def test_bad_input(
    text: str | bytes,
    code: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "reply.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    got, out, err = run(capsys, path)
    assert (got, out) == (code, "")
    assert words in err
    assert "Traceback" not in err


def test_a_game_with_errors_is_printed_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "game.py"
    path.write_text(GAME + "g.append_move(g.root, 'Bob', ['x'])\n", encoding="utf-8")
    code, out, err = run(capsys, path)
    assert code == 1
    assert out.startswith("EFG")
    assert "B201" in err
    assert json.loads(run(capsys, path, "--json")[1])["status"] == "flawed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give one reply"),
        (["nowhere.md"], "no file"),
        (["--jsonl", "nowhere.jsonl"], "place for the results"),
        (["--jsonl", "nowhere.jsonl", "-o", "x.jsonl"], "no file"),
        (["a.md", "--jsonl", "b.jsonl"], "give one reply"),
    ],
)
def test_wrong_arguments(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_an_output_that_cannot_be_written(reply: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, reply, "-o", reply / "folder.efg")
    assert code == 2
    assert "cannot be written" in err


def test_many_replies_and_lines_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        json.dumps({"id": "a", "reply": REPLY}),
        "{not json",
        json.dumps({"id": "c"}),
        json.dumps(["d"]),
        "",
        json.dumps({"id": "f", "reply": "no\u2028code"}, ensure_ascii=False),
        json.dumps({"id": "g", "reply": "```python\nwhile True: x = 1\n```"}).replace(
            "while True: x = 1", "raise SystemExit"
        ),
    ]
    source, target = tmp_path / "replies.jsonl", tmp_path / "games.jsonl"
    source.write_text("\n".join(rows) + "\n", encoding="utf-8")
    code, out, err = run(capsys, "--jsonl", source, "-o", target)
    made = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert (code, out) == (0, "")
    assert [(row["id"], row["status"]) for row in made] == [
        ("a", "built"),
        (2, "unreadable"),
        ("c", "unreadable"),
        (4, "unreadable"),
        ("f", "failed"),
        ("g", "failed"),
    ]
    assert "replies.jsonl:2" in made[1]["error"]
    assert "1 built, 2 failed, 3 unreadable" in err


@pytest.mark.skipif(not PAPER.exists(), reason="the paper's replies are not beside the checkout")
def test_the_replies_of_the_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = PAPER / "replies.jsonl", tmp_path / "games.jsonl"
    code, _, err = run(capsys, "--jsonl", source, "-o", target)
    assert code == 0
    assert "Traceback" not in err
    labels = {}
    for line in source.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels[row["id"]] = row["label"]
    made = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(made) == len(labels) == 675
    assert all(row["status"] in ("built", "flawed", "failed") for row in made)
    assert all(row["status"] == "built" or row["diagnostics"] for row in made)
    built = Counter(labels[row["id"]] for row in made if row["status"] == "built")
    assert built["correct"] == 214


def test_one_bad_row_does_not_end_a_file_of_replies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        json.dumps({"id": "half \ud83d", "reply": "no game \ud83d"}),
        json.dumps({"id": ["\ud800"], "reply": f"\ud83d {REPLY}"}),
        '{"reply": ' + "9" * 5000 + "}",
        json.dumps({"id": 4, "reply": REPLY}),
    ]
    source, target = tmp_path / "replies.jsonl", tmp_path / "games.jsonl"
    source.write_text("\n".join(rows), encoding="utf-8")
    code, _, _ = run(capsys, "--jsonl", source, "-o", target, "--workers", 1)
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert code == 0
    assert [row["id"] for row in found] == ["half \ufffd", ["\ufffd"], 3, 4]
    assert [row["status"] for row in found] == ["failed", "built", "unreadable", "built"]
