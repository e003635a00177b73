"""Descriptions: where they come from, and what cannot be one."""

from __future__ import annotations

import os
from os import PathLike, fspath
from pathlib import Path

from nl2efg.decoding import decoded
from nl2efg.errors import DescriptionError, FormatError, NotFoundError, expect
from nl2efg.pipeline import documents
from nl2efg.pipeline.examples import Example, examples

MAX_CHARACTERS = 100_000
MAX_BYTES = 4_000_000

MAX_NAME = 1_000
"""A longer text is no path."""

_ENDINGS = {".txt", ".md", ".tex", ".html", ".htm", ".docx", ".pdf", ".efg"}

Description = str | PathLike[str] | Example
"""A text, the path of a text file, or a bundled game."""


def text_and_name(description: Description) -> tuple[str, str]:
    """The text of a description, and a name for its files (empty for a bare text).

    Args:
        description: the text itself, a path object, or a bundled game.

    Raises:
        DescriptionError: a file that is no text, or that holds a game already; or a text that is
            the name of a file or of a bundled game.
        UserError: none of these.
        NotFoundError: a file that is not there.
    """
    if isinstance(description, Example):
        return description.text, description.name
    if isinstance(description, str):
        _refuse_names(description)
        return description, ""
    expect(description, PathLike, "description", hint="give a text, a path object or an example")
    return read_description(description), Path(description).stem


def _refuse_names(text: str) -> None:
    """Refuse a text that names a file or a bundled game: no model shall be paid for reading it."""
    name = text.strip()
    if len(name.split()) != 1 or len(name) > MAX_NAME:
        return
    if name in {found.name for found in examples()}:
        called = f"nl2efg.compile(nl2efg.example({name!r}))"
    elif os.path.splitext(name)[1].lower() in _ENDINGS or os.path.exists(name):
        called = f"nl2efg.compile(pathlib.Path({name!r}))"
    else:
        return
    raise DescriptionError(f"{name!r} is a name, not a description", hint=f"{called} reads it")


def read_description(path: str | PathLike[str], encoding: str = "") -> str:
    """The text of a file: plain text, Markdown or LaTeX, or the words of a document.

    Args:
        path: the file. HTML, .docx and PDF take the ``documents`` extra.
        encoding: that of a plain text; empty: it is known by its looks.

    Raises:
        DescriptionError: it is no text, or a game, a picture, data or a program.
        NotFoundError: it cannot be read, or is a folder.
        UserError: there is no such encoding, or a document's extractor is not installed.
    """
    name = fspath(path)
    # Not Path.is_dir(): it raises for names that are too long, such as a whole description.
    if os.path.isdir(path):
        raise NotFoundError(
            f"{name} is a folder, not a description",
            hint="give a text file; `nl2efg batch` converts folders",
        )
    try:
        with Path(path).open("rb") as file:
            content = file.read(documents.MAX_BYTES + 1)
    except OSError as error:
        raise NotFoundError(f"cannot read {name}: {error.strerror}") from None
    found = documents.document_text(content, name)
    if found is None:
        found = decode_description(content[:MAX_BYTES], name, encoding)
    refuse_other_than_prose(found, name)
    return found


def refuse_other_than_prose(text: str, source: str = "") -> None:
    """Refuse a game, a picture, data or a program: no model shall be paid for reading it.

    Args:
        text: the text.
        source: the name of its file, whose ending tells too; empty for a bare text.

    Raises:
        DescriptionError: it is one of these, with what to do with it.
    """
    from nl2efg.formats.not_prose import not_prose

    found = not_prose(text, source)
    if found is not None:
        what, remedy = found
        raise DescriptionError(f"{source or 'the text'} is {what}, not a description", hint=remedy)


def decode_description(content: bytes, source: str, encoding: str = "") -> str:
    """The text of bytes.

    Args:
        content: the bytes.
        source: where they come from, for the message.
        encoding: theirs; empty: it is known by its looks, and said where it is not UTF-8.

    Raises:
        DescriptionError: they are no text.
        UserError: there is no such encoding.
    """
    try:
        return decoded(content, source, encoding)
    except FormatError as error:
        raise DescriptionError(
            error.message, hint=error.hint or "save it as plain text in UTF-8"
        ) from None


def check_description(text: str) -> None:
    """Refuse what cannot be a description.

    Args:
        text: the text.

    Raises:
        DescriptionError: it is empty, binary, longer than ``MAX_CHARACTERS``, or a game, a picture,
            data or a program.
    """
    if not text.strip():
        raise DescriptionError("the description is empty", hint="tell a game in a few sentences")
    if "\0" in text:
        raise DescriptionError(
            f"the description is binary: character {text.index(chr(0)) + 1} is NUL",
            hint="give plain text in UTF-8",
        )
    if len(text) > MAX_CHARACTERS:
        raise DescriptionError(
            f"the description has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read",
            hint="cut it to the part that tells the game",
        )
    refuse_other_than_prose(text)
