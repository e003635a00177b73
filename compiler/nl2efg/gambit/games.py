"""Games and profiles to and from the installed pygambit.

pygambit gets labels that it takes, and the game's description the note that says what they stand
for (see :mod:`nl2efg.formats.safe_labels`); so labels come back from a game that was changed or
saved there too.
"""

from __future__ import annotations

from typing import Any

from nl2efg.errors import UserError
from nl2efg.gambit.generation import pygambit_port
from nl2efg.game.model import CHANCE, GameTree
from nl2efg.game.profile import BehaviourProfile
from nl2efg.game.wording import told_history


def to_gambit(tree: GameTree) -> Any:
    """The game as a ``pygambit.Game`` (in pygambit 17: ``ExtensiveGame``).

    ``from_gambit(to_gambit(tree)) == tree``. pygambit compares each new label with all others, so
    time grows with the square of the number of outcomes and of labelled nodes.

    Raises:
        UserError: pygambit cannot hold the game: probabilities that are negative or do not sum to
            one, a number with too many digits, or (pygambit 17) a tree that is too deep.
    """
    check_probabilities(tree)
    return pygambit_port().new_game(tree)


def from_gambit(game: Any) -> GameTree:
    """The tree of a ``pygambit.Game``, with display labels where ``to_gambit`` noted them.

    A game in strategic form becomes a tree in which each player moves once, in order, knowing
    nothing of the others' moves.

    Args:
        game: a game of pygambit, version 16 or 17.

    Raises:
        UserError: it is none.
    """
    import pygambit

    if not isinstance(game, pygambit.Game):
        raise UserError(
            f"{type(game).__name__} is no game of pygambit",
            hint="nl2efg.as_tree takes games in all forms",
        )
    return pygambit_port().read_game(game)


def gambit_profile(profile: BehaviourProfile) -> Any:
    """A profile of a new pygambit game, rational if the profile is exact.

    Raises:
        UserError: as :func:`to_gambit`.
    """
    tree = profile.tree
    rows = [
        () if own.player == CHANCE else row
        for own, row in zip(tree.information_sets, profile.probabilities, strict=True)
    ]
    game = to_gambit(tree)
    return pygambit_port().new_profile(game, tree, list(rows), rational=profile.is_exact)


def check_probabilities(tree: GameTree) -> None:
    """Refuse a game whose probabilities pygambit cannot hold.

    Raises:
        UserError: some are negative or do not sum to one.
    """
    for number, information_set in enumerate(tree.information_sets):
        given = information_set.probabilities
        if given is not None and (sum(given) != 1 or min(given) < 0):
            where = told_history(tree.told.history(tree.members[number][0]))
            raise UserError(
                f"pygambit cannot hold this game: the probabilities at {where} are "
                f"{', '.join(map(str, given))}, which is no distribution"
            )
