"""``nl2efg code``: pygambit code that rebuilds a game."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.parameters import GAME, Settings, file_option, game_at, with_fixed
from nl2efg.cli.terminal import note


def code(
    game: Annotated[Path, typer.Argument(metavar="GAME", help=GAME)],
    output: Annotated[
        Path | None,
        file_option("write there instead of on stdout"),
    ] = None,
    pygambit: Annotated[
        int | None,
        typer.Option(metavar="16|17", help="the pygambit it is for; without it, the installed one"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="run the code with pygambit and compare the games")
    ] = False,
    given: Settings = None,
) -> None:
    """Print pygambit code that rebuilds a game.

    The code addresses nodes by the labels of the actions before them, and leaves the game in a
    variable `game`. 16 stands for pygambit 16.7. Of a game with letters it is a function of
    them; those that --set gives a value are numbers in it.

    Example: nl2efg code poker.efg -o poker.py --check
    """
    from nl2efg.gambit.code.program import to_code
    from nl2efg.gambit.code.verification import check_code
    from nl2efg.storage import write_output

    tree = with_fixed(game_at(game), given, game)
    text = to_code(tree, pygambit)
    if check:
        check_code(text, tree, generation=pygambit)
        note("checked: pygambit builds the same game from it")
    if output is None:
        sys.stdout.write(text)
        return
    write_output(output, text)
