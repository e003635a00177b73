"""Whatever README and documentation show runs, and whatever they name exists."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from nl2efg.cli.app import COMMANDS, MAIN_JOB, application, get_group, with_main_job
from nl2efg.mcp_server.tools import NAMES
from tests.command_line import ran
from tests.documentation import (
    COIN,
    DOCS,
    PAGES,
    SHOWN_ONLY,
    TOP,
    blocks,
    commands,
    inline_commands,
    prepare,
    service,
    shown_only,
)

pytestmark = [pytest.mark.process, pytest.mark.server, pytest.mark.slow]

PASTED = f"{COIN}.\n"
NOT_TAKEN = 4  # `edit` asks first, and nobody answers
TOLD = {
    "wrong.md": "after (Enter, Fight) Old bakery gets 3 (was -1)",
    "letters.md": "P1 + c >= D1 and M1 >= D1 + c; then Company gets M1 - c",
}
"""What a page says that its commands tell."""


class Terminal(io.StringIO):
    """Where somebody types."""

    def isatty(self) -> bool:
        return True


def names(page: Path) -> str:
    return page.relative_to(TOP).as_posix()


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "sh")], ids=names)
def test_the_commands_on_a_page_run(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = ""
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name, value in (("MODEL", "NAME"), ("PRICE_IN", "0"), ("PRICE_OUT", "0")):
        monkeypatch.setenv(f"NL2EFG_{name}", value)
    with service() as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        for words in commands(page):
            if shown_only(words):
                continue
            assert words[0] == "nl2efg", words
            monkeypatch.setattr(sys, "stdin", Terminal(PASTED if "--paste" in words else "\n"))
            arguments = [
                word.replace("http://127.0.0.1:11434/v1", model.base_url) for word in words
            ]
            done = ran(capsys, *arguments[1:])
            expected = NOT_TAKEN if words[1] == "edit" and "--undo" not in words else 0
            assert done.code == expected, (words, done.err)
            told += done.out + done.err
    if promised := TOLD.get(page.name):
        assert promised in " ".join(told.split())
        assert promised in " ".join(page.read_text(encoding="utf-8").split())


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=names)
def test_the_python_on_a_page_runs(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), {"__name__": "__main__"})
        assert "print(" not in block or capsys.readouterr().out


def test_no_language_of_a_block_is_passed_over() -> None:
    found = {
        language
        for page in PAGES
        for language in re.findall(r"^```(\w*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found <= {"", "sh", "python", "json", "yaml", "text"}


def test_what_is_shown_only_is_shown() -> None:
    shown = [" ".join(words) for page in PAGES for words in commands(page)]
    for start in SHOWN_ONLY:
        assert any(command.startswith(start) for command in shown), start


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_commands_and_options_that_a_page_names_exist(page: Path) -> None:
    group = get_group(application())
    for words in [*commands(page), *(["nl2efg", *words] for words in inline_commands(page))]:
        if words[0] != "nl2efg" or words[1] in ("-", "COMMAND") or words[1].startswith("--"):
            continue
        name = words[1] if words[1] in COMMANDS else with_main_job(["kuhn_poker", *words[2:]])[0]
        known = re.fullmatch(
            r"[a-z_]+\.txt|[a-z]+\.nl2efg|[A-Z]+(\|.*)?|kuhn_poker|.*_.*|file", words[1]
        )
        assert words[1] in COMMANDS or known, words
        context = group.make_context("nl2efg", ["--help"], resilient_parsing=True)
        command = group.get_command(context, name)
        options = {
            option for each in command.params for option in (*each.opts, *each.secondary_opts)
        }
        for word in words[2:]:
            option = word.strip("[]").split("=")[0]
            if re.fullmatch(r"--?[a-z][a-z-]*", option):
                assert option in options | {"--help"}, (words, option)


def test_every_command_is_in_the_table() -> None:
    named = set(re.findall(r"`nl2efg ([a-z]+)(?!\w)", (DOCS / "commands.md").read_text()))
    assert named == set(COMMANDS) - {MAIN_JOB}


def test_the_tools_of_agents_are_those_of_the_server() -> None:
    page = (DOCS / "agents.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(NAMES)
    (block,) = blocks(DOCS / "agents.md", "json")
    assert json.loads(block)["mcpServers"]["nl2efg"]["args"] == ["mcp"]


def test_one_glossary() -> None:
    words = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert words.removeprefix("# Words") in (TOP / "compiler/README.md").read_text(encoding="utf-8")
