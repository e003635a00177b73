"""The summary of a compilation, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from nl2efg.cli.equilibrium_summary import equilibrium_rows
from nl2efg.cli.terminal import plain
from nl2efg.game.analysis import GameFacts
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.record import CompilationRecord

if TYPE_CHECKING:
    from nl2efg.equilibria.result import Solution

BY_HAND = ("set", "edited by hand")
"""Stages of a record at which a person changed the game, and no model attempted anything."""
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def print_summary(
    record: CompilationRecord, solution: Solution | None, folder: Path, *, numbers: bool = False
) -> None:
    """Print players, moves, information, assumptions, equilibria, diagnostics and files.

    Args:
        record: the compilation.
        solution: its equilibria; None if the game was not solved.
        folder: where the files are.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.
    """
    console = Console(highlight=False)
    console.print(f"[bold]{_safe(record.facts.title if record.facts else record.name)}[/bold]")
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in _rows(record, solution, numbers):
        table.add_row(label, value)
    console.print(Padding(table, (0, 0, 0, 2)))
    console.print(f"\n[bold]{_safe(str(folder))}/[/bold]  {_files(folder)}", soft_wrap=True)


def _rows(
    record: CompilationRecord, solution: Solution | None, numbers: bool
) -> Iterator[tuple[str, str]]:
    if record.facts:
        yield from _facts(record.facts)
    yield "read by", _safe(_read_by(record))
    if record.revision is not None:
        how = record.revision.how
        yield ("recompiled" if how == "compiled" else how), _safe(record.revision.words)
        yield from _listed("changed", record.revision.differences, "nothing: the game is the same")
    if record.error:
        yield "stopped", _safe(record.error)
    if record.consensus:
        agreed = record.consensus
        lost = f"; {agreed.failed} failed: {'; '.join(agreed.failures)}" if agreed.failed else ""
        ways = f", by {' and '.join(agreed.ways)}" if agreed.ways else ""
        yield "consensus", f"{agreed.agreeing} of {agreed.samples} samples agree{ways}{lost}"
        for difference in agreed.dissent:
            yield "", _safe(difference)
    yield from _listed("assumed", record.assumptions, "nothing that the text leaves open")
    if solution is not None:
        yield from (
            (label, _safe(line)) for label, line in equilibrium_rows(solution, numbers=numbers)
        )
    yield from _listed("diagnostics", [_diagnostic(d) for d in record.diagnostics], "none")


def _facts(facts: GameFacts) -> Iterator[tuple[str, str]]:
    yield "players", _safe(", ".join(facts.players)) or "none"
    yield "tree", f"{facts.nodes:,} nodes, {facts.terminals:,} terminal nodes, depth {facts.depth}"
    sets = ", ".join(f"{count} of {name}" for name, count in facts.information_sets.items())
    yield (
        "information",
        f"sets: {_safe(sets) or 'none'}; "
        f"{'perfect' if facts.perfect_information else 'imperfect'} information, "
        f"{'perfect' if facts.perfect_recall else '[yellow]imperfect[/yellow]'} recall",
    )
    yield "payoffs", "constant-sum" if facts.constant_sum else "general-sum"


def _read_by(record: CompilationRecord) -> str:
    calls = len(record.exchanges)
    attempts = sum(each.stage not in BY_HAND for each in record.attempts)
    tokens = record.prompt_tokens + record.completion_tokens
    cost = f", ${record.cost:.4f}" if record.cost else ""
    notes = "; ".join(dict.fromkeys(e.note for e in record.exchanges if e.note))
    return (
        f"{record.model}: {_count(calls, 'call')}, {_count(attempts, 'attempt')}, "
        f"{tokens:,} tokens{cost}" + (f" ({notes})" if notes else "")
    )


def _diagnostic(found: Diagnostic) -> str:
    colour = COLOURS[found.severity]
    return f"[{colour}]{found.severity.value} {_safe(found.code)}[/{colour}] " + _safe(
        str(found).split(": ", 1)[1]
    )


def _listed(
    label: str, lines: list[str] | tuple[str, ...], otherwise: str
) -> Iterator[tuple[str, str]]:
    shown = [line for line in lines if line] or ([otherwise] if otherwise else [])
    for number, line in enumerate(shown):
        yield ("" if number else label), (line if label == "diagnostics" else _safe(line))


def _files(folder: Path) -> str:
    return " ".join(
        sorted(f"{file.name}/" if file.is_dir() else file.name for file in folder.iterdir())
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _safe(text: str) -> str:
    return escape(plain(text))
