"""``nl2efg draw``: a game as a picture, a report, LaTeX or a graph."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.parameters import Settings, with_numbers
from nl2efg.errors import FormatError, NotFoundError, UserError

if TYPE_CHECKING:
    from nl2efg.game import BehaviourProfile, GameTree
    from nl2efg.schema.record import CompilationRecord

FORMATS = ("svg", "html", "tex", "png", "pdf", "dot", "graphml", "ef")
UNLAID = ("dot", "graphml", "ef")
"""Formats without a place for an equilibrium, a direction or a depth."""
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
        Path, typer.Option("--output", "-o", help=f"where to; its ending says what: {FORMATS}")
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
    ending = output.suffix.lstrip(".").lower()
    if ending not in FORMATS:
        raise UserError(
            f"{output}: unknown ending {output.suffix!r}",
            hint="use one of " + ", ".join(f".{known}" for known in FORMATS),
        )
    if ending in UNLAID and (equilibrium is not None or depth is not None):
        raise UserError(f".{ending} cannot show an equilibrium or a part of a tree")
    tree, record = read_game(game)
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
    content = _drawn(tree, record, profiles, chosen, ending, direction, depth, along)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UserError(
            f"cannot write {output}: {error.strerror or error}",
            hint="name a file in a folder that exists and can be written",
        ) from None
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


def read_game(path: Path) -> tuple[GameTree, CompilationRecord | None]:
    """The game of a ``.efg`` file, or of a compilation together with its record.

    Raises:
        UserError: there is no game at ``path``.
    """
    from nl2efg.formats import load_game, read_efg

    if os.path.isdir(path):
        path = path / RECORD_FILE
        if not os.path.isfile(path):
            raise NotFoundError(
                f"{path.parent} holds no {RECORD_FILE}",
                hint="name a .efg file, or a folder that nl2efg compile wrote",
            )
    if path.suffix.lower() != ".json":
        return load_game(path), None
    record = _read_record(path)
    if record.efg is None:
        raise UserError(f"{path}: this compilation failed and holds no game")
    return read_efg(record.efg, str(path)), record


def _read_record(path: Path) -> CompilationRecord:
    from pydantic import ValidationError

    from nl2efg.schema.record import CompilationRecord

    try:
        return CompilationRecord.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NotFoundError(f"cannot read {path}: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise FormatError(
            f"no record of a compilation: {field or 'the file'}: {first['msg']}",
            source=str(path),
            hint="name the compilation.json that nl2efg compile wrote",
        ) from None


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


def _drawn(
    tree: GameTree,
    record: CompilationRecord | None,
    profiles: list[BehaviourProfile],
    chosen: BehaviourProfile | None,
    ending: str,
    direction: Direction,
    depth: int | None,
    along: Along,
) -> bytes:
    from nl2efg import drawing
    from nl2efg.drawing.view import ViewOptions

    if ending == "html":
        return drawing.draw_html(tree, record, profiles).encode()
    plain = {"dot": drawing.draw_dot, "graphml": drawing.draw_graphml, "ef": drawing.draw_ef}
    if ending in plain:
        return plain[ending](tree).encode()
    function = drawing.draw_tikz if ending == "tex" else drawing.draw_svg
    options: ViewOptions = {"depth": depth}
    options["direction"] = direction.value
    options["along"] = along.value
    text = function(tree, profile=chosen, **options)
    if ending == "png":
        return drawing.to_png(text)
    return drawing.to_pdf(text) if ending == "pdf" else text.encode()
