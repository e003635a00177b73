"""What the documentation shows: its pages, their snippets, and a place where these can run."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nl2efg
from tests.fakes.openai_server import FakeService, Received, Step, choose, text
from tests.scripted import CODE, NOTHING_OPEN, SKETCH, TEXT, fenced

TOP = Path(__file__).parents[1]
DOCS = TOP / "compiler/docs"
PAGES = (
    TOP / "README.md",
    *sorted(DOCS.glob("*.md")),
    *sorted((TOP / "compiler/nl2efg/skill").rglob("*.md")),
)
SHOWN_ONLY = {
    "pip": "would change the environment",
    "uvx": "would install from the net",
    "nl2efg batch stories.jsonl -o large --engine ray": "asks for a cluster",
}
"""Starts of commands that are shown and not run, and why; their options are looked at."""

_PAID = ((["Take"], "1", "0"), (["Leave", "Take"], "0", "1"), (["Leave", "Throw away"], "0", "0"))
_WHOLE = json.loads(SKETCH) | {
    "claims": [
        {
            "history": history,
            "payoffs": [{"player": "Ida", "value": ida}, {"player": "Otto", "value": otto}],
        }
        for history, ida, otto in _PAID
    ]
}
COIN = f"```json\n{json.dumps(_WHOLE)}\n```\n{fenced(CODE)}"
"""What a model says to the text of ``story.txt``."""

STORIES = ("one_card_poker", "trust_game")


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a language on a page."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """The words of each command that a page shows, in order, without comments."""
    found = [
        shlex.split(command, comments=True)
        for block in blocks(page, "sh")
        for line in block.splitlines()
        for command in line.split(" && ")
    ]
    return [words for words in found if words]


def shown_only(words: list[str]) -> bool:
    """Whether a command is shown and not run."""
    return any(words[: len(start.split())] == start.split() for start in SHOWN_ONLY)


def inline_commands(page: Path) -> Iterator[list[str]]:
    """The words of the commands that stand within a page's sentences."""
    prose = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for command in re.findall(r"`nl2efg ([^`]+)`", prose):
        yield command.replace("\\|", "|").split()


def prepare(folder: Path) -> None:
    """Write the files that the snippets speak of: ``story.txt``, corpora, replies."""
    (folder / "story.txt").write_text(TEXT, encoding="utf-8")
    (folder / "code.py").write_text(CODE, encoding="utf-8")
    (folder / "stories").mkdir()
    rows = [{"name": name, "story": nl2efg.example(name).text} for name in STORIES]
    for row in rows:
        (folder / f"stories/{row['name']}.txt").write_text(row["story"], encoding="utf-8")
    with (folder / "stories.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["name", "story"])
        table.writeheader()
        table.writerows(rows)
    for name, lines in (
        ("stories.jsonl", [{"id": row["name"], "text": row["story"]} for row in rows]),
        ("replies.jsonl", [{"id": "coin", "text": TEXT, "reply": fenced(CODE)}]),
    ):
        content = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / name).write_text(content, encoding="utf-8")
    game = folder / "games/trust_game"
    game.mkdir(parents=True)
    for name in ("description.txt", "reference.efg", "expected.json"):
        (game / name).write_bytes((TOP / "fixtures/games/trust_game" / name).read_bytes())


def service() -> FakeService:
    """A model service that has read every bundled text, and the coin of ``tests.scripted``."""
    return FakeService(choose(_answer), models=("NAME", "llama3.1"))


def _answer(received: Received) -> Step:
    asked = "\n".join(str(message["content"]) for message in received.body["messages"])
    if received.asks_for_the_sketch:
        return text(next((reply for told, reply in _replies() if told in asked), COIN))
    if "Mark sees the card" in asked:
        return text(fenced(_seen()))
    if '"T"' in asked:
        return text(NOTHING_OPEN)
    return text(_EXAMINED if '"E1"' in asked else fenced(CODE))


_EXAMINED = json.dumps(
    {
        "K": {"K1": ["nothing", 2], "K2": ["Ida left the coin", 2]},
        "E": {"E1": [1, 0], "E2": [0, 1], "E3": [0, 0]},
    }
)


@cache
def _replies() -> list[tuple[str, str]]:
    """Each bundled text with the first reply that was recorded for it."""
    found = []
    for file in sorted((TOP / "fixtures/games").glob("*/replies.jsonl")):
        lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        reply = next(line["reply"] for line in lines if line["stage"] == "information")
        told = (file.parent / "description.txt").read_text(encoding="utf-8").strip()
        found.append((told, reply))
    return found


def _seen() -> str:
    """The program of one-card poker in which Mark sees the card."""
    tree = nl2efg.compile(nl2efg.example("one_card_poker")).tree
    return nl2efg.to_code(nl2efg.split_infoset(tree, "Red, Raise"))
