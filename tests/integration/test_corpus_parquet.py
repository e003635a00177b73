"""Tables in Parquet: columns and values as other programs write them, and damaged pages."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nl2efg.batch import Corpus
from nl2efg.errors import UserError

pyarrow = pytest.importorskip("pyarrow")
pytestmark = pytest.mark.process


def write(file: Path, columns: dict[str, Any], **options: Any) -> Path:
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), file, **options)
    return file


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("ID", "Text"), {}),
        ((" id", "text "), {}),
        (("my.Name", "a story"), {"id_column": "my.name", "text_column": "A STORY"}),
    ],
)
def test_case_and_blanks_of_columns_do_not_count(
    tmp_path: Path, names: tuple[str, str], asked: dict[str, str]
) -> None:
    columns = {names[0]: ["a", "b"], "more": [1, 2], names[1]: ["x", "y"]}
    found = list(Corpus(write(tmp_path / "c.parquet", columns), **asked).units())
    assert [(unit.id, unit.text, unit.problem) for unit in found] == [
        ("a", "x", ""),
        ("b", "y", ""),
    ]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (1.0, "1"),
        (2.5, "2.5"),
        (Decimal("12345678901234567890.00"), "12345678901234567890"),
        (Decimal("0.50"), "0.50"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),
        ("é".encode(), "é"),
        (2**62, str(2**62)),
    ],
)
def test_ids_of_all_kinds(tmp_path: Path, value: Any, name: str) -> None:
    file = write(tmp_path / "c.parquet", {"id": pyarrow.array([value]), "text": [b"Zo\xc3\xab"]})
    (found,) = Corpus(file).units()
    assert (found.id, found.text, found.problem) == (name, "Zoë", "")


def test_a_cell_that_is_no_text_is_one_rows_problem(tmp_path: Path) -> None:
    file = write(tmp_path / "c.parquet", {"id": ["a", "b", "c"], "text": [b"x", b"\xff", b"z"]})
    assert [unit.problem for unit in Corpus(file).units()] == [
        "",
        f"{file}:2 is not UTF-8 in 'text'",
        "",
    ]


@pytest.mark.parametrize("compression", ["none", "snappy"])
def test_damaged_pages_with_sums_read_as_no_other_texts(tmp_path: Path, compression: str) -> None:
    texts = [f"story {number} " * 20 for number in range(400)]
    columns = {"id": [str(number) for number in range(400)], "text": texts}
    whole = write(
        tmp_path / "c.parquet",
        columns,
        compression=compression,
        use_dictionary=False,
        write_page_checksum=True,
    ).read_bytes()
    chance = random.Random(1)
    for _ in range(4):
        place = chance.randrange(len(whole) // 4, len(whole) // 2)
        spoilt = tmp_path / "spoilt.parquet"
        spoilt.write_bytes(whole[:place] + b"Z" + whole[place + 1 :])
        with pytest.raises(UserError, match="cannot be read"):
            list(Corpus(spoilt).units())
