"""Finding the game in what a model wrote: programs and ``.efg`` text, among prose or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

from nl2efg.dialect.syntax import wrong_line
from nl2efg.frontend.thoughts import without_thoughts
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity

Kind = Literal["python", "efg"]

_FENCE = re.compile(
    r"^[ \t]*+(`{3,20}+|~{3,20}+)[ \t]*+([\w+.#-]*+)[^\n]*+\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)",
    re.M | re.S,
)
_GLUED = re.compile(r"^([ \t]*+(`{3,20}|~{3,20}))[ \t]*+(?=\2[\w+.#-]*+[ \t]*+$)", re.M)
_RETRY = re.compile(r"""^[^"'(#\n]*\bTrying again\b.*$""", re.M)
_RULE = re.compile(r"^[ \t]*[=\-*_]{5,}[ \t]*$", re.M)
_GAME_TEXT = re.compile(r"^[ \t]*(?:EFG|NFG)[ \t]+[0-9]+[ \t]+[RD]\b", re.M)
_NODE_LINE = re.compile(r'^[ \t]*(?:[pct][ \t]+"|[})\]]|[0-9"{-])')
_NEW_GAME = re.compile(
    r"\b(?:new_tree|new_table|from_arrays|from_dict|ExtensiveGame|read_efg|parse_game|StrategicGame|read_game)\b"
)
_STEP = re.compile(
    r"\.(?:append_\w+|set_\w+|add_\w+|insert_\w+|make_\w+|reveal|copy_tree|move_tree)\s*\("
)
_MAX_COUNT = 20
"""Blocks that are looked at, of more the last, and candidates that are given."""

_MAX_TRIED, _MAX_ENDLESS = 5, 2
_OUT_OF_TIME = frozenset(("X201", "X202"))

_START = re.compile(r"^(?:import|from)\s+\w", re.M)
_CODE_LINE = re.compile(
    r"^(?:\s|#|@|[)\]}]|[\w.\[\]'\", \t]+(?:[-+*/]?=)(?!=)|\w[\w.]*\(|"
    r"(?:import|from|for|if|elif|else|while|def|class|with|return|try|except|print|assert|pass)\b)"
)
_PROGRAM_LANGUAGES = (
    "",
    "python",
    "py",
    "python3",
    "gambit",
    "pygambit",
    "efg",
    "plaintext",
    "text",
)


@dataclass(frozen=True, slots=True)
class Program:
    """One candidate.

    Args:
        code: its text.
        kind: ``python``, or ``efg`` for the text of a game file (``.nfg`` too).
    """

    code: str
    kind: Kind


def programs(reply: str) -> list[Program]:
    """Every program and game text in a reply, the likeliest first.

    A transcript of several attempts counts by its last one that holds any code. Of several blocks
    those that make a game come first, the last of them before the others; a program that goes on
    in later blocks is tried as a whole before its first part is tried alone. Of more than twenty
    blocks the last twenty count, and there are twenty candidates at most.
    """
    text = reply.replace("\r\n", "\n").lstrip("\ufeff")
    if _is_program(text):
        return [Program(text, "python")]
    text = _GLUED.sub(r"\1\n", "".join(without_thoughts(text)))
    for attempt in reversed(_RETRY.split(text)):
        found = _in_attempt(attempt)
        if found:
            return found
    return []


def build_reply(reply: str, build: Callable[[str], Built]) -> Built:
    """Build the first candidate of a reply that becomes a game without an error.

    Five are tried at most, and none after a second that runs out of time: a reply whose first one
    or two are nothing has hardly ever a game in the rest, and must not cost minutes.

    Args:
        reply: what a model wrote, a program, or the text of a game file.
        build: builds a program, and reads the text of a game file.

    Returns:
        that game; else the first candidate with any game; else what came of the first candidate.
    """
    candidates = programs(reply)
    if not candidates:
        none = Diagnostic(
            "B100",
            Severity.ERROR,
            "there is no program and no .efg text in it",
            fix="give the whole program in one code block",
        )
        return Built(None, (none,))
    results: list[Built] = []
    endless = 0
    for candidate in candidates[:_MAX_TRIED]:
        built = build(candidate.code)
        if built.ok:
            return built
        results.append(built)
        endless += any(found.code in _OUT_OF_TIME for found in built.diagnostics)
        if endless == _MAX_ENDLESS:
            break
    return next((built for built in results if built.tree is not None), results[0])


def _in_attempt(text: str) -> list[Program]:
    blocks = [
        (match[2].lower(), dedent(match[3]).strip("\n"))
        for match in _FENCE.finditer(text)
        if match[2].lower() in _PROGRAM_LANGUAGES and match[3].strip()
    ]
    found = [Program(block, "efg") for _, block in reversed(blocks) if _GAME_TEXT.match(block)]
    code = [block for language, block in blocks if _is_code(block, language)]
    found = [*_ordered(code[-_MAX_COUNT:]), *found][:_MAX_COUNT]
    if found:
        return found
    outside = _FENCE.sub("", text) if blocks else text
    return [*_unfenced_game(outside), *_unfenced_code(outside)]


def _ordered(code: list[str]) -> list[Program]:
    """Blocks that make a game, the last first, each with what goes on after it; then the rest."""
    makers = [i for i, block in enumerate(code) if _NEW_GAME.search(block)]
    found: list[str] = []
    for i in reversed(makers):
        rest = [block for block in code[i + 1 :] if not _NEW_GAME.search(block)]
        if any(_STEP.search(block) for block in rest):
            found.append("\n\n".join([code[i], *rest]))
        found.append(code[i])
    if len(code) > 1:
        found.append("\n\n".join(code))
    found.extend(block for i, block in reversed(list(enumerate(code))) if i not in makers)
    return [Program(one, "python") for one in dict.fromkeys(found)]


def _is_code(block: str, language: str) -> bool:
    if _GAME_TEXT.match(block):
        return False
    if language.startswith("py"):
        return True
    return bool(_NEW_GAME.search(block) or _STEP.search(block) or _START.search(block))


def _is_program(text: str) -> bool:
    """Whether the whole text is a Python program that deals with games."""
    if not (_NEW_GAME.search(text) or _STEP.search(text)):
        return False
    return wrong_line(text) is None


def _unfenced_game(text: str) -> list[Program]:
    """Game text in prose: from its first line to its last line that looks like a node."""
    starts = [match.start() for match in _GAME_TEXT.finditer(text)]
    found = []
    stops = [*starts[1:], len(text)]
    for start, stop in list(zip(starts, stops, strict=False))[-_MAX_COUNT:]:
        lines = text[start:stop].splitlines()
        while len(lines) > 1 and not _NODE_LINE.match(lines[-1]):
            lines.pop()
        found.append(Program("\n".join(lines) + "\n", "efg"))
    return found[::-1]


def _unfenced_code(text: str) -> list[Program]:
    """A program in prose: from its first import to its last line that looks like code."""
    for part in reversed(_RULE.split(text)):
        if not (_NEW_GAME.search(part) or _STEP.search(part)):
            continue
        start = _START.search(part)
        lines = part[start.start() if start else 0 :].splitlines()
        while lines and not (lines[-1].strip() and _CODE_LINE.match(lines[-1])):
            lines.pop()
        if start is None:
            first = next((n for n, line in enumerate(lines) if _CODE_LINE.match(line)), 0)
            lines = lines[first:]
        if lines:
            return [Program("\n".join(lines) + "\n", "python")]
    return []
