"""Targets that read what models, services and files say; as those of :mod:`tests.fuzz.games`."""

from __future__ import annotations

import atexit
import io
import json
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from nl2efg.checks import check
from nl2efg.dialect.execution import execute
from nl2efg.errors import Nl2efgError, UserError
from nl2efg.examination import compare_answers, make_questions
from nl2efg.examination.answers import Reply as ExaminationReply
from nl2efg.examination.answers import read_answers
from nl2efg.formats import read_efg
from nl2efg.frontend.critique import Critique
from nl2efg.frontend.json_reply import JsonReplyError, parse_json
from nl2efg.frontend.open_points import Reply as OpenPointsReply
from nl2efg.frontend.program_reply import programs
from nl2efg.frontend.reply_file import read_reply_file
from nl2efg.gambit import to_code
from nl2efg.json_lines import read_json_lines
from nl2efg.models import Message
from nl2efg.models.budget import Spent
from nl2efg.models.continuation import join
from nl2efg.models.openai.bounds import TooLargeError
from nl2efg.models.openai.completion import partial_reply, read_completion
from nl2efg.models.openai.events import Assembly
from nl2efg.models.openai.retry import Transient
from nl2efg.models.reply_files import read_reply
from nl2efg.models.settings import Settings
from nl2efg.pipeline.descriptions import check_description, decode_description
from nl2efg.pipeline.documents import document_text
from nl2efg.pipeline.folder import read_record
from nl2efg.pipeline.loading import restored_solution
from nl2efg.pipeline.pdf_text import read_pages
from nl2efg.pipeline.versions import HISTORY_FILE, continued, edited_files, read_history
from nl2efg.reading import read_sketch
from nl2efg.sandbox.limits import Limits
from nl2efg.sandbox.protocol.encoding import ChannelError, decode, encode
from nl2efg.schema.sketch import Sketch
from tests.fuzz.games import GAMES, NODES, bundled, bundled_games, chosen

_MAGIC = b"N2E1"
_SETTINGS = Settings("m", "http://h/v1", key="sk-fuzz")
_ASKED = (Message("user", "A story."),)


@cache
def _folder() -> Path:
    """A folder for what is only read from files."""
    folder = tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def channel(data: bytes) -> None:
    """The result of a run."""
    with suppress(ChannelError):
        found = decode(_MAGIC + data, Limits(nodes=NODES))
        if found.game is not None:
            with suppress(ValueError):
                found.game.to_tree()


def reply(data: bytes) -> None:
    """What a model wrote."""
    programs(data.decode("utf-8", "replace"))


def sketch(data: bytes) -> None:
    """A reply of stage 1: its sketch is read as a game, which is checked against it."""
    with suppress(JsonReplyError):
        found = parse_json(data.decode("utf-8", "replace"), Sketch)
        game = read_sketch(found)
        if game.tree is not None:
            check(game.tree, sketch=found, text=found.title)


def answers(data: bytes) -> None:
    """A reply of the examination, held against the tree."""
    tree, text = chosen(data, bundled())
    questions = make_questions(tree)
    with suppress(JsonReplyError):
        compare_answers(questions, read_answers(parse_json(text, ExaminationReply), questions))
    for shape in (Critique, OpenPointsReply):
        with suppress(JsonReplyError):
            parse_json(text, shape)


def joined(data: bytes) -> None:
    """A reply that goes on: nothing of what came before is lost."""
    first, _, more = data.decode("utf-8", "replace").partition("\0")
    whole = join(first, more)
    if not whole.startswith(first) and not more.endswith(whole):
        raise AssertionError("a part of what came first is lost")


def completion(data: bytes) -> None:
    """The body of a service's answer."""
    with suppress(ValueError, RecursionError):
        found = json.loads(data)
        if isinstance(found, dict):
            spent = Spent()
            with suppress(Nl2efgError, Transient):
                read_completion(found, _SETTINGS, _ASKED, spent, headers={})
            partial_reply(found, _SETTINGS, spent)
            if not 0 <= spent.cost < float("inf"):
                raise AssertionError(f"it cost {spent.cost}")


def events(data: bytes) -> None:
    """A streamed answer, line by line."""
    assembly = Assembly()
    with suppress(ValueError, RecursionError, TooLargeError):
        for line in data.split(b"\n"):
            assembly.add_line(line.rstrip(b"\r"))
    completion(json.dumps(assembly.completion()).encode())


def record(data: bytes) -> None:
    """``compilation.json``; of a game that it holds the equilibria are certified anew."""
    file = _folder() / "compilation.json"
    file.write_bytes(data)
    with suppress(UserError):
        found = read_record(file)
        if found.efg is not None:
            restored_solution(read_efg(found.efg, notices=[]), found)


def history(data: bytes) -> None:
    """``history.json``, and the one that follows it."""
    (_folder() / HISTORY_FILE).write_bytes(data)
    with suppress(UserError):
        found = read_history(_folder())
        edited_files(_folder())
        assert found is not None
        after = continued(found, None, {"game.efg": "x"})
        if len({each.number for each in after.versions}) < len(
            {each.number for each in found.versions}
        ):
            raise AssertionError("a version is lost")


def kept(data: bytes) -> None:
    """A reply in the user's cache, and files of replies."""
    file = _folder() / "kept.json"
    file.write_bytes(data)
    read_reply(file)
    for line in read_json_lines(io.BytesIO(data), 2000):
        repr(line)
    for each in read_reply_file(file):
        each.text("setting")


def _document(content: bytes, name: str) -> None:
    with suppress(Nl2efgError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document_text(content, name)


def prose(data: bytes) -> None:
    """A description as a file: its encoding, whether it is one, and a game held against it."""
    with suppress(UserError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = decode_description(data, "story.txt")
        check_description(text)
        for tree in bundled():
            check(tree, text=text)


def html(data: bytes) -> None:
    """A page."""
    _document(data, "page.html")


def docx(data: bytes) -> None:
    """The body of a document of Word."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", data)
    _document(packed.getvalue(), "story.docx")


def pdf(data: bytes) -> None:
    """A PDF."""
    with suppress(Exception), warnings.catch_warnings():  # whatever ends the process that reads
        warnings.simplefilter("ignore")
        read_pages(b"%PDF" + data, 10_000)


def runs() -> Iterator[bytes]:
    """Results of the bundled games' programs, and of one with a fault."""
    for text in bundled_games():
        run = execute(to_code(read_efg(text.decode())), max_nodes=NODES)
        yield encode(run).removeprefix(_MAGIC)
    yield encode(execute("import os\n)", max_nodes=NODES)).removeprefix(_MAGIC)


def replies() -> Iterator[bytes]:
    """Replies with programs and files in them."""
    for text in bundled_games():
        code = to_code(read_efg(text.decode()))
        yield f"<think>A game.</think>\nHere it is:\n```python\n{code}```\nDone.\n".encode()
        yield b"The file:\n\n~~~efg\n" + text + b"\n~~~\nTrying again\n"


def sketches() -> Iterator[bytes]:
    """What was recorded of stage 1, the short ones."""
    for file in sorted(GAMES.glob("*/replies.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            text = said.get("text") or said.get("reply") or ""
            start, end = text.find("{"), text.rfind("}")
            if '"players"' in text and end - start < 5000:
                yield text[start : end + 1].encode()


def examinations() -> Iterator[bytes]:
    """Answers of several shapes."""
    yield b'\0{"K": {"K1": ["a King", 2], "2": "?"}, "E": {"E1": ["1", "-1"], "E2": ["?", "#2"]}}'
    yield b'\1{"E": {"1": ["rank 1", 0.5]}, "C": {"C1": ["1/2", "1/2"]}, "answers": [1]}'
    yield b'\2{"contradictions": [{"part": "x", "text": "y"}], "points": []}'


def continuations() -> Iterator[bytes]:
    """Replies that were cut."""
    yield b"```python\ng = 1\nx = g.pl\0g.players\n```"
    yield b"<think>so</think>One two three\0<think>hm</think>```python\nfour\n```"


def completions() -> Iterator[bytes]:
    """Bodies of several services."""
    choice = '{"message": {"content": "Hello"}, "finish_reason": "stop"}'
    yield f'{{"choices": [{choice}], "usage": {{"prompt_tokens": 3}}, "model": "m"}}'.encode()
    yield b'{"error": {"message": "no", "code": 429, "metadata": {"raw": "{}"}}, "detail": []}'
    yield b'{"choices": [{"message": {"content": [{"type": "thinking"}, {"text": "x"}]}}]}'
    yield b'{"choices": [], "prompt_feedback": {"x": 1}, "usage": {"cost": 1, "is_byok": true}}'


def streams() -> Iterator[bytes]:
    """Streamed answers."""
    piece = b'data: {"choices": [{"delta": {"content": "He"}}], "usage": {"total_tokens": 9}}\n\n'
    yield piece * 2 + b"data: [DONE]\n\n"
    yield b': wait\ndata: {"choices": [{"message": {"content":\ndata: "x"}}]}\n\ndata: {"error": 1}'


def records() -> Iterator[bytes]:
    """A record as nl2efg writes it."""
    for file in sorted(Path(__file__).with_name("seeds").glob("record-*.json")):
        yield file.read_bytes()


def histories() -> Iterator[bytes]:
    """A history with three versions."""
    versions = ('{"number": 1}', '{"number": 2, "parent": 1, "how": "set", "words": "--rename"}')
    yield f'{{"current": 2, "versions": [{", ".join(versions)}], "files": {{}}}}'.encode()


def kept_replies() -> Iterator[bytes]:
    """A kept reply, and lines of a file of replies."""
    yield (
        b'{"stage": "code", "sample": 0, "text": "x", "model": "m", "prompt_tokens": 1, '
        b'"completion_tokens": 2, "cost": 0.5, "note": ""}\n'
    )
    yield b'{"id": "a", "reply": "x", "game": "nim"}\n\n[1]\n{"id": 2, "efg": "y", "text": "z"}'


_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pages() -> Iterator[bytes]:
    """Pages with a table, a list and entities."""
    yield (
        b"<!doctype html><html><head><meta charset=latin1></head><body><h1>T</h1><p>A &amp; B"
        b"<table><tr><td>1<td>2</table><ul><li>x<ol><li>y</ol></ul><img src=a><pre>q</pre>"
    )
    yield (
        b"<html><p>x<sup>2</sup><math><mfrac><mi>a</mi><mn>3</mn></mfrac><msubsup><mi>x</mi><mn>1"
        b"</mn><mo>+</mo></msubsup><mfenced open='['><mtable><mtr><mtd><mi>a</mi></mtd></mtr>"
        b"</mtable></mfenced><annotation encoding=TeX>a/3</annotation></math>"
        b"<td colspan=3><ol start=4>"
    )


def descriptions() -> Iterator[bytes]:
    """The bundled descriptions, the short ones, and some texts that are none."""
    for file in sorted(GAMES.glob("*/*.txt")):
        if file.stat().st_size < 1500:
            yield file.read_bytes()
    yield "Zwei Spieler; Ann zieht: 1\u20442 oder 3.".encode("utf-16")
    yield b"import a\ndef f(): pass\n"
    yield b'player 1 name A\nlevel 0 node 1\n{"a": [1]} digraph "x" {'


def word_bodies() -> Iterator[bytes]:
    """A body with a table and a list."""
    run = "<w:p><w:r><w:t>Ann moves.</w:t></w:r></w:p>"
    word = "<m:r><m:t>x</m:t></m:r>"
    formula = (
        f"<m:oMath><m:f><m:num>{word}</m:num><m:den>{word}</m:den></m:f><m:d><m:dPr><m:sepChr "
        f'm:val=";"/></m:dPr><m:e>{word}</m:e><m:e/></m:d><m:m><m:mr><m:e>{word}</m:e></m:mr></m:m>'
        f"<m:nary><m:sub>{word}</m:sub><m:e><m:rad><m:deg/><m:e>{word}</m:e></m:rad></m:e>"
        "</m:nary></m:oMath>"
    )
    yield (
        f'<w:document xmlns:w="{_WORD}" xmlns:m="{_MATH}"><w:body><w:p>{formula}<m:oMathPara>'
        f"{formula}</m:oMathPara></w:p></w:body></w:document>"
    ).encode()
    cell = f"<w:tbl><w:tr><w:tc>{run}</w:tc></w:tr></w:tbl>"
    yield f'<w:document xmlns:w="{_WORD}"><w:body>{run}{cell}</w:body></w:document>'.encode()


def portable_documents() -> Iterator[bytes]:
    """A page with a line of text."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[4 0 R]/Count 1>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>>>>>",
        "<</Length 44>>stream\nBT /F1 12 Tf 72 720 Td [(Ann) -9 (moves)] TJ ET\nendstream",
    )
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, 1))
    yield f"-1.4\n{body}trailer<</Size 6/Root 1 0 R>>\nstartxref\n0\n%%EOF\n".encode()
