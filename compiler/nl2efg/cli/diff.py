"""``nl2efg diff``: are two files the same game?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.parameters import GAME, game_at
from nl2efg.cli.terminal import plain, print_json
from nl2efg.text import counted

if TYPE_CHECKING:
    from nl2efg.comparison import Comparison
    from nl2efg.game import GameTree

NAMELESS = "the action without a name"
MAX_RENAMED = 200
"""So many renamings are printed."""

_EXIT = {"same": 0, "different": 1, "undecided": 4}


def diff(
    a: Annotated[Path, typer.Argument(metavar="GAME", help=GAME)],
    b: Annotated[Path, typer.Argument(metavar="REFERENCE", help="another")],
    structure: Annotated[
        str, typer.Option(metavar="LEVEL", help="identical, isomorphic or strategic")
    ] = "isomorphic",
    payoffs: Annotated[
        str,
        typer.Option(metavar="RELATION", help="exact, affine, ordinal, constraints or none"),
    ] = "exact",
    names: Annotated[
        str,
        typer.Option(
            metavar="RULE",
            help="free, or anchored: names that both have must be mapped to themselves",
        ),
    ] = "free",
    open_payoffs: Annotated[
        list[str] | None,
        typer.Option(
            "--open", metavar="PAYOFF", help="with constraints: a payoff that REFERENCE leaves open"
        ),
    ] = None,
    constraint: Annotated[
        list[str] | None, typer.Option(help="with constraints: what open payoffs must meet")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(min=1, help="steps of work allowed; grows with the games")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print JSON and nothing else")] = False,
) -> None:
    """Are two trees the same game? If so, under which renaming; if not, what differs first.

    [bold]identical[/bold] asks for the same names and order, [bold]isomorphic[/bold] allows
    renaming and reordering, and [bold]strategic[/bold] also interchanged simultaneous moves, joined
    consecutive moves, moves without a choice and branches of probability zero.

    Exit codes: 0 the same; 1 different; 2 a file that cannot be used; 4 undecided.

    Example: [bold]nl2efg diff mine.efg reference.efg --structure strategic[/bold], or
    [bold]nl2efg diff mine.efg theirs.efg --payoffs constraints --open 'u[*](In, *)'
    --constraint 'u[Old](In, Share) > u[Old](In, War)'[/bold]
    """
    from nl2efg.comparison import compare

    first, second = game_at(a), game_at(b)
    found = compare(
        first,
        second,
        structure,
        payoffs,
        names=names,
        constraints=constraint or (),
        open_payoffs=open_payoffs or (),
        budget=budget,
    )
    letters = _letters(first, second)
    if json:
        print_json({**_as_data(found, first, second), "letters": letters})
    else:
        _print(found, first, second)
        if letters:
            print(plain(f"as families: {letters}"))
    raise typer.Exit(_EXIT[found.verdict])


def _letters(a: GameTree, b: GameTree) -> str:
    """How two games with letters agree, in words; empty unless both have some."""
    from nl2efg.comparison.families import compare_families
    from nl2efg.errors import UserError
    from nl2efg.sandbox import family_of

    own, other = family_of(a), family_of(b)
    if own is None or other is None:
        return ""
    try:
        return compare_families(own, other).words
    except UserError as error:
        return f"letters are not compared: {error.message}"


def _as_data(found: Comparison, a: GameTree, b: GameTree) -> dict[str, Any]:
    data: dict[str, Any] = {
        "verdict": str(found.verdict),
        "structure": str(found.structure),
        "payoffs": str(found.payoffs),
        "difference": found.difference,
        "crossed": found.crossed,
        "bijection": None,
    }
    if found.bijection is not None:
        data["bijection"] = {
            "players": [
                {"a": a.players[own], "b": b.players[other]}
                for own, other in sorted(found.bijection.players.items())
            ],
            "nodes": sorted(found.bijection.nodes.items()),
            "information_sets": [
                {
                    "a": own,
                    "b": other,
                    "actions": [{"a": x, "b": y} for x, y in found.bijection.actions[own]],
                }
                for own, other in sorted(found.bijection.sets.items())
            ],
        }
    return data


def _print(found: Comparison, a: GameTree, b: GameTree) -> None:
    from nl2efg.game.history import loose
    from nl2efg.game.wording import labels_in_words

    if found.bijection is None:
        print(plain(f"{found.verdict}: {found.difference}" if found.difference else found.verdict))
        return
    print(f"the same game ({found.structure}, payoffs {found.payoffs})")
    renamed = [
        f"player {a.told.player_name(own)} is {b.told.player_name(other)}"
        for own, other in found.bijection.players.items()
        if loose(a.players[own]) != loose(b.players[other])
    ]
    left_out = 0
    for own, other in sorted(found.bijection.sets.items()):
        actions = [
            (here, there)
            for here, there in found.bijection.actions[own]
            if loose(here) != loose(there)
        ]
        if actions and len(renamed) >= MAX_RENAMED:
            left_out += 1
        elif actions:
            history = labels_in_words(a.told.history(a.members[own][0]))
            words = labels_in_words(
                [f"{here or NAMELESS} is {there or NAMELESS}" for here, there in actions]
            )
            renamed.append(f"information set {other + 1} of B, at ({history}) in A: {words}")
    if left_out:
        renamed.append(f"and in {counted(left_out, 'more information set')}; --json gives them all")
    for line in renamed:
        print(plain(f"  {line}"))
