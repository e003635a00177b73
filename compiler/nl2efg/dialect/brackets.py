"""Closing brackets that a program leaves open, where only one line is at fault.

It is done on the text, before the policy reads it and anything runs.
"""

from __future__ import annotations

import re

from nl2efg.dialect.syntax import MAX_LENGTH, wrong_line

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_TOKEN = re.compile(r"""\"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\#.*|[()\[\]{}]""")
_MAX_LINES = 50


def close_brackets(code: str) -> tuple[str, list[int]]:
    """The program with missing brackets put in, and the lines (from 1) where they were.

    A line is mended if closing its brackets makes a whole statement of it; unless all that is
    wrong with the program can be mended so, it comes back unchanged.
    """
    if len(code) > MAX_LENGTH:
        return code, []
    lines = code.split("\n")
    mended: list[int] = []
    for _ in range(_MAX_LINES):
        wrong = wrong_line("\n".join(lines))
        if wrong is None:
            return "\n".join(lines), sorted(mended)
        if wrong in mended or not 0 < wrong <= len(lines):
            break
        closed = _closed(lines[wrong - 1])
        if closed == lines[wrong - 1] or wrong_line(closed.strip()) is not None:
            break
        lines[wrong - 1] = closed
        mended.append(wrong)
    return code, []


def _closed(line: str) -> str:
    """The line with a bracket put in wherever one is missing."""
    found: list[str] = []
    waiting: list[str] = []
    end = 0
    comment = ""
    for token in _TOKEN.finditer(line):
        found.append(line[end : token.start()])
        end = token.end()
        text = token[0]
        if text.startswith("#"):
            comment = "  " + text
            break
        if text in _CLOSING:
            waiting.append(_CLOSING[text])
        elif text in ")]}":
            while waiting and waiting[-1] != text:
                found.append(waiting.pop())
            if not waiting:
                return line  # one too many: which to drop is anyone's guess
            waiting.pop()
        found.append(text)
    if not comment:
        found.append(line[end:])
    return "".join(found).rstrip() + "".join(reversed(waiting)) + comment
