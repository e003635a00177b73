"""``nl2efg eval``: how often what is compiled is the game described."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.garbage import often_collected
from nl2efg.cli.options import model_options

if TYPE_CHECKING:
    from nl2efg.evaluation import Corpus, Evaluation, Trial
    from nl2efg.evaluation.run_trials import TrialTask
    from nl2efg.models import Model
    from nl2efg.models.cached import CachedModel
    from nl2efg.models.flags import ModelFlags
    from nl2efg.models.replay import RecordingFile, Recordings


@model_options("paste", "paste_folder")
def evaluate(
    flags: ModelFlags,
    corpus: Annotated[
        Path | None,
        typer.Argument(
            metavar="CORPUS",
            help="a folder with a folder for each game, at any depth: description.txt, "
            "reference.efg and perhaps expected.json (or metadata.yml and constraints) and "
            "replies.jsonl; default is the bundled one",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(min=1, help="compiles of each game: 1 with a model, else all recorded ones"),
    ] = None,
    recorded: Annotated[
        bool,
        typer.Option("--recorded", help="ask no model, even if one is configured: only replay"),
    ] = False,
    replies: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="judge these programs: a JSON object a line, with game and reply"
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="keep every reply as it arrives; the same command then goes on where it was",
        ),
    ] = None,
    ablate: Annotated[
        str,
        typer.Option(metavar="LAYERS", help="leave out: sketch, repair, check (commas between)"),
    ] = "",
    add: Annotated[
        str,
        typer.Option(
            metavar="LAYERS", help="add: verify, critic; or go another way: tree-first, mixed"
        ),
    ] = "",
    names: Annotated[
        str | None,
        typer.Option(
            metavar="RULE",
            help="anchored: names that both games have are mapped to themselves; free: any "
            "renaming will do; default is what each expected.json says, else anchored",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON and nothing else")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="print Markdown")] = False,
) -> None:
    """Judge a corpus against its references. Without a model its recorded replies are judged.

    Games without replies, and compiles that a service did not answer, count in no measure:

        [bold]pass@1[/bold]: share of right compiles, mean over the games
        [bold]pass@k[/bold]: chance of a right one among k, mean over games with several
        [bold]consensus[/bold]: share of those games that all samples together get right
        [bold]right at the first attempt[/bold]: share of all compiles, no stage asked twice
        [bold]open points and contradictions reported[/bold]: of those in expected.json
        [bold]texts of no game recognised[/bold]: of the compiles of such texts
        [bold]model calls, tokens[/bold]: median of the compiles, and in all

    Exit codes: 0 judged; 2 your mistake; 3 the service left something unanswered.

    Example: [bold]nl2efg eval games/ --samples 5 --model NAME --keep kept/ --max-cost 2[/bold],
    or [bold]nl2efg eval --recorded[/bold],
    or [bold]nl2efg eval games/ --replies replies.jsonl[/bold]
    """
    from nl2efg.checks import check
    from nl2efg.cli.models import models_for
    from nl2efg.comparison.naming import as_names
    from nl2efg.errors import NoModelError, UserError
    from nl2efg.evaluation import evaluate as judge_all
    from nl2efg.evaluation import load_corpus
    from nl2efg.evaluation.corpus import with_names
    from nl2efg.evaluation.run_trials import ablated
    from nl2efg.models.choice import WAYS
    from nl2efg.models.replay import recordings_of
    from nl2efg.models.settings import load_settings
    from nl2efg.resources import shipped

    if json and markdown:
        raise UserError("--json and --markdown exclude each other")
    without = [name.strip() for name in f"{ablate},{add}".split(",") if name.strip()]
    often_collected()
    ablated(without)  # a wrong name is told before any model is asked
    asking = {
        "--model": flags.models,
        "--provider": flags.provider,
        "--base-url": flags.base_url,
        "--keep": keep,
        "--max-cost": flags.max_cost,
        "--max-tokens": flags.max_tokens,
        "--price-in": flags.price_in,
        "--price-out": flags.price_out,
    }
    compiling = {"--recorded": recorded, "--samples": samples, "--ablate or --add": without}
    if recorded:
        _refuse("--recorded", asking)
    if replies is not None:
        _refuse("--replies", asking | compiling)
    games = load_corpus(corpus or shipped("fixtures"))
    if names is not None:
        games = with_names(games, as_names(names))
    asks = any(asking.values()) or load_settings() is not None
    recordings = _recordings(games) if recorded or not asks else {}
    if replies is not None:
        trials = _from_replies(replies)
    elif recorded or recordings:
        trials = _replayed(games, recordings, samples, without)
    else:
        first = next(iter(games.games.values()))
        models = models_for(first.text, flags)
        if recordings_of(models[0]):
            given = ", ".join(name for name, value in asking.items() if value)
            raise NoModelError(f"{given}: for a model, and none is configured", hint=WAYS)
        trials = _asked(games, models, samples or 1, without, keep)
    _report(judge_all(games, trials, lambda tree, text: check(tree, text=text)), json, markdown)


def _report(found: Evaluation, json: bool, markdown: bool) -> None:
    """Print an evaluation.

    Raises:
        UserError: nothing could be judged.
        ServiceError: nothing was answered.
        typer.Exit: not everything was answered.
    """
    from nl2efg.cli.terminal import note, plain, print_json
    from nl2efg.errors import UnavailableError, UserError
    from nl2efg.evaluation.json_report import as_json
    from nl2efg.evaluation.tables import as_lines, as_markdown

    for problem in found.problems:
        note(f"left out: {problem}")
    if not found.cells and found.unanswered:
        raise UnavailableError(f"nothing was answered; {found.problems[-1]}")
    if not found.cells:
        raise UserError(
            "no compile is of a game that can be judged",
            hint=f"the games are {', '.join(sorted(found.idle)[:8])}",
        )
    if json:
        print_json(as_json(found))
    else:
        print(plain(as_markdown(found) if markdown else as_lines(found)))
    if found.unanswered:
        raise typer.Exit(UnavailableError.exit_code)


def _refuse(option: str, others: dict[str, Any]) -> None:
    from nl2efg.errors import UserError

    for name, value in others.items():
        if value:
            raise UserError(f"{option} and {name} exclude each other", hint=f"leave out {name}")


def _from_replies(file: Path) -> list[Trial]:
    from nl2efg.cli.progress import counting
    from nl2efg.cli.terminal import note
    from nl2efg.evaluation import load_replies, trials_of
    from nl2efg.frontend.program_reply import build_reply
    from nl2efg.sandbox import Builders

    rows, problems = load_replies(file)
    for problem in problems:
        note(f"left out: {problem}")
    with Builders() as pool, counting("building", len(rows)) as step:
        return trials_of(rows, lambda reply: build_reply(reply, pool.build), step)


def _recordings(games: Corpus) -> dict[str, CachedModel[Recordings]]:
    """The recorded replies of the games that have some, beside them or among the bundled ones."""
    from nl2efg.errors import NoModelError
    from nl2efg.models.replay import FILE_NAME, recorded_model

    found = {}
    for game in games.games.values():
        own = game.folder / FILE_NAME if game.folder else None
        with suppress(NoModelError):
            found[game.name] = recorded_model(game.text, [own] if own and own.is_file() else None)
    return found


def _replayed(
    games: Corpus,
    recordings: dict[str, CachedModel[Recordings]],
    samples: int | None,
    without: Sequence[str],
) -> list[Trial]:
    """Compile what is recorded, without asking a model."""
    from nl2efg.cli.terminal import note
    from nl2efg.errors import NoModelError, UserError
    from nl2efg.evaluation.run_trials import TrialTask

    if not recordings:
        raise NoModelError(
            "no game of this corpus is recorded", hint="`nl2efg record` keeps a model's replies"
        )
    if "sketch" in without:
        raise UserError(
            "--ablate sketch needs a model: the recorded programs were written with the sketch",
            hint="name one with --model",
        )
    names = ", ".join(sorted({each.store.models for each in recordings.values()}))
    note(
        f"replies recorded of {names}, for {len(recordings)} of {len(games.games)} games; "
        "no model is asked"
    )
    return _compiled(
        [
            TrialTask(
                games.games[name], model, min(samples or model.store.samples, model.store.samples)
            )
            for name, model in recordings.items()
        ],
        without,
    )


def _asked(
    games: Corpus,
    models: Sequence[Model],
    samples: int,
    without: Sequence[str],
    keep: Path | None,
) -> list[Trial]:
    """Compile every game by every model, and say what it took."""
    from nl2efg.cli.terminal import note
    from nl2efg.evaluation.run_trials import TrialTask

    keepers: list[CachedModel[RecordingFile]] = []
    tasks = [
        TrialTask(game, _kept(model, keep, game.name, keepers), samples)
        for game in games.games.values()
        for model in models
    ]
    trials = _compiled(tasks, without)
    calls = sum(trial.calls for trial in trials)
    if calls:
        tokens = sum(trial.tokens for trial in trials)
        before = sum(keeper.store.replayed for keeper in keepers)
        cost = sum(trial.cost for trial in trials)
        note(
            f"{calls:,} answers of {tokens:,} tokens"
            + (f", {before:,} of them kept from before" if keep else "")
            + (f"; this start cost ${cost:.4f}" if cost else "")
        )
    return trials


def _kept(
    model: Model, keep: Path | None, game: str, keepers: list[CachedModel[RecordingFile]]
) -> Model:
    from nl2efg.evaluation.kept_replies import keeping, kept_file

    if keep is None:
        return model
    keepers.append(keeping(model, kept_file(keep, model.name, game)))
    return keepers[-1]


def _compiled(tasks: Sequence[TrialTask], without: Sequence[str]) -> list[Trial]:
    import asyncio

    from nl2efg.cli.progress import counting
    from nl2efg.evaluation.run_trials import compile_trials

    with counting("compiling", sum(task.samples for task in tasks)) as step:
        return asyncio.run(compile_trials(tasks, without=without, progress=step))
