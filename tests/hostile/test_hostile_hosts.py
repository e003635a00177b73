"""Hosts of the MCP server that mean harm, or make a mistake: seen from the host's side."""

from __future__ import annotations

import asyncio
import sys
import threading

import pytest

from nl2efg.mcp_server.reading_tools import AT_ONCE, ReadingTools
from nl2efg.mcp_server.stdio_lines import MAX_LINE, bounded_lines
from tests.hostile.mcp_host import host

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc"),
]
MEMORY = 400 << 20
STORY = "Ann moves left or right."


def test_a_message_without_an_end_is_not_held() -> None:
    with host() as server:
        for _ in range(600):
            server.write(b"x" * (1 << 20))
        server.write(b"\n")
        assert server.is_well()
        assert server.memory < MEMORY
        assert "a message of more than 8,388,608 bytes was passed over" in server.log


@pytest.mark.parametrize(
    "message",
    [
        b'{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"text":"%b"}}\n',
        b'{"id": 77, "jsonrpc": "2.0", "method": "tools/call", "params": {"text": "%b"}}\n',
        b'{"method":"tools/call","params":{"text":"%b","id":5},"jsonrpc":"2.0","id":77}\n',
    ],
)
def test_a_request_that_is_too_long_is_answered(message: bytes) -> None:
    with host() as server:
        server.write(message % (b"x" * (MAX_LINE + 1)))
        assert "more than 8,388,608 bytes" in server.answer(77)["error"]["data"]
        assert server.is_well()


@pytest.mark.parametrize("piece", [1, 3, 1 << 16])
def test_lines_come_as_they_are_whatever_the_pieces(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nl2efg.mcp_server.stdio_lines.MAX_LINE", 50)
    text = (
        b'{"a":1}\n\n'
        + b"y" * 50
        + b'\n{"jsonrpc":"2.0","id":"a-1", "b":"'
        + b"x" * 70
        + b'"}\n'
        + b"z" * 51
        + b'\n[{"id":3,"x":"'
        + b"x" * 60
        + b'"}]\nlast'
    )
    rest = [text[start : start + piece] for start in range(0, len(text), piece)] + [b""]
    told: list[str] = []
    lines = list(bounded_lines(iter(rest).__next__, told.append))
    assert lines[:3] == [b'{"a":1}\n', b"\n", b"y" * 50 + b"\n"]
    assert lines[3].startswith(b'{"jsonrpc":"2.0","id":"a-1","method":"a message of more than ')
    assert lines[4:] == [b"\n", b"\n", b"last"]
    assert len(told) == 3


def test_very_many_compilations_at_once_end_no_server() -> None:
    with host() as server:
        for number in range(40):
            server.call("compile", text=f"{STORY} {number}")
        last = server.answer(41)["result"]  # introduced by the first request
        assert '"status": "question"' in last["content"][0]["text"]
        assert server.is_well()


def test_a_compilation_that_is_given_up_says_so() -> None:
    with host(sampling={}) as server:
        calls = [server.call("compile", text=f"{STORY} {number}") for number in range(20)]
        answered, asked = {}, []
        while len(answered) + len(asked) < len(calls):
            message = server.hear()
            assert message is not None, server.log
            if "method" in message:
                asked.append(message["id"])
            else:
                answered[message["id"]] = message["result"]["content"][0]["text"]
        assert len(answered) == 4
        assert all("given up for newer ones (call compile again" in t for t in answered.values())
        for number in asked:  # also those whose compilation is there no more
            server.send({"jsonrpc": "2.0", "id": number, "error": {"code": 1, "message": "no"}})
        assert server.is_well()


def test_hosts_that_never_reply_lock_nobody_out() -> None:
    with host(sampling={}) as server:
        for number in range(120):
            server.call("compile", text=f"{STORY} {number}")
        assert "Kuhn" in server.told("describe", game="kuhn_poker")
        assert server.is_well()


REPLY = {"role": "assistant", "model": "m", "content": {"type": "text", "text": "no game"}}
IMAGE = {"type": "image", "data": "AAAA", "mimeType": "image/png"}


@pytest.mark.parametrize(
    "result",
    [
        REPLY,
        {**REPLY, "content": {"type": "text", "text": "x" * 7_900_000}},
        {**REPLY, "role": "system"},
        {**REPLY, "content": IMAGE},
        {**REPLY, "content": [REPLY["content"]] * 100_000},
        {**REPLY, "content": {"type": "text", "text": "```python\n" + "(" * 900_000 + "\n```"}},
        {**REPLY, "content": {"type": "text", "text": '```json\n{"a":' * 50_000}},
        {"a": {"b": []}},
    ],
    ids=["words", "huge", "role", "image", "list", "parentheses", "nested", "other"],
)
def test_a_hostile_reply_is_no_game(result: object) -> None:
    with host(sampling={}) as server:
        call = server.call("compile", text=STORY, rounds=0)
        while "method" in (message := server.hear()):
            server.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        assert message["id"] == call
        assert message["result"]["isError"]
        assert server.is_well()
        assert server.memory < MEMORY


def test_prompts_that_cannot_be_written_are_told_in_a_line() -> None:
    with host() as server:
        long = server.request("prompts/get", name="information", arguments={"text": "x" * 200_000})
        assert "at most 100,000 are read" in server.answer(long)["error"]["message"]
        empty = server.request("prompts/get", name="code", arguments={"text": ""})
        assert "empty" in server.answer(empty)["error"]["message"]
        for name, arguments in (("code", {}), ("\x1b[31mnone", {"text": "x"})):
            asked = server.request("prompts/get", name=name, arguments=arguments)
            assert "error" in server.answer(asked)
        assert server.is_well()
        assert "\x1b" not in server.log
        assert len(server.log.splitlines()) <= 2


def test_a_text_of_a_check_is_bounded() -> None:
    with host() as server:
        told = server.told("check", game="kuhn_poker", text="x " * 3_000_000)
        assert "at most 100,000 are read" in told


def test_work_of_calls_that_were_cancelled_keeps_its_place() -> None:
    """A thread cannot be ended: who cancels and calls again must not have ever more of them."""
    end, begun = threading.Event(), []

    def work() -> None:
        begun.append(1)
        end.wait()

    async def cancel_often() -> int:
        tools = ReadingTools()
        try:
            for _ in range(10):
                call = asyncio.ensure_future(tools._apart(work))
                await asyncio.sleep(0.02)
                call.cancel()
            await asyncio.sleep(0.1)
            return len(begun)
        finally:
            end.set()

    assert asyncio.run(cancel_often()) == AT_ONCE
