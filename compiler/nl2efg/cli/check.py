"""``nl2efg check``: what speaks against a game."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.options import model_options
from nl2efg.cli.parameters import GAME, game_at

if TYPE_CHECKING:
    from nl2efg.game import GameTree
    from nl2efg.models import Model
    from nl2efg.models.flags import ModelFlags
    from nl2efg.schema.diagnostics import Diagnostic
    from nl2efg.schema.record import ExaminationRecord


@model_options("model", "paste", "paste_folder")
def check(
    game: Annotated[Path, typer.Argument(help=GAME)],
    flags: ModelFlags,
    text: Annotated[
        Path | None, typer.Option("--text", help="the description that the game should be")
    ] = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="with --text: put questions about the game to a reader of the text"
        ),
    ] = False,
    verifier: Annotated[
        str | None, typer.Option(metavar="MODEL", help="the same, answered by this model")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check a game's shape and, with [bold]--text[/bold], whether it is the game described.

    With [bold]--verify[/bold] a model answers questions that are made from the game, from the text
    alone: what a player knows where, what is paid at an end. Where it disagrees, you decide. It is
    asked as well what the text leaves open.

    Exit codes: 0 nothing but notes; 1 an error or a warning; 2 a file that cannot be used; 3 the
    reader did not answer.

    Example: [bold]nl2efg check poker.efg --text poker.txt --verify[/bold]
    """
    from dataclasses import asdict

    from nl2efg.checks import check as run_checks
    from nl2efg.cli.models import models_for
    from nl2efg.cli.terminal import note, plain, print_json
    from nl2efg.errors import UserError
    from nl2efg.schema.diagnostics import Severity

    verifies = verify or verifier is not None
    if verifies and text is None:
        raise UserError("--verify needs the description", hint="name it with --text")
    tree = game_at(game)
    told = None if text is None else _read(text)
    found = run_checks(tree, text=told)
    if verifies and told is not None:
        (reader,) = models_for(told, flags.with_model(verifier))
        found += _examined(tree, told, reader)
    if json:
        print_json([asdict(diagnostic) for diagnostic in found])
    else:
        for diagnostic in found:
            print(plain(str(diagnostic)))
        note(_in_short([diagnostic.severity.value for diagnostic in found]))
    if any(diagnostic.severity is not Severity.NOTE for diagnostic in found):
        raise typer.Exit(1)


def _examined(tree: GameTree, text: str, reader: Model) -> tuple[Diagnostic, ...]:
    """What a reader of the text disagrees with; what was asked is said on stderr.

    Raises:
        ServiceError: the reader did not answer.
    """
    import asyncio

    from nl2efg.cli.terminal import note
    from nl2efg.pipeline.open_points import find_open_points
    from nl2efg.pipeline.verification import examine

    async def ask() -> tuple[tuple[Diagnostic, ...], ExaminationRecord]:
        found, record = await examine(tree, text, reader, lambda *_: None)
        _, notes = await find_open_points(tree, text, reader, lambda *_: None)
        return found + notes, record

    found, record = asyncio.run(ask())
    left_out = f", of a large game: {record.left_out}" if record.left_out else ""
    unread = f"; {record.unread} without an answer" if record.unread else ""
    note(f"examined by {record.reader}: {record.asked} questions{left_out}{unread}")
    return found


def _read(path: Path) -> str:
    """The description; errors of the user's are told as such."""
    from nl2efg.errors import DescriptionError
    from nl2efg.pipeline.descriptions import read_description

    text = read_description(path)
    if not text.strip():
        raise DescriptionError(f"{path}: the description is empty")
    return text


def _in_short(severities: list[str]) -> str:
    counts = [(severities.count(kind), kind) for kind in ("error", "warning", "note")]
    told = [f"{count} {kind}{'' if count == 1 else 's'}" for count, kind in counts if count]
    return ", ".join(told) + "; `nl2efg explain CODE` tells more" if told else "nothing found"
