"""``nl2efg draw``: a game as a picture, a report, LaTeX or a graph."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from nl2efg.cli.parameters import GAME, Settings, file_option, with_numbers
from nl2efg.cli.terminal import note
from nl2efg.cli.view_options import takes_view, view_of
from nl2efg.errors import FormatError, UserError
from nl2efg.text import counted

if TYPE_CHECKING:
    from nl2efg.drawing.view import ViewOptions
    from nl2efg.game import BehaviourProfile, GameTree
    from nl2efg.schema.record import CompilationRecord

ENDINGS = "svg, html, tex, png, pdf, dot, graphml, ef"
LAID_OUT = ("svg", "tex", "png", "pdf", "ef")
ALL = 1_000_000
"""More equilibria than any game has: all of them are wanted."""
MAX_DEPTH = 5_000
"""Moves on the longest path that a picture may have: some 300,000 pixels."""
RECORD_FILE = "compilation.json"


@takes_view
def draw(
    game: Annotated[Path, typer.Argument(help=GAME)],
    output: Annotated[
        Path,
        file_option(f"where to; its ending says what: {ENDINGS}"),
    ],
    equilibrium: Annotated[
        str | None,
        typer.Option(
            "--equilibrium",
            "-e",
            metavar="NUMBER|all",
            help="mark this equilibrium, from 1; all: a picture for each, on one sheet",
        ),
    ] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="show it in the browser or the system's viewer")
    ] = False,
    given: Settings = None,
    concept: Annotated[
        str, typer.Option("--concept", help="solve for this concept, as nl2efg solve does")
    ] = "spe",
    view: dict[str, Any] | None = None,
) -> None:
    """Draw a game: [bold]nl2efg draw game.efg -o tree.svg --equilibrium 1[/bold].

    The report (.html) of a compilation's folder holds the text, the code and every equilibrium;
    that of a .efg file holds the tree and, with --equilibrium, its equilibria.
    """
    from nl2efg.drawing.left_out import refuse_unfit
    from nl2efg.drawing.picture_files import UNMARKED, format_of, picture_bytes, write_picture
    from nl2efg.pipeline.loading import read_compiled

    ending = format_of(output)
    fields: ViewOptions = cast("ViewOptions", view or {})
    looked = view_of(view or {})
    refuse_unfit(ending, list(fields), looked)
    # Pictures of payoffs are of equilibria: of all, or of the first.
    wanted = _wanted(equilibrium) or {"payoffs": ALL, "ends": 1}.get(looked.kind, 0)
    if ending in UNMARKED and wanted:
        raise UserError(f".{ending} cannot show an equilibrium")
    tree, record = read_compiled(game)
    if given:  # what the record says holds at its own values
        tree, record = with_numbers(tree, given, game), None
    if ending in LAID_OUT and (looked.depth is None or looked.depth > MAX_DEPTH):
        _refuse_depth(tree, ending)
    profiles = _profiles(tree, record, wanted, concept)
    if wanted and wanted > max(len(profiles), 0 if wanted != ALL else ALL):
        raise UserError(
            f"{game}: there is no equilibrium {equilibrium}; the list has "
            f"{counted(len(profiles), 'equilibrium', 'equilibria')}",
            hint="choose a smaller number" if profiles else "draw the game without --equilibrium",
        )
    shown = profiles if wanted == ALL else profiles[wanted - 1 : wanted] if wanted else []
    with warnings.catch_warnings(record=True) as noticed:
        content = picture_bytes(
            tree, ending, record=record, profiles=profiles, shown=shown, view=fields
        )
    for notice in dict.fromkeys(str(each.message) for each in noticed):
        note(f"nl2efg: {notice}")
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


def _wanted(text: str | None) -> int:
    """Which equilibrium is to be shown: its number from 1, ``ALL``, or 0 for none."""
    if text is None:
        return 0
    if text == "all":
        return ALL
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < ALL:
        raise UserError(f"--equilibrium {text}: neither a number from 1 nor all")
    return int(text)


def _profiles(
    tree: GameTree, record: CompilationRecord | None, wanted: int, concept: str
) -> list[BehaviourProfile]:
    """The record's equilibria; without a record, solve the game for as many as are wanted."""
    if record is not None and concept == "spe":
        from nl2efg.drawing.profiles_from_record import recorded_profiles

        try:
            return recorded_profiles(record, tree)
        except ValueError as error:
            raise FormatError(f"solution.equilibria: {error}", source=RECORD_FILE) from None
    if not wanted:
        return []
    from nl2efg.solving import solve

    found = solve(tree, concept=concept, all=True if wanted > 1 and concept != "qre" else None)
    return [each.profile for each in found.equilibria]
