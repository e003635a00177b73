"""``nl2efg check``: what speaks against a game."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.options import model_options
from nl2efg.cli.parameters import GAME, game_at
from nl2efg.text import counted, one_line

DESCRIPTIONS = (".txt", ".md")
GAMES = (".efg", ".nfg")

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nl2efg.game import GameTree
    from nl2efg.models import Model
    from nl2efg.models.flags import ModelFlags
    from nl2efg.schema.diagnostics import Diagnostic
    from nl2efg.schema.record import ExaminationRecord


@model_options("model", "paste", "paste_folder")
def check(
    games: Annotated[list[Path], typer.Argument(metavar="GAME…", help=GAME)],
    flags: ModelFlags,
    text: Annotated[
        Path | None, typer.Option("--text", help="the description that the game should be")
    ] = None,
    beside: Annotated[
        bool,
        typer.Option(
            "--beside", help="with the description beside each game: poker.txt or .md of poker.efg"
        ),
    ] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="with --text: put questions about the game to a reader of the text"
        ),
    ] = False,
    verifier: Annotated[
        str | None, typer.Option(metavar="MODEL", help="the same, answered by this model")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="end with 1 where there are notes, too")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check a game's shape and, with [bold]--text[/bold], whether it is the game described.

    With [bold]--verify[/bold] a model answers questions that are made from the game, from the text
    alone: what a player knows where, what is paid at an end. Where it disagrees, you decide. It is
    asked as well what the text leaves open.

    Several games are checked one after the other, each line with its game, as a hook before a
    commit wants it. With [bold]--beside[/bold] a description stands for the game beside it; one
    that has none is passed over.

    Exit codes: 0 nothing but notes; 1 an error or a warning, with --strict a note; 2 a file that
    cannot be used; 3 the reader did not answer.

    Example: [bold]nl2efg check poker.efg --text poker.txt --verify[/bold]
    """
    from nl2efg.cli.models import models_for
    from nl2efg.errors import UserError

    verifies = verify or verifier is not None
    if text is not None and (beside or len(games) > 1):
        raise UserError("--text is for one game", hint="--beside finds a description for each")
    if verifies and text is None and not beside:
        raise UserError("--verify needs the description", hint="name it with --text")

    def found_in(game: Path) -> tuple[Diagnostic, ...]:
        from nl2efg.checks import check as run_checks

        tree, place = game_at(game), _beside(game) if beside else text
        told = None if place is None else _read(place)
        found = run_checks(tree, text=told)
        if verifies and told is not None:
            (reader,) = models_for(told, flags.with_model(verifier))
            found += _examined(tree, told, reader)
        return found

    if beside:
        games = _meant(games)
    if len(games) == 1 and not beside:
        found, code = _one(found_in(games[0]), json), 0
    else:
        found, code = _several(games, found_in, json)
    if code or _counts(found, strict):
        raise typer.Exit(code or 1)


def _one(found: tuple[Diagnostic, ...], json: bool) -> tuple[Diagnostic, ...]:
    """Print what was found in the only game."""
    from dataclasses import asdict

    from nl2efg.cli.terminal import note, plain, print_json

    if json:
        print_json([asdict(diagnostic) for diagnostic in found])
    else:
        for diagnostic in found:
            print(plain(str(diagnostic)))
        note(_in_short([diagnostic.severity.value for diagnostic in found]))
    return found


def _several(
    games: Sequence[Path], found_in: Callable[[Path], tuple[Diagnostic, ...]], json: bool
) -> tuple[tuple[Diagnostic, ...], int]:
    """Print what was found in each game; all of it, and 2 if a game cannot be read.

    One that cannot be read stops no other.
    """
    from dataclasses import asdict

    from nl2efg.cli.terminal import complain, note, plain, print_json
    from nl2efg.errors import UserError

    rows: list[dict[str, Any]] = []
    every: list[Diagnostic] = []
    code = 0
    for game in games:
        try:
            found = found_in(game)
        except UserError as error:
            told = error.message if str(game) in error.message else f"{game}: {error.message}"
            complain(told, error.hint)
            rows.append({"game": str(game), "error": error.message})
            code = error.exit_code
            continue
        rows.append({"game": str(game), "found": [asdict(each) for each in found]})
        every += found
        for diagnostic in () if json else found:
            print(plain(f"{one_line(str(game))}: {diagnostic}"))
    if json:
        print_json(rows)
    else:
        read = sum("found" in row for row in rows)
        short = _in_short([each.severity.value for each in every])
        note(f"{counted(read, 'game')} checked: {short}" if read else "no game was checked")
        if read < len(games):
            note(f"{counted(len(games) - read, 'file')} could not be read")
    return tuple(every), code


def _counts(found: tuple[Diagnostic, ...], strict: bool) -> bool:
    """Whether there is more than notes, or, if these count too, anything."""
    from nl2efg.schema.diagnostics import Severity

    return any(strict or diagnostic.severity is not Severity.NOTE for diagnostic in found)


def _beside(game: Path) -> Path | None:
    """The description that lies beside a game, if there is one."""
    names = (game.with_suffix(ending) for ending in DESCRIPTIONS)
    return next((name for name in names if name.is_file()), None)


def _meant(files: Sequence[Path]) -> list[Path]:
    """The games of files of which some may be descriptions, each game once."""
    found: dict[Path, None] = {}
    for file in files:
        if file.suffix.lower() in DESCRIPTIONS:
            names = (file.with_suffix(ending) for ending in GAMES)
            found |= dict.fromkeys(name for name in names if name.is_file())
        else:
            found[file] = None
    return list(found)


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
