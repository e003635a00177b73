"""``nl2efg edit``: a game is changed by a model, as its author says in words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.options import model_options
from nl2efg.cli.revising import Undo, report, undo_command
from nl2efg.cli.terminal import note
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.models.flags import ModelFlags
    from nl2efg.pipeline import Compilation

NOT_TAKEN = 4


@model_options()
def edit_command(
    folder: Annotated[Path, typer.Argument(help="a compilation's folder")],
    flags: ModelFlags,
    instruction: Annotated[
        str | None, typer.Argument(help='what is to change: "Ben does not see Ann\'s move"')
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="take the change without asking")
    ] = False,
    undo: Undo = False,
    rounds: Annotated[int, typer.Option(min=0, help="repairs at most")] = 3,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="put questions about the changed game to a reader of text and instruction alone",
        ),
    ] = False,
    verifier: Annotated[
        str | None, typer.Option(metavar="MODEL", help="the same, answered by this model")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="ask anew, although a reply to this is kept")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="print compilation.json on stdout, and nothing else")
    ] = False,
) -> None:
    """Let a model change a game, as you say.

    Text, tree and program go to the model with your words; what comes back runs in the sandbox and
    is checked, and repaired, as in a compile. What changed in the game is told before it is taken:
    you are asked, or --yes takes it. A change that is not taken is kept, so that the same command
    with --yes costs nothing more. The version before stays, and --undo goes back to it.

    Exit codes: 0 taken; 1 no game came out; 2 your mistake; 3 the model service; 4 not taken.

    Example: [bold]nl2efg edit story.nl2efg "Ben does not see Ann's move"[/bold]
    """
    if undo:
        if instruction:
            raise UserError("--undo takes back what was done; it goes with no instruction")
        undo_command(folder, json)
        return
    if not instruction:
        raise UserError(
            "say what is to change", hint='nl2efg edit FOLDER "Ben does not see Ann\'s move"'
        )
    made = _edited(folder, instruction, flags, verifier, fresh, quiet, rounds, verify)
    changed = made.record.revision.differences if made.record.revision else ()
    for line in changed or ("the game is the same: nothing is to be taken",):
        note(f"  {line}")
    if not changed or not (yes or _is_wanted(folder)):
        raise typer.Exit(NOT_TAKEN)
    made.write(folder)
    report(made, folder, json)


def _edited(
    folder: Path,
    instruction: str,
    flags: ModelFlags,
    verifier: str | None,
    fresh: bool,
    quiet: bool,
    rounds: int,
    verify: bool,
) -> Compilation:
    from nl2efg.cli.keeping import Keeping
    from nl2efg.cli.models import models_for
    from nl2efg.cli.progress import reporting
    from nl2efg.revision.hand_edits import whole
    from nl2efg.revision.instruction import edited

    old = whole(folder)
    models = models_for(old.text or instruction, flags, verifier=verifier, quiet=quiet)
    keeping = Keeping(folder, fresh=fresh)
    models = [keeping.of(model) for model in models]
    reader = models.pop() if verifier else None
    if len(models) > 1:
        raise UserError("one model edits a game", hint="give --model once")
    with reporting(quiet, plain_lines=flags.paste) as progress, keeping.through() as came:
        return edited(
            old,
            instruction,
            models[0],
            rounds=rounds,
            verify=verify,
            verifier=reader,
            progress=progress,
            came=came,
        )


def _is_wanted(folder: Path) -> bool:
    """Ask the person at the terminal; without one the change waits for ``--yes``."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        note(f"{folder} is as it was; the same command with --yes takes the change, at no cost")
        return False
    sys.stderr.write("take this change? y takes it, anything else leaves the game as it was: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
