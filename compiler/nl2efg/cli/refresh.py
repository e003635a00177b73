"""``nl2efg refresh``: a folder whose game.py or game.efg was edited, made whole again."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.revising import Undo, report, telling_if_stopped, typed_options, undo_command
from nl2efg.cli.terminal import note, print_json


def refresh_command(
    folder: Annotated[Path, typer.Argument(help="a compilation's folder")],
    use: Annotated[
        str, typer.Option("--from", metavar="FILE", help="game.py or game.efg: the one that counts")
    ] = "",
    undo: Undo = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="a new folder: FOLDER stays as it is, as a game of a run must"
        ),
    ] = None,
    solve: Annotated[
        bool | None, typer.Option(help="look for equilibria; by default if it was solved before")
    ] = None,
    concept: Annotated[str, typer.Option(help="solution concept, as for nl2efg solve")] = "spe",
    budget: Annotated[float, typer.Option(min=0.1, help="seconds for solving")] = 10.0,
    json: Annotated[
        bool, typer.Option("--json", help="print compilation.json on stdout, and nothing else")
    ] = False,
) -> None:
    """Take what you changed in game.py or game.efg: [bold]nl2efg refresh story.nl2efg[/bold].

    An edited program runs in the sandbox, as a model's does; checks, equilibria, picture and report
    are made anew and marked "edited by hand". The version before is kept, what changed is told, and
    --undo goes back. Files that are missing are written again. [bold]nl2efg FOLDER[/bold] does the
    same.

    A game of a run, or an earlier version, is only read: with -o it becomes a folder of its own,
    which all commands change: [bold]nl2efg refresh run/games/ID -o NEW.nl2efg[/bold]
    """
    from nl2efg.pipeline.folder import read_record
    from nl2efg.revision.hand_edits import own_folder, refresh
    from nl2efg.revision.next_version import Solving

    if undo:
        undo_command(folder, json)
        return
    if output is not None:
        folder = own_folder(folder, output)
        note(f"{folder} is a folder of its own")
    with warnings.catch_warnings(record=True) as noticed, telling_if_stopped(folder):
        made = refresh(folder, use=use, solving=Solving(solve, concept, budget))
    for notice in noticed:
        note(f"nl2efg: {notice.message}")
    if made is not None:
        report(made, folder, json)
        return
    if output is None and not noticed:
        note(f"{folder}: game.py and game.efg are as they were written; nothing to do")
    unused = typed_options(except_for=("folder", "undo", "output", "json", "encoding"))
    if unused:
        note(
            f"{', '.join(unused)}: not used, as nothing was edited; `nl2efg solve {folder}` solves "
            "the game anew"
        )
    if json:
        print_json(read_record(folder).model_dump(mode="json"))
