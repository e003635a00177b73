"""Formulas of documents as text in one line: those of Word (OMML) and of pages (MathML).

``1/3``, ``(a+b)/c``, ``u_1``, ``δ^(t-1)``, ``√(x)``, ``[1, 2; 3, 4]``: as one types a formula where
there is no editor for it. Letters and numbers are never dropped: of an element that is not known
the text is taken. OMML is that of ECMA-376, part 1, chapter 22.1; MathML the W3C's, version 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

_OMML = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SINGLE = re.compile(r"\w+|[\w∞]|\[.*\]", re.S)
_CLOSED = re.compile(r"\([^()]*\)")

_MAX_SIGN = 8
"""Characters of a sign that a formula says itself, such as a bracket; one stands between any two
parts, so a long one would come out many times."""


def grouped(text: str) -> str:
    """A part of a formula in brackets, unless it is a word, a number or bracketed already."""
    single = _SINGLE.fullmatch(text) or _CLOSED.fullmatch(text)
    return text if single or not text else f"({text})"


def fraction(above: str, below: str) -> str:
    """A quotient."""
    return f"{grouped(above)}/{grouped(below)}"


def scripts(base: str, below: str = "", above: str = "") -> str:
    """A base with what stands at its foot and at its head."""
    base = base if _SINGLE.fullmatch(base) or not re.search(r"[-+*/=<>·×\s]", base) else f"({base})"
    return base + (f"_{grouped(below)}" if below else "") + (f"^{grouped(above)}" if above else "")


def root(radicand: str, degree: str = "") -> str:
    """A root; the square root has no degree."""
    return f"({radicand})^(1/{grouped(degree)})" if degree else f"√({radicand})"


def table(rows: Iterable[Sequence[str]]) -> str:
    """A matrix, row by row."""
    return f"[{'; '.join(', '.join(row) for row in rows)}]"


def word_formulas(part: bytes) -> bytes:
    """A part of a .docx in which each formula is a run of text.

    Args:
        part: XML without entities of its own.
    """
    tree = ElementTree.fromstring(part)  # a doctype was refused before
    parents = [tree]
    while parents:
        parent = parents.pop()
        for place, child in enumerate(list(parent)):
            if child.tag == f"{_OMML}oMathPara":
                _put(parent, place, child, "; ".join(map(_omml, child.findall(f"{_OMML}oMath"))))
            elif child.tag == f"{_OMML}oMath":
                _put(parent, place, child, _omml(child))
            else:  # of a formula within another one nothing is left to be put anywhere
                parents.append(child)
    written: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return written


def _put(parent: ElementTree.Element, place: int, formula: ElementTree.Element, text: str) -> None:
    run = ElementTree.Element(f"{_WORD}r")
    words = ElementTree.SubElement(run, f"{_WORD}t")
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = text
    run.tail = formula.tail
    parent[place] = run


def _omml(element: ElementTree.Element) -> str:
    """An element of OMML, with all that it holds."""
    kind = element.tag.removeprefix(_OMML)
    if kind == "t":
        return element.text or ""
    if kind in _OF_WORD:
        return _OF_WORD[kind](element)
    return "".join(_omml(child) for child in element if not child.tag.endswith("Pr"))


def _part(element: ElementTree.Element, name: str) -> str:
    found = element.find(f"{_OMML}{name}")
    return "" if found is None else _omml(found).strip()


def _parts(element: ElementTree.Element, name: str) -> list[str]:
    return [_omml(found).strip() for found in element.findall(f"{_OMML}{name}")]


def _sign(element: ElementTree.Element, name: str, usual: str) -> str:
    """A sign among the properties of an element; empty where it is said to be none."""
    for found in element.iterfind(f"{_OMML}{element.tag.removeprefix(_OMML)}Pr/{_OMML}{name}"):
        return found.get(f"{_OMML}val", "")[:_MAX_SIGN]
    return usual


def _word_fraction(element: ElementTree.Element) -> str:
    above, below = _part(element, "num"), _part(element, "den")
    if _sign(element, "type", "bar") == "noBar":  # a binomial coefficient, or two lines
        return f"{above} over {below}"
    return fraction(above, below)


def _word_delimiters(element: ElementTree.Element) -> str:
    inside = _sign(element, "sepChr", "|").join(_parts(element, "e"))
    begin, end = _sign(element, "begChr", "("), _sign(element, "endChr", ")")
    if (begin, end) == ("(", ")") and _SINGLE.fullmatch(inside) and inside.startswith("["):
        return inside  # a matrix has its brackets
    return f"{begin}{inside}{end}"


def _word_sum(element: ElementTree.Element) -> str:
    sign = scripts(_sign(element, "chr", "∫"), _part(element, "sub"), _part(element, "sup"))
    return f"{sign} {_part(element, 'e')}"


def _word_matrix(element: ElementTree.Element) -> str:
    return table(_parts(row, "e") for row in element.findall(f"{_OMML}mr"))


_OF_WORD: dict[str, Callable[[ElementTree.Element], str]] = {
    "f": _word_fraction,
    "sSup": lambda e: scripts(_part(e, "e"), above=_part(e, "sup")),
    "sSub": lambda e: scripts(_part(e, "e"), _part(e, "sub")),
    "sSubSup": lambda e: scripts(_part(e, "e"), _part(e, "sub"), _part(e, "sup")),
    "limLow": lambda e: scripts(_part(e, "e"), _part(e, "lim")),
    "limUpp": lambda e: scripts(_part(e, "e"), above=_part(e, "lim")),
    "rad": lambda e: root(_part(e, "e"), _part(e, "deg")),
    "d": _word_delimiters,
    "nary": _word_sum,
    "func": lambda e: f"{_part(e, 'fName')} {_part(e, 'e')}",
    "acc": lambda e: _part(e, "e") + _sign(e, "chr", "\u0302"),
    "m": _word_matrix,
    "eqArr": lambda e: "; ".join(_parts(e, "e")),
}


def page_formula(element: Any) -> str:
    """A ``<math>`` of a page: the TeX that it was made of, if it says so, or its text in one line.

    Args:
        element: a tag of BeautifulSoup.
    """
    for note in element.find_all("annotation"):
        if "tex" in str(note.get("encoding", "")).lower() and note.get_text().strip():
            return f"${note.get_text().strip()}$"
    return _mathml(element)


def _mathml(element: Any) -> str:
    if isinstance(element, str):
        return element.strip()
    name = element.name.rpartition(":")[2].lower()
    if name in ("annotation", "annotation-xml"):
        return ""
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return str(element.get_text()).strip()
    if name == "mtable":  # before its parts: no part may be read twice, tables stand in tables
        return table(
            [_mathml(cell) for cell in row.find_all(re.compile("mtd$"), recursive=False)]
            for row in element.find_all(re.compile("m(labeled)?tr$"), recursive=False)
        )
    children = [child for child in element.children if not isinstance(child, str) or child.strip()]
    parts = [_mathml(child) for child in children]
    if name in _OF_PAGES and len(parts) >= _OF_PAGES[name][0]:
        return _OF_PAGES[name][1](*parts[: _OF_PAGES[name][0]])
    if name == "msqrt":
        return root("".join(parts))
    if name == "mfenced":
        begin, end = element.get("open", "("), element.get("close", ")")
        return f"{begin[:_MAX_SIGN]}{', '.join(parts)}{end[:_MAX_SIGN]}"
    return "".join(parts)


_OF_PAGES: dict[str, tuple[int, Callable[..., str]]] = {
    "mfrac": (2, fraction),
    "msup": (2, lambda base, above: scripts(base, above=above)),
    "mover": (2, lambda base, above: scripts(base, above=above)),
    "msub": (2, scripts),
    "munder": (2, scripts),
    "msubsup": (3, scripts),
    "munderover": (3, scripts),
    "mroot": (2, root),
}
