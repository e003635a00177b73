"""``nl2efg describe``: a game told in English."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.parameters import GAME, Settings, game_at, with_numbers

LINE_LIMIT = 2000
WIDTH_LIMIT = 5000


def describe(
    game: Annotated[Path, typer.Argument(help=GAME)],
    whole: Annotated[
        bool, typer.Option("--all", help="tell it to the end, however long it gets")
    ] = False,
    given: Settings = None,
) -> None:
    """Tell a game in English: who moves when, knowing what, and what everybody gets.

    Of a very large game the first 2,000 lines are printed, and of a line 5,000 characters.

    Example: [bold]nl2efg describe poker.efg[/bold]
    """
    from nl2efg.cli.terminal import note, plain
    from nl2efg.formats.english import describe as tell

    lines = tell(with_numbers(game_at(game), given, game)).removesuffix("\n").split("\n")
    shown = lines if whole else [_cut(line) for line in lines[:LINE_LIMIT]]
    print(plain("\n".join(shown)))
    if shown != lines:
        note(
            f"{len(shown):,} of {len(lines):,} lines shown, none of more than {WIDTH_LIMIT:,} "
            "characters; --all tells the rest, and show --depth the beginning as a tree"
        )


def _cut(line: str) -> str:
    left_out = len(line) - WIDTH_LIMIT
    return f"{line[:WIDTH_LIMIT]}… ({left_out:,} more characters)" if left_out > 0 else line
