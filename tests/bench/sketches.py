"""Recorded sketches read as games: ``python -m tests.bench.sketches [--list]``.

For the recorded replies of the bundled games: how many sketches are whole games, have the whole
shape, or have gaps; how many of those with a shape are the reference's game, compared by structure
with names anchored, payoffs that the text leaves open left out, and letters at the values that the
sketch works with, which are often not the reference's; and how many mutants of the
reference they tell from it.
"""

from __future__ import annotations

import argparse
from collections import Counter

from tests.bench.mutants import mutants

from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.evaluation import Game, load_corpus
from nl2efg.frontend import parse_json
from nl2efg.frontend.json_reply import JsonReplyError
from nl2efg.models.replay import FILE_NAME, read_recordings
from nl2efg.reading import read_sketch
from nl2efg.resources import shipped
from nl2efg.schema.sketch import Sketch


def sketches(game: Game) -> list[Sketch]:
    """The sketches that are recorded for a game."""
    found = []
    file = game.folder / FILE_NAME if game.folder else None
    for each in read_recordings(file, game.text) if file else ():
        if each.stage.startswith("information"):
            try:
                found.append(parse_json(each.reply, Sketch))
            except JsonReplyError:
                continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="gaps and differences, game by game")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    faults: Counter[tuple[str, bool]] = Counter()
    for game in load_corpus(shipped("fixtures")).games.values():
        if game.reference is None:
            continue
        for sketch in sketches(game):
            read = read_sketch(sketch)
            kind = "whole" if read.is_whole else "shape" if read.has_shape else "gaps"
            counts[kind] += 1
            if not read.has_shape:
                if given.list:
                    print(f"{game.name}: {len(read.gaps)} gaps: {'; '.join(read.gaps[:2])}")
                continue
            found = compare_with_sketch(game.reference, sketch)
            if sketch.parameters and not found.same:
                counts[f"{kind}: other values for its letters"] += 1
                continue
            counts[f"{kind}: {'the same game' if found.same else 'different'}"] += 1
            if not found.same and given.list:
                print(f"{game.name} ({kind}): {found.difference}")
            if found.same:
                for fault, tree in mutants(game.reference):
                    if fault != "none":
                        faults[fault, not compare_with_sketch(tree, sketch).same] += 1
    for name, count in sorted(counts.items()):
        print(f"{name:<28}{count:>4}")
    for fault in sorted({fault for fault, _ in faults}):
        seen = faults[fault, True]
        print(f"  {fault:<38}{seen:>4} of {seen + faults[fault, False]}")


if __name__ == "__main__":
    main()
