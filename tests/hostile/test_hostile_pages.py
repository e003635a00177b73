"""Formulas, tables and lists that would come out many times longer, and texts of few signs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.test_hostile_documents import read
from tests.integration.test_documents import WORD, docx

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
OMML = "http://schemas.openxmlformats.org/officeDocument/2006/math"
LONG = "y" * 1_000_000
X = "<m:r><m:t>x</m:t></m:r>"


def formula(inside: str, depth: int = 1) -> bytes:
    """A document of Word with a formula in formulas."""
    opened, closed = "<m:oMath>" * depth, "</m:oMath>" * depth
    return docx(f'<w:p xmlns:w="{WORD}" xmlns:m="{OMML}">{opened}{inside}{closed}</w:p>')


def sign(kind: str, name: str, inside: str) -> str:
    """An element of a formula with a sign of a million letters."""
    return f'<m:{kind}><m:{kind}Pr><m:{name} m:val="{LONG}"/></m:{kind}Pr>{inside}</m:{kind}>'


FORMULAS: dict[str, Callable[[], bytes]] = {
    "a long sign between many parts": lambda: formula(sign("d", "sepChr", "<m:e/>" * 100_000)),
    "a long bracket": lambda: formula(sign("d", "begChr", f"<m:e>{X}</m:e>") * 14),
    "a long sum": lambda: formula(sign("nary", "chr", f"<m:e>{X}</m:e>") * 14),
    "long accents": lambda: formula(sign("acc", "chr", f"<m:e>{X}</m:e>") * 14),
    "formulas in formulas": lambda: formula(X * 15_000, 80),
}


def page(inside: str) -> bytes:
    return f"<!doctype html><html><body><p>Ann moves.</p>{inside}".encode()


PAGES: dict[str, Callable[[], bytes]] = {
    "tables in the tables of a formula": lambda: page(
        f"<math>{'<mtable><mtr><mtd>' * 40}<mi>x</mi>{'</mtd></mtr></mtable>' * 40}</math>"
    ),
    "formulas in formulas": lambda: page("<math>" * 400 + "<mi>x</mi>" * 40_000),
    "raised in raised": lambda: page("<sup>" * 400 + "<b></b>a" * 45_000),
    "long brackets": lambda: page(f'<math><mfenced open="{LONG}"><mi>x</mi></mfenced></math>'),
    "wide cells": lambda: page("<table><tr>" + "<td colspan=1000>a" * 60_000),
    "cells of another width": lambda: page("<table><tr>" + "<td colspan=²>a<td colspan=-1>b" * 9),
    "a list that begins late": lambda: page(f"<ol start={'9' * 4_000}>" + "<li>a" * 4_000),
    "a list that begins with a word": lambda: page("<ol start=²><li>a"),
}

TEXTS: dict[str, Callable[[], str]] = {
    "lines after a player": lambda: "player 1 name A\n" + "\n" * 3_900_000,
    "blanks after a level": lambda: "player 1 name A\n" + "level " + " \n" * 1_900_000,
    "statements": lambda: "import a\n" + "a\n" * 1_900_000,
    "signs": lambda: "import a\n" + "-" * 99_000 + "1\na\n",
    "brackets": lambda: "import a\n" + "[" * 3_900_000,
    "sums": lambda: "import a\na" + "+a" * 49_000,
    "lists": lambda: "[" * 1_900_000,
    "many lists": lambda: "[]" * 1_900_000,
    "a graph": lambda: "digraph" + " " * 3_900_000,
    "comments": lambda: "%\n" * 1_900_000,
    "hashes": lambda: "#\n" * 1_900_000 + "node /",
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_of_word_come_out_no_longer_than_they_are(name: str, tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    assert read(FORMULAS[name](), "story.docx", tmp_path, 30).startswith("read")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_read_in_time(name: str, tmp_path: Path) -> None:
    pytest.importorskip("markdownify")
    assert read(PAGES[name](), "story.html", tmp_path, 30).startswith(("read", "refused"))


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_text_is_is_known_in_time(name: str, tmp_path: Path) -> None:
    said = read(TEXTS[name]().encode(), "story.txt", tmp_path, 30)
    assert said.startswith(("read", "refused"))
