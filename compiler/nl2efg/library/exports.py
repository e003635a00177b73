"""A game in the forms of other tools."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from nl2efg.errors import UserError
from nl2efg.library.games import GameLike, as_tree

if TYPE_CHECKING:
    import networkx


def to_gambit(game: GameLike) -> Any:
    """The game as a ``pygambit.Game``.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: pygambit cannot hold it.
    """
    from nl2efg.gambit import to_gambit

    return to_gambit(as_tree(game))


def to_networkx(game: GameLike) -> networkx.DiGraph[int]:
    """The tree as a directed graph; :mod:`nl2efg.formats.networkx_graph` lists the attributes.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: no game.
    """
    from nl2efg.formats.networkx_graph import to_networkx

    return to_networkx(as_tree(game))


def to_openspiel(game: GameLike) -> Any:
    """The game as a ``pyspiel.Game``, for OpenSpiel's algorithms and agents.

    Information states are the information sets; ``state.observation`` tells in words what the
    player sees. :func:`nl2efg.playing.openspiel.profile_of` gives a policy back as a profile.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: no game, or OpenSpiel is not installed.
    """
    _need("pyspiel", "open_spiel")
    from nl2efg.playing.openspiel import TreeGame

    return TreeGame(as_tree(game))


def to_pettingzoo(game: GameLike) -> Any:
    """The game as a ``pettingzoo.AECEnv``: agents move one after the other, chance by itself.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: no game, or PettingZoo is not installed.
    """
    _need("pettingzoo", "pettingzoo")
    from nl2efg.playing.pettingzoo import TreeEnvironment

    return TreeEnvironment(as_tree(game))


def _need(module: str, package: str) -> None:
    if find_spec(module) is None:
        raise UserError(f"{package} is not installed", hint=f"pip install {package}")


def to_code(game: GameLike, generation: int | None = None) -> str:
    """pygambit code that rebuilds the game.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.
        generation: 16 (for pygambit 16.7) or 17; without it, that of the installed pygambit.

    Raises:
        UserError: pygambit cannot hold it, or there is no such generation.
    """
    from nl2efg.gambit import to_code

    return to_code(as_tree(game), generation)


def write_efg(game: GameLike) -> str:
    """The game as ``.efg`` text.

    Args:
        game: the game, in any form of :data:`nl2efg.GameLike`.

    Raises:
        UserError: no game.

    >>> import nl2efg
    >>> nl2efg.write_efg("trust_game").splitlines()[0]
    'EFG 2 R "Trust game" { "Buyer" "Seller" }'
    """
    from nl2efg.formats.efg_writer import write_efg

    return write_efg(as_tree(game))
