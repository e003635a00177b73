"""``nl2efg batch``: a corpus of games."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.garbage import often_collected
from nl2efg.cli.options import model_options

if TYPE_CHECKING:
    from nl2efg.batch import Corpus, Pace, Progress
    from nl2efg.models import Model
    from nl2efg.models.flags import ModelFlags

OUTSTANDING = 5
"""Exit code of a run whose batches a service will answer later: a script can wait for 0."""

LINES = 10.0
"""Seconds between two lines of progress where there is no terminal."""

WAYS = (
    "set OPENAI_API_KEY; or name a local server with --base-url and --model; or build replies that "
    "you have with --replies"
)


@model_options("max_tokens", "paste", "paste_folder")
def batch(
    flags: ModelFlags,
    corpus: Annotated[
        Path | None,
        typer.Argument(
            metavar="CORPUS",
            help="a folder of texts and documents, or a .jsonl, .json, .csv, .tsv, .parquet file",
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="the run folder")] = Path("run"),
    replies: Annotated[
        Path | None,
        typer.Option(help="no model: build, check and solve the replies in this file"),
    ] = None,
    id_column: Annotated[str, typer.Option("--id", help="column of names")] = "id",
    text_column: Annotated[str, typer.Option("--text", help="column of descriptions")] = "text",
    samples: Annotated[int, typer.Option(min=1, help="compilations of each text")] = 1,
    rounds: Annotated[
        int | None, typer.Option(min=0, help="repairs at most; 3, or 1 with openai-batch")
    ] = None,
    sketch: Annotated[bool, typer.Option(help="read the information structure first")] = True,
    critic: Annotated[bool, typer.Option("--critic", help="let the model read games back")] = False,
    solve: Annotated[bool, typer.Option(help="look for equilibria")] = True,
    concept: Annotated[str, typer.Option(help="solution concept, as for nl2efg solve")] = "spe",
    everything: Annotated[
        bool | None,
        typer.Option("--all/--one", help="list all equilibria; by default of small games"),
    ] = None,
    budget: Annotated[float, typer.Option(min=0.1, help="seconds for solving each")] = 10.0,
    files: Annotated[bool, typer.Option(help="a folder for each game")] = True,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="picture and report of every game at once")
    ] = False,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="read links that lead out of a folder of texts")
    ] = False,
    engine: Annotated[
        str, typer.Option(metavar="ENGINE", help="local, ray or openai-batch")
    ] = "local",
    ray_address: Annotated[
        str, typer.Option(envvar="RAY_ADDRESS", help="a Ray cluster; else one is started here")
    ] = "",
    wait: Annotated[
        bool, typer.Option("--wait", help="openai-batch: come back when all is done")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="texts at once at most")] = 32,
    rpm: Annotated[int | None, typer.Option(min=1, help="requests a minute at most")] = None,
    tpm: Annotated[int | None, typer.Option(min=1, help="tokens a minute at most")] = None,
    shard: Annotated[str, typer.Option(metavar="I/N", help="this part of the corpus")] = "1/1",
    limit: Annotated[int | None, typer.Option(min=1, help="texts of this start at most")] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="try them anew")] = False,
    json: Annotated[bool, typer.Option("--json", help="print summary.json on stdout")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")] = False,
) -> None:
    """Convert a corpus. Stop it as you like: the same command goes on where it was.

    Example: [bold]nl2efg batch stories.jsonl -o run --samples 3[/bold], or
    [bold]nl2efg batch --replies replies.jsonl -o run[/bold]

    Exit codes: 0 all texts have a row that stays; 1 code cannot be isolated; 2 your mistake; 3 the
    service ended the run, or texts did not reach it; 5 it answers later (openai-batch without
    --wait); 130 stopped. Each goes on with the same command.
    """
    import asyncio

    from nl2efg.batch import Batch, Corpus, Pace
    from nl2efg.batch.engines import OPENAI_BATCH
    from nl2efg.batch.engines import engine as choose_engine
    from nl2efg.batch.recorded_texts import RecordedTexts
    from nl2efg.cli.terminal import note
    from nl2efg.decoding import named_encoding
    from nl2efg.errors import ServiceError, UserError
    from nl2efg.pipeline.options import Options

    if (corpus is None) == (replies is None):
        raise UserError("give either a corpus or --replies FILE")
    run = choose_engine(engine, address=ray_address, wait=wait)
    tell: Callable[[str], None] = (lambda _: None) if quiet else note
    if rounds is None:
        rounds = 1 if engine == OPENAI_BATCH else Options().rounds
    options: dict[str, Any] = {"solve": solve, "solve_budget": budget}
    if concept != Options().concept or everything is not None:  # else as runs before knew it
        options |= {"concept": concept, "all_equilibria": everything}
    pace = Pace(workers, rpm, tpm)
    texts = Corpus(
        corpus or replies or Path(),
        id_column,
        text_column,
        "reply" if replies else "",
        follow_links,
        named_encoding.get(),
    )
    first = next(texts.units(), None)  # a bad corpus is told before a missing model
    _tell_left_out(texts, tell)
    if first is None:
        texts.refuse_empty()
    models: list[Model] = []
    place = ""
    if corpus is not None:
        options |= {"samples": samples, "rounds": rounds, "sketch": sketch, "critic": critic}
        bundled = first is not None and _is_offline(flags, first.text)
        if bundled:
            models = [RecordedTexts()]
            tell("no model is configured; the replies recorded for these texts are used")
        else:
            models, place = _models(flags, pace)
    work = Batch(
        texts,
        output,
        models,
        place,
        options,
        workers,
        _shard(shard),
        limit,
        retry_failed,
        files,
        pictures,
    )
    often_collected()
    with _interruptible() as stop, _shown(quiet) as shown:
        report = _with_notes(shown, note)
        progress = asyncio.run(run(work, pace=pace, stop=stop, report=report, tell=tell))
    note(
        f"{progress.compiled:,} compiled and {progress.failed:,} failed now, "
        f"{progress.before:,} were finished before; see {output / 'index.html'}"
    )
    _tell_failures(progress, output)
    if progress.noted > 1:
        note(f"{progress.noted:,} texts have such a note; it is in column notes of an export")
    if progress.unreached:
        note(
            f"{progress.unreached:,} of the failed texts did not reach the service; the same "
            "command tries them again"
        )
    if json:
        print((output / "summary.json").read_text(encoding="utf-8"), end="")
    if stop.is_set():
        note("stopped; start the same command again to go on")
        raise typer.Exit(130)
    if progress.outstanding:
        raise typer.Exit(OUTSTANDING)
    if progress.unreached:
        raise typer.Exit(ServiceError.exit_code)


def _tell_failures(progress: Progress, run: Path) -> None:
    """Say why texts failed: the first few, and where the rest is."""
    from nl2efg.cli.terminal import note

    for line in progress.failures:
        note(f"failed: {line}")
    more = progress.failed - len(progress.failures)
    if more:
        note(f"and {more:,} more; {run / 'failures.jsonl'} says why each failed")


def _tell_left_out(corpus: Corpus, tell: Callable[[str], None]) -> None:
    """Say which files of a folder are no texts, and that links are not followed."""
    from nl2efg.batch.folder_texts import LINKS

    left = corpus.left_out()
    links = left.pop(LINKS, 0)
    if links:
        why = "as they lead back" if corpus.follow_links else "--follow-links reads their texts"
        tell(f"left out: {links:,} {LINKS}; {why}")
    if left:
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in left.items())
        tell(f"left out, being no texts: {kinds}")


def _is_offline(flags: ModelFlags, text: str) -> bool:
    """Whether no model is configured and a text is among those whose replies are recorded."""
    from nl2efg.models.replay import is_recorded
    from nl2efg.models.settings import load_settings

    return load_settings(flags) is None and is_recorded(text)


def _models(flags: ModelFlags, pace: Pace) -> tuple[list[Model], str]:
    """The models, which share budget, gate and pace, and where they are."""
    from nl2efg.errors import NoModelError
    from nl2efg.models import choose_model
    from nl2efg.models.budget import Budget
    from nl2efg.models.choice import Listeners
    from nl2efg.models.openai.client import OpenAIModel
    from nl2efg.models.settings import load_settings

    if load_settings(flags) is None:
        raise NoModelError("no model is configured to read the texts", hint=WAYS)
    budget, listeners = Budget(cost=flags.max_cost), Listeners(waits=pace.trouble)
    wanted: list[str | None] = [*flags.models] if flags.models else [None]
    chosen = [
        choose_model("", flags.with_model(name), budget=budget, gate=pace.gate, listeners=listeners)
        for name in wanted
    ]
    first = chosen[0]
    if not isinstance(first, OpenAIModel):
        return chosen, ""
    settings = first.settings
    more = "".join(f" {part}" for part in (settings.effort, dict(settings.extra_body)) if part)
    return (
        chosen,
        f"{settings.place} temperature={settings.temperature} {settings.reply_tokens}{more}",
    )


def _shard(text: str) -> tuple[int, int]:
    from nl2efg.errors import UserError

    own, _, of = text.partition("/")
    if own.isdecimal() and of.isdecimal() and 1 <= int(own) <= int(of):
        return int(own), int(of)
    raise UserError(f"--shard is {text!r}", hint="it looks like 2/4: the second part of four")


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one interrupts as usual."""
    from nl2efg.cli.terminal import note

    stop = threading.Event()

    def finish(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)
        note("finishing what is under way; Ctrl-C again ends at once")

    before = signal.signal(signal.SIGINT, finish)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _with_notes(
    report: Callable[[Progress], None], tell: Callable[[str], None]
) -> Callable[[Progress], None]:
    """A report that also tells the first thing that a user should hear of calls, at once."""
    told = False

    def reported(progress: Progress) -> None:
        nonlocal told
        if progress.note and not told:
            told = True
            tell(progress.note)
        report(progress)

    return reported


@contextmanager
def _shown(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Progress: a bar on a terminal, else a line now and then."""
    import sys
    import time

    from nl2efg.cli.terminal import note

    if quiet:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        last = [time.monotonic()]

        def line(progress: Progress) -> None:
            if time.monotonic() - last[0] >= LINES:
                last[0] = time.monotonic()
                note(
                    f"{progress.before + progress.done:,} of {progress.total:,}; {_words(progress)}"
                )

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading the corpus", total=None)

        def advance(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.total,
                completed=progress.before + progress.done,
                description=_words(progress),
            )

        yield advance


def _words(progress: Progress) -> str:
    return (
        f"{progress.rate:.1f}/s, {progress.tokens:,} tokens, ${progress.cost:.2f}, "
        f"{progress.failed:,} failed"
    )
