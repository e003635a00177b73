"""What the commands that change a compilation's folder have in common."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.terminal import note, print_json
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.pipeline import Compilation

_call: ContextVar[typer.Context] = ContextVar("call")


def _remembered(context: typer.Context, undo: bool) -> bool:
    """Remember the call, which knows what was typed in it."""
    _call.set(context)
    return undo


Undo = Annotated[
    bool,
    typer.Option(
        "--undo",
        callback=_remembered,
        help="go back to the version that this one was made from",
    ),
]


_GIVEN = "COMMANDLINE"
"""What the source of a parameter is called that somebody typed."""

_WITH_UNDO = frozenset(("folder", "game", "undo", "json", "yes", "quiet", "encoding"))
"""The parameters of commands that go with ``--undo``."""


@contextmanager
def telling_if_stopped(place: Path | None) -> Iterator[None]:
    """Around a change: whoever stops it with Ctrl-C is told whether it was done.

    Args:
        place: of the folder or file that is written; None if none is.
    """
    before = _mark(place)
    try:
        yield
    except KeyboardInterrupt:
        if place is not None and not os.path.lexists(place):
            from nl2efg.pipeline.folder import recover_folder

            recover_folder(place)
        same = _mark(place) == before
        note("stopped; nothing was changed" if same else f"stopped; {place} was written already")
        raise


def _mark(place: Path | None) -> tuple[int, int] | None:
    """Which folder or file stands at a place; each is replaced as a whole."""
    if place is None or not os.path.exists(place):
        return None
    found = os.stat(place)
    return found.st_dev, found.st_ino


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


def typed_options(*, except_for: Collection[str]) -> list[str]:
    """The options of this call that somebody typed.

    Args:
        except_for: names of parameters that do not matter.
    """
    context = _call.get()
    return [
        max(each.opts, key=len)
        for each in context.command.params
        if each.name
        and each.name not in except_for
        and getattr(context.get_parameter_source(each.name), "name", "") == _GIVEN
    ]


def undo_command(folder: Path, json: bool) -> None:
    """Go back a version, and say what that changed.

    Args:
        folder: a compilation's.
        json: whether its record is printed.

    Raises:
        UserError: something is given that says nothing of going back.
    """
    if unfit := typed_options(except_for=_WITH_UNDO):
        option = unfit[0]
        hint = f"`nl2efg refresh {folder}/versions/N -o NEW` makes a folder of an earlier version"
        raise UserError(
            f"--undo takes back what was done in {folder}; it goes with no {option}",
            hint=hint if option == "--output" else "",
        )
    take_and_tell(folder, None, json)


def take_and_tell(folder: Path, wanted: int | None, json: bool) -> None:
    """Make an earlier version the current one, and say what that changed.

    Args:
        folder: a compilation's.
        wanted: its number; None goes back.
        json: whether its record is printed.
    """
    from nl2efg.cli.summary import print_summary
    from nl2efg.revision import take_version

    with telling_if_stopped(folder):
        made, number, differences = take_version(folder, wanted)
    note(f"{folder} is version {number} again; what it was is kept (`nl2efg versions {folder}`)")
    for line in differences or ("the game is the same",):
        note(f"  {line}")
    if json:
        print_json(made.record.model_dump(mode="json"))
    else:
        print_summary(made.record, made.solution, folder)
