"""Texts in documents: HTML, Word (.docx) and PDF, by the extractors of the ``documents`` extra.

Formulas come along as text, see :mod:`nl2efg.pipeline.formulas`; pictures do not, which a
``ReadingWarning`` says: a game whose tree is a picture is not in the text. Sizes are bounded
before anything is unpacked.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

from nl2efg.decoding import decoded, known_encoding
from nl2efg.errors import DescriptionError, ReadingWarning, UserError
from nl2efg.pipeline import formulas
from nl2efg.pipeline.pdf_text import LOCKED, TOO_LONG, pdf_pages

MAX_BYTES = 32 * 1024 * 1024
"""Of a document as a file; pictures make them large."""

MAX_UNPACKED = 128 * 1024 * 1024
"""Of all parts of a .docx together."""

MAX_PART = 16 * 1024 * 1024
"""Of one part of a .docx with words, its markup included."""

MAX_ELEMENTS = 200_000
"""Elements of one part of a .docx; Word writes some five for each run of letters."""

MAX_TAGS = 100_000
"""Tags and entities of a page."""

MAX_TAG = 20_000
"""Characters of a tag with more than fifty attributes."""

MAX_PAGE = 4_000_000
"""Characters of a page, scripts and pictures within it among them."""

MAX_DEPTH = 500
"""Tags of a page that are open at the same time; browsers go as deep (512). Each further tag is
looked for among all of these."""

MAX_BLANKS = 100
"""Blanks in a row in a page; more are none."""

MAX_SPAN = 20
"""Columns that a cell of a page takes; the converter writes each."""

_BLANKS = re.compile(rf"[^\S\n]{{{MAX_BLANKS + 1},}}")

MAX_TEXT = 400_000
"""Characters that are taken out of a document; far more than a description may have."""

INSTALL = 'pip install "nl2efg[documents]", or save it as plain text in UTF-8'

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,20})")
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_USUAL = re.compile(
    r"""!--|/?[A-Za-z][\w:-]*(?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?){0,50}\s*/?>"""
)
"""A tag with some attributes, behind its "<"."""

_NEED_NO_END = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr "  # noqa: SIM905
    "tbody thead tfoot option optgroup colgroup html head body".split()
)
"""Elements that have no end, or whose end the next one says (HTML standard, 13.1.2.4)."""

_BODY = "word/document.xml"

_ORDINALS = frozenset("st nd rd th er ère e º ª o a".split())  # noqa: SIM905
"""What stands raised behind a number and is no exponent, in some languages."""

_OWN_REPORT = ('<style id="style">', '<script type="application/json" id="data">')
"""What stands in every report of ours, and hardly in another page."""

_UNREAD = (
    (b"{\\rtf", "rich text (RTF)", "save it as .docx or as plain text"),
    (b"\xd0\xcf\x11\xe0", "a document of an old Word (.doc)", "save it as .docx or as plain text"),
    (b"\x89PNG", "a picture", "write the game down in words"),
    (b"\xff\xd8\xff", "a picture", "write the game down in words"),
)


_CALLED = {".docx": "Word document", ".pdf": "PDF", ".odt": "OpenDocument file", ".doc": "document"}
"""Endings of documents whose bytes begin in a way of their own."""


def document_text(content: bytes, source: str) -> str | None:
    """The words of a document; None if the bytes are none of the known kinds.

    Markdown and LaTeX are plain text and read as such.

    Args:
        content: the whole file.
        source: its name, for messages.

    Raises:
        DescriptionError: it is damaged, locked, too large, without words, or of a kind that is
            not read.
        UserError: its extractor is not installed.
    """
    for start, kind, remedy in _UNREAD:
        if content.startswith(start):
            raise DescriptionError(f"{source} is {kind}, not a text", hint=remedy)
    if content.startswith(b"%PDF"):
        return _extracted(_pdf, content, source, "PDF")
    if content.startswith(b"PK\x03\x04"):
        return _extracted(_docx, content, source, ".docx")
    if source.lower().endswith((".html", ".htm")) or _HTML.match(content[:4096]):
        return _extracted(_html, content, source, "HTML")
    for ending, kind in _CALLED.items():
        if content.strip() and source.lower().endswith(ending):
            raise DescriptionError(
                f"{source} is called {ending}, but is no {kind}",
                hint="a plain text ends in .txt",
            )
    return None


def _extracted(reader: Callable[[bytes, str], str], content: bytes, source: str, kind: str) -> str:
    if len(content) > MAX_BYTES:
        raise DescriptionError(
            f"{source} is larger than {MAX_BYTES // 2**20} MB", hint="save its text by itself"
        )
    try:
        text = reader(content, source)
    except ImportError as error:
        raise UserError(
            f"{source} is {kind}, and {error.name} to read it is not installed", hint=INSTALL
        ) from None
    except (DescriptionError, UserError):
        raise
    except Exception as error:  # noqa: BLE001 - an extractor's parsers raise what they like
        raise DescriptionError(
            f"{source} is {kind}, but cannot be read: {type(error).__name__}: {str(error)[:200]}",
            hint="save its text by itself, as plain text in UTF-8",
        ) from None
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not text:
        raise DescriptionError(
            f"{source} is {kind} without any words",
            hint="if it holds scanned pages, write the game down as text",
        )
    return text + "\n"


def _loaded(name: str) -> Any:
    return import_module(name)


def _pdf(content: bytes, source: str) -> str:
    _loaded("pypdf")  # so that it is missed here
    pages, problem = pdf_pages(content, MAX_TEXT)
    if problem == LOCKED:
        raise DescriptionError(f"{source} is locked by a password", hint="save it without one")
    if problem:
        why = "it takes too long" if problem == TOO_LONG else problem
        raise DescriptionError(
            f"{source} is PDF, but cannot be read: {why}",
            hint="save its text by itself, as plain text in UTF-8",
        )
    empty = sum(not page.strip() for page in pages)
    if empty and empty < len(pages):
        _tell(source, f"{empty} of {len(pages)} pages hold no words")
    return "\n\n".join(pages)


def _docx(content: bytes, source: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = {entry.filename: entry.file_size for entry in parts.infolist()}
        if _BODY not in names:
            kind = "an OpenDocument file" if "mimetype" in names else "an archive"
            raise DescriptionError(
                f"{source} is {kind}, not a text", hint="save it as .docx or as plain text"
            )
        if sum(names.values()) > MAX_UNPACKED:
            raise DescriptionError(f"{source} unpacks to more than {MAX_UNPACKED // 2**20} MB")
        body = parts.read(_BODY)
        content = _words_alone(parts, source)
    if pictures := body.count(b"<w:drawing>"):
        _tell(
            source,
            f"{_told_count(pictures, 'picture or drawing', 'pictures and drawings')} not read",
        )
    mammoth = _loaded("mammoth")
    without = mammoth.images.img_element(lambda image: {"src": ""})
    page = mammoth.convert_to_html(
        io.BytesIO(content), convert_image=without, include_embedded_style_map=False
    )
    return _markdown(page.value, source)


def _words_alone(parts: zipfile.ZipFile, source: str) -> bytes:
    """A document with its parts of markup alone, each of which was looked at; formulas as text.

    Relations may lead to parts of any name: what is not here is not read.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        for name in {entry.filename: None for entry in parts.infolist()}:
            if name.endswith((".xml", ".rels")):
                part = parts.read(name)
                _check_part(part, source)
                if name == _BODY and b"oMath" in part:
                    part = formulas.word_formulas(part)
                new.writestr(name, part)
    return packed.getvalue()


def _check_part(content: bytes, source: str) -> None:
    """Refuse XML that would take much more room as objects than as a text."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    count = depth = 0

    def start(*_: object) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise DescriptionError(
                f"{source} has more than {MAX_ELEMENTS:,} elements, or nests them deeper than "
                f"{MAX_DEPTH}",
                hint="save its text by itself, as plain text in UTF-8",
            )

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise DescriptionError(f"{source} defines entities of its own, as no word processor does")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    if len(content) > MAX_PART:
        raise DescriptionError(f"{source} has more than {MAX_PART // 2**20} MB of text and markup")
    parser.Parse(content, True)


def _check_page(page: str, source: str) -> None:
    """Refuse pages that take long to mend: too many tags, or too many that are never closed."""
    open_now: Counter[str] = Counter()
    depth = deepest = 0
    count = page.count("<") + page.count("&")
    for closing, name in _TAG.findall(page) if count <= MAX_TAGS else ():
        name = name.lower()
        if name in _NEED_NO_END:
            continue
        if not closing:
            open_now[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif open_now[name]:
            open_now[name] -= 1
            depth -= 1
    # Each attribute of a tag is looked for among those before it.
    odd = count <= MAX_TAGS and any(
        len(part) > MAX_TAG and not _USUAL.match(part) for part in page.split("<")[1:]
    )
    if odd or len(page) > MAX_PAGE or count > MAX_TAGS or deepest > MAX_DEPTH:
        raise DescriptionError(
            f"{source} has more than {MAX_TAGS:,} tags, tags of more than {MAX_TAG:,} characters, "
            f"more than {MAX_PAGE:,} characters in all, or a depth of more than {MAX_DEPTH}",
            hint="save its text by itself, as plain text in UTF-8",
        )


def _html(content: bytes, source: str) -> str:
    declared = _CHARSET.search(content[:4096])
    name = ""
    if declared is not None and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            name = known_encoding(declared[1].decode("ascii"))
        except UserError:
            name = ""  # a page may say anything of itself
    page = decoded(content, source, name)
    if all(sign in page for sign in _OWN_REPORT):
        raise DescriptionError(
            f"{source} is a report of a game that was compiled, not a description",
            hint="the description is in the compilation.json beside it",
        )
    pictures = len(re.findall(r"<(?:img|svg|canvas)\b", page, re.I))
    if pictures:
        _tell(source, f"{_told_count(pictures, 'picture', 'pictures')} not read")
    return _markdown(page, source)


def _markdown(page: str, source: str) -> str:
    """HTML as Markdown, which keeps lists and tables legible."""
    _check_page(page, source)
    _loaded("html5lib")  # mends pages as browsers do: cells of a table are seldom closed
    soup = _loaded("bs4").BeautifulSoup(page, "html5lib")
    for hidden in soup(["script", "style", "head", "template", "noscript", "svg", "nav"]):
        hidden.decompose()
    for words in soup.find_all(string=_BLANKS):  # the converter tries each to be the last one
        words.replace_with(_BLANKS.sub(" " * MAX_BLANKS, words))
    _bound_numbers(soup)
    for formula in soup("math"):
        if not formula.decomposed:  # with the formula that it stood in
            formula.replace_with(formulas.page_formula(formula))
            formula.decompose()
    for raised in soup(["sup", "sub"]):
        if not raised.decomposed:
            _put_in_line(raised)
    converter = _loaded("markdownify").MarkdownConverter(
        heading_style="ATX", strip=["a", "img"], escape_asterisks=False, escape_underscores=False
    )
    return str(converter.convert_soup(soup))[: MAX_TEXT + 1]


def _bound_numbers(soup: Any) -> None:
    """Bound numbers of a page: the converter writes so many columns, and each in every item."""
    for cell in soup.find_all(colspan=True):
        said = re.match(r"\s*([0-9]{1,9})", cell["colspan"])
        cell["colspan"] = str(min(int(said[1]), MAX_SPAN)) if said else "1"
    for listed in soup.find_all("ol", start=True):
        if len(listed["start"]) > 9:
            del listed["start"]


def _put_in_line(raised: Any) -> None:
    """Write ``x<sup>2</sup>`` as ``x^2``, not ``x2``; ordinals such as ``2<sup>nd</sup>`` stay."""
    text, before = raised.get_text().strip(), raised.previous_sibling
    after_number = isinstance(before, str) and before[-1:].isdigit()
    if not text or (after_number and text.lower() in _ORDINALS):
        raised.unwrap()
    else:
        raised.replace_with(f"{'^' if raised.name == 'sup' else '_'}{formulas.grouped(text)}")
        raised.decompose()


def _told_count(count: int, one: str, more: str) -> str:
    """So many of something, with the verb that goes with them."""
    return f"{count:,} {one} is" if count == 1 else f"{count:,} {more} are"


def _tell(source: str, what: str) -> None:
    warnings.warn(f"{source}: {what}", ReadingWarning, stacklevel=3)
