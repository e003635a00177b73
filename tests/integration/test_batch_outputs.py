"""Replays, exports, the gallery, the command and many texts in one call."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import shutil
import sqlite3
import time
from fractions import Fraction
from itertools import count, islice
from pathlib import Path

import pytest

import nl2efg
from nl2efg.batch import FORMATS, Batch, Corpus, export, read_rows, run_batch, to_frame
from nl2efg.batch.rate_limits import Pace, Rate
from nl2efg.batch.reports import gallery
from nl2efg.cli.app import main
from nl2efg.errors import NotFoundError, UserError
from nl2efg.formats import load_efg
from nl2efg.models import Reply
from tests.fakes.ordinal_games import program, story
from tests.scripted import TEXT, coin_model

pytestmark = pytest.mark.process

EVIL = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replayed")
    evil = program(0).replace("'Case 0'", repr(EVIL))
    lines = [
        {"id": "good", "text": story(3), "reply": program(3)},
        {"id": EVIL, "reply": evil},
        {"id": "bad", "reply": f"no program {EVIL}"},
        {"id": "again", "reply": program(3)},
    ]
    file = folder / "replies.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    corpus = Corpus(file, reply_column="reply")
    asyncio.run(run_batch(Batch(corpus, folder / "run", options={"solve_budget": 20.0})))
    return folder / "run"


def test_replies_are_built_checked_and_solved(replayed: Path) -> None:
    good, evil, bad, again = read_rows(replayed)
    assert good.status == "compiled"
    assert good.equilibria
    assert (bad.nodes, bad.equilibria, bad.regret) == (None, None, None)
    assert (good.text, good.model, good.regret) == (story(3), "replayed", 0.0)
    assert good.values == tuple(
        tuple(float(Fraction(value)) for value in values) for values in good.payoffs
    )
    assert len(good.strategies) == len(good.payoffs)
    game = load_efg(replayed / "games" / "good" / "game.efg")
    for told, payoffs in zip(good.strategies, good.payoffs, strict=True):
        verified = nl2efg.verify(game, told, concept="nash")
        assert verified.holds
        assert tuple(str(entry.value) for entry in verified.certificate.players) == payoffs
    assert evil.title == EVIL
    assert (bad.status, bad.cause) == ("failed", "CompilationError")
    assert good.game == again.game != evil.game


@pytest.mark.parametrize("form", FORMATS)
def test_exports_hold_every_row(form: str, replayed: Path, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    rows = list(read_rows(replayed))
    target = tmp_path / "out"
    assert export(replayed, form, target) == (3 if form == "efg" else 4)
    if form == "jsonl":
        lines = [json.loads(line) for line in target.read_text().splitlines()]
        assert lines == [row.model_dump(mode="json") for row in rows]
    elif form == "sqlite":
        with sqlite3.connect(target) as found:
            assert found.execute("SELECT id, nodes, cost FROM results").fetchall() == [
                (row.id, row.nodes, row.cost) for row in rows
            ]
            kinds = {line[1]: line[2] for line in found.execute("PRAGMA table_info(results)")}
        assert (kinds["zero_sum"], kinds["cost"], kinds["players"]) == ("INTEGER", "REAL", "TEXT")
    elif form == "csv":
        lines = list(csv.DictReader(target.open(encoding="utf-8-sig", newline="")))
        assert [line["id"] for line in lines] == [row.id for row in rows]
        assert json.loads(lines[0]["payoffs"]) == [list(values) for values in rows[0].payoffs]
        assert json.loads(lines[0]["strategies"]) == list(rows[0].strategies)
        assert lines[2]["nodes"] == ""  # a failed text has no nodes, rather than none
    elif form == "parquet":
        from pyarrow import parquet

        found = parquet.read_table(target).to_pylist()
        assert [line["payoffs"] for line in found] == [
            [list(values) for values in row.payoffs] for row in rows
        ]
        assert [line["strategies"] for line in found] == [list(row.strategies) for row in rows]
    else:
        games = [load_efg(file) for file in sorted(target.iterdir())]
        assert [game.title for game in games] == ["Case 3", EVIL, "Case 3"]
    with pytest.raises(UserError, match="exists"):
        export(replayed, form, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_an_export_of_nothing(replayed: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no run folder"):
        export(tmp_path, "jsonl", tmp_path / "x")
    (tmp_path / "run").mkdir()
    shutil.copy(replayed / "manifest.json", tmp_path / "run")
    with pytest.raises(NotFoundError, match="parts is missing"):
        export(tmp_path / "run", "jsonl", tmp_path / "x")
    with pytest.raises(UserError, match="no format"):
        export(replayed, "xls", tmp_path / "x")
    with pytest.raises(UserError, match="cannot be written"):
        export(replayed, "jsonl", tmp_path / ("x" * 300))


def test_games_with_letters_are_exported_at_given_values(tmp_path: Path) -> None:
    lines = [
        {"id": "letters", "reply": program_with_letter(), "text": "v"},
        {"id": "numbers", "reply": program(3), "text": "3"},
    ]
    file = tmp_path / "replies.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    asyncio.run(run_batch(Batch(Corpus(file, reply_column="reply"), tmp_path / "run")))
    assert export(tmp_path / "run", "efg", tmp_path / "at", {"v": "1/3"}) == 2
    first, second = sorted((tmp_path / "at").iterdir())
    assert load_efg(first).outcomes[1].payoffs == (Fraction(1, 3),)
    plain = tmp_path / "plain"
    export(tmp_path / "run", "efg", plain)
    assert (plain / second.name).read_bytes() == second.read_bytes()
    for values, problem in (({"w": "1"}, "parameter w"), ({"v": "-1"}, "letters: v")):
        with pytest.raises(UserError, match=problem):
            export(tmp_path / "run", "efg", tmp_path / "none", values)
    with pytest.raises(UserError, match="csv holds none"):
        export(tmp_path / "run", "csv", tmp_path / "none", {"v": "1"})
    assert not (tmp_path / "none").exists()


def program_with_letter() -> str:
    return """```python
import pygambit as gbt
v = parameter("v", 2, low=0)
g = gbt.Game.new_tree(players=["Ann"], title="Coin")
g.append_move(g.root, "Ann", ["take", "leave"])
g.set_outcome(g.root.children[0], g.add_outcome([1]))
g.set_outcome(g.root.children[1], g.add_outcome([v]))
```"""


def test_the_gallery_is_inert(replayed: Path) -> None:
    page = (replayed / "index.html").read_text()
    assert page.count("<script>") == 1
    assert "alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert page.count("<li ") == 4
    assert page.count("<img ") == 3


def test_every_unit_is_on_some_page(replayed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "UNITS", 3)
    gallery.write_gallery(replayed)
    first, second = replayed / "index.html", replayed / "pages/all-2.html"
    failed, split = replayed / "pages/failed-1.html", replayed / "pages/split-1.html"
    assert [file.read_text().count("<li ") for file in (first, second, failed, split)] == [
        *(3, 1, 1, 0)
    ]
    for file in (first, second, failed, split):
        links = re.findall(r'(?:href|src)="([^"#]*)"', file.read_text())
        assert links
        assert all((file.parent / link).is_file() for link in links), file
    assert 'href="pages/all-2.html">next' in first.read_text()
    assert 'href="../index.html">previous' in second.read_text()
    assert {file.name for file in (replayed / "pages").iterdir()} == {
        *("all-2.html", "failed-1.html", "split-1.html")
    }
    monkeypatch.undo()
    gallery.write_gallery(replayed)


def test_many_texts_come_as_they_are_ready() -> None:
    model = coin_model()
    found = list(nl2efg.compile_many([TEXT, "", TEXT], model=model, solve=False))
    assert sorted(outcome.position for outcome in found) == [0, 1, 2]
    by_position = {outcome.position: outcome for outcome in found}
    assert by_position[0].compilation is not None
    assert type(by_position[1].error).__name__ == "DescriptionError"
    frame = to_frame(found)
    assert list(frame.status) == ["compiled", "failed", "compiled"]
    endless = (TEXT for _ in count())
    first = list(islice(nl2efg.compile_many(endless, model=model, workers=2, solve=False), 3))
    assert len(first) == 3
    with pytest.raises(UserError, match="no option"):
        nl2efg.compile_many([TEXT], model=model, rundes=1)


def test_the_command_counts_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(json.dumps({"id": "a", "reply": program(5)}) + "\n")
    main_ok(["batch", "--replies", str(file), "-o", str(tmp_path / "run"), "--json"])
    assert json.loads(capsys.readouterr().out)["compiled"] == 1
    main_ok(["export", str(tmp_path / "run"), "--to", "efg", "-o", str(tmp_path / "games")])
    assert len(list((tmp_path / "games").iterdir())) == 1
    corpus = tmp_path / "c.jsonl"
    corpus.write_text(json.dumps({"id": "a", "text": story(5)}) + "\n")
    with pytest.raises(SystemExit) as end:
        main(["batch", str(corpus), "-o", str(tmp_path / "none")])
    assert end.value.code == 3
    assert "no model is configured to read the texts" in capsys.readouterr().err
    for arguments in (
        ["batch"],
        ["batch", str(tmp_path / "no corpus"), "-o", str(tmp_path / "none")],
        ["batch", "--replies", str(file), "--engine", "slurm"],
        ["batch", str(tmp_path), "--replies", str(file)],
        ["batch", "--replies", str(file), "--shard", "3/2"],
        ["batch", "--replies", str(file), "-o", "/proc/nowhere/run"],
    ):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 2, arguments


def main_ok(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert not end.value.code


def test_a_rate_spaces_calls() -> None:
    async def three() -> float:
        rate = Rate(1200)
        begun = time.monotonic()
        for _ in range(3):
            await rate.take()
        return time.monotonic() - begun

    assert asyncio.run(three()) >= 2 * 60 / 1200


def test_the_pace_follows_the_service() -> None:
    async def calls() -> list[int]:
        pace = Pace(most=16)
        limits = [pace.limit]
        for _ in range(100):
            async with pace.call(()) as replies:
                replies.append(Reply("x", "m"))
        limits.append(pace.limit)
        pace.trouble()
        pace.trouble()
        return [*limits, pace.limit]

    begun, risen, cut = asyncio.run(calls())
    assert begun < risen <= 16
    assert cut == risen // 2


def test_the_ending_of_an_export_says_what_it_is(
    replayed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    starts = {
        ".csv": b"\xef\xbb\xbfposition,",
        ".jsonl": b'{"position"',
        ".parquet": b"PAR1",
        ".sqlite": b"SQLite",
        ".db": b"SQLite",
    }
    for ending, start in starts.items():
        place = tmp_path / "new" / f"t{ending}"
        main_ok(["export", str(replayed), "-o", str(place)])
        assert place.read_bytes().startswith(start)
    main_ok(["export", str(replayed), "--to", "csv", "-o", str(tmp_path / "table")])
    main_ok(["export", str(replayed), "--to", "efg", "-o", f"{tmp_path}/games/"])
    assert len(list((tmp_path / "games").iterdir())) == 3
    kept = sorted(tmp_path.rglob("*"))
    capsys.readouterr()
    for words, said in (
        (("-o", "t.xlsx"), "'.xlsx' is of no table"),
        (("-o", "t"), "is of no table"),
        (("-o", "new2/"), "is a folder's name"),
        (("--to", "csv", "-o", "t.parquet"), "ends as parquet does"),
    ):
        with pytest.raises(SystemExit) as end:
            main(["export", str(replayed), *words])
        assert end.value.code == 2
        assert said in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == kept
