"""What the commands that change a compilation's folder have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.terminal import note, print_json
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.pipeline import Compilation

Undo = Annotated[
    bool, typer.Option("--undo", help="go back to the version that this one was made from")
]


def report(made: Compilation, folder: Path, json: bool) -> None:
    """Print a new version: its summary with what changed, or its record."""
    from nl2efg.cli.summary import print_summary
    from nl2efg.pipeline.versions import read_history

    history = read_history(folder)
    own = history.version(history.current) if history else None
    if own is not None:
        before = f", from version {own.parent}" if own.parent else ""
        note(f"{folder} is version {own.number} now{before}; --undo goes back")
    if json:
        print_json(made.record.model_dump(mode="json"))
    else:
        print_summary(made.record, made.solution, folder)


def undo_command(folder: Path, json: bool, **given: object) -> None:
    """Go back a version, and say what that changed.

    Args:
        folder: a compilation's.
        json: whether its record is printed.
        given: by option, what would not be followed.

    Raises:
        UserError: an option is given that says nothing of going back.
    """
    if unfit := [name for name, value in given.items() if value not in (None, "")]:
        hint = f"`nl2efg refresh {folder}/versions/N -o NEW` makes a folder of an earlier version"
        raise UserError(
            f"--undo takes back what was done in {folder}; it goes with no --{unfit[0]}",
            hint=hint if unfit[0] == "output" else "",
        )
    from nl2efg.revision import take_version

    told(folder, *take_version(folder), json)


def told(
    folder: Path, made: Compilation, number: int, differences: tuple[str, ...], json: bool
) -> None:
    """Say what came of taking an earlier version."""
    from nl2efg.cli.summary import print_summary

    note(f"{folder} is version {number} again; what it was is kept (`nl2efg versions {folder}`)")
    for line in differences or ("the game is the same",):
        note(f"  {line}")
    if json:
        print_json(made.record.model_dump(mode="json"))
    else:
        print_summary(made.record, made.solution, folder)
