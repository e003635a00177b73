"""What a text is that tells no game in words: a game, a picture, data or a program.

A model would be paid for reading such a file, and mostly builds something from it. Only what is
known for certain is named: a text that quotes a game, or has formulas or tags in it, is a text.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from pathlib import PurePath

from nl2efg.formats.ef import is_ef
from nl2efg.formats.gte_xml import is_gte
from nl2efg.formats.kinds import POINTER, is_lite_efg, is_pointer, not_read_by_start

A_GAME = "a game already"

_GAME = re.compile(r"(?:EFG|NFG)\s+\d+\s+[A-Z]\b")
_XML = re.compile(r"<\?xml\b|<(?:svg|graphml|gte|extensiveForm|gambit:document)\b")
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_SVG = re.compile(r"<(?:!DOCTYPE\s+)?svg\b")
_DOT = re.compile(r"(?:strict\s+)?(?:di)?graph\s*(?:\"[^\"\n]*\"|\w+)?\s*\{")
_LEVEL = re.compile(r"^[ \t]*level[ \t]+[\d.]+[ \t]+node\b", re.MULTILINE)
_TIKZ = re.compile(r"(?:\s*%[^\n]*\n)*+\s*\\documentclass(?:\[[^\]]*\])?\{standalone\}")
_STATEMENT = re.compile(r"^(?:import|from|def|class|async def) ", re.MULTILINE)

MAX_PROGRAM = 200_000
"""Characters of a text that may be a program, twice as many as a description may have; the tree of
one takes a thousand bytes a line."""

_LOOK = "nl2efg solve, draw, check and describe read games; a description is a text in words"
_WORDS = "a description is a text in words"
_BUILD = "nl2efg build FILE runs a program in the sandbox and writes the .efg"
_CORPUS = "nl2efg batch FILE compiles every text of a table"
_BY_ENDING = {
    **dict.fromkeys(
        (".efg", ".nfg", ".gbt", ".gte", ".ef", ".agg", ".bagg", ".gam", ".game"), (A_GAME, _LOOK)
    ),
    **dict.fromkeys((".py", ".ipynb"), ("a program", _BUILD)),
    **dict.fromkeys((".jsonl", ".parquet"), ("a table", _CORPUS)),
    **dict.fromkeys((".svg", ".tikz", ".dot"), ("a picture", _WORDS)),
    **dict.fromkeys((".json", ".xml", ".yaml", ".yml", ".toml"), ("data", _WORDS)),
    **dict.fromkeys(
        (".c", ".cc", ".cpp", ".css", ".java", ".jl", ".js", ".rs", ".sh", ".ts"),
        ("a program", _WORDS),
    ),
}


def not_prose(text: str, source: str = "") -> tuple[str, str] | None:
    """What a text is if it is no description of a game, and what to do with it; else None.

    Args:
        text: the whole text.
        source: the name of its file; its ending tells where the text does not.
    """
    found = _by_looks(text.lstrip("\ufeff \t\r\n"))
    return found or _BY_ENDING.get(PurePath(source).suffix.lower())


def _by_looks(text: str) -> tuple[str, str] | None:
    start = text[:4096]
    if is_pointer(start):
        return POINTER
    placed = is_ef(text) and _LEVEL.search(text)  # a text may begin with its players' names too
    if _GAME.match(start) or placed or is_lite_efg(text) or not_read_by_start(start):
        return A_GAME, _LOOK
    if _XML.match(start) and not _PAGE.search(start):
        if is_gte(start) or "<gambit:document" in start:
            return A_GAME, _LOOK
        return ("a picture (SVG)" if _SVG.search(start) else "data in XML"), _WORDS
    if start.startswith(("{", "[")) and _is_json(text):
        return "data in JSON", f"{_WORDS}; {_CORPUS}"
    if _DOT.match(start):
        return "a picture (DOT)", _WORDS
    if _TIKZ.match(start):
        return "a picture (TikZ)", _WORDS
    return ("a program in Python", _BUILD) if _is_python(text) else None


def _is_json(text: str) -> bool:
    """Whether a text is JSON, or lines of it: objects and lists, and nothing else."""
    values: list[object] = []
    reader, place = json.JSONDecoder(), 0
    try:
        while place < len(text):
            value, place = reader.raw_decode(text, place)
            values.append(value)
            while place < len(text) and text[place].isspace():
                place += 1
    except (ValueError, RecursionError):
        return False
    return all(isinstance(value, dict | list) for value in values)


def _is_python(text: str) -> bool:
    """Whether a text is Python that imports or defines something; prose never compiles so far."""
    if len(text) > MAX_PROGRAM or not _STATEMENT.search(text):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    defines = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return len(body) > 1 and any(isinstance(statement, defines) for statement in body)
