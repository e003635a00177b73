"""``nl2efg export``: a run in other forms, or the bundled games as a data set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.parameters import Settings, file_place, is_compilation, settings
from nl2efg.errors import UserError

BUNDLED, DATASET, EFG = "fixtures", "dataset", "efg"

ENDINGS = {
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".sqlite": "sqlite",
    ".db": "sqlite",
}
"""The format of a table by the ending of its file."""


def export(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN", help="a folder that `nl2efg batch` made; or fixtures, the bundled games"
        ),
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="parquet, csv, jsonl, sqlite or efg; fixtures: dataset; by default what the "
            "ending of --output says, else jsonl",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="a new file; for efg a new folder; for dataset a .zip or either",
        ),
    ] = None,
    given: Settings = None,
) -> None:
    """Write the results of a batch as a table, or its games as .efg files.

    Example: [bold]nl2efg export run/ -o games.parquet[/bold]

    With --to efg, games with letters are written at the values that --set gives.
    [bold]nl2efg export fixtures --to dataset[/bold] writes the bundled games as an archive to
    cite: tables in JSON lines and Parquet, Croissant metadata, a card, and the licence.
    """
    from nl2efg.batch import export as export_run
    from nl2efg.cli.terminal import note
    from nl2efg.errors import NotFoundError

    if to == DATASET:
        _export_dataset(run, None if output is None else Path(output), settings(given))
        return
    if str(run) == BUNDLED and not run.is_dir():
        raise NotFoundError(
            "the bundled games are no run", hint=f"nl2efg export {BUNDLED} --to {DATASET}"
        )
    if is_compilation(run):
        raise NotFoundError(
            f"{run} is one game's folder, no run",
            hint=f"{run / 'game.efg'} is the game; nl2efg draw and nl2efg code write other forms",
        )
    form = _form(to, output)
    usual = f"{run.resolve().name}{'-efg' if form == EFG else f'.{form}'}"
    target = Path(output or usual) if form == EFG else file_place(output or usual)
    count = export_run(run, form, target, settings(given), tell=note)
    note(f"{count:,} {'games' if form == EFG else 'rows'} in {target}")


def _form(to: str | None, output: str | None) -> str:
    """The format that is asked for, by name or by the ending of a file.

    Raises:
        UserError: the ending is of no format, or of another one than the name.
    """
    ending = Path(output or "").suffix.lower()
    meant = ENDINGS.get(ending)
    if to is None and output is not None and not output.endswith(("/", os.sep)):
        if meant is None:
            raise UserError(
                f"{output}: the ending {ending!r} is of no table that is written",
                hint=f"one of {', '.join(ENDINGS)}; or --to efg for a folder of games",
            )
        return meant
    if to not in (None, EFG) and meant not in (None, to):
        raise UserError(
            f"{output} ends as {meant} does, and --to says {to}", hint="leave one of them out"
        )
    return to or "jsonl"


def _export_dataset(source: Path, output: Path | None, values: dict[str, str]) -> None:
    from nl2efg.cli.terminal import note
    from nl2efg.evaluation.dataset import write_dataset
    from nl2efg.resources import shipped

    bundled = shipped("fixtures")
    if str(source) != BUNDLED and source.resolve() not in (bundled, bundled / "games"):
        raise UserError(
            f"{source}: only the bundled games are a data set, whose licence and source are known",
            hint="nl2efg export fixtures --to dataset",
        )
    if values:
        raise UserError("--set is for games of a run", hint="leave it out")
    target = output or Path("nl2efg-games.zip")
    note(f"{write_dataset(target):,} games in {target}")
