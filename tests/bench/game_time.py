"""Processor time of a game, by stage: ``python -m tests.bench.game_time [GAMES] [--model]``.

Replies of ordinal 2×2 games are replayed (or, with ``--model``, texts compiled by a model within
the process) as the local engine does, one at a time. Seconds are those of processors, with the
processes of the sandbox; each stage is printed as a share of the whole too, since machines differ.
The first games are not counted: they load what is loaded once. The gallery draws the first hundred
games of a run, with a report of each: what that takes is divided by all games as the other stages
are, and told for one game that it draws as well.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.fakes.ordinal_games import program, sketch, story

from nl2efg.batch import Batch, Corpus, run_batch
from nl2efg.batch.reports.gallery import DRAWN
from nl2efg.models import Reply, Request
from nl2efg.sandbox.pool import own_pool

WARM = 30
GALLERY = "pictures and reports"
STAGES = {
    "sandbox, this side": ("nl2efg.pipeline.sample", "build_reply"),
    "checks": ("nl2efg.pipeline.sample", "check"),
    "solving": ("nl2efg.solving", "try_to_solve"),
    "provenance": ("nl2efg.pipeline.recording", "provenance"),
    "record": ("nl2efg.pipeline.conclusion", "make_record"),
    "row": ("nl2efg.batch.unit", "compiled_row"),
    "files": ("nl2efg.batch.unit", "write_game"),
    GALLERY: ("nl2efg.batch.reports.gallery", "draw_game"),
}


class Split:
    """Processor time of each stage, without that of the stages within it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._within = 0.0

    def watch(self, stage: str, module: str, function: str) -> None:
        """Count the time of a function from now on."""
        home = import_module(module)
        called: Callable[..., Any] = getattr(home, function)

        def timed(*given: Any, **named: Any) -> Any:
            outer, self._within = self._within, 0.0
            begun = time.thread_time()
            try:
                return called(*given, **named)
            finally:
                took = time.thread_time() - begun
                self.spent[stage] += took - self._within
                self._within = outer + took

        setattr(home, function, timed)


class Author:
    """A model that answers at once."""

    name = "author"

    async def complete(self, request: Request) -> Reply:
        """The program of the text's game."""
        number = int(request.text.split(".")[0].removeprefix("Case "))
        answer = sketch(number) if request.stage == "information" else program(number)
        return Reply(answer, self.name)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _workers() -> float:
    """Of the sandbox's workers and all their children so far."""
    total = 0
    for worker in own_pool().workers():
        fields = Path(f"/proc/{worker}/stat").read_text().rsplit(")", 1)[1].split()
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def measure(games: int, *, model: bool) -> None:
    """Print the split."""
    split = Split()
    for stage, (module, function) in STAGES.items():
        split.watch(stage, module, function)
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder)
        for name, numbers in (("warm", range(WARM)), ("run", range(WARM, WARM + games))):
            file = run / f"{name}.jsonl"
            lines = [{"id": f"g{n}", "text": story(n), "reply": program(n)} for n in numbers]
            file.write_text("".join(json.dumps(line) + "\n" for line in lines))
            split.spent.clear()
            gc.collect()
            begun, children = _processor(), _workers()
            corpus = Corpus(file, reply_column="" if model else "reply")
            models = (Author(),) if model else ()
            batch = Batch(corpus, run / name, models, workers=1)
            asyncio.run(run_batch(batch))
            own, children = _processor() - begun, _workers() - children
    split.spent["sandbox, its processes"] = children
    split.spent["the rest"] = own + children - sum(split.spent.values())
    total, gallery = sum(split.spent.values()), split.spent[GALLERY]
    print(
        f"{games:,} games: {1000 * total / games:.1f} ms of processor a game; "
        f"{1000 * (total - gallery) / games:.1f} without the gallery, "
        f"which takes {1000 * gallery / min(games, DRAWN):.1f} for each game that it draws"
    )
    for stage, spent in sorted(split.spent.items(), key=lambda entry: -entry[1]):
        print(f"{1000 * spent / games:8.2f} ms {spent / total:5.0%}  {stage}")


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word.isdecimal()]
    measure(int(given[0]) if given else 300, model="--model" in sys.argv)
