"""A sweep as a table: comma-separated values, or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import IO, Any

from nl2efg.errors import UserError
from nl2efg.sweeps.running import Sweep
from nl2efg.text import cell_text


def columns(sweep: Sweep) -> list[str]:
    """The names of the columns: parameters, payoffs of the players, and what was found."""
    players = [f"payoff of {player}" for player in sweep.family.tree.players]
    found = ["type", "certified", "exact", "strategies", "method", "trouble"]
    return [*(axis.symbol for axis in sweep.axes), *players, *found]


def rows(sweep: Sweep) -> Iterator[list[Any]]:
    """A row for each point; numbers are text, so that they stay exact."""
    players = len(sweep.family.tree.players)
    for point in sweep.points:
        payoffs = point.payoffs or ("",) * players
        yield [
            *point.values, *payoffs, point.type, point.certified, point.exact, point.strategies,
            point.method, point.trouble,
        ]  # fmt: skip


def csv_text(sweep: Sweep) -> str:
    """The table as comma-separated values."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns(sweep))
    for row in rows(sweep):
        writer.writerow([cell_text(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def write_parquet(sweep: Sweep, file: Path | IO[bytes]) -> None:
    """The table as Parquet.

    Args:
        sweep: what was solved.
        file: its name, or the file itself, open for bytes.

    Raises:
        UserError: pyarrow is missing.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise UserError(
            "Parquet needs pyarrow", hint="pip install 'nl2efg[parquet]', or write .csv"
        ) from None
    names = columns(sweep)
    table = list(zip(*rows(sweep), strict=True))
    parquet.write_table(arrow.table(dict(zip(names, map(list, table), strict=True))), file)
