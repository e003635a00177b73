"""``nl2efg versions``: the versions of a game in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nl2efg.cli.terminal import plain, print_json


def versions(
    folder: Annotated[Path, typer.Argument(help="a compilation's folder")],
    take: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="make this version the current one")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="print JSON on stdout, and nothing else")
    ] = False,
) -> None:
    """List the versions of a game, what was done and what changed, or take one of them.

    An earlier version is a folder of its own, such as story.nl2efg/versions/1, which all commands
    read and none changes.

    Example: [bold]nl2efg versions story.nl2efg --take 1[/bold]
    """
    from nl2efg.cli.revising import take_and_tell
    from nl2efg.pipeline.folder import read_record
    from nl2efg.pipeline.versions import first_history, read_history

    if take is not None:
        take_and_tell(folder, take, json)
        return
    read_record(folder)  # a folder that is none says so
    history = read_history(folder) or first_history()
    if json:
        print_json(history.model_dump(mode="json"))
        return
    for each in history.versions:
        mark = "*" if each.number == history.current else " "
        parent = f" from {each.parent}" if each.parent else ""
        words = f": {each.words}" if each.words else ""
        made = each.made or "no date"
        print(plain(f"{mark} {each.number}{parent}  {made}  {each.how}{words}"))
        for line in each.differences:
            print(plain(f"      {line}"))
