"""XML in which programs keep games: as elements with their lines, without recursion or entities."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from nl2efg.errors import FormatError

MAX_ELEMENTS = 3_000_000
"""Elements of a file, each some 250 bytes of memory: 1,000,000 nodes with two payoffs each."""


@dataclass(slots=True)
class Element:
    """An element.

    Args:
        name: its tag.
        attributes: by name.
        line: where it starts, from 1.
        children: the elements in it, in order.
        text: what stands in it beside elements.
    """

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def first(self, name: str) -> Element | None:
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)


def read_xml(text: str, source: str = "") -> Element:
    """The root element of an XML text.

    Args:
        text: the whole file; what it declares as its encoding is of no matter.
        source: its name, for messages.

    Raises:
        FormatError: with line and column, if it is not well-formed, or defines entities.
    """
    top = Element("", {}, 0)
    path = [top]
    parts: list[list[str]] = [[]]
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True

    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS:
            raise FormatError(
                f"this XML has more than {MAX_ELEMENTS:,} elements",
                source=source,
                line=parser.CurrentLineNumber,
            )
        element = Element(name, attributes, parser.CurrentLineNumber)
        path[-1].children.append(element)
        path.append(element)
        parts.append([])

    def end(_name: str) -> None:
        path.pop().text = "".join(parts.pop()).strip()

    def doctype(*_: object) -> None:
        raise FormatError(
            "a game's XML has no document type of its own",
            source=source,
            line=parser.CurrentLineNumber,
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: parts[-1].append(data)
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise FormatError(
            f"this is no XML: {expat.ErrorString(error.code)}",
            source=source,
            line=error.lineno,
            column=error.offset + 1,
        ) from None
    return top.children[0]
