"""``nl2efg draw``: a game as a picture, a report, LaTeX or a graph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.parameters import Settings, with_numbers
from nl2efg.errors import FormatError, UserError

if TYPE_CHECKING:
    from nl2efg.game import BehaviourProfile, GameTree
    from nl2efg.schema.record import CompilationRecord

ENDINGS = "svg, html, tex, png, pdf, dot, graphml, ef"
LAID_OUT = ("svg", "tex", "png", "pdf", "ef")
MAX_DEPTH = 5_000
"""Moves on the longest path that a picture may have: some 300,000 pixels."""
RECORD_FILE = "compilation.json"


class Direction(StrEnum):
    """Which way the tree grows."""

    DOWN = "down"
    RIGHT = "right"


class Along(StrEnum):
    """What the rows mean."""

    DEPTH = "depth"
    TIME = "time"


def draw(
    game: Annotated[
        Path, typer.Argument(help="a .efg file, a compilation's folder or its compilation.json")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=f"where to; its ending says what: {ENDINGS}")
    ],
    equilibrium: Annotated[
        int | None,
        typer.Option(
            "--equilibrium", "-e", min=1, help="lay this equilibrium over the tree, from 1"
        ),
    ] = None,
    direction: Annotated[
        Direction, typer.Option("--direction", help="which way the tree grows")
    ] = Direction.DOWN,
    depth: Annotated[
        int | None, typer.Option("--depth", min=0, help="how many moves deep the picture goes")
    ] = None,
    along: Annotated[
        Along,
        typer.Option("--along", help="rows by depth, or by time with all endings in the last row"),
    ] = Along.DEPTH,
    open_: Annotated[
        bool, typer.Option("--open", help="show it in the browser or the system's viewer")
    ] = False,
    given: Settings = None,
) -> None:
    """Draw a game: [bold]nl2efg draw game.efg -o tree.svg --equilibrium 1[/bold].

    The report (.html) of a compilation's folder holds the text, the code and every equilibrium;
    that of a .efg file holds the tree and, with --equilibrium, its equilibria.
    """
    from nl2efg.drawing.picture_files import UNLAID, format_of, picture_bytes, write_picture
    from nl2efg.pipeline.loading import read_compiled

    ending = format_of(output)
    if ending in UNLAID and (equilibrium is not None or depth is not None):
        raise UserError(f".{ending} cannot show an equilibrium or a part of a tree")
    tree, record = read_compiled(game)
    if given:  # what the record says holds at its own values
        tree, record = with_numbers(tree, given, game), None
    if ending in LAID_OUT and (depth is None or depth > MAX_DEPTH):
        _refuse_depth(tree, ending)
    profiles = _profiles(tree, record, equilibrium)
    if equilibrium is not None and equilibrium > len(profiles):
        raise UserError(
            f"{game}: there is no equilibrium {equilibrium}; {len(profiles)} were found",
            hint="choose a smaller number" if profiles else "draw the game without --equilibrium",
        )
    chosen = None if equilibrium is None else profiles[equilibrium - 1]
    content = picture_bytes(
        tree,
        ending,
        record=record,
        profiles=profiles,
        shown=chosen,
        view={"direction": direction.value, "depth": depth, "along": along.value},
    )
    write_picture(content, output)
    typer.echo(str(output))
    if open_:
        typer.launch(output.resolve().as_uri() if ending in ("svg", "html") else str(output))


def _refuse_depth(tree: GameTree, ending: str) -> None:
    """Say at once that a picture would be of no use to anybody."""
    deepest = max(tree.depth)
    if deepest > MAX_DEPTH:
        raise UserError(
            f"a picture of {deepest:,} moves one below the other cannot be looked at",
            hint=f"the most is {MAX_DEPTH:,}; "
            + ("draw .dot or .graphml" if ending == "ef" else "cut it with --depth, or draw .html"),
        )


def _profiles(
    tree: GameTree, record: CompilationRecord | None, wanted: int | None
) -> list[BehaviourProfile]:
    """The record's equilibria; without a record, solve the game for as many as are wanted."""
    if record is not None:
        from nl2efg.drawing.profiles_from_record import recorded_profiles

        try:
            return recorded_profiles(record, tree)
        except ValueError as error:
            raise FormatError(f"solution.equilibria: {error}", source=RECORD_FILE) from None
    if wanted is None:
        return []
    from nl2efg.solving import solve

    return [found.profile for found in solve(tree, all=wanted > 1).equilibria]
