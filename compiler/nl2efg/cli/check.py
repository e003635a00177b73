"""``nl2efg check``: what speaks against a game."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def check(
    game: Annotated[Path, typer.Argument(help="an .efg or .nfg file")],
    text: Annotated[
        Path | None, typer.Option("--text", help="the description that the game should be")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Check a game's shape and, with [bold]--text[/bold], whether it is the game described.

    Exit codes: 0 nothing but notes; 1 an error or a warning; 2 a file that cannot be used.

    Example: [bold]nl2efg check poker.efg --text poker.txt[/bold]
    """
    from dataclasses import asdict

    from nl2efg.checks import check as run_checks
    from nl2efg.cli.terminal import note, plain, print_json
    from nl2efg.formats.files import load_game
    from nl2efg.schema.diagnostics import Severity

    tree = load_game(game)
    found = run_checks(tree, text=None if text is None else _read(text))
    if json:
        print_json([asdict(diagnostic) for diagnostic in found])
    else:
        for diagnostic in found:
            print(plain(str(diagnostic)))
        note(_in_short([diagnostic.severity.value for diagnostic in found]))
    if any(diagnostic.severity is not Severity.NOTE for diagnostic in found):
        raise typer.Exit(1)


def _read(path: Path) -> str:
    """The description; errors of the user's are told as such."""
    from nl2efg.errors import DescriptionError, NotFoundError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except OSError as error:
        raise DescriptionError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise DescriptionError(f"{path}: not a text in UTF-8") from None
    if not text.strip():
        raise DescriptionError(f"{path}: the description is empty")
    return text


def _in_short(severities: list[str]) -> str:
    counts = [(severities.count(kind), kind) for kind in ("error", "warning", "note")]
    told = [f"{count} {kind}{'' if count == 1 else 's'}" for count, kind in counts if count]
    return ", ".join(told) + "; `nl2efg explain CODE` tells more" if told else "nothing found"
