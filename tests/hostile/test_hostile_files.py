"""Files that somebody else has made or changed: corpora, run folders, records, replies.

Each is handed to the application in a process of its own, which is watched from outside.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from nl2efg.batch.engines.openai_batch.journal import WAVES, Journal
from nl2efg.batch.reports.gallery import draw_game
from nl2efg.batch.storage.append_log import write_own
from nl2efg.errors import StorageError
from tests.fakes.ordinal_games import program, story
from tests.hostile.bounded import MEMORY, Ended, run_command, run_python

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
BEYOND_MEMORY = MEMORY + (MEMORY >> 2)
"""Bytes of a file that shows whether it is held as a whole."""

SECRET = "sk-this-must-not-leave-7f3a91"


def replay(folder: Path, replies: Path | None = None) -> Ended:
    """Build replies into ``folder/run``."""
    if replies is None:
        replies = folder / "replies.jsonl"
        lines = [{"id": f"g{n}", "text": story(n), "reply": program(n)} for n in range(3)]
        replies.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return run_command("batch", "--replies", replies, "-o", folder / "run", "-q")


def units(corpus: Path, **columns: str) -> Ended:
    """Read a corpus, and print what it holds."""
    return run_python(
        "from pathlib import Path\nfrom nl2efg.batch import Corpus\n"
        "try:\n"
        f"    for unit in Corpus(Path({str(corpus)!r}), **{columns!r}).units():\n"
        "        print(unit.id, '|', unit.text[:80], '|', unit.problem)\n"
        "except nl2efg.Nl2efgError as error:\n"
        "    print('refused:', error)\n"
    )


def test_links_that_lead_out_of_a_corpus_are_not_followed(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "secret.txt").write_text(SECRET)
    (corpus / "a.txt").symlink_to(tmp_path / "secret.txt")
    (corpus / "b.txt").write_text("A story.")
    (corpus / "c.txt").symlink_to(corpus / "b.txt")
    found = units(corpus)
    assert found.losses == []
    assert SECRET not in found.output
    assert "a | " in found.output
    assert "leads out of the corpus" in found.output
    assert "c | A story. | \n" in found.output


def test_pipes_in_a_corpus_do_not_hang(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    os.mkfifo(corpus / "a.txt")
    (corpus / "b.txt").write_text("A story.")
    found = units(corpus)
    assert found.losses == []
    assert "no regular file" in found.output
    assert "b | A story." in found.output
    os.mkfifo(tmp_path / "lines.jsonl")
    assert "refused" in units(tmp_path / "lines.jsonl").output


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    rows = [f'g{n},"story {n}"' for n in range(100)]
    rows[3] = 'g3,"story 3'
    (tmp_path / "c.csv").write_text("id,text\n" + "\n".join(rows) + "\n")
    found = units(tmp_path / "c.csv")
    assert "refused" in found.output
    assert "c.csv:5" in found.output


def test_a_table_in_another_encoding_names_its_line(tmp_path: Path) -> None:
    lines = [b"id,text\n", *(b"g%d,fine\n" % n for n in range(2000)), b"last,na\xefve\n"]
    (tmp_path / "c.csv").write_bytes(b"".join(lines))
    assert "c.csv:2002 is not UTF-8" in units(tmp_path / "c.csv").output


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_sparse_file_of_gigabytes_is_one_line_too_long(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"c.{ending}"
    head = "id,text\n" if ending == "csv" else '{"id": "a", "text": "x"}\n'
    file.write_text(head)
    os.truncate(file, BEYOND_MEMORY)
    found = units(file)
    assert found.losses == []
    assert "longer than" in found.output


def test_a_line_that_is_too_long_is_one_text_and_the_next_keeps_its_number(tmp_path: Path) -> None:
    lines = [{"id": "a", "text": "x"}, {"id": "b", "text": "y" * 9_000_000}, {"text": "no id"}]
    (tmp_path / "c.jsonl").write_text("\n" + "".join(json.dumps(line) + "\n" for line in lines))
    found = units(tmp_path / "c.jsonl")
    assert found.output.count("\n") == 3
    assert "c.jsonl:3 is longer than" in found.output
    assert "c.jsonl:4 has no 'id'" in found.output


def test_a_missing_column_is_told_behind_blank_lines(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('\n\n{"id": "a", "story": "x"}\n')
    (tmp_path / "c.csv").write_text("\n\nid,story\na,x\n")
    for name in ("c.jsonl", "c.csv"):
        assert "has no column 'text'; it has id, story" in units(tmp_path / name).output
    (tmp_path / "d.csv").write_text("\n\nid,text\na,x\n\n,y\n")
    assert units(tmp_path / "d.csv").output.splitlines() == [
        "a | x | ",
        f"line 6 |  | {tmp_path / 'd.csv'}:6 has no 'id'",
    ]


def test_a_parquet_file_of_few_bytes_unfolds_to_no_gigabytes(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    file = tmp_path / "c.parquet"
    long = pyarrow.array(["x" * 50_000_000] * 2)
    table = pyarrow.table({"id": ["a", "b"], "text": long})
    parquet.write_table(table, file, compression="zstd", use_dictionary=True)
    many = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 5000), ["y" * 3_000_000])
    parquet.write_table(
        pyarrow.table({"id": [str(n) for n in range(5000)], "text": many}),
        tmp_path / "d.parquet",
        compression="zstd",
    )
    assert (tmp_path / "d.parquet").stat().st_size < 300_000
    found = units(file)
    assert found.losses == []
    assert "bytes in 'text'" in found.output or "cannot be read" in found.output
    found = run_python(
        "from pathlib import Path\nfrom itertools import islice\nfrom nl2efg.batch import Corpus\n"
        f"for unit in islice(Corpus(Path({str(tmp_path / 'd.parquet')!r})).units(), 40):\n"
        "    print(len(unit.text), unit.problem)\n"
    )
    assert found.losses == []


def test_a_damaged_page_of_a_parquet_file_is_told(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    file = tmp_path / "c.parquet"
    texts = [f"story {n} " * 50 for n in range(2000)]
    table = pyarrow.table({"id": [str(n) for n in range(2000)], "text": texts})
    parquet.write_table(table, file, compression="zstd")
    content = bytearray(file.read_bytes())
    content[200:400] = bytes(200)
    file.write_bytes(content)
    found = units(file)
    assert found.losses == []
    assert "cannot be read" in found.output


def test_ids_of_all_kinds_of_numbers_and_dates(tmp_path: Path) -> None:
    rows = [{"id": 1.0, "text": "x"}, {"id": 2.5, "text": "y"}, {"id": True, "text": "z"}]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [line.split(" ")[0] for line in units(tmp_path / "c.jsonl").output.splitlines()] == [
        *("1", "2.5", "line"),
    ]
    pyarrow = pytest.importorskip("pyarrow")
    from datetime import date

    from pyarrow import parquet

    table = pyarrow.table({"id": [date(2026, 1, 2)], "text": ["x"]})
    parquet.write_table(table, tmp_path / "c.parquet")
    assert units(tmp_path / "c.parquet").output.startswith("2026-01-02 | x")


def test_links_in_a_run_folder_neither_empty_nor_cut_what_they_lead_to(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    precious = tmp_path / "precious.txt"
    for name in ("1-of-1.lock", "results-1-of-1.jsonl", "replies-1-of-1.jsonl"):
        precious.write_text("a line\nand one without an end")
        part = tmp_path / "run/parts" / name
        part.unlink()
        part.symlink_to(precious)
        found = replay(tmp_path, tmp_path / "replies.jsonl")
        assert found.losses == []
        assert precious.read_text() == "a line\nand one without an end"
        assert found.code == 2
        assert "is a link" in found.complaint
        part.unlink()
        part.touch()


def test_a_link_in_the_place_of_the_parts_is_refused(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "run/parts").rename(elsewhere)
    (tmp_path / "run/parts").symlink_to(elsewhere)
    before = {file.name: file.read_bytes() for file in elsewhere.iterdir()}
    found = replay(tmp_path, tmp_path / "replies.jsonl")
    assert (found.losses, found.code) == ([], 2)
    assert "parts is a link" in found.complaint
    assert {file.name: file.read_bytes() for file in elsewhere.iterdir()} == before


@pytest.mark.parametrize("linked", ["games", "games/g1"])
def test_a_link_in_the_place_of_a_games_folder_is_refused(tmp_path: Path, linked: str) -> None:
    assert replay(tmp_path).code == 0
    for result in tmp_path.glob("run/parts/results-*.jsonl"):
        result.write_text("")  # so that the game is written again
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "run" / linked).rename(elsewhere)
    (tmp_path / "run" / linked).symlink_to(elsewhere)
    for game in elsewhere.rglob("game.efg"):
        game.write_text("precious")
    before = {file: file.stat().st_mtime_ns for file in elsewhere.rglob("*")}
    found = replay(tmp_path, tmp_path / "replies.jsonl")
    assert (found.losses, found.code) == ([], 2)
    assert f"{Path(linked).name} is a link" in found.complaint
    assert {file: file.stat().st_mtime_ns for file in elsewhere.rglob("*")} == before


@pytest.mark.parametrize("linked", [(), ("1-of-1",), ("1-of-1", "files")])
def test_a_link_in_the_place_of_a_journal_is_refused(
    tmp_path: Path, linked: tuple[str, ...]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place = (tmp_path / WAVES).joinpath(*linked)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere)
    with pytest.raises(StorageError, match="is a link"):
        Journal(tmp_path, (1, 1), "a service")
    assert list(elsewhere.iterdir()) == []


def test_a_file_of_the_run_is_not_written_where_a_link_leads(tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("kept")
    (tmp_path / "file").symlink_to(precious)
    with pytest.raises(OSError, match="file is a link"):
        write_own(tmp_path / "file")
    assert precious.read_text() == "kept"


def test_a_link_in_the_place_of_a_workers_lock_is_refused(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    precious = tmp_path / "precious.txt"
    precious.write_text("kept")
    (tmp_path / "run/parts/1-of-1-worker-1.lock").symlink_to(precious)
    found = replay(tmp_path, tmp_path / "replies.jsonl")
    assert (found.losses, found.code) == ([], 2)
    assert "worker-1.lock is a link" in found.complaint
    assert precious.read_text() == "kept"


def test_no_picture_is_drawn_into_what_a_link_leads_to(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    own, elsewhere = tmp_path / "run/games/g1", tmp_path / "elsewhere"
    own.rename(elsewhere)
    own.symlink_to(elsewhere)
    (elsewhere / "tree.svg").unlink(missing_ok=True)
    draw_game(tmp_path / "run", "g1")
    assert not (elsewhere / "tree.svg").exists()
    own.unlink()
    elsewhere.rename(own)
    draw_game(tmp_path / "run", "g1")
    assert (own / "tree.svg").exists()


def test_an_export_does_not_copy_what_a_link_leads_to(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    (tmp_path / "secret").write_text(SECRET)
    game = tmp_path / "run/games/g1/game.efg"
    game.unlink()
    game.symlink_to(tmp_path / "secret")
    found = run_command("export", tmp_path / "run", "--to", "efg", "-o", tmp_path / "out")
    assert (found.losses, found.code) == ([], 2)
    assert "leads out of the run" in found.complaint
    held = [file.read_bytes() for file in tmp_path.glob("out/*") if file.is_file()]
    assert all(SECRET.encode() not in content for content in held)


def damaged(line: str, kind: str) -> str:
    """A line of a part after somebody edited it, in one of several ways."""
    data = json.loads(line)
    if kind == "half":
        return line[: len(line) // 2]
    if kind == "other":
        return json.dumps([1, 2, 3])
    if kind == "bare":
        return json.dumps({"key": data["key"]})
    if kind == "key":
        return json.dumps(data | {"key": "no key"})
    if kind == "types":
        return json.dumps(data | {"position": "first", "payoffs": 3})
    return json.dumps(data | {"players": ["only one"], "payoffs": [["1", "2", "3"]] * 2})


@pytest.mark.parametrize("kind", ["half", "other", "bare", "key", "types"])
def test_a_damaged_line_of_results_is_passed_over_and_done_again(tmp_path: Path, kind: str) -> None:
    assert replay(tmp_path).code == 0
    part = tmp_path / "run/parts/results-1-of-1.jsonl"
    lines = part.read_text().splitlines()
    part.write_text("\n".join([lines[0], damaged(lines[1], kind), lines[2]]) + "\n")
    assert run_command("export", tmp_path / "run", "--to", "csv", "-o", tmp_path / "x").code == 0
    replies = tmp_path / "replies.jsonl"
    found = run_command("batch", "--replies", replies, "-o", tmp_path / "run")
    assert (found.losses, found.code) == ([], 0)
    assert "results-1-of-1.jsonl:2" in found.complaint
    assert "1 compiled" in found.complaint
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert summary["compiled"] == 3


def test_a_row_that_fits_no_game_ends_no_gallery(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    part = tmp_path / "run/parts/results-1-of-1.jsonl"
    lines = part.read_text().splitlines()
    part.write_text("\n".join([damaged(lines[0], ""), *lines[1:]]) + "\n")
    found = replay(tmp_path, tmp_path / "replies.jsonl")
    assert (found.losses, found.code) == ([], 0)


def test_a_line_of_gigabytes_in_a_run_folder_is_passed_over(tmp_path: Path) -> None:
    assert replay(tmp_path).code == 0
    part = tmp_path / "run/parts/results-1-of-1.jsonl"
    size = part.stat().st_size
    os.truncate(part, BEYOND_MEMORY)
    with part.open("ab") as file:
        file.write(b"\n")
    found = replay(tmp_path, tmp_path / "replies.jsonl")
    assert (found.losses, found.code) == ([], 0)
    assert size < part.stat().st_size


@pytest.mark.parametrize("number", ["1E300000000", "1e300000000", "1/0", "nan", "9" * 100_000])
def test_a_record_of_endless_numbers_is_refused(tmp_path: Path, number: str) -> None:
    assert replay(tmp_path).code == 0
    made = run_python(
        "from pathlib import Path\nfrom nl2efg.pipeline.folder import read_record\n"
        f"print(read_record(Path({str(tmp_path / 'run/games/g0')!r})).model_dump_json())"
    )
    record = json.loads(made.output)
    first = record["solution"]["equilibria"][0]
    first["probabilities"][0][0] = number
    file = tmp_path / "compilation.json"
    file.write_text(json.dumps(record))
    found = run_command("draw", file, "-o", tmp_path / "tree.svg")
    assert (found.losses, found.code) == ([], 2)


def test_blank_lines_before_code_take_linear_time() -> None:
    found = run_python(
        "from nl2efg.frontend.program_reply import programs\n"
        "print(len(programs('\\n' * 3_000_000 + 'g.append_move(1)\\nand then prose.\\n')))"
    )
    assert found.losses == []


COPRIME = """
import pygambit as gbt
primes = [n for n in range(10_000, 90_000) if all(n % d for d in range(2, int(n ** 0.5) + 1))]
g = gbt.Game.new_tree(players=["A", "B"])
node = g.root
for n in primes[:3000]:
    g.append_move(node, "A", ["on", "off"])
    g.set_outcome(node, g.add_outcome([gbt.Rational(1, n), gbt.Rational(1, n + 1)], label=str(n)))
    g.set_outcome(node.children[1], g.add_outcome([0, 0], label=f"e{n}"))
    node = node.children[0]
g.set_outcome(node, g.add_outcome([0, 0], label="last"))
"""
CHANCES = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["A"])
node = g.root
for n in range(3000):
    g.append_move(node, g.players.chance, ["on", "off"])
    p = gbt.Rational(1, 3**300 + n)
    g.set_chance_probs(node.infoset, [1 - p, p])
    g.set_outcome(node.children[1], g.add_outcome([n], label=str(n)))
    node = node.children[0]
g.set_outcome(node, g.add_outcome([0], label="last"))
"""


@pytest.mark.parametrize("code", [COPRIME, CHANCES], ids=["payoffs", "chances"])
def test_exact_numbers_without_end_along_a_path(tmp_path: Path, code: str) -> None:
    replies = tmp_path / "replies.jsonl"
    lines = [{"id": "bad", "reply": f"```python{code}```"}, {"id": "good", "reply": program(1)}]
    replies.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = run_command("batch", "--replies", replies, "-o", tmp_path / "run", "-q")
    assert (found.losses, found.code) == ([], 0)
    rows = [json.loads(line) for line in (tmp_path / "run/failures.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["bad"]
    assert "too large" in rows[0]["message"]
