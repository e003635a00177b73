"""``nl2efg export``: a run in other forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.parameters import Settings, settings


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="a folder that `nl2efg batch` made")],
    to: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help="parquet, csv, jsonl, sqlite or efg")
    ] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="a new file, or for efg a new folder")
    ] = None,
    given: Settings = None,
) -> None:
    """Write the results of a batch as a table, or its games as .efg files.

    Example: [bold]nl2efg export run/ --to parquet -o games.parquet[/bold]

    With --to efg, games with letters are written at the values that --set gives.
    """
    from nl2efg.batch import export as export_run
    from nl2efg.cli.terminal import note

    target = output or Path(f"{run.resolve().name}{'-efg' if to == 'efg' else f'.{to}'}")
    count = export_run(run, to, target, settings(given))
    note(f"{count:,} {'games' if to == 'efg' else 'rows'} in {target}")
