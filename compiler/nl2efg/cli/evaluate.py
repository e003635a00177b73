"""``nl2efg eval``: how often what is compiled is the game described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from nl2efg.evaluate import Corpus, Game, Trial
    from nl2efg.llm import Model


def evaluate(
    corpus: Annotated[
        Path,
        typer.Argument(
            metavar="CORPUS",
            help="a folder with one folder a game: description.txt, reference.efg, expected.json",
        ),
    ],
    replies: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="judge these replies: a JSON object a line, with game and reply"
        ),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="else: compile each game N times")] = 1,
    model: Annotated[list[str] | None, typer.Option(help="a model; may be repeated")] = None,
    base_url: Annotated[str | None, typer.Option(help="an OpenAI-compatible endpoint")] = None,
    ablate: Annotated[
        str,
        typer.Option(metavar="LAYERS", help="leave out: sketch, repair, check (commas between)"),
    ] = "",
    max_cost: Annotated[float | None, typer.Option(min=0.0, help="US dollars in all")] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON and nothing else")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="print Markdown")] = False,
) -> None:
    """Judge a corpus against its references: pass@1 and pass@k, consensus, what the checks saw.

    Games without a usable reference are named on stderr; the rest goes on.

    Example: [bold]nl2efg eval games/ --replies replies.jsonl --markdown[/bold], or
    [bold]nl2efg eval games/ --samples 5 --model gpt-4o --ablate sketch[/bold]
    """
    import json as json_module

    from nl2efg.check import check
    from nl2efg.cli.terminal import note, plain
    from nl2efg.errors import UserError
    from nl2efg.evaluate import evaluate as judge_all
    from nl2efg.evaluate import load_corpus
    from nl2efg.evaluate.tables import as_json, as_lines, as_markdown

    if json and markdown:
        raise UserError("--json and --markdown exclude each other")
    games = load_corpus(corpus)
    if replies is not None:
        trials = _from_replies(replies)
    else:
        without = [name.strip() for name in ablate.split(",") if name.strip()]
        trials = _compiled(games, samples, model or (), base_url, max_cost, without)
    found = judge_all(games, trials, lambda tree, text: check(tree, text=text))
    for problem in found.problems:
        note(f"left out: {problem}")
    if not found.cells:
        raise UserError(
            "no trial is of a game that can be judged",
            hint=f"the corpus holds {', '.join(sorted(games.games)[:8])}",
        )
    if json:
        print(json_module.dumps(as_json(found), indent=1, ensure_ascii=False))
    else:
        print(plain(as_markdown(found) if markdown else as_lines(found)))


def _from_replies(file: Path) -> list[Trial]:
    from nl2efg.build import Builders
    from nl2efg.build.reply import build_reply
    from nl2efg.cli.terminal import note
    from nl2efg.evaluate import load_replies, trials_of

    rows, problems = load_replies(file)
    for problem in problems:
        note(f"left out: {problem}")
    with Builders() as pool, _counting("building", len(rows)) as step:
        return trials_of(rows, lambda reply: build_reply(reply, pool.build), step)


def _compiled(
    games: Corpus,
    samples: int,
    names: Sequence[str],
    base_url: str | None,
    max_cost: float | None,
    without: Sequence[str],
) -> list[Trial]:
    import asyncio

    from nl2efg.cli.models import models_for
    from nl2efg.cli.terminal import note
    from nl2efg.errors import NoModelError
    from nl2efg.evaluate.compiling import ablated, compile_trials

    ablated(without)  # a wrong name is told before any model is asked
    chosen: dict[str, list[Model]] = {}
    shared: list[Model] = []
    missing: NoModelError | None = None
    for game in games.games.values():
        if not shared or not names:
            # Without a name recorded replies may answer, which belong to one text.
            try:
                shared = models_for(game.text, models=names, base_url=base_url, max_cost=max_cost)
            except NoModelError as error:
                missing = error
                note(f"left out: {game.name}: {error.message}")
                continue
        chosen[game.name] = shared
    if not chosen and missing is not None:
        raise missing

    def models(game: Game) -> Sequence[Model]:
        return chosen.get(game.name, [])

    count = samples * sum(map(len, chosen.values()))
    with _counting("compiling", count) as step:
        return asyncio.run(
            compile_trials(games, models, samples=samples, without=without, progress=step)
        )


@contextmanager
def _counting(what: str, total: int) -> Iterator[Any]:
    """A bar on stderr, where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
