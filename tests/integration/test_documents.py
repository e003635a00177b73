"""Descriptions in Word, PDF and HTML: their words, and a word on what is not read."""

from __future__ import annotations

import io
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from nl2efg.batch import Corpus
from nl2efg.batch.survey import Survey
from nl2efg.errors import DescriptionError, ReadingWarning, UserError
from nl2efg.pipeline import documents
from nl2efg.pipeline.descriptions import read_description

pytestmark = pytest.mark.process

STORY = "Ann chooses left or right. Ben, who sees it, answers."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(body: str, **more: bytes) -> bytes:
    """A document of Word with this body."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", TYPES)
        parts.writestr("_rels/.rels", RELATIONS)
        math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
        page = f'<w:document xmlns:w="{WORD}" {math}><w:body>{body}</w:body></w:document>'
        parts.writestr("word/document.xml", page)
        for name, content in more.items():
            parts.writestr(name, content)
    return packed.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF with a line of Helvetica on each page; an empty text gives a page without words."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for place, text in enumerate(pages):
        drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        objects += [
            f"<</Type/Page/Parent 2 0 R/Contents {5 + 2 * place} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 612 792]>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        ]
    written, starts = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n"
    rows = "".join(f"{start:010} 00000 n \n" for start in starts)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    written += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    place = written.rindex("startxref\n0") + len("startxref\n")
    return (written[:place] + str(written.index("xref\n0 ")) + written[place + 1 :]).encode()


def read(folder: Path, name: str, content: bytes) -> str:
    file = folder / name
    file.write_bytes(content)
    return read_description(file)


@pytest.fixture
def silent() -> None:
    """No ReadingWarning may come."""
    warnings.simplefilter("error", ReadingWarning)


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.txt", "a"])
@pytest.mark.usefixtures("silent")
def test_plain_text_stays_as_it_is(tmp_path: Path, name: str) -> None:
    text = "# Entry\n\n\\begin{itemize}\\item $u_1 < 3$ & *left*\\end{itemize}\n\n| a | b |\n"
    assert read(tmp_path, name, text.encode()) == text


@pytest.mark.usefixtures("silent")
def test_word(tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    pytest.importorskip("html5lib")
    pytest.importorskip("markdownify")
    body = paragraph(STORY) + table(("", "left", "right"), ("Ann", "3", "0"))
    told = read(tmp_path, "story.docx", docx(body))
    assert told.startswith(f"{STORY}\n")
    assert "left | right" in told
    assert "| Ann | 3 | 0 |" in told


def test_what_word_holds_besides_words_is_said(tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    pytest.importorskip("html5lib")
    body = paragraph(STORY) + "<w:p><w:r><w:drawing></w:drawing></w:r></w:p>"
    with pytest.warns(ReadingWarning) as noticed:
        assert read(tmp_path, "story.docx", docx(body)) == f"{STORY}\n"
    (said,) = (str(each.message).partition(": ")[2] for each in noticed)
    assert said == "1 picture or drawing is not read"


def m(kind: str, *parts: str, **signs: str) -> str:
    """An element of OMML."""
    told = "".join(f'<m:{name} m:val="{value}"/>' for name, value in signs.items())
    properties = f"<m:{kind}Pr>{told}</m:{kind}Pr>" if signs else ""
    return f"<m:{kind}>{properties}{''.join(parts)}</m:{kind}>"


def r(text: str) -> str:
    return f"<m:r><w:rPr/><m:t>{text}</m:t></m:r>"


def e(*parts: str) -> str:
    return m("e", *parts)


OF_WORD = {
    "1/3": m("f", m("num", r("1")), m("den", r("3"))),
    "(a+b)/c": m("f", m("num", r("a+b")), m("den", r("c"))),
    "u_1": m("sSub", e(r("u")), m("sub", r("1"))),
    "δ^(t-1)": m("sSup", e(r("δ")), m("sup", r("t-1"))),
    "(a+b)^2": m("sSup", e(r("a+b")), m("sup", r("2"))),
    "x_i^2": m("sSubSup", e(r("x")), m("sub", r("i")), m("sup", r("2"))),
    "√(x)": m("rad", m("deg"), e(r("x"))),
    "x^(1/3)".replace("x", "(x)"): m("rad", m("deg", r("3")), e(r("x"))),
    "(a|b)": m("d", e(r("a")), e(r("b"))),
    "{1/2; 0": m(
        "d",
        e(m("eqArr", e(m("f", m("num", r("1")), m("den", r("2")))), e(r("0")))),
        begChr="{",
        endChr="",
    ),
    "∑_(i=1)^n x_i": m(
        "nary",
        m("sub", r("i=1")),
        m("sup", r("n")),
        e(m("sSub", e(r("x")), m("sub", r("i")))),
        chr="∑",
    ),
    "[1, 2; 3, 4]": m("d", e(m("m", m("mr", e(r("1")), e(r("2"))), m("mr", e(r("3")), e(r("4")))))),
    "max x": m("func", m("fName", r("max")), e(r("x"))),
    "known y": m("strange", e(r("known ")), e(r("y"))),
}


@pytest.mark.usefixtures("silent")
def test_formulas_of_word_are_read(tmp_path: Path) -> None:
    pytest.importorskip("mammoth")
    pytest.importorskip("html5lib")
    for told, formula in OF_WORD.items():
        begun, rest = '<w:p><w:r><w:t xml:space="preserve">Ann gets ', "</w:t></w:r>"
        inline = f"{begun}{rest}<m:oMath>{formula}</m:oMath><w:r><w:t>.</w:t></w:r></w:p>"
        alone = f"<w:p><m:oMathPara><m:oMath>{formula}</m:oMath></m:oMathPara></w:p>"
        found = read(tmp_path, "story.docx", docx(inline + alone))
        assert found == f"Ann gets {told}.\n\n{told}\n"


@pytest.mark.usefixtures("silent")
def test_formulas_of_pages_are_read(tmp_path: Path) -> None:
    pytest.importorskip("html5lib")
    pytest.importorskip("markdownify")
    third = "<mfrac><mn>1</mn><mn>3</mn></mfrac>"
    written = {
        f"<math>{third}</math>": "1/3",
        "x<sup>2</sup>": "x^2",
        "x<sup>t-1</sup>": "x^(t-1)",
        "u<sub>1</sub>": "u_1",
        "the 2<sup>nd</sup> player": "the 2nd player",
        "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>": "x_i^2",
        "<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>": "√(x+1)",
        f"<math><semantics><mrow>{third}</mrow>"
        '<annotation encoding="application/x-tex">\\frac{1}{3}</annotation></semantics></math>': (
            "$\\frac{1}{3}$"
        ),
        "<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr>"
        "<mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable></math>": "[1, 2; 3, 4]",
    }
    for page, told in written.items():
        assert (
            read(tmp_path, "a.html", f"<html><p>gets {page} now".encode()) == f"gets {told} now\n"
        )


@pytest.mark.usefixtures("silent")
def test_pdf(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    assert read(tmp_path, "story.pdf", pdf(STORY, "Both get 3.")) == f"{STORY}\n\nBoth get 3.\n"


def test_pages_without_words(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    with pytest.warns(ReadingWarning, match="1 of 2 pages hold no words"):
        assert read(tmp_path, "story.pdf", pdf(STORY, "")) == f"{STORY}\n"
    with pytest.raises(DescriptionError, match="PDF without any words") as error:
        read(tmp_path, "scan.pdf", pdf("", ""))
    assert "scanned" in error.value.hint


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page"])
def test_a_page_of_the_web(tmp_path: Path, name: str) -> None:
    pytest.importorskip("html5lib")
    pytest.importorskip("markdownify")
    page = (
        "<!DOCTYPE html><html><head><title>no</title><meta charset='windows-1252'></head>"
        f"<body><script>no()</script><nav>no</nav><p>{STORY}</p>"
        "<ol><li>Ann’s <b>move</b></ol><table><tr><th>Ann<th>Ben<tr><td>3<td>0</table>"
        "<img src='tree.png'></body></html>"
    )
    with pytest.warns(ReadingWarning, match="1 picture is not read") as noticed:
        told = read(tmp_path, name, page.encode("cp1252"))
    assert len(noticed) == 1
    assert told.startswith(STORY)
    assert "1. Ann’s **move**" in told
    assert "| 3 | 0 |" in told
    assert "no" not in told.split()


@pytest.mark.parametrize(
    ("name", "content", "words", "remedy"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word", "save it as .docx"),
        ("a.rtf", b"{\\rtf1 hello}", "rich text", "save it as .docx"),
        ("a.png", b"\x89PNG\r\n", "a picture", "in words"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "a picture", "in words"),
        ("a.docx", b"PK\x03\x04 damaged", "cannot be read", "plain text"),
        ("a.pdf", b"%PDF-1.4 damaged", "cannot be read", "plain text"),
    ],
)
def test_what_is_not_read_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, words: str, remedy: str
) -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(DescriptionError) as error:
        read(tmp_path, name, content)
    assert words in error.value.message
    assert name in error.value.message
    assert remedy in error.value.hint


def test_archives_that_are_no_word_document(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    with pytest.raises(DescriptionError, match="an OpenDocument file"):
        read(tmp_path, "a.odt", packed.getvalue())


def test_documents_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = docx(paragraph(STORY), **{"word/media/a.bin": bytes(documents.MAX_UNPACKED)})
    assert len(bomb) < 1_000_000
    with pytest.raises(DescriptionError, match="unpacks to more than"):
        read(tmp_path, "bomb.docx", bomb)
    with pytest.raises(DescriptionError, match="entities of its own"):
        read(tmp_path, "a.docx", _with_entities())
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    with pytest.raises(DescriptionError, match="is larger than"):
        read(tmp_path, "a.pdf", pdf(STORY))


def _with_entities() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return packed.getvalue()


@pytest.mark.parametrize(
    ("module", "name", "content"),
    [("mammoth", "a.docx", docx("")), ("pypdf", "a.pdf", pdf("")), ("bs4", "a.html", b"<html>")],
)
def test_without_the_extra_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str, content: bytes
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    for reading in (lambda: read(tmp_path, name, content), lambda: Survey(Corpus(tmp_path))):
        with pytest.raises(UserError) as error:
            reading()
        assert "not installed" in error.value.message
        assert 'pip install "nl2efg[documents]"' in error.value.hint


def test_a_folder_of_documents_is_a_corpus(tmp_path: Path) -> None:
    for module in ("mammoth", "html5lib", "markdownify", "pypdf"):
        pytest.importorskip(module)
    (tmp_path / "more").mkdir()
    written = {
        "a.txt": STORY.encode(),
        "b.docx": docx(paragraph(STORY)),
        "c.PDF": pdf(STORY),
        "more/d.html": f"<html><p>{STORY}</p></html>".encode(),
        "more/e.md": STORY.encode(),
        "more/f.tex": STORY.encode(),
        "g.docx": b"PK\x03\x04 damaged",
        "h.pdf": pdf(""),
        "i.txt": b"{\\rtf1 hello}",
        "README.md": b"Stories of two people.",
        "tree.png": b"\x89PNG",
        "more/e.txt": b"the same name",
    }
    for name, content in written.items():
        (tmp_path / name).write_bytes(content)
    units = {unit.id: unit for unit in Corpus(tmp_path).units()}
    assert " ".join(units) == "a b c g h i more/d more/e.md more/e.txt more/f"
    for name in ("a", "b", "c", "more/d", "more/e.md", "more/f"):
        assert (units[name].text.strip(), units[name].problem) == (STORY, "")
    for name, words in (("g", "cannot be read"), ("h", "without any words"), ("i", "rich text")):
        assert words in units[name].problem
    assert units["more/e.txt"].text == "the same name"
