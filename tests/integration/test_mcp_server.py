"""The MCP server, asked by the SDK's own client: over stdio, over HTTP, by sampling and without."""

from __future__ import annotations

import asyncio
import json
import secrets
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.command_line import ran
from tests.scripted import CODE, SKETCH, TEXT, fenced

mcp = pytest.importorskip("mcp")

from mcp.client.client import Client  # noqa: E402

from tests.mcp_hosts import FakeHost, data, listening, refusal, run  # noqa: E402

pytestmark = [pytest.mark.process, pytest.mark.server]

MODES = ["legacy", "2026-07-28"]
PAID = {"history": "Trust, Honour", "player": "Seller", "value": "3"}
MISREAD = """```json
{"K": {"K1": ["nothing", 2], "K2": null}, "E": {"E1": [1, 0], "E2": [0, 1], "E3": [0, 0]}}
```"""
"""Answers to the examination of the scripted game, one of them wrong."""
BOTH = f"```json\n{SKETCH}\n```\n{fenced(CODE)}"


def test_a_picture_needs_no_form_where_no_png_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    from nl2efg.mcp_server import tools

    monkeypatch.setattr(tools, "can_rasterise", lambda: False)
    drawn = asyncio.run(tools.Tools().draw("trust_game"))
    assert drawn.startswith("<svg")


def test_a_person_at_a_terminal_is_told_what_is_awaited(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(
        "nl2efg.mcp_server.server.make_server", lambda: SimpleNamespace(run=served.append)
    )
    monkeypatch.setattr("nl2efg.mcp_server.stdio_lines.bound_stdin", lambda _: None)
    done = ran(capsys, "mcp")
    assert (done.code, served, done.out) == (0, ["stdio"], "")
    assert "Ctrl-C ends it" in done.err


@pytest.mark.parametrize("mode", MODES)
def test_a_bundled_game_is_loaded_solved_verified_and_drawn(mode: str) -> None:
    async def test(client: Client) -> None:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert {"compile", "answer", "solve", "verify_profile", "draw"} <= names
        assert "kuhn_poker" in await data(client, "examples")
        game = (await data(client, "load", game="trust_game"))["game"]
        solution = await data(client, "solve", game=game)
        assert solution["equilibria"][0]["max_regret"] == "0"
        claimed = {"game": game, "profile": "Buyer: not trust. Seller: honour"}
        assert (await data(client, "verify_profile", **claimed))["holds"] is False
        drawn = await client.call_tool("draw", {"game": game, "equilibrium": 1})
        assert drawn.content[0].mime_type == "image/png"  # type: ignore[union-attr]
        svg = await client.call_tool("draw", {"game": game, "form": "svg"})
        assert svg.content[0].text.startswith("<svg")  # type: ignore[union-attr]
        assert "no handle, no bundled game" in await refusal(client, "solve", game="/etc/hosts")
        assert "trust_game" in await refusal(client, "solve", game="trust_gam")
        told = await client.call_tool("describe", {"game": game})
        assert "Buyer" in told.content[0].text  # type: ignore[union-attr]
        efg = (await client.call_tool("efg", {"game": game})).content[0].text  # type: ignore[union-attr]
        assert (await data(client, "compare", a=efg, b="trust_game"))["verdict"] == "same"
        checked = await data(client, "check", game=game)
        assert checked == {"summary": "nothing speaks against the game", "findings": []}

    run(test, mode=mode)


def test_a_game_is_edited_and_the_old_one_stays() -> None:
    async def test(client: Client) -> None:
        renamed = {"old": "Buyer", "new": "Ann"}
        done = await data(
            client, "edit", game="trust_game", payoffs=[PAID], renames=[renamed], splits=[]
        )
        told = ["Buyer is called Ann", "after (Trust, Honour) Seller gets 3 (was 1)"]
        assert done["changes"] == told
        new = done["result"]["game"]
        assert done["result"]["facts"]["players"] == ["Ann", "Seller"]
        plain = await data(client, "edit", game="trust_game", payoffs=[PAID | {"value": 3}])
        assert plain["changes"] == told[1:]
        solved = await data(client, "solve", game=new)
        assert [each["value"] for each in solved["equilibria"][0]["players"]] == ["1", "3"]
        old = await data(client, "solve", game="trust_game")
        assert [each["value"] for each in old["equilibria"][0]["players"]] == ["0", "0"]

    run(test)


def test_plays_are_counted() -> None:
    async def test(client: Client) -> None:
        claimed = {"game": "trust_game", "strategies": "Buyer trusts 1/2. Seller abuses."}
        done = await data(client, "simulate", **claimed, plays=400, seed=3)
        assert done == await data(client, "simulate", **claimed, plays=400, seed=3)
        assert [each["expected"] for each in done["players"]] == ["-1/2", "1"]
        ends = {tuple(each["history"]): each["plays"] for each in done["ends"]}
        assert set(ends) == {("Not trust",), ("Trust", "Abuse")}
        assert sum(ends.values()) == 400
        assert done["players"][0]["average"] == -ends["Trust", "Abuse"] / 400
        by_equilibrium = await data(client, "simulate", game="kuhn_poker", plays=5)
        assert by_equilibrium["players"][0]["expected"] == "-1/18"

    run(test)


def test_data_has_schemas() -> None:
    async def test(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert [name for name, tool in tools.items() if tool.output_schema is None] == ["draw"]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        letters = await data(client, "solve_letters", game="beer_quiche_prior")
        assert letters["equilibria"][0]["conditions"] == ["p >= 1/2"]
        fields = tools["solve_letters"].output_schema
        assert fields is not None
        assert set(fields["required"]) <= set(letters)

    run(test)


def test_letters_may_be_given_numbers() -> None:
    async def test(client: Client) -> None:
        some = await data(client, "solve_letters", game="hawk_dove_letters", values={"C": "4"})
        assert list(some["parameters"]) == ["V"]
        assert {part["region"] for part in some["regimes"]["parts"]} == {"V > 4", "V < 4"}
        there = await data(
            client, "solve", game="hawk_dove_letters", values={"C": "4", "V": "6"}, all=True
        )
        (found,) = there["equilibria"]
        assert [each["value"] for each in found["players"]] == ["1", "1"]
        where = await data(client, "solve", game="hawk_dove_letters", all=True)
        assert len(where["equilibria"]) == 3

    run(test)


@pytest.mark.parametrize("mode", MODES)
def test_the_hosts_own_model_compiles_a_new_text(mode: str) -> None:
    host = FakeHost("I do not know.", BOTH)

    async def test(client: Client) -> None:
        found = await data(client, "compile", text=TEXT)
        assert found["status"] == "compiled"
        assert found["result"]["facts"]["players"] == ["Ida", "Otto"]
        assert found["assumptions"]
        solution = await data(client, "solve", game=found["result"]["game"])
        assert [each["value"] for each in solution["equilibria"][0]["players"]] == ["1", "0"]

    run(test, mode=mode, sampling_callback=host.sample)
    assert len(host.asked) == 2
    assert TEXT in host.asked[0].messages[0].content.text  # type: ignore[union-attr]
    assert host.asked[0].system_prompt


@pytest.mark.parametrize("mode", MODES)
def test_without_sampling_the_hosts_model_answers_by_a_tool(mode: str) -> None:
    async def test(client: Client) -> None:
        asked = await data(client, "compile", text=TEXT)
        assert asked["status"] == "question"
        assert TEXT in asked["question"]["messages"][-1]["content"]
        again = await data(client, "answer", job=asked["job"], reply="Let me think.")
        assert again["status"] == "question"
        assert set(again["question"]) == {"stage", "messages"}  # the messages alone say what to do
        found = await data(client, "answer", job=asked["job"], reply=BOTH)
        assert found["status"] == "compiled"
        assert "no compilation" in await refusal(client, "answer", job=asked["job"], reply=BOTH)
        card = await data(client, "examine", game=found["result"]["game"])
        assert TEXT in card["messages"][-1]["content"]
        wrong = await refusal(client, "submit_examination", game=card["game"], reply="no idea")
        assert "no answers" in wrong
        disagreed = await data(client, "submit_examination", game=card["game"], reply=MISREAD)
        assert disagreed["summary"] == "1 finding"
        assert [each["code"] for each in disagreed["findings"]] == ["C801"]
        assert "in the game Otto chooses" in disagreed["findings"][0]["message"]

    run(test, mode=mode)


def test_hints_are_for_who_has_tools_and_no_command_line() -> None:
    async def test(client: Client) -> None:
        unknown = await refusal(client, "load", game="a game that nobody bundled")
        assert unknown.endswith("(the tool examples lists the bundled games)")
        asked = await data(client, "compile", text=TEXT, rounds=0)
        sketched = f"```json\n{SKETCH}\n```"
        await data(client, "answer", job=asked["job"], reply=sketched)
        failed = await refusal(client, "answer", job=asked["job"], reply="I cannot.")
        assert failed.endswith("hand a program of your own to build)")
        shown = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert not any("\n " in tool.description for tool in shown.values())

    run(test)


@pytest.mark.parametrize(
    ("hint", "kept"),
    [
        ("tell a game in a few sentences", True),
        ("did you mean trust_game?", True),
        ("raise the limit, such as --max-nodes 50", False),
        ("see `nl2efg doctor`", False),
        ("a description becomes a game by nl2efg.compile", False),
        ("pip install 'nl2efg[images]', or draw SVG", False),
    ],
)
def test_a_hint_for_a_terminal_is_not_given_to_a_host(hint: str, kept: bool) -> None:
    from nl2efg.mcp_server.host_hints import hint_for_host

    assert hint_for_host(hint) == (hint if kept else "")


def test_a_host_that_refuses_or_talks_nonsense_ends_its_compilation_alone() -> None:
    host = FakeHost()

    async def test(client: Client) -> None:
        found = await client.call_tool("compile", {"text": TEXT})
        assert found.is_error
        host.replies = ["x" * 2_000_000]
        assert "longer than" in await refusal(client, "compile", text=TEXT)
        host.replies = ["no", "no", "no"]
        assert "no valid sketch" in await refusal(client, "compile", text=TEXT)
        assert (await data(client, "load", game="trust_game"))["game"] == "trust_game"

    run(test, mode="legacy", sampling_callback=host.sample)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("load", {"game": "/etc/passwd"}, "passwd"),
        ("load", {"game": "../../fixtures/games/trust_game/reference.efg"}, "bundled game"),
        ("load", {"game": "game-" + "x" * 50}, "no game of that handle"),
        ("load", {"game": 'EFG 2 R "" { "a" }\nq'}, "cannot be read"),
        ("load", {"game": "\x00"}, "bundled game"),
        ("solve", {"game": "trust_game", "budget": 1e9}, "60"),
        ("solve", {"game": "trust_game", "concept": "best"}, "concept"),
        ("draw", {"game": "trust_game", "equilibrium": 7}, "no equilibrium 7"),
        ("verify_profile", {"game": "trust_game", "profile": "[" * 100_000}, "no JSON"),
        ("compile", {"text": " "}, "empty"),
        ("compile", {"text": "a" * 200_000}, "characters"),
        ("answer", {"job": "job-x", "reply": "y"}, "no compilation"),
        ("solve_letters", {"game": "trust_game"}, "no letters"),
        ("solve", {"game": "trust_game", "values": {"c": "1"}}, "no letters"),
        ("solve_letters", {"game": "beer_quiche_prior", "values": {"p": "2"}}, "domain"),
        ("solve_letters", {"game": "beer_quiche_prior", "values": {"p": "1/3"}}, "every letter"),
        ("solve_letters", {"game": "beer_quiche_prior", "values": {"q": "1"}}, "no parameter q"),
        ("solve_letters", {"game": "beer_quiche_prior", "values": {"p": "9" * 999}}, "200"),
        ("edit", {"game": "trust_game"}, "nothing is to be changed"),
        ("edit", {"game": "trust_game", "payoffs": [PAID] * 65}, "at most 64"),
        ("edit", {"game": "trust_game", "payoffs": [PAID] * 40, "splits": ["a"] * 40}, "80 edits"),
        ("edit", {"game": "trust_game", "payoffs": [PAID | {"value": "9" * 3000}]}, "2000"),
        ("edit", {"game": "trust_game", "payoffs": [PAID | {"value": "9e99999"}]}, "9e99999"),
        ("edit", {"game": "/etc/passwd", "payoffs": [PAID]}, "passwd"),
        ("edit", {"game": "trust_game", "splits": ["../../etc"]}, "etc"),
        ("simulate", {"game": "trust_game", "plays": 10**9}, "100000"),
        ("simulate", {"game": "trust_game", "plays": 0}, "greater"),
        ("simulate", {"game": "trust_game", "strategies": "Buyer flies"}, "cannot be read"),
        ("simulate", {"game": "trust_game", "strategies": "/etc/passwd"}, "cannot be read"),
    ],
)
def test_what_a_hostile_host_sends_is_refused(
    tool: str, arguments: dict[str, Any], words: str
) -> None:
    async def test(client: Client) -> None:
        assert words in await refusal(client, tool, **arguments)

    run(test)


def test_code_of_a_host_runs_in_the_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "written"

    async def test(client: Client) -> None:
        evil = await data(client, "build", source=f"open({str(file)!r}, 'w').write('x')")
        assert not evil["ok"]
        good = await data(client, "build", source=CODE)
        assert good["ok"]
        assert good["result"]["facts"]["nodes"] == 5

    run(test)
    assert not file.exists()


def test_resources_and_prompts() -> None:
    async def test(client: Client) -> None:
        games = await client.read_resource("nl2efg://games")
        assert "kuhn_poker" in json.loads(games.contents[0].text)  # type: ignore[union-attr]
        told = await client.read_resource("nl2efg://diagnostics/C101")
        assert told.contents[0].text  # type: ignore[union-attr]
        schema = await client.read_resource("nl2efg://schema/sketch")
        assert "properties" in json.loads(schema.contents[0].text)  # type: ignore[union-attr]
        for name in ("information", "code"):
            prompt = await client.get_prompt(name, {"text": TEXT})
            assert any(TEXT in each.content.text for each in prompt.messages)  # type: ignore[union-attr]
        with pytest.raises(Exception, match="nothing_of_that_name"):
            await client.read_resource("nl2efg://games/nothing_of_that_name/efg")

    run(test)


async def status(port: int, *headers: str) -> int:
    """The status of a request with these headers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = ["POST /mcp HTTP/1.1", "Content-Length: 2", "Connection: close", *headers, "", "{}"]
    writer.write("\r\n".join(lines).encode())
    answer = await reader.readline()
    writer.close()
    return int(answer.split()[1])


def test_http_wants_the_token_and_its_own_name() -> None:
    token = secrets.token_urlsafe(24)

    async def go() -> None:
        async with listening(token) as port:
            here, bearer = f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}"
            json_type = "Content-Type: application/json"
            assert await status(port, here) == 401
            assert await status(port, here, "Authorization: Bearer guess") == 401
            assert await status(port, "Host: evil.example", bearer, json_type) in (403, 421)
            origin = "Origin: https://evil.example"
            assert await status(port, here, bearer, json_type, origin) == 403
            await over_http(port, token)

    asyncio.run(go())


async def over_http(port: int, token: str) -> None:
    """Compile by sampling, and solve, over HTTP."""
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client

    host = FakeHost(BOTH)
    async with create_mcp_http_client(headers={"Authorization": f"Bearer {token}"}) as http:
        transport = streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)
        async with Client(transport, sampling_callback=host.sample) as client:
            found = await data(client, "compile", text=TEXT)
            assert found["status"] == "compiled"
            game = found["result"]["game"]
            assert (await data(client, "solve", game=game))["equilibria"]
