"""``nl2efg simulate``: a game played many times."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.parameters import GAME, Settings, file_option, with_settings
from nl2efg.errors import UserError
from nl2efg.game.numbers import finite

if TYPE_CHECKING:
    from nl2efg.game import BehaviourProfile, GameTree
    from nl2efg.playing import Simulation


def simulate(
    game: Annotated[str, typer.Argument(help=GAME)],
    strategies: Annotated[
        str | None,
        typer.Option(
            "--strategies",
            metavar="FILE|-",
            help="how it is played, as `nl2efg verify` takes a profile; else an equilibrium",
        ),
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", help='the strategies themselves, "Ann bets with K; …"')
    ] = None,
    plays: Annotated[int, typer.Option("-n", "--plays", min=1, help="how many plays")] = 1000,
    seed: Annotated[int | None, typer.Option(help="makes the same plays again")] = None,
    output: Annotated[
        Path | None,
        file_option("a .csv with a row for each play"),
    ] = None,
    given: Settings = None,
    json: Annotated[bool, typer.Option("--json", help="print the averages as JSON")] = False,
) -> None:
    """Play a game many times: [bold]nl2efg simulate kuhn_poker -n 10000 -o plays.csv[/bold]."""
    from nl2efg.library import as_tree
    from nl2efg.playing import simulate as simulate_tree

    if output is not None and output.suffix.lower() in (".json", ".jsonl"):
        raise UserError(
            f"{output}: the plays are written as CSV",
            hint="name a .csv; --json prints the averages as JSON",
        )
    tree = with_settings(as_tree(game), given, game)
    profile = chosen_profile(tree, strategies, words)
    done = simulate_tree(tree, profile, plays=plays, seed=seed)
    if output is not None:
        _write(done, output)
    if json:
        from nl2efg.cli.terminal import print_json

        print_json(_summary(done))
        return
    from nl2efg.cli.terminal import plain

    print(f"{plays:,} plays")
    for row in _summary(done):
        print(
            plain(
                f"  {row['player']}: {_shown(row['average'], 6)} on average "
                f"(± {_shown(row['standard_error'], 2)}); expected {row['expected']}"
            )
        )


def _shown(number: float | None, digits: int) -> str:
    return "beyond any float" if number is None else f"{number:.{digits}g}"


def chosen_profile(tree: GameTree, strategies: str | None, words: str | None) -> BehaviourProfile:
    """The strategies that the flags name, or those of the first equilibrium.

    Args:
        tree: the game.
        strategies: a file, or ``-`` for stdin.
        words: the strategies themselves.

    Raises:
        UserError: they cannot be read, or no equilibrium was found.
    """
    if strategies is not None or words is not None:
        from nl2efg.cli.verify import told_profile
        from nl2efg.library.profiles import as_profile

        return as_profile(tree, told_profile(strategies, words))
    from nl2efg.solving import solve

    found = solve(tree).equilibria
    if not found:
        raise UserError("no equilibrium was found to play", hint="say how with --strategies")
    return found[0].profile


def _write(done: Simulation, output: Path) -> None:
    from nl2efg.storage import output as file_for
    from nl2efg.text import cell_text

    rows = done.rows()
    with file_for(output) as opened, io.TextIOWrapper(opened, "utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: cell_text(text) for name, text in row.items()} for row in rows)


def _summary(done: Simulation) -> list[dict[str, Any]]:
    """What each player got; numbers beyond all floats are None."""
    expected = done.expected or ("",) * len(done.tree.players)
    columns = zip(
        done.tree.told.players, done.averages, done.standard_errors, expected, strict=True
    )
    return [
        {
            "player": name,
            "average": finite(average),
            "standard_error": finite(error),
            "expected": str(value),
        }
        for name, average, error, value in columns
    ]
