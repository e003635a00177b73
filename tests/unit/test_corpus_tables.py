"""Tables of texts as people have them: from spreadsheets, with and without ids, in JSON."""

from __future__ import annotations

import csv
import io
import json
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nl2efg.batch import Corpus
from nl2efg.batch.survey import Survey
from nl2efg.batch.tables import column_of
from nl2efg.errors import ReadingWarning, UserError

IDS = ["博弈一", "游戏, zwei", 'say "hi"', "a;b"]
TEXTS = ["Ann geht; Bob bleibt.", 'Sie sagt: "nein",\nund geht.', "两个人", "x\ty|z"]
PAIRS = list(zip(IDS, TEXTS, strict=True))


def units(file: Path, **columns: str) -> list[tuple[str, str]]:
    """Ids and texts of a corpus without a warning and without a problem."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(Corpus(file, **columns).units())
    assert [unit.problem for unit in found] == [""] * len(found)
    return [(unit.id, unit.text) for unit in found]


def table(delimiter: str = ",", head: tuple[str, ...] = ("id", "text", "note")) -> str:
    """The texts as a spreadsheet writes them."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows((name, text, "n") for name, text in PAIRS)
    return written.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "CSV"])
def test_what_spreadsheets_write(
    tmp_path: Path, delimiter: str, encoding: str, ending: str
) -> None:
    file = tmp_path / f"t.{ending}"
    file.write_bytes(table(delimiter).encode(encoding))
    assert units(file) == PAIRS
    file.write_bytes(table(delimiter, ("Name;x", "Story,y", "n")).encode(encoding))
    assert units(file, id_column="name;x", text_column="story,y") == PAIRS


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1)),
        min_size=1,
    ),
    st.sampled_from(",;\t|"),
)
def test_any_text_comes_through(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str]], delimiter: str
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(("id", "text"))
    writer.writerows((f"g{number}", *row) for number, row in enumerate(rows))
    file = tmp_path_factory.mktemp("any") / "t.csv"
    file.write_text(written.getvalue(), encoding="utf-8", newline="")
    assert [text for _, text in units(file)] == [row[0] for row in rows]


@pytest.mark.parametrize(
    "head", [("ID", "Text", "n"), (" id ", " text", "n"), ("Id", "TEXT ", "n")]
)
def test_case_and_blanks_of_columns_do_not_count(tmp_path: Path, head: tuple[str, ...]) -> None:
    (tmp_path / "t.csv").write_text(table(head=head), encoding="utf-8")
    assert units(tmp_path / "t.csv") == PAIRS


def test_a_column_so_called_comes_first() -> None:
    assert column_of("id", ["ID", "id"]) == "id"
    assert column_of("Id", ["ID", "id"]) is None


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize("indent", [None, 1])
def test_a_json_array_is_a_table(tmp_path: Path, ending: str, indent: int | None) -> None:
    file = tmp_path / f"t.{ending}"
    rows = [{"id": name, "text": text} for name, text in PAIRS]
    file.write_text(json.dumps(rows, indent=indent))
    assert units(file) == PAIRS
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert units(file) == PAIRS
    file.write_text(json.dumps([*rows, 3], indent=indent))
    *good, bad = Corpus(file).units()
    assert [unit.problem for unit in good] == [""] * len(PAIRS)
    assert bad.problem.endswith("is no object")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_texts_without_ids_are_numbered(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"t.{kind}"
    if kind == "csv":
        file.write_text("text\nfirst\n\nsecond\n")
    else:
        file.write_text('{"text": "first"}\n\n{"text": "second"}\n')
    with pytest.warns(ReadingWarning, match="called row-1, row-2"):
        found = list(Corpus(file).units())
    assert [(unit.id, unit.text) for unit in found] == [("row-1", "first"), ("row-2", "second")]
    with pytest.raises(UserError, match="no column 'name'; it has text"):
        list(Corpus(file, id_column="name").units())


def test_an_id_that_is_missing_from_a_column_of_ids_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,text\na,first\n,second\n")
    found = list(Corpus(tmp_path / "t.csv").units())
    assert [bool(unit.problem) for unit in found] == [False, True]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("gb18030", "两个玩家轮流行动, 第二个玩家看不到第一个玩家的选择"),
        ("cp1251", "Первый игрок ходит, и видит, что выбрал второй игрок"),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, encoding: str, words: str) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(f'id,text\na,"{words}"\n'.encode(encoding))
    with pytest.raises(UserError, match=r"t\.csv:2 is not UTF-8") as caught:
        list(Corpus(file).units())
    assert f"--encoding {encoding}" in str(caught.value.hint)
    assert [unit.text for unit in Corpus(file, encoding=encoding).units()] == [words]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.xlsx", b"PK", "save the sheet as .csv"),
        ("t.csv", b"", "has no column 'text'"),
        ("t.json", b"[1, 2", "is no JSON"),
    ],
)
def test_what_is_no_table_says_so(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as caught:
        list(Corpus(tmp_path / name).units())
    assert said in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(("name", "content"), [("t.csv", "id,text\n"), ("t.json", "[]")])
def test_an_empty_table_is_told(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(UserError, match="holds no texts"):
        Survey(Corpus(tmp_path / name))


def test_a_text_that_is_cut_by_a_comma_is_a_problem_and_no_shorter_text(tmp_path: Path) -> None:
    file = tmp_path / "games.csv"
    file.write_text("id,text\na,Ann goes, then Ben goes.\nb,Ben stays.,,\n")
    cut, whole = Corpus(file).units()
    assert "games.csv:2 has more cells" in cut.problem
    assert (whole.problem, whole.text) == ("", "Ben stays.")


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "games.csv"
    file.write_text("id,text,text\na,Ann goes.,Ben goes.\n")
    with pytest.raises(UserError, match="2 columns 'text'"):
        list(Corpus(file).units())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(tmp_path: Path, encoding: str, end: str) -> None:
    """A carriage return alone, as of old on the Macintosh; a text keeps its own."""
    file = tmp_path / "t.csv"
    named = encoding if encoding == "cp1252" else ""
    lines = ["", "id,text", "é,first", f'b,"one{end}two"', "c,last"]
    file.write_bytes(end.join([*lines, ""]).encode(encoding))
    found = [(unit.id, unit.text) for unit in Corpus(file, encoding=named).units()]
    assert found == [("é", "first"), ("b", f"one{end}two"), ("c", "last")]


def test_a_carriage_return_that_ends_no_line_cuts_no_text(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"id,text\na,first\rand more\nb,x\n")
    with pytest.raises(UserError, match=r"t\.csv:2: a carriage return") as caught:
        list(Corpus(file).units())
    assert "quotation marks" in str(caught.value.hint)
    file.write_bytes(b'id,text\na,"first\rand more"\n')
    assert units(file) == [("a", "first\rand more")]


@pytest.mark.parametrize("blank", ["", "  ", ",,", '"",""'])
def test_rows_of_empty_cells_are_none(tmp_path: Path, blank: str) -> None:
    """Above the header too: whether a column is missing is seen at the first row that says any."""
    file = tmp_path / "t.csv"
    file.write_text(f"{blank}\n{blank}\nid,text\na,first\n{blank}\nb,second\n,\n  \n")
    assert units(file) == [("a", "first"), ("b", "second")]
    file.write_text(f"{blank}\nid,story\na,first\n")
    with pytest.raises(UserError, match="no column 'text'; it has id, story"):
        list(Corpus(file).units())


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", False), ("utf-32", False), ("utf-16-le", True), ("cp1252", True), ("utf-8", True)],
)
def test_every_kind_of_table_may_be_in_every_encoding(
    tmp_path: Path, kind: str, encoding: str, named: bool
) -> None:
    file = tmp_path / f"t.{kind}"
    rows = [{"id": f"é{n}", "text": f"Zoë goes {n}. " + "…" * n} for n in range(300)]
    if kind == "csv":
        said = "id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in rows)
    elif kind == "json":
        said = json.dumps(rows, ensure_ascii=False, indent=1)
    else:
        said = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_bytes(said.encode(encoding))
    found = list(Corpus(file, encoding=encoding if named else "").units())
    assert [(unit.id, unit.text) for unit in found] == [(r["id"], r["text"]) for r in rows]
    if encoding == "utf-16-le":
        with pytest.raises(UserError, match="looks like UTF-16-LE") as caught:
            list(Corpus(file).units())
        assert "--encoding utf-16-le" in str(caught.value.hint)


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("encoding", ["utf-16", "euc_jp", "ascii"])
def test_what_is_not_in_the_named_encoding_names_its_line(
    tmp_path: Path, kind: str, encoding: str
) -> None:
    file = tmp_path / f"t.{kind}"
    line = '{"id": "%d", "text": "x"}' if kind == "jsonl" else "%d,x"
    lines = [line % number for number in range(3, 3000)]
    head = {"csv": "id,text\n\n", "json": "[\n\n", "jsonl": "\n\n"}[kind]
    content = (head + "\n".join(lines) + "\n").encode(encoding)
    file.write_bytes(content + (b"\x00\xd8\x41\x00" if encoding == "utf-16" else b"\xff") + b"\n\0")
    with pytest.raises(UserError, match=rf"t\.{kind}:3000 is not {encoding.upper()}"):
        list(Corpus(file, encoding=encoding).units())


def test_a_json_array_in_another_encoding_is_told_with_it(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_bytes('[\n {"id": "a",\n  "text": "El niño elige."}\n]'.encode("cp1252"))
    with pytest.raises(UserError, match=r"t\.json:3 is not UTF-8 at byte") as caught:
        list(Corpus(file).units())
    assert "--encoding cp1252" in str(caught.value.hint)


@pytest.mark.parametrize("content", ['{\n "id": "a",\n "text": "x"\n}', "[1]\n[2]\n", "a\nb\n"])
def test_a_table_without_any_object_is_none(tmp_path: Path, content: str) -> None:
    """Rather than a run of nothing but failures."""
    (tmp_path / "t.jsonl").write_text(content)
    with pytest.raises(UserError, match="has no row that is a JSON object; row 1 is no") as caught:
        list(Corpus(tmp_path / "t.jsonl").units())
    assert "jq -c ." in str(caught.value.hint)
