"""JSON found in a reply, and what is wrong with it in words a model can act on.

The one reader of every stage whose reply is JSON. Models wrap the object in prose, fences, thoughts
and other objects, give it twice, or leave a comma at an end; none of that changes what they say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from nl2efg.errors import ReplyError
from nl2efg.frontend.thoughts import without_thoughts
from nl2efg.text import load_json

Shape = TypeVar("Shape", bound=BaseModel)

MAX_PROBLEMS = 12
MAX_WORK = 1_000_000
"""Characters that are read in vain at most, looking for where an object begins."""

MAX_WRAPPERS = 3
_MAX_NAMED = 8
_START = re.compile(r'\{\s*+(?=["{}])|\[\s*+(?=\{)')
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=\s*+[}\]])', re.DOTALL)


class JsonReplyError(ReplyError):
    """The reply's JSON is missing or of the wrong shape; ``problems`` lists all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Found:
    """A JSON value at a place of the reply, or why there is none."""

    value: Any = None
    problem: str = ""


def parse_json(reply: str, shape: type[Shape]) -> Shape:
    """The object of type ``shape`` in a reply.

    Of several objects the one with most of the shape's fields counts, the last where they tie. An
    object inside one other is unwrapped. An object with none of the fields is not taken, even where
    each field has a default: ``{}`` or ``{"error": …}`` answers nothing.

    Args:
        reply: what the model wrote.
        shape: a pydantic model.

    Raises:
        JsonReplyError: there is none, or it does not validate.
    """
    known = frozenset(shape.model_fields)
    value = _unwrapped(_answer(reply.strip().lstrip("\ufeff"), known), known)
    if not isinstance(value, dict) or not known & value.keys():
        raise JsonReplyError([_unknown(value, known)])
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise JsonReplyError(_in_words(error)) from None


def _answer(reply: str, known: frozenset[str]) -> Any:
    """The JSON value in a reply that answers, wrapped perhaps.

    Raises:
        JsonReplyError: there is none.
    """
    if reply.startswith("{"):
        # An object alone is never searched for thoughts: the marks may stand in what it quotes.
        with suppress(ValueError, RecursionError):
            return load_json(reply)
    answer, open_thought = without_thoughts(reply)
    best, most = None, -1
    problem = ""
    for found in _values(answer, known):
        if found.problem:
            # An object that cannot be read takes the place of drafts before it.
            best, most, problem = None, -1, found.problem
            continue
        value = _unwrapped(found.value, known)
        count = len(known & value.keys()) if isinstance(value, dict) else -1
        if count >= max(most, 1) or best is None:
            best, most = found, count
    if best is not None and (most > 0 or not (problem or open_thought)):
        return best.value
    if open_thought and not problem:
        problem = "the reply ends within its thoughts, before the answer"
    raise JsonReplyError([problem or "there is no JSON object in the reply"])


def _values(text: str, known: frozenset[str]) -> Iterator[_Found]:
    """Every object and list in a text that is not part of another one, in order."""
    expected = re.compile(rf'\{{\s*+"(?:{"|".join(map(re.escape, sorted(known)))})"\s*+:')
    end = 0
    work = MAX_WORK
    unreadable = ""
    for match in _START.finditer(text):
        start = match.start()
        if start < end:
            continue
        try:
            value, end = _read(text, start)
        except (ValueError, RecursionError) as error:
            said = f"the JSON cannot be read: {error}"
            unreadable = unreadable or said
            if expected.match(text, start):
                yield _Found(problem=said)
            work -= len(text) - start
            if work < 0:
                yield _Found(problem=said)
                return
            continue
        unreadable = ""
        yield _Found(value)
    if unreadable and not end:
        yield _Found(problem=unreadable)


def _read(text: str, start: int) -> tuple[Any, int]:
    """The JSON value at a place of a text, and where it ends.

    Raises:
        ValueError, RecursionError: there is none that can be read.
    """
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
        return load_json(text[start:end]), end
    except ValueError:
        end = _end(text, start)
        mended = _STRING_OR_COMMA.sub(lambda match: match[1] or "", text[start:end])
        return load_json(mended), end


def _end(text: str, start: int) -> int:
    """Where the brackets that open at a place are closed; the text's end if they are not."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, start):
        if match[0] in ("{", "["):
            depth += 1
        elif match[0] in ("}", "]"):
            depth -= 1
            if not depth:
                return match.end()
    return len(text)


def _unwrapped(value: Any, known: frozenset[str]) -> Any:
    """What is inside wrappers: ``{"sketch": {…}}``, ``[{…}]``, a tool call with its arguments."""
    for _ in range(MAX_WRAPPERS):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
            continue
        if not isinstance(value, dict):
            return value
        if value.get("type") == "object" and isinstance(value.get("properties"), dict):
            value = value["properties"]  # the schema echoed, with the answer in it or without
            continue
        if known & value.keys():
            return value
        inner = [part for part in map(_as_object, value.values()) if part is not None]
        answers = [part for part in inner if known & part.keys()] or inner
        if len(answers) != 1:
            return value
        value = answers[0]
    return value


def _as_object(value: Any) -> dict[str, Any] | None:
    """An object, given as one or as JSON text, as tool calls carry their arguments."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = load_json(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _unknown(value: Any, known: frozenset[str]) -> str:
    if not isinstance(value, dict):
        return "the reply's JSON is not an object"
    keys = ", ".join(sorted(known)[:_MAX_NAMED])
    has = ", ".join(map(repr, list(value)[:_MAX_NAMED])) or "nothing"
    return f"the reply's object has none of the keys that were asked for ({keys}); it has {has}"


def _in_words(error: ValidationError) -> list[str]:
    problems = [
        f"{'.'.join(map(str, entry['loc'])) or 'the object'}: {entry['msg']}"
        for entry in error.errors()
    ]
    if len(problems) > MAX_PROBLEMS:
        problems[MAX_PROBLEMS:] = [f"and {len(problems) - MAX_PROBLEMS} more of the kind"]
    return problems
