"""The lexical level that .efg and .nfg files share.

Texts stand in double quotes, a quote inside them after a backslash; numbers are integers,
decimals, powers of ten or fractions; commas are white space, as in every version of Gambit.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from nl2efg.errors import FormatError
from nl2efg.game.numbers import MAX_SHORT, exact_number

_INT32 = 2**31

TEXT, NUMBER, BRACE, SYMBOL, END = "text", "number", "brace", "symbol", "end"

_TOKEN = re.compile(
    r"[\s,]*+(?:"
    r'"(?P<text>(?:[^"\\]++|\\"|\\)*+)"'
    r"|(?P<number>[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++|/\d++)?)(?=[\s,{}\"]|\Z)"
    r"|(?P<brace>[{}])"
    r'|(?P<symbol>[^\s,{}"]++)'
    r"|(?P<end>\Z))",
    re.ASCII,
)
_SHOWN = 30


class Scanner:
    """Reads a text token by token; ``kind`` and ``value`` are those of the current token.

    Args:
        text: the whole file.
        source: its name, for messages.
    """

    def __init__(self, text: str, source: str) -> None:
        self.kind = END
        self.value = ""
        self._text = text
        self._source = source
        self._start = self._stop = 0
        self.advance()

    def advance(self) -> None:
        """Go to the next token."""
        match = _TOKEN.match(self._text, self._stop)
        if match is None:
            self._start = self._text.index('"', self._stop)
            self.fail("this quotation mark is never closed")
        self.kind = kind = match.lastgroup or END
        self.value = value = match[kind]
        self._start = match.start(kind)
        self._stop = match.end()
        if kind == TEXT:
            self._start -= 1
            if "\\" in value:
                self.value = value.replace('\\"', '"')

    @property
    def position(self) -> int:
        """Where the current token starts; for ``fail``."""
        return self._start

    def line_of(self, position: int) -> int:
        """The line of a position kept before, from 1."""
        return self._text.count("\n", 0, position) + 1

    def fail(self, message: str, hint: str = "", at: int | None = None) -> NoReturn:
        """Raise a FormatError that points at the current token, or at a position kept before."""
        start = self._start if at is None else at
        line = self.line_of(start)
        column = start - self._text.rfind("\n", 0, start)
        raise FormatError(message, source=self._source, line=line, column=column, hint=hint)

    def expected(self, what: str) -> NoReturn:
        """Raise a FormatError: ``what`` was expected here."""
        shown = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        found = {
            END: "the file ends",
            TEXT: f'there is the text "{shown}"',
            NUMBER: f"there is the number {shown}",
        }.get(self.kind, f"there is {shown!r}")
        self.fail(f"expected {what}, but {found}")

    def at_brace(self, brace: str) -> bool:
        """Whether the current token is this brace."""
        return self.kind == BRACE and self.value == brace

    def brace(self, brace: str, where: str) -> None:
        """Pass a brace."""
        if not self.at_brace(brace):
            self.expected(f"'{brace}' {where}")
        self.advance()

    def text(self, what: str) -> str:
        """Pass a quoted text."""
        if self.kind != TEXT:
            self.expected(what)
        value = self.value
        self.advance()
        return value

    def optional_text(self) -> str | None:
        """Pass a quoted text if there is one."""
        return self.text("a text") if self.kind == TEXT else None

    def symbol(self, what: str) -> str:
        """Pass a bare word."""
        if self.kind != SYMBOL:
            self.expected(what)
        value = self.value
        self.advance()
        return value

    def number(self, what: str) -> Fraction:
        """Pass a number."""
        if self.kind != NUMBER:
            self.expected(what)
        found = exact_number(self.value)
        if found is None:
            self.fail(f"{what} cannot be used: {self._flaw()}")
        self.advance()
        return found

    def _flaw(self) -> str:
        """Why what has the form of a number is none that can be used."""
        over, slash, under = self.value.partition("/")
        if slash and not over.lstrip("+-").isdigit():
            shown = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
            return f"{shown} is not a number; a fraction has whole numbers above and below"
        if slash and not under.strip("0"):
            return "its denominator is zero"
        return "it has too many digits"

    def integer(self, what: str) -> int:
        """Pass an integer of 32 bits."""
        start = self._start
        if self.kind == NUMBER and self.value.isdigit() and len(self.value) <= MAX_SHORT:
            value = int(self.value)
            self.advance()
        else:
            found = self.number(what)
            if found.denominator != 1:
                self.fail(f"{what} must be an integer", at=start)
            value = found.numerator
        # Gambit reads 32 bits; and longer numbers can be chosen to have the same hash.
        if abs(value) >= _INT32:
            self.fail(f"{what} is beyond 32 bits", at=start)
        return value

    def texts(self, where: str) -> list[str]:
        """Pass quoted texts in braces."""
        self.brace("{", where)
        found = []
        while self.kind == TEXT:
            found.append(self.text("a text"))
        self.brace("}", where)
        return found
