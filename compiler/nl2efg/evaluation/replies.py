"""Replies that already exist: a file with one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from nl2efg.errors import UserError
from nl2efg.evaluation.trial import Trial
from nl2efg.frontend.reply_file import ReplyLine, read_reply_file

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
    found: list[RecordedReply] = []
    problems: list[str] = []
    for line in read_reply_file(file):
        try:
            found.append(_reply(line))
        except ValueError as error:
            problems.append(line.problem or f"{file}:{line.number}: {error}")
    if not found:
        raise UserError(
            f"{file}: no line is a reply" + (f"; {problems[0]}" if problems else ""),
            hint='each line is an object such as {"game": "nim", "reply": "…", "model": "…"}',
        )
    return found, problems


def _reply(line: ReplyLine) -> RecordedReply:
    if line.problem:
        raise ValueError(line.problem)
    if not isinstance(line.data.get("game"), str):
        raise ValueError("the field 'game' is missing or is no text")
    label = line.data.get("label")
    known = None if label in _NO_LABELS else _LABELS.get(str(label).casefold())
    if label not in _NO_LABELS and known is None:
        raise ValueError(f"the label {label!r} is neither 'correct' nor 'incorrect'")
    return RecordedReply(
        id=str(line.data.get("id", f"line {line.number}")),
        game=line.data["game"],
        reply=line.reply,
        model=line.text("model"),
        setting=line.text("setting" if "reply" in line.data else "method"),
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
