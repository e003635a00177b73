"""A tree that came out wrong, put right in each way, as a lecturer would: commands and seconds.

    python -m tests.bench.wrong_tree

The text does not say that the coins are hidden, and a service on loopback reads it so that the
second player sees the first one's. The tree is put right by a sentence in the text, by words to the
model, by an edit of a file, and by an edit without a model, and drawn again; each way ends with a
comparison with the reference. The service answers at once, so the seconds are nl2efg's alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.openai_server import FakeService, Received, Step, choose, text
from tests.scripted import fenced

import nl2efg

GAME = nl2efg.example("matching_pennies")
HIDDEN = ", so that the other cannot see it"
SENTENCE = "Neither of them sees the other's coin."
WORDS = "the second player does not see the first one's coin"


def author(received: Received) -> Step:
    """Gives the right game once it is said who does not see what, and the wrong one before."""
    right = nl2efg.read_efg(GAME.reference)
    if received.asks_for_the_sketch:
        return text(json.dumps({"title": right.title, "players": list(right.players)}))
    said = "\n".join(str(message["content"]) for message in received.body["messages"])
    return text(fenced(nl2efg.to_code(right if SENTENCE in said or WORDS in said else wrong())))


def wrong() -> nl2efg.GameTree:
    """Matching pennies in which the second player sees the first one's coin."""
    right = nl2efg.read_efg(GAME.reference)
    return nl2efg.split_infoset(right, "#1")


@dataclass
class Trial:
    """One way, command after command, in a folder of its own."""

    service: FakeService
    folder: Path
    seconds: list[float] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    def run(self, *words: str, model: bool = False, code: int = 0) -> None:
        """One command of nl2efg."""
        asked = ["--base-url", self.service.base_url, "--model", "fake"] if model else []
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "nl2efg", *words, *asked],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env={**os.environ, "NL2EFG_CACHE": str(self.folder / "cache")},
        )
        self.seconds.append(time.monotonic() - begun)
        self.commands.append(" ".join(["nl2efg", *(f'"{w}"' if " " in w else w for w in words)]))
        assert done.returncode == code, done.stderr

    def begin(self) -> None:
        """The compile that comes out wrong; it does not count."""
        before = GAME.text.replace(HIDDEN, "")
        assert before != GAME.text
        (self.folder / "pennies.txt").write_text(before, encoding="utf-8")
        self.run("pennies.txt", model=True)
        assert not self.is_right()
        self.seconds.clear()
        self.commands.clear()

    def is_right(self) -> bool:
        """Whether the folder holds the game of the reference."""
        right = nl2efg.read_efg(GAME.reference)
        return nl2efg.compare(self.folder / "pennies.nl2efg", right).same


def by_text(trial: Trial) -> None:
    """A sentence more in the text, and the same command again."""
    file = trial.folder / "pennies.txt"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{SENTENCE}\n", encoding="utf-8")
    trial.run("pennies.txt", model=True)


def by_words(trial: Trial) -> None:
    """Said to the model."""
    trial.run("edit", "pennies.nl2efg", WORDS, "--yes", model=True)


def by_file(trial: Trial) -> None:
    """The information set's number in ``game.efg``, as any editor changes it."""
    file = trial.folder / "pennies.nl2efg/game.efg"
    lines = file.read_text(encoding="utf-8").split("\n")
    second = [place for place, line in enumerate(lines) if line.startswith('p "" 2 ')]
    lines[second[1]] = lines[second[0]]
    file.write_text("\n".join(lines), encoding="utf-8")
    trial.run("refresh", "pennies.nl2efg")


def by_set(trial: Trial) -> None:
    """Without a model."""
    trial.run("set", "pennies.nl2efg", "--join", "#1", "#2")


WAYS: dict[str, Callable[[Trial], None]] = {
    "text": by_text,
    "words": by_words,
    "file": by_file,
    "set": by_set,
}


def main() -> None:
    """Try each way, and print its commands and seconds."""
    with FakeService(choose(author)) as service:
        for name, way in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                trial = Trial(service, Path(folder))
                trial.begin()
                way(trial)
                trial.run("draw", "pennies.nl2efg", "-o", "lecture.tex")
                assert trial.is_right(), name
                each = ", ".join(f"{seconds:.1f}" for seconds in trial.seconds)
                print(
                    f"{name}: {len(trial.commands)} commands, {sum(trial.seconds):.1f} s ({each})"
                )
                for command in trial.commands:
                    print(f"    {command}")


if __name__ == "__main__":
    main()
