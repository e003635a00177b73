"""``nl2efg sweep``: a game with letters, solved along a line or over a plane."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.parameters import GAME, Settings, family_in, file_option, settings
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.sweeps import Sweep

FORMATS = (".csv", ".parquet", ".svg")


def sweep_command(
    game: Annotated[Path, typer.Argument(help=GAME)],
    over: Annotated[
        list[str],
        typer.Option(
            "--over", metavar="SYMBOL=FIRST:LAST:COUNT", help="an axis; once more for a plane"
        ),
    ],
    output: Annotated[
        Path,
        file_option("where to: .csv, .parquet or .svg"),
    ],
    given: Settings = None,
    concept: Annotated[str, typer.Option(help="spe or nash")] = "spe",
    player: Annotated[
        str, typer.Option("--player", help="of a plane, draw this player's value")
    ] = "",
    budget: Annotated[float, typer.Option(min=0.01, help="seconds for each point")] = 10.0,
    workers: Annotated[
        int | None, typer.Option(min=1, help="processes; default one a processor")
    ] = None,
    ray: Annotated[
        str | None, typer.Option(help="a Ray cluster's address, 'local' for one of this machine")
    ] = None,
) -> None:
    """Solve a game with letters at many values of its parameters.

    Every point has a certified equilibrium or says why not. A sweep that was interrupted goes on
    where it was when the same command is given again. Over a size,
    such as a number of rounds, --over n=1:12 shows how values move as the game grows.

    Examples:

        nl2efg sweep entry.nl2efg --over c=0:1:101 -o values.svg

        nl2efg sweep entry.nl2efg --over c=0:1:51 --over p=0:1:51 -o regimes.svg
    """
    from nl2efg.cli.progress import counting
    from nl2efg.cli.terminal import note
    from nl2efg.pipeline.loading import read_compiled
    from nl2efg.sweeps import axes, read_axis, sweep

    if output.suffix not in FORMATS:
        raise UserError(f"{output}: unknown ending", hint=f"use one of {', '.join(FORMATS)}")
    if concept not in ("spe", "nash"):
        raise UserError(f"a sweep has no concept {concept!r}", hint="use spe or nash")
    family = family_in(read_compiled(game)[0], game).with_values(settings(given))
    lines = [read_axis(text, family) for text in over]
    total = axes.count(lines)
    log = output.with_name(f".{output.name}.log")
    with counting("points", total) as tick:

        def count(more: int) -> None:
            for _ in range(more):
                tick()

        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            found = sweep(
                family,
                lines,
                concept=concept,
                budget=budget,
                workers=workers,
                log=log,
                ray=None if ray is None else "" if ray == "local" else ray,
                count=count,
            )
        except OSError as error:
            raise UserError(f"{log} cannot be written: {error.strerror or error}") from None
    _write(found, output, player)
    log.unlink(missing_ok=True)
    for line in summary(found):
        note(line)


def _write(found: Sweep, output: Path, player: str) -> None:
    from nl2efg.storage import output as file_for
    from nl2efg.sweeps.table import csv_text, write_parquet

    with file_for(output) as file:
        if output.suffix == ".parquet":
            write_parquet(found, file)
        else:
            text = csv_text(found) if output.suffix == ".csv" else found.svg(player)
            file.write(text.encode())


def summary(found: Sweep) -> list[str]:
    """What a sweep came to: points by type, and how values move with a size."""
    total = len(found.points)
    certified = sum(point.certified for point in found.points)
    lines = [f"{total:,} points, {certified:,} certified"]
    lines += [f"  {count:>8,}  {kind}" for kind, count in list(found.types.items())[:12]]
    troubles: dict[str, int] = {}
    for point in found.points:
        if point.trouble:
            values, breaks, condition = point.trouble.partition(" breaks ")
            why = f"the values break {condition}" if breaks else values
            troubles[why] = troubles.get(why, 0) + 1
    lines += [f"  {count:>8,}  none: {why}" for why, count in list(troubles.items())[:5]]
    sizes = {each.symbol for each in found.family.sizes}
    if len(found.axes) == 1 and found.axes[0].symbol in sizes:
        lines += cut_lines(found)
    return lines


def cut_lines(found: Sweep) -> list[str]:
    """How the values move with the one size that the sweep runs over."""
    symbol = found.axes[0].symbol
    lines = []
    for point in found.points:
        if point.payoffs:
            paid = ", ".join(
                f"{player} {value}"
                for player, value in zip(found.family.tree.told.players, point.payoffs, strict=True)
            )
            lines.append(f"with {symbol} = {point.values[0]}: {paid}")
    return lines
