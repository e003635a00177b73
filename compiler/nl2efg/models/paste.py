"""A person with a chat window as the model: prompts go out and replies come in by hand."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from nl2efg.errors import NoModelError, ReplyError, UserError
from nl2efg.models.port import Message, Reply, Request
from nl2efg.text import terminal_text

END = "."
MAX_LINE_LENGTH = 4095
"""Bytes of one line that a terminal of Linux passes on; it drops the rest without a word."""


@dataclass
class PasteModel:
    """Shows prompts, and reads replies from the terminal or from files.

    With ``folder`` nothing is asked: each prompt is written there, and its reply is read from the
    file beside it. Where that is missing, the error says so; put it there and start again.

    Args:
        folder: where prompts and replies are kept as files; None to use the terminal.
        lines: where replies are typed; by default stdin, which must be a terminal.
        screen: where prompts and instructions are shown; by default stderr.
    """

    folder: Path | None = None
    lines: TextIO | None = None
    screen: TextIO | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def name(self) -> str:
        """Which model it is only the person knows."""
        return "pasted"

    @property
    def identity(self) -> str:
        """Typed replies are worth keeping; those in a folder are kept there already."""
        return "" if self.folder else "pasted"

    async def complete(self, request: Request) -> Reply:
        """Answer one request.

        Raises:
            NoModelError: there is no file with the reply yet.
            ReplyError: the reply is empty, or was cut by the terminal.
            UserError: there is no terminal to read it from, or a file cannot be used.
        """
        prompt = prompt_text(request.messages)
        # Nothing else can go on while a person pastes: one request at a time, in this thread.
        with self._turn:
            text = self._from_file(request, prompt) if self.folder else self._typed(request, prompt)
        if not text.strip():
            raise ReplyError(
                f"the reply for stage {request.stage} is empty",
                hint="paste what the chat window answered",
            )
        return Reply(text=text, model=self.name)

    def _from_file(self, request: Request, prompt: str) -> str:
        assert self.folder is not None
        stem = f"{request.sample + 1}-{request.stage}"
        asked, answered = self.folder / f"{stem}.prompt.txt", self.folder / f"{stem}.reply.txt"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if answered.is_file() and asked.is_file() and asked.read_text("utf-8") != prompt:
                raise NoModelError(
                    f"{answered} answers an earlier prompt than {asked.name} should hold now",
                    hint=f"remove {answered} and {asked}, and start again",
                )
            asked.write_text(prompt, encoding="utf-8")
            if answered.is_file():
                return answered.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{self.folder}: {error}", hint="name a folder of UTF-8 text") from None
        raise NoModelError(
            f"there is no reply for stage {request.stage} yet",
            hint=f"paste {asked} into a chat window, save the answer as {answered}, and start over",
        )

    def _typed(self, request: Request, prompt: str) -> str:
        lines = sys.stdin if self.lines is None else self.lines
        screen = sys.stderr if self.screen is None else self.screen
        if self.lines is None and not lines.isatty():
            raise UserError(
                "stdin is no terminal, so no reply can be pasted into it",
                hint="run it in a terminal, with the description in a file",
            )
        try:
            with interruptible():
                _show_prompt(request, prompt, screen)
                return _read_reply(lines)
        except UnicodeDecodeError as error:
            raise ReplyError(
                f"what was pasted is not text: {error}",
                hint="save the answer in a UTF-8 file, and type @FILE",
            ) from None


def _show_prompt(request: Request, prompt: str, screen: TextIO) -> None:
    print(f"===== prompt for stage {request.stage}: copy from here =====", file=screen)
    print(terminal_text(prompt), file=screen)
    print("===== to here, into a chat window =====", file=screen)
    print(
        f"Paste the whole answer, then a line with a single {END!r} (or Ctrl-D); or type @FILE "
        "if you saved it in a file:",
        file=screen,
        flush=True,
    )


def prompt_text(messages: Sequence[Message]) -> str:
    """A conversation as one text for a chat window that starts afresh."""
    if len(messages) <= 2 and all(message.role != "assistant" for message in messages):
        return "\n\n".join(message.content for message in messages)
    names = {"system": "Instructions", "user": "Asked", "assistant": "Your answer"}
    return "\n\n".join(f"## {names[message.role]}\n\n{message.content}" for message in messages)


def _read_reply(lines: TextIO) -> str:
    found: list[str] = []
    for line in lines:
        bare = line.rstrip("\r\n")
        if bare == END:
            break
        if not found and bare.startswith("@") and len(bare) > 1:
            return _read_file(Path(bare[1:].strip()))
        if len(bare.encode()) >= MAX_LINE_LENGTH:
            raise ReplyError(
                f"line {len(found) + 1} of the reply is longer than a terminal passes on",
                hint="save the answer in a file, and type @FILE",
            )
        found.append(line)
    return "".join(found)


def _read_file(file: Path) -> str:
    try:
        return file.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {file}: {error}", hint="@ takes a UTF-8 file") from None


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C stop a read at once: asyncio's own handler would wait for the next line."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
