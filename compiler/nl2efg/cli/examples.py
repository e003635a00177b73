"""``nl2efg examples``: the bundled games."""

from __future__ import annotations

from typing import Annotated

import typer

from nl2efg.cli.terminal import print_json


def examples(
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """List the bundled games; compile one with [bold]nl2efg NAME[/bold]."""
    from nl2efg.pipeline.examples import examples as bundled

    found = bundled()
    if json:
        print_json([{"name": game.name, "title": game.title} for game in found])
        return
    width = max(len(game.name) for game in found)
    for game in found:
        print(f"{game.name:<{width}}  {game.title}")
