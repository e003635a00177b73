"""A person with a chat window as the model."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from nl2efg.errors import NoModelError, ReplyError, UserError
from nl2efg.models import Message, Reply, Request
from nl2efg.models.paste import MAX_LINE_LENGTH, PasteModel, prompt_text

pytestmark = pytest.mark.process

MESSAGES = (Message("system", "You write games."), Message("user", "Two players …"))


def request(stage: str = "code", messages: tuple[Message, ...] = MESSAGES) -> Request:
    return Request(stage, messages, "Two players …")


def typed(text: str) -> tuple[Reply, str]:
    """What comes of typing this, and what was on the screen."""
    screen = io.StringIO()
    model = PasteModel(lines=io.StringIO(text), screen=screen)
    return asyncio.run(model.complete(request())), screen.getvalue()


def test_a_reply_ends_with_a_lone_full_stop() -> None:
    reply, screen = typed("```python\nx = 1.\n..\n```\n.\nnot read\n")
    assert reply == Reply("```python\nx = 1.\n..\n```\n", "pasted")
    assert "You write games.\n\nTwo players …" in screen
    assert "'.'" in screen
    assert "@FILE" in screen


def test_a_reply_ends_with_the_input() -> None:
    assert typed("a\nb")[0].text == "a\nb"


@pytest.mark.parametrize("text", ["", ".\n", "\n \n.\n"])
def test_an_empty_reply_is_said(text: str) -> None:
    with pytest.raises(ReplyError, match="the reply for stage code is empty"):
        typed(text)


def test_a_reply_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text("from a file ü", encoding="utf-8")
    assert typed(f"@{tmp_path / 'reply.txt'}\n")[0].text == "from a file ü"
    with pytest.raises(UserError, match="cannot read"):
        typed(f"@{tmp_path / 'none.txt'}\n")


def test_an_at_sign_further_down_is_text() -> None:
    assert typed("code:\n@decorator\n.\n")[0].text == "code:\n@decorator\n"


def test_a_line_that_the_terminal_cut_is_said() -> None:
    with pytest.raises(ReplyError, match="line 2 of the reply is longer") as caught:
        typed("a\n" + "x" * MAX_LINE_LENGTH + "\n.\n")
    assert "@FILE" in caught.value.hint


def test_bytes_that_are_no_text_are_said() -> None:
    lines = io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n.\n"), encoding="utf-8")
    model = PasteModel(lines=lines, screen=io.StringIO())
    with pytest.raises(ReplyError, match="is not text"):
        asyncio.run(model.complete(request()))


def test_a_prompt_cannot_steer_the_terminal() -> None:
    screen = io.StringIO()
    model = PasteModel(lines=io.StringIO("hi\n.\n"), screen=screen)
    asyncio.run(model.complete(request(messages=(Message("user", "\x1b]0;gotcha\x07"),))))
    assert "\x1b" not in screen.getvalue()


def test_without_a_terminal_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hi\n.\n"))
    with pytest.raises(UserError, match="stdin is no terminal") as caught:
        asyncio.run(PasteModel().complete(request()))
    assert caught.value.hint


def test_conversations_become_one_text() -> None:
    assert prompt_text(MESSAGES) == "You write games.\n\nTwo players …"
    longer = (*MESSAGES, Message("assistant", "```"), Message("user", "Mend it."))
    assert prompt_text(longer).endswith("## Your answer\n\n```\n\n## Asked\n\nMend it.")


def test_files_carry_prompt_and_reply(tmp_path: Path) -> None:
    model = PasteModel(tmp_path / "chat")
    with pytest.raises(NoModelError, match="no reply for stage code yet") as caught:
        asyncio.run(model.complete(request()))
    prompt, reply = tmp_path / "chat/1-code.prompt.txt", tmp_path / "chat/1-code.reply.txt"
    assert prompt.read_text(encoding="utf-8") == prompt_text(MESSAGES)
    assert str(prompt) in caught.value.hint
    assert str(reply) in caught.value.hint
    reply.write_text("the answer", encoding="utf-8")
    assert asyncio.run(model.complete(request())).text == "the answer"


def test_a_reply_to_an_earlier_prompt_is_not_taken(tmp_path: Path) -> None:
    model = PasteModel(tmp_path)
    with pytest.raises(NoModelError):
        asyncio.run(model.complete(request()))
    (tmp_path / "1-code.reply.txt").write_text("the answer", encoding="utf-8")
    other = (*MESSAGES, Message("user", "and more"))
    with pytest.raises(NoModelError, match="answers an earlier prompt"):
        asyncio.run(model.complete(request(messages=other)))
    assert (tmp_path / "1-code.prompt.txt").read_text(encoding="utf-8") == prompt_text(MESSAGES)


def test_files_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="file"):
        asyncio.run(PasteModel(tmp_path / "file").complete(request()))
    (tmp_path / "1-code.reply.txt").write_bytes(b"\xff")
    with pytest.raises(UserError, match="utf-8"):
        asyncio.run(PasteModel(tmp_path).complete(request()))


def test_one_person_is_asked_one_thing_at_a_time() -> None:
    model = PasteModel(lines=io.StringIO("one\n.\ntwo\n.\n"), screen=io.StringIO())

    async def together() -> list[str]:
        replies = await asyncio.gather(model.complete(request()), model.complete(request()))
        return [reply.text for reply in replies]

    assert asyncio.run(together()) == ["one\n", "two\n"]


PROGRAM = """
import asyncio
from nl2efg.models import Message, Request
from nl2efg.models.paste import PasteModel
try:
    asyncio.run(PasteModel().complete(Request("code", (Message("user", "hi"),), "hi")))
except KeyboardInterrupt:
    print("stopped")
"""


def test_ctrl_c_stops_the_wait_for_a_reply() -> None:
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(terminal)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Paste the whole answer"):
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        os.close(keyboard)
    assert out.strip() == "stopped"


def test_it_works_in_another_thread_too() -> None:
    found: list[Reply] = []
    thread = threading.Thread(target=lambda: found.append(typed("hi\n.\n")[0]))
    thread.start()
    thread.join()
    assert found[0].text == "hi\n"
