"""``nl2efg set``: edits of a game that need no model."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.options import unpacked
from nl2efg.cli.parameters import file_place
from nl2efg.cli.revising import Undo, report, telling_if_stopped, undo_command
from nl2efg.cli.terminal import plain
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.revision.edit_list import EditList


def set_command(
    game: Annotated[
        Path, typer.Argument(metavar="FOLDER|GAME.efg", help="a compilation's folder, or a game")
    ],
    payoff: Annotated[
        list[str] | None,
        typer.Option(metavar="HISTORY PLAYER VALUE", help="what a player gets at an end in all"),
    ] = None,
    probability: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HISTORY ACTION VALUE",
            help='of what chance does there ("": at the root); the others share the rest',
        ),
    ] = None,
    join: Annotated[
        list[str] | None,
        typer.Option(metavar="HISTORY HISTORY", help="the player cannot tell these two apart"),
    ] = None,
    split: Annotated[
        list[str] | None,
        typer.Option(metavar="HISTORY", help="the player can tell this from the rest of its set"),
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD NEW",
            help="a player, or an action wherever it is called so; a history for its last action; "
            "player:#2, action:#2 at the root",
        ),
    ] = None,
    undo: Undo = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="NEW",
            help="where it goes: a new .efg or GAME.efg itself, of a FOLDER a new folder",
        ),
    ] = None,
    solve: Annotated[
        bool | None, typer.Option(help="look for equilibria; by default if it was solved before")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="print compilation.json on stdout, and nothing else")
    ] = False,
) -> None:
    """Change payoffs, probabilities, information sets and names, without a model.

    All options may be repeated. Histories are labels from the root with commas, in the names
    before the change: * means every action, #2 the second one. What changed is told, checked
    and solved anew; the version before is kept, and --undo goes back to it. Of a GAME.efg the
    new game is printed.

    Examples:

        nl2efg set entry.nl2efg --payoff "Enter, Fight" "Firm 1" 3

        nl2efg set poker.nl2efg --split "King, Bet" --rename "Player 1" Ann
    """
    from nl2efg.revision.edit_list import EditList

    edits = EditList(
        payoffs=unpacked("--payoff", payoff, 3),
        probabilities=unpacked("--probability", probability, 3),
        joins=unpacked("--join", join, 2),
        splits=split or (),
        renames=unpacked("--rename", rename, 2),
    )
    if undo:
        undo_command(game, json)
        return
    if not edits:
        raise UserError(
            "nothing is to be changed", hint="--payoff, --probability, --join, --split, --rename"
        )
    if game.is_dir():
        target = None if output is None else Path(output)
        with telling_if_stopped(target or game):
            _in_folder(game, edits, target, solve, json)
        return
    if json or solve is not None:
        raise UserError(
            f"--{'json' if json else 'solve'} is of a FOLDER; {game} is a game alone",
            hint="`nl2efg solve` solves what comes out",
        )
    target = None if output is None else _place(game, output)
    with telling_if_stopped(target):
        _in_file(game, edits, target)


def _in_folder(
    game: Path, edits: EditList, output: Path | None, solve: bool | None, json: bool
) -> None:
    from nl2efg.pipeline import Compilation
    from nl2efg.pipeline.folder import changing
    from nl2efg.revision.hand_edits import own_folder, whole
    from nl2efg.revision.next_version import Solving, revised

    if output is not None:
        edits.done(Compilation.load(game).tree)  # a mistake is told before anything is written
        game = own_folder(game, output)
    with changing(game):
        old = whole(game)
        tree = edits.done(old.tree)
        made = revised(old, tree, how="set", words=str(edits), solving=Solving(solve))
        made.write(game)
    report(made, game, json)


def _place(game: Path, output: str) -> Path:
    """Where the new game of a file goes.

    Raises:
        UserError: it is no .efg, or another file is there.
    """
    place = file_place(output)
    if os.path.lexists(place) and not os.path.isfile(place):
        return place  # a pipe, say; of a folder the system says what it is
    if place.suffix.lower() != ".efg":
        raise UserError(f"{place}: what is written is .efg", hint="name a file that ends so")
    if os.path.lexists(place) and not (os.path.exists(game) and os.path.samefile(place, game)):
        raise UserError(f"{place} exists; nothing was overwritten", hint="name another --output")
    return place


def _in_file(game: Path, edits: EditList, output: Path | None) -> None:
    from nl2efg.cli.terminal import note
    from nl2efg.comparison.changes import game_changes
    from nl2efg.formats import load_game, write_efg
    from nl2efg.storage import write_output

    old = load_game(game)
    tree = edits.done(old)
    text = write_efg(tree)
    if output is not None:
        write_output(output, text)
    for line in game_changes(old, tree):
        note(line)
    if output is None:
        sys.stdout.write(plain(text))
