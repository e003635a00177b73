"""What each layer sees and costs: ``python -m tests.bench.layers EXAMINATION KEPT``.

Generated games of the benchmark *Game Description Consistency*, judged against its references, are
looked at by nothing but the checks of tree and text; by the sketch of a first reader, read as a
game; by the examination; and by sketch and examination together. ``EXAMINATION`` is a folder of
``tests.bench.examination`` with replies, ``KEPT`` a folder of replies to whole compiles, one file a
game, as ``nl2efg eval --keep`` writes them below the model's name; its first sketch of each game
counts. Printed are the shares of wrong and right games that are flagged, and what a layer takes
beyond a plain compile, in tokens of GPT-4o's vocabulary for one game: the sketch is part of the
plain compile's one call, so it is its share of the reply.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.examination import Examined, Reading, answers_of, judged, kept_readings

from nl2efg.checks import check
from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.frontend import parse_json
from nl2efg.frontend.json_reply import JsonReplyError
from nl2efg.models.replay import read_recordings
from nl2efg.schema.diagnostics import Severity
from nl2efg.schema.sketch import Sketch

LAYERS = ("none", "sketch", "examination", "sketch and examination")


@dataclass
class Seen:
    """Games flagged by layer and by whether they are right, and tokens taken by layer."""

    games: Counter[bool] = field(default_factory=Counter)
    flagged: Counter[tuple[str, bool]] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class FirstReading:
    """A sketch and its tokens."""

    sketch: Sketch
    tokens: int


def count(text: str) -> int:
    """Tokens of a text.

    Raises:
        ImportError: rs-bpe, of the ``test`` extra, is missing.
    """
    from rs_bpe import openai

    return int(openai.o200k_base().count(text))


def first_reading(file: Path, text: str) -> FirstReading | None:
    """The first sketch that is kept for a text."""
    found = read_recordings(file, text) if file.is_file() else ()
    for each in sorted(found, key=lambda each: each.sample):
        if each.stage == "information":
            try:
                sketch = parse_json(each.reply, Sketch)
            except JsonReplyError:
                continue
            return FirstReading(sketch, count(each.reply.split("```python")[0]))
    return None


def look(seen: Seen, reading: Reading, folder: Path, kept: Path) -> None:
    """Let every layer look at the games of one reader, if there is a reply and a sketch."""
    file = reading.file(folder, "reply")
    if answers_of(file, reading.games[0].questions) is None:
        return
    asked = count(reading.games[0].prompt()) + count(file.read_text(encoding="utf-8"))
    disputed = {
        one.id: first if after is None else after for one, first, after in judged(reading, folder)
    }
    for one in reading.games:
        first = first_reading(kept / f"{_game(one)}.jsonl", one.text)
        if first is None:
            continue
        grave = any(
            each.severity is not Severity.NOTE for each in check(one.questions.tree, text=one.text)
        )
        differs = compare_with_sketch(one.questions.tree, first.sketch).same is False
        examined = bool(disputed.get(one.id))
        verdicts = (grave, grave or differs, grave or examined, grave or differs or examined)
        tokens = (0, first.tokens, asked, first.tokens + asked)
        seen.games[one.right] += 1
        for layer, verdict, cost in zip(LAYERS, verdicts, tokens, strict=True):
            seen.flagged[layer, one.right] += verdict
            seen.tokens[layer] += cost


def _game(one: Examined) -> str:
    return one.id.split("/")[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("examination", type=Path)
    parser.add_argument("kept", type=Path)
    given = parser.parse_args()
    seen = Seen()
    for reading in kept_readings(given.examination):
        look(seen, reading, given.examination, given.kept)
    games = sum(seen.games.values())
    print(f"{'layer':26}{'wrong flagged':>18}{'right flagged':>18}{'tokens a game':>16}")
    for layer in LAYERS:
        shares = (f"{seen.flagged[layer, right]} of {seen.games[right]}" for right in (False, True))
        tokens = seen.tokens[layer] / games if games else 0
        print(f"{layer:26}" + "".join(f"{each:>18}" for each in shares) + f"{tokens:>16,.0f}")


if __name__ == "__main__":
    main()
