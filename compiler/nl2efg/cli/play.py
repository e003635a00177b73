"""``nl2efg play``: a person against the equilibrium, or several people at one terminal."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.parameters import GAME, Settings, with_settings
from nl2efg.cli.terminal import note, plain
from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.game import GameTree
    from nl2efg.playing import Observation

SCREEN = 60
"""Empty lines that hide from one person what another has seen."""


def play(
    game: Annotated[str, typer.Argument(help=GAME)],
    player: Annotated[
        list[str] | None,
        typer.Option("--as", help="a player that a person plays; may be repeated"),
    ] = None,
    strategies: Annotated[
        str | None, typer.Option("--strategies", help="how the others play; else an equilibrium")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="makes chance draw the same again")] = None,
    given: Settings = None,
) -> None:
    """Play a game: [bold]nl2efg play kuhn_poker --as Ann[/bold].

    You see what your player sees, and nothing else. All other players follow an equilibrium.
    Afterwards you are told how the play went, and what each player could expect. Without --as you
    play the first player.
    """
    from nl2efg.cli.simulate import chosen_profile
    from nl2efg.library import as_tree
    from nl2efg.playing import play_once

    tree = with_settings(as_tree(game), given, game).told  # two of one name could not be told apart
    people = _people(tree, player)
    others = [name for name in tree.players if name not in people]
    profile = chosen_profile(tree, strategies, None) if others else None
    asks = _Terminal(tree, len(people) > 1)
    note(f"you play {', '.join(people)}; answer with a number or a name, Ctrl-D ends the play")
    done = play_once(tree, profile, dict.fromkeys(people, asks), random.Random(seed))
    print(plain(f"The play: {', '.join(done.history) or 'nothing was to be done'}."))
    for number, name in enumerate(tree.players):
        line = f"  {name} gets {done.payoffs[number]}"
        if profile is not None:
            line += f"; expected in equilibrium: {profile.node_values[0][number]}"
        print(plain(line))


def _people(tree: GameTree, given: list[str] | None) -> list[str]:
    from nl2efg.game.history import match_label

    if not tree.players:
        raise UserError("the game has no players")
    people = []
    for wanted in given or tree.players[:1]:
        found = match_label(wanted, tree.players)
        if len(found) != 1:
            raise UserError(
                f"there is no player {wanted!r}", hint=f"players: {', '.join(tree.players)}"
            )
        people.append(tree.players[found[0]])
    return people


class _Terminal:
    """Asks whoever sits there."""

    def __init__(self, tree: GameTree, several: bool) -> None:
        self._tree = tree
        self._several = several
        self._last = ""

    def __call__(self, seen: Observation) -> int:
        """The index of the action that the person chooses."""
        if self._several and self._last not in ("", seen.player):
            sys.stderr.write("\n" * SCREEN + plain(f"{seen.player}, it is your turn: Enter … "))
            self._line()
        self._last = seen.player
        alike = len(self._tree.members[seen.information_set]) > 1
        told = ", ".join(seen.seen) or ("you cannot tell" if alike else "nothing yet")
        place = f" ({seen.label})" if seen.label else ""
        sys.stderr.write(plain(f"\n{seen.player}{place}. So far: {told}\n"))
        if alike:
            sys.stderr.write(plain(f"Where you are: {seen.where}\n"))
        for number, action in enumerate(seen.actions, 1):
            sys.stderr.write(plain(f"  {number} {action}\n"))
        while True:
            sys.stderr.write("> ")
            sys.stderr.flush()
            found = _chosen(self._line().strip(), seen.actions)
            if found is not None:
                return found
            sys.stderr.write(f"a number from 1 to {len(seen.actions)}, or a name\n")

    def _line(self) -> str:
        line = sys.stdin.readline()
        if not line:
            raise UserError("the play was ended before its end", hint="start it again")
        return line


def _chosen(answer: str, actions: tuple[str, ...]) -> int | None:
    from nl2efg.game.history import match_label

    found = match_label(answer, actions)
    if len(found) == 1:
        return found[0]
    if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(actions):
        return int(answer) - 1
    return None
