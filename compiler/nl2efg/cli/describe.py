"""``nl2efg describe``: a game told in English."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def describe(
    game: Annotated[Path, typer.Argument(help="an .efg or .nfg file")],
) -> None:
    """Tell a game in English: who moves when, knowing what, and what everybody gets.

    Example: [bold]nl2efg describe poker.efg[/bold]
    """
    from nl2efg.cli.terminal import plain
    from nl2efg.tree.english import describe as tell
    from nl2efg.tree.files import load_game

    print(plain(tell(load_game(game))), end="")
