"""``nl2efg edit``: a game is changed by a model, as its author says in words."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.options import model_options, unpacked
from nl2efg.cli.revising import Undo, report, telling_if_stopped, undo_command
from nl2efg.cli.terminal import note
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.cli.keeping import Keeping
    from nl2efg.models import Model
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
    answer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="QUESTION ANSWER",
            help="settle what the text leaves open, as the summary words it; repeatable",
        ),
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
    is checked, and repaired, as in a compile. What changed in the game, and what now speaks against
    it, is told before it is taken: you are asked, or --yes takes it. A change that is not taken is
    kept, so that the same command with --yes costs nothing more. The version before stays, and
    --undo goes back to it.

    Exit codes: 0 taken; 1 no game came out; 2 your mistake; 3 the model service; 4 not taken.

    Examples:

        nl2efg edit story.nl2efg "Ben does not see Ann's move"

        nl2efg edit story.nl2efg --answer "Who moves first?" "Ann does"
    """
    from nl2efg.pipeline.folder import changing

    answers = [(each[0], each[1]) for each in unpacked("--answer", answer, 2)]
    if undo:
        undo_command(folder, json)
        return
    if not (instruction or answers):
        raise UserError(
            "say what is to change", hint='nl2efg edit FOLDER "Ben does not see Ann\'s move"'
        )
    with telling_if_stopped(folder), changing(folder):
        models = _models(folder, flags, verifier, fresh=fresh, quiet=quiet)
        made = models.edited(instruction or "", answers, rounds=rounds, verify=verify)
        changed = made.record.revision.differences if made.record.revision else ()
        _tell(made, changed, {found.message for found in models.old.diagnostics})
        if not changed or not (yes or _is_wanted(folder)):
            raise typer.Exit(NOT_TAKEN)
        made.write(folder)
    report(made, folder, json)


@dataclass(frozen=True, slots=True)
class _Editor:
    """The game as it is, and who changes it.

    Args:
        old: the version before.
        model: who writes the changed program.
        reader: who is examined on it, if another one is.
        keeping: where replies are kept.
        quiet: whether nothing is said of what is being done.
        lines: whether what is said keeps to lines, since a person types.
    """

    old: Compilation
    model: Model
    reader: Model | None
    keeping: Keeping
    quiet: bool
    lines: bool

    def edited(
        self, instruction: str, answers: Sequence[tuple[str, str]], *, rounds: int, verify: bool
    ) -> Compilation:
        """The next version; what came is kept where none comes of it."""
        from nl2efg.cli.progress import reporting
        from nl2efg.revision.instruction import edited

        reporter = reporting(self.quiet, plain_lines=self.lines)
        with reporter as progress, self.keeping.through() as came:
            return edited(
                self.old,
                instruction,
                self.model,
                answers=answers,
                rounds=rounds,
                verify=verify,
                verifier=self.reader,
                progress=progress,
                came=came,
            )


def _models(
    folder: Path, flags: ModelFlags, verifier: str | None, *, fresh: bool, quiet: bool
) -> _Editor:
    from nl2efg.cli.keeping import Keeping
    from nl2efg.cli.models import models_for
    from nl2efg.revision.hand_edits import whole

    old = whole(folder)
    models = models_for(old.text or old.name, flags, verifier=verifier, quiet=quiet)
    if len(models) > (2 if verifier else 1):
        raise UserError("one model edits a game", hint="give --model once")
    keeping = Keeping(folder, fresh=fresh)
    model, *readers = [keeping.of(each) for each in models]
    return _Editor(old, model, readers[0] if readers else None, keeping, quiet, flags.paste)


def _tell(made: Compilation, changed: Sequence[str], known: Collection[str]) -> None:
    """Say what an edit changed, and what speaks against it and did not before."""
    for line in changed or ("the game is the same: nothing is to be taken",):
        note(f"  {line}")
    for found in made.diagnostics:
        if found.message not in known:
            note(f"  {found}")
    if made.record.error:
        note(f"  stopped: {made.record.error}")


def _is_wanted(folder: Path) -> bool:
    """Ask the person at the terminal; without one the change waits for ``--yes``."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        note(f"{folder} is as it was; the same command with --yes takes the change, at no cost")
        return False
    sys.stderr.write("take this change? y takes it, anything else leaves the game as it was: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
