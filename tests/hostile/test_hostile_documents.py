"""Documents of Word and PDFs that somebody made so that reading them never ends."""

from __future__ import annotations

import io
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.bounded import run_python
from tests.integration.test_documents import RELATIONS, TYPES, WORD, docx, paragraph

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
PLACE = "word/other.bin"


def elsewhere(part: str) -> bytes:
    """A document whose relations lead to a part of another name than is looked at."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES.replace("/word/document.xml", f"/{PLACE}"))
        parts.writestr("_rels/.rels", RELATIONS.replace("word/document.xml", PLACE))
        body = f'<w:document xmlns:w="{WORD}"><w:body>{paragraph("x")}</w:body></w:document>'
        parts.writestr("word/document.xml", body)
        parts.writestr(PLACE, part)
    return packed.getvalue()


def body(content: str, head: str = "") -> str:
    return f'{head}<w:document xmlns:w="{WORD}"><w:body>{content}</w:body></w:document>'


def styles() -> bytes:
    """Twenty thousand paragraphs, and rules of a style each that is looked for among all."""
    rules = "\n".join(f"p.x{number} => h1:fresh" for number in range(20_000))
    return docx(paragraph("x") * 20_000, **{"mammoth/style-map": rules.encode()})


def pdf(content: bytes, pages: int) -> bytes:
    """Pages that all have the same content."""
    kids = " ".join(f"{4 + number} 0 R" for number in range(pages))
    page = (
        f"<</Type/Page/Parent 2 0 R/Contents {4 + pages} 0 R"
        "/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 612 792]>>"
    )
    packed = zlib.compress(content, 9)
    stream = f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page.encode()] * pages,
        stream + packed + b"\nendstream",
    ]
    written, starts = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    rows = b"".join(b"%010d 00000 n \n" % start for start in starts)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, rows)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return written + table + end % (len(objects) + 1, len(written))


WORDS: dict[str, Callable[[], bytes]] = {
    "a part of another name": lambda: elsewhere(body("<w:p/>" * 5_000_000)),
    "entities of another part": lambda: elsewhere(
        body("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", '<!DOCTYPE d [<!ENTITY a "b">]>')
    ),
    "rules of styles": styles,
}


def forms(count: int) -> bytes:
    """A page that draws one form so often."""
    page = pdf(b"/X Do\n" * count, 1)
    form = zlib.compress(b"BT /F1 12 Tf () Tj ET\n" * 2000, 9)
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode/Resources<</Font"
    head += b"<</F1 3 0 R>>>>/Length %d>>stream\n" % len(form)
    # Without a table of objects they are looked for.
    page = page[: page.index(b"xref\n")].replace(b"/Font<<", b"/XObject<</X 9 0 R>>/Font<<", 1)
    return page + b"9 0 obj\n%s%s\nendstream\nendobj\n" % (head, form) + b"trailer<</Root 1 0 R>>"


PDFS: dict[str, Callable[[], bytes]] = {
    "nothing, a million times": lambda: pdf(b"BT /F1 12 Tf () Tj ET\n" * 300_000, 1),
    "many pages of one content": lambda: pdf(b"BT /F1 12 Tf () Tj ET\n" * 5_000, 1_000),
    "one form, a million times": lambda: forms(1_000_000),
    "brackets": lambda: pdf(b"[" * 400_000, 1),
    "a string": lambda: pdf(b"(" * 1_000_000, 1),
    "dictionaries": lambda: pdf(b"<<" * 200_000, 1),
    "objects without end": lambda: b"%PDF-1.4\n" + b"1 0 obj<<" * 1_000_000,
    "a tree of itself": lambda: (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + b"2 0 R " * 1000
        + b"]/Count 1>>endobj\ntrailer<</Root 1 0 R>>"
    ),
}


def read(content: bytes, name: str, folder: Path, seconds: int) -> str:
    """What comes of a document."""
    (folder / name).write_bytes(content)
    found = run_python(
        "from nl2efg.pipeline.descriptions import read_description\n"
        "try:\n"
        f"    print('read', len(read_description({str(folder / name)!r})))\n"
        "except nl2efg.Nl2efgError as error:\n"
        "    print('refused:', error)\n",
        seconds=seconds,
    )
    assert found.losses == []
    return found.output


@pytest.mark.parametrize("name", WORDS)
def test_a_document_of_word_is_read_or_refused_in_time(name: str, tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    said = read(WORDS[name](), "story.docx", tmp_path, 30)
    assert said.startswith(("read", "refused"))


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_is_read_or_refused_in_time(name: str, tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    assert read(PDFS[name](), "story.pdf", tmp_path, 40).startswith("refused")


def test_rules_within_a_document_hide_none_of_its_words(tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    content = docx(paragraph("Ann moves left."), **{"mammoth/style-map": b"p => !"})
    assert read(content, "story.docx", tmp_path, 30).startswith("read")


@pytest.mark.parametrize("blank", [" ", "&#32;", "\t", "&nbsp;"])
def test_blanks_without_end_are_read_in_time(blank: str, tmp_path: Path) -> None:
    pytest.importorskip("markdownify")
    page = f"<html><p>Ann{blank * 90_000}moves.</p><pre>{blank * 5_000}x</pre></html>"
    assert read(page.encode(), "story.html", tmp_path, 30).startswith("read")
