"""Texts for TeX: pure ASCII that means the same in pdfLaTeX, LuaLaTeX and XeLaTeX."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from nl2efg.families.written import formulas
from nl2efg.game import GameTree

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "-": "{-}",
    "−": r"\ensuremath{-}",
    "–": "{--}",
    "—": "{---}",
    "…": r"\ldots{}",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "·": r"\textperiodcentered{}",
    "×": r"\ensuremath{\times}",
    "÷": r"\ensuremath{\div}",
    "±": r"\ensuremath{\pm}",
    "≈": r"\ensuremath{\approx}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "≠": r"\ensuremath{\neq}",
    "∞": r"\ensuremath{\infty}",
    "→": r"\ensuremath{\rightarrow}",
    "←": r"\ensuremath{\leftarrow}",
    "↔": r"\ensuremath{\leftrightarrow}",
    "∈": r"\ensuremath{\in}",
    "¬": r"\ensuremath{\neg}",
    "°": r"\textdegree{}",
    "€": r"\texteuro{}",
    "£": r"\pounds{}",
    "§": r"\S{}",
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "œ": r"\oe{}",
    "Œ": r"\OE{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
    "⁻": r"\textsuperscript{-}",
    **{
        char: rf"\textsuperscript{{{digit}}}"
        for digit, char in zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)
    },
    **{
        char: rf"\ensuremath{{_{digit}}}"
        for digit, char in zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True)
    },
}
_ACCENTS = {
    "\u0300": r"\`",
    "\u0301": r"\'",
    "\u0302": r"\^",
    "\u0303": r"\~",
    "\u0304": r"\=",
    "\u0306": r"\u",
    "\u0307": r"\.",
    "\u0308": r"\"",
    "\u030a": r"\r",
    "\u030b": r"\H",
    "\u030c": r"\v",
    "\u0327": r"\c",
    "\u0328": r"\k",
}
_GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "o",
    "pi",
    "rho",
    "varsigma",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
]
_CAPITALS = frozenset(
    ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]
)

UNICODE_COMMAND = "nlunicode"
"""Name of the command for a character that pdfLaTeX has no font for; its argument is hex."""

NEEDS_UNICODE = (
    "% compile with lualatex or xelatex, and \\setmainfont{...} of fontspec with a font that has "
    "the letters: pdflatex prints their codes"
)
"""The comment in a source some of whose letters pdfLaTeX has no font for."""

PREAMBLE = (
    r"\usepackage[T1]{fontenc}",
    r"\usepackage{textcomp}",
    r"\usepackage{iftex}",
    r"\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}",
)
"""What the texts need."""

DEFINITION = (
    r"\providecommand{\nlunicode}[1]{\ifPDFTeX\texttt{[#1]}\else\symbol{" + '"#1' + r"}\fi}"
)


_NUMBER = re.compile(r"(≈|<|>)?([-−+]?\d+(?:[./]\d+)?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", re.ASCII)
_VARIABLE = re.compile(r"([A-Za-z])(\d*)('*)", re.ASCII)
_PLAIN_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SIGNS = {"≈": r"\approx ", "<": "<", ">": ">", None: ""}


def tex_label(text: str) -> str:
    """A label for TeX: numbers and letters that stand alone in mathematical mode, words as text."""
    found = _NUMBER.fullmatch(text.strip())
    if found:
        number = found[2].replace("−", "-")
        power = rf"\times10^{{{found[3].translate(_PLAIN_DIGITS)}}}" if found[3] else ""
        return f"${_SIGNS[found[1]]}{number}{power}$"
    letter = _VARIABLE.fullmatch(text.strip())
    if letter and len(text.strip()) - len(letter[3]) <= 3:
        index = f"_{{{letter[2]}}}" if letter[2] else ""
        return f"${letter[1]}{index}{letter[3]}$"
    bare = text.strip()
    if bare[:1] == "[" and bare[-1:] == "]" and _NUMBER.fullmatch(bare[1:-1]):
        return f"{{[}}{tex_label(bare[1:-1])}{{]}}"
    if bare.startswith("E ") and _NUMBER.fullmatch(bare[2:]):
        return f"$E$ {tex_label(bare[2:])}"
    return tex(text)


def tex(text: str) -> str:
    """``text`` in pure ASCII without any character that TeX would act upon."""
    return "".join(map(_character, unicodedata.normalize("NFC", text)))


def formulas_of(tree: GameTree) -> dict[str, str]:
    """For each number with letters, as it is shown, the same in TeX's mathematical mode."""
    return {shown: tex_formula(text) for shown, text in formulas(tree).items()}


def tex_formula(text: str) -> str:
    """Mathematics in TeX of which only the letters of other scripts are left to escape."""
    return re.sub(r"[^\x00-\x7f]+", lambda found: rf"\mbox{{{tex(found[0])}}}", text)


@cache
def _character(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if " " <= char <= "~":
        return char
    if "α" <= char <= "ω":
        return _letter(_GREEK[ord(char) - ord("α")])
    if "Α" <= char <= "Ω" and char != "\u03a2":  # where the final sigma would be, there is none
        name = _GREEK[ord(char) - ord("Α")].capitalize()
        return rf"\ensuremath{{\{name}}}" if name in _CAPITALS else _latin_capital(char)
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _ACCENTS:
        return f"{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    return rf"\{UNICODE_COMMAND}{{{ord(char):04X}}}"


def _letter(name: str) -> str:
    return r"\ensuremath{o}" if name == "o" else rf"\ensuremath{{\{name}}}"


def _latin_capital(char: str) -> str:
    """Greek capitals that look like Latin ones have no command of their own."""
    return dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True))[char]
