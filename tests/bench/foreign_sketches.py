"""Sketches of independent readers against generated games of the benchmark.

    python -m tests.bench.foreign_sketches prompts FOLDER
    python -m tests.bench.foreign_sketches table FOLDER

The first writes stage 1's prompt, without the program, for each text of the benchmark that lies
beside the checkout: ``FOLDER/GAME.prompt.md``; a reply goes to ``FOLDER/GAME.reply.md``. The second
reads each sketch as a game and compares it with every generated game of its text, by structure:
how many wrong and right games would it flag, and of how many can it say nothing? Labels of sketch
and games have nothing to do with each other here.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from tests.bench.checks_judged import LIVERPOOL, replies

from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.evaluation import load_corpus
from nl2efg.frontend import parse_json, render
from nl2efg.frontend.json_reply import JsonReplyError
from nl2efg.reading import read_sketch
from nl2efg.schema.sketch import Sketch


def prompts(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for game in load_corpus(LIVERPOOL / "games").games.values():
        system = render("information.system", program=False)
        user = render("information.user", text=game.text, answers=(), program=False)
        (folder / f"{game.name}.prompt.md").write_text(f"{system}\n\n{user}\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Sketch]:
    """The sketches whose replies are there."""
    found = {}
    for file in sorted(folder.glob("*.reply.md")):
        try:
            sketch = parse_json(file.read_text(encoding="utf-8"), Sketch)
        except JsonReplyError as error:
            print(f"{file.name}: no sketch: {error}")
            continue
        game = read_sketch(sketch)
        gaps = (*game.gaps, *game.unpaid)
        print(f"{file.name}: {'whole' if game.is_whole else f'{len(gaps)} gaps: {gaps[0]}'}")
        found[file.name.removesuffix(".reply.md")] = sketch
    return found


def table(folder: Path) -> None:
    sketches = read(folder)
    counts: Counter[tuple[str, bool, bool | None]] = Counter()
    first: dict[tuple[str, bool], str] = {}
    corpus = load_corpus(LIVERPOOL / "games")
    for game, identity, tree, _, right in replies(corpus, LIVERPOOL / "generated.jsonl"):
        if game not in sketches:
            continue
        found = compare_with_sketch(tree, sketches[game])
        counts[game, right, found.same] += 1
        if found.same is not None and found.same != right:
            first.setdefault((game, right), f"{identity}: {found.difference or 'called the same'}")
    for right in (False, True):
        flagged = sum(n for (_, r, same), n in counts.items() if r is right and same is False)
        total = sum(n for (_, r, _), n in counts.items() if r is right)
        open_ = sum(n for (_, r, same), n in counts.items() if r is right and same is None)
        kind = "right" if right else "wrong"
        print(f"{kind} games: {flagged} of {total} flagged, nothing said of {open_}")
    for (game, right), words in first.items():
        print(f"  {game}, {'right but flagged' if right else 'wrong and not flagged'}: {words}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["prompts", "table"])
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    prompts(given.folder) if given.what == "prompts" else table(given.folder)


if __name__ == "__main__":
    main()
