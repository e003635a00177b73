"""Replies that already exist: a file with one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from nl2efg.errors import NotFoundError, UserError
from nl2efg.evaluation.trial import Trial
from nl2efg.text import load_json

if TYPE_CHECKING:
    from nl2efg.schema.built import Built

_LABELS = {
    "correct": True,
    "right": True,
    "true": True,
    "pass": True,
    "incorrect": False,
    "wrong": False,
    "false": False,
    "fail": False,
}
_NO_LABELS = (None, "", "error")
"""``error`` is what the benchmark's checker says where it crashed, too."""


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """One line of a replies file.

    Args:
        id: its name.
        game: the game of the corpus that it is a reply to.
        reply: what the model wrote.
        model, setting: who wrote it, and how it was asked.
        label: whether a person found it right; None where nobody looked.
    """

    id: str
    game: str
    reply: str
    model: str = ""
    setting: str = ""
    label: bool | None = None


def load_replies(file: Path) -> tuple[list[RecordedReply], list[str]]:
    """Read replies; also what is wrong with the lines that could not be used.

    Each line is an object with ``game`` and ``reply``, and perhaps ``id``, ``model``, ``setting``
    and ``label`` (``correct`` or ``incorrect``). The rows of the benchmark *Game Description
    Consistency* are read too: ``efg`` for the reply, ``method`` for the setting, the labels
    ``pass`` and ``fail``; ``error`` is no label.

    Raises:
        NotFoundError: there is no such file.
        UserError: no line can be used.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {file}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read: {error}") from None
    found: list[RecordedReply] = []
    problems: list[str] = []
    # Not splitlines(): JSON strings may hold the other characters that it takes for line ends.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(_reply(line, number))
        except ValueError as error:
            problems.append(f"{file}:{number}: {error}")
    if not found:
        raise UserError(
            f"{file}: no line is a reply" + (f"; {problems[0]}" if problems else ""),
            hint='each line is an object such as {"game": "nim", "reply": "…", "model": "…"}',
        )
    return found, problems


def _reply(line: str, number: int) -> RecordedReply:
    try:
        data: Any = load_json(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("no JSON: it is nested too deeply") from None
    if not isinstance(data, dict):
        raise ValueError("not an object")
    if "reply" not in data and "efg" in data:
        data |= {"reply": data["efg"], "setting": data.get("method")}
        if data["reply"] is None:
            raise ValueError("the generated text is not kept")
    for field in ("game", "reply"):
        if not isinstance(data.get(field), str):
            raise ValueError(f"the field {field!r} is missing or is no text")
    label = data.get("label")
    known = None if label in _NO_LABELS else _LABELS.get(str(label).casefold())
    if label not in _NO_LABELS and known is None:
        raise ValueError(f"the label {label!r} is neither 'correct' nor 'incorrect'")
    return RecordedReply(
        id=str(data.get("id", f"line {number}")),
        game=data["game"],
        reply=data["reply"],
        model=str(data.get("model") or ""),
        setting=str(data.get("setting") or ""),
        label=known,
    )


def trials_of(
    replies: Iterable[RecordedReply],
    build: Callable[[str], Built],
    progress: Callable[[], None] = lambda: None,
) -> list[Trial]:
    """Build every reply.

    Args:
        replies: what to build.
        build: makes a game of a whole reply; see :func:`nl2efg.frontend.program_reply.build_reply`.
        progress: called after each.

    Raises:
        SandboxError: the machine offers no isolation.
    """
    found = []
    for reply in replies:
        start = perf_counter()
        built = build(reply.reply)
        found.append(
            Trial(
                id=reply.id,
                game=reply.game,
                tree=built.tree,
                model=reply.model,
                setting=reply.setting,
                label=reply.label,
                diagnostics=built.diagnostics,
                seconds=perf_counter() - start,
            )
        )
        progress()
    return found
