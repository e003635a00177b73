"""``nl2efg explain``: the documented diagnostic codes."""

from __future__ import annotations

from typing import Annotated

import typer

from nl2efg.cli.terminal import print_json


def explain(
    code: Annotated[
        str, typer.Argument(help="a code such as C204; without one, all are listed")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Explain a diagnostic code, or list them all.

    Example: [bold]nl2efg explain C204[/bold]
    """
    from dataclasses import asdict

    from nl2efg.schema.diagnostic_codes import explain as look_up
    from nl2efg.schema.diagnostic_codes import known_codes

    if not code.strip():
        entries = known_codes().values()
        if json:
            print_json([asdict(entry) for entry in entries])
            return
        for entry in entries:
            print(f"{entry.code}  {entry.title}")
        return
    entry = look_up(code)
    if json:
        print_json(asdict(entry))
        return
    print(f"{entry.code}: {entry.title}\n\n{_wrapped(entry.explanation)}")
    if entry.example:
        print(f"\nExample:\n{_indented(entry.example)}")
    if entry.remedy:
        print(f"\nRemedy:\n{_indented(entry.remedy)}")


def _wrapped(paragraph: str) -> str:
    from textwrap import fill

    return fill(paragraph.strip(), width=80)


def _indented(text: str) -> str:
    from textwrap import fill

    lines = text.strip().splitlines()
    return "\n".join(
        fill(line, width=80, initial_indent="  ", subsequent_indent="  ") for line in lines
    )
