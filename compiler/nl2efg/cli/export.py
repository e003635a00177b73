"""``nl2efg export``: a run in other forms, or the bundled games as a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.parameters import Settings, settings

BUNDLED, DATASET = "fixtures", "dataset"


def export(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN", help="a folder that `nl2efg batch` made; or fixtures, the bundled games"
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="FORMAT", help="parquet, csv, jsonl, sqlite or efg; fixtures: dataset"
        ),
    ] = "jsonl",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="a new file; for efg a new folder; for dataset a .zip or either"
        ),
    ] = None,
    given: Settings = None,
) -> None:
    """Write the results of a batch as a table, or its games as .efg files.

    Example: [bold]nl2efg export run/ --to parquet -o games.parquet[/bold]

    With --to efg, games with letters are written at the values that --set gives.
    [bold]nl2efg export fixtures --to dataset[/bold] writes the bundled games as an archive to
    cite: tables in JSON lines and Parquet, Croissant metadata, a card, and the licence.
    """
    from nl2efg.batch import export as export_run
    from nl2efg.cli.terminal import note
    from nl2efg.errors import NotFoundError

    if to == DATASET:
        _export_dataset(run, output, settings(given))
        return
    if str(run) == BUNDLED and not run.is_dir():
        raise NotFoundError(
            "the bundled games are no run", hint=f"nl2efg export {BUNDLED} --to {DATASET}"
        )
    target = output or Path(f"{run.resolve().name}{'-efg' if to == 'efg' else f'.{to}'}")
    count = export_run(run, to, target, settings(given))
    note(f"{count:,} {'games' if to == 'efg' else 'rows'} in {target}")


def _export_dataset(source: Path, output: Path | None, values: dict[str, str]) -> None:
    from nl2efg.cli.terminal import note
    from nl2efg.errors import UserError
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
