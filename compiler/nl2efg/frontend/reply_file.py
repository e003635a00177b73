"""Files of replies: what models wrote, an object a line, for whoever builds, judges or replays.

::

    {"id": "a1", "reply": "...", "game": "nim", "text": "...", "model": "...", "setting": "...",
     "label": "correct"}

Only ``reply`` must be there, and what the reader of the file needs. The rows of the benchmark *Game
Description Consistency* have it under ``efg``, and ``method`` for the setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nl2efg.errors import NotFoundError, UserError
from nl2efg.json_lines import read_json_lines
from nl2efg.storage import open_regular

MAX_REPLY_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """One line of a file of replies.

    Args:
        number: of the line, from 1.
        id: its name; the number of the line where it has none.
        reply: what a model wrote; empty if the line cannot be used.
        data: all that the line says.
        problem: why it cannot be used, with file and line; empty if it can.
    """

    number: int
    id: Any
    reply: str
    data: dict[str, Any]
    problem: str = ""

    def text(self, field: str) -> str:
        """A further field as text; empty where it is missing."""
        return str(self.data.get(field) or "")


def read_reply_file(path: Path) -> Iterator[ReplyLine]:
    """The lines of a file of replies, one at a time.

    Raises:
        NotFoundError: there is no such file.
        UserError: it cannot be read.
    """
    try:
        file = open_regular(path)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {path}") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    with file:
        for line in read_json_lines(file, MAX_REPLY_LINE):
            known = line.data.get("id", line.number)
            field = "efg" if "reply" not in line.data and "efg" in line.data else "reply"
            reply = line.data.get(field)
            problem = line.problem and f"{path}:{line.number}: {line.problem}"
            if not problem and not isinstance(reply, str):
                problem = f"{path}:{line.number}: there is no text under {field!r}"
            usable = reply if isinstance(reply, str) and not problem else ""
            yield ReplyLine(line.number, known, usable, line.data, problem)
