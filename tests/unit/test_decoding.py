"""Files in whatever encoding: the letters that were written, or a word on what was guessed."""

from __future__ import annotations

import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nl2efg.batch.corpus import Corpus
from nl2efg.cli import main
from nl2efg.decoding import decoded, known_encoding, named_encoding
from nl2efg.errors import DescriptionError, FormatError, ReadingWarning, UserError
from nl2efg.formats import load_game, write_efg
from nl2efg.pipeline.descriptions import read_description
from tests.trees import kuhn

GAME = (
    'EFG 2 R "%s" { "A" "B" }\n""\np "" 1 1 "" { "l" "r" } 0\n'
    't "" 1 "" { 1, 0 }\nt "" 2 "" { 0, 1 }\n'
)
WRITTEN = [
    ("cp1252", "Ben’s move"),
    ("cp1252", "Zoë goes first."),
    ("cp1252", "Müller plays à la carte"),
    ("cp1252", "El niño elige."),
    ("cp1252", "Café – a “quoted” test: Zoë, Größe, don’t …"),
    ("cp1252", "Zwei Spieler wählen gleichzeitig über Öl und Käse; der erste erhält fünf."),
    ("cp1252", "Le premier joueur décide d’abord, puis l’autre répond : ça coûte 3 €."),
    ("cp1252", "El niño elige entre mañana y España. ¿Quién gana?"),
    ("cp1251", "Игрок"),
    ("cp1251", "Анна выбирает да или нет. Борис не видит её хода."),
    ("koi8_r", "Анна выбирает да или нет. Борис не видит её хода."),
    ("gb18030", "囚徒困境"),
    ("gb18030", "甲先选择进入或不进入，乙再选择打斗或容忍。"),
    ("big5", "甲先選擇進入或不進入，乙再選擇打鬥或容忍。"),
    ("cp932", "囚人のジレンマ"),
    ("euc_jp", "プレイヤー1が先に入るか入らないかを選ぶ。"),
    ("cp949", "죄수의 딜레마"),
    ("cp1250", "Gracz pierwszy wybiera, drugi gracz widzi ruch. Wypłaty są równe."),
    ("cp1253", "Ο παίκτης Α επιλέγει πρώτος, ο Β βλέπει την κίνηση."),
]


@pytest.mark.parametrize(("encoding", "text"), WRITTEN)
@pytest.mark.parametrize("form", ["%s", GAME], ids=["text", "game"])
def test_letters_come_out_as_they_were_written(encoding: str, text: str, form: str) -> None:
    with pytest.warns(ReadingWarning, match="is not in UTF-8; it is read as") as noticed:
        assert decoded((form % text).encode(encoding), "story.txt") == form % text
    assert str(noticed[0].message).startswith("story.txt ")
    assert len(noticed) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_what_says_its_encoding_needs_no_guess(encoding: str, text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decoded(text.encode(encoding)) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Ben’s move", "甲先 选择 (进入) 或 (不进入), 3 : 1", GAME])
def test_utf16_without_a_mark(encoding: str, text: str) -> None:
    with pytest.warns(
        ReadingWarning, match=f"has no mark of its encoding; it is read as {encoding}"
    ):
        assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [b"two players\0and more", b"\x7fELF\0\0\1", b"a\0\0b", b"ab\0c\0", bytes(10), b"\xff\xfe\0"],
)
def test_what_is_binary_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        decoded(data, "a.out")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Анна выбирает: лево или право.\nБорис не видит её хода. ", "utf-16-be"),
        ("Анна выбирает: лево или право.\nБорис не видит её хода. ", "utf-16-le"),
        ("甲先选择一个数 然后乙选择 一二三", "utf-16-le"),
        ("甲先选择一个数 然后乙选择 一二三", "utf-16-be"),
    ],
)
def test_utf16_that_is_not_known_is_named_in_the_advice(text: str, encoding: str) -> None:
    with pytest.raises(FormatError) as error:
        decoded(text.encode(encoding))
    assert error.value.hint.endswith(f"--encoding {encoding}")
    assert decoded(text.encode(encoding), "", encoding) == text


def test_what_is_binary_gets_no_such_advice() -> None:
    for data in (b"\x7fELF\0\0\1\0", bytes(10), bytes(range(256)) * 4):
        with pytest.raises(FormatError) as error:
            decoded(data)
        assert "utf-16" not in error.value.hint


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_refused(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(FormatError):
            assert isinstance(decoded(data), str)


def test_a_name_decides() -> None:
    data = "Игрок".encode("cp1251")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decoded(data, "", "windows-1251") == "Игрок"
        assert decoded(data, "", "cp1252") == "Èãðîê"
        before = named_encoding.set("cp1251")
        assert decoded(data) == "Игрок"
        named_encoding.reset(before)
    with pytest.raises(FormatError, match="this is not in utf-8: byte 1 is 0xc8") as error:
        decoded(data, "story.txt", "utf-8")
    assert "--encoding" in error.value.hint


@pytest.mark.parametrize("name", ["klingon", "", "hex", "rot13", "a\0b", "x" * 500])
def test_an_encoding_that_is_none(name: str) -> None:
    with pytest.raises(UserError, match="there is no encoding"):
        known_encoding(name)


def test_games_texts_and_corpora(tmp_path: Path) -> None:
    (tmp_path / "game.efg").write_bytes((GAME % "Größe").encode("cp1252"))
    (tmp_path / "a.txt").write_bytes("Ann’s prize is 3 €.".encode("cp1252"))
    (tmp_path / "b.txt").write_bytes(b"\x7f\0\0\1")
    with pytest.warns(ReadingWarning, match="game.efg is not in UTF-8; it is read as cp1252"):
        assert load_game(tmp_path / "game.efg").title == "Größe"
    with pytest.warns(ReadingWarning, match="a.txt is not in UTF-8"):
        assert read_description(tmp_path / "a.txt") == "Ann’s prize is 3 €."
    with pytest.raises(DescriptionError, match="binary file"):
        read_description(tmp_path / "b.txt")
    with pytest.warns(ReadingWarning, match="a.txt is not in UTF-8"):
        first, second = Corpus(tmp_path).units()
    assert (first.text, first.problem) == ("Ann’s prize is 3 €.", "")
    assert "binary file" in second.problem
    table = tmp_path / "texts.csv"
    table.write_bytes("id,text\n1,Ann’s prize\n".encode("cp1252"))
    with pytest.raises(UserError, match=r"texts.csv:2 is not UTF-8") as error:
        list(Corpus(table).units())
    assert "--encoding" in error.value.hint
    assert [unit.text for unit in Corpus(table, encoding="cp1252").units()] == ["Ann’s prize"]


def test_the_command_names_what_it_took(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.efg"
    file.write_bytes((GAME % "Größe").encode("cp1252"))
    for options, title, said in (
        ([], "Größe", f"nl2efg: {file} is not in UTF-8; it is read as cp1252"),
        (["--encoding", "cp1252"], "Größe", ""),
        (["--encoding", "cp437"], "Gr÷▀e", ""),
    ):
        with pytest.raises(SystemExit) as end:
            main(["describe", str(file), *options])
        assert end.value.code == 0
        told = capsys.readouterr()
        assert told.out.startswith(f"{title}\n")
        assert told.err.startswith(said)
        assert bool(told.err) == bool(said)
    assert named_encoding.get() == ""
    with pytest.raises(SystemExit) as end:
        main(["describe", str(file), "--encoding", "klingon"])
    assert end.value.code == 2
    assert "there is no encoding 'klingon'" in capsys.readouterr().err


def test_what_we_write_is_read_without_a_word(tmp_path: Path) -> None:
    file = tmp_path / "game.efg"
    file.write_text(write_efg(kuhn()), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_game(file) == kuhn()
