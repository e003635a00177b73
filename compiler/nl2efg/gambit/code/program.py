"""pygambit code that rebuilds a game: what a person takes away."""

from __future__ import annotations

from nl2efg.errors import UserError
from nl2efg.families import family_of
from nl2efg.gambit.games import check_probabilities
from nl2efg.gambit.generation import GENERATIONS, installed_generation
from nl2efg.game.model import GameTree

READABLE_NODES = 1500
READABLE_LABELS = 15_000
"""Trees with more nodes, or with more labels in all their histories, are written as tables."""


def to_code(tree: GameTree, generation: int | None = None) -> str:
    """Python code for pygambit that rebuilds the game as ``game``.

    ``from_gambit(game) == tree`` after it ran. Labels are safe ones where pygambit needs that (see
    :mod:`nl2efg.formats.safe_labels`). A tree of more than ``READABLE_NODES`` nodes becomes tables
    with one loop over them (16), or .efg text (17); the code's size is linear in the tree's. Of a
    smaller game with letters it is a function of them, and the game that it builds with the values
    to work with.

    Args:
        tree: the game.
        generation: 16 (for pygambit 16.7) or 17; without it, that of the installed pygambit.

    Raises:
        UserError: pygambit cannot hold the game, as :func:`nl2efg.gambit.to_gambit`; or there is
            no such generation.
    """
    chosen = installed_generation() if generation is None else generation
    if chosen not in GENERATIONS:
        raise UserError(
            f"there is no code for pygambit {chosen}", hint="choose 16 (for 16.7) or 17"
        )
    check_probabilities(tree)
    readable = len(tree) <= READABLE_NODES and sum(tree.depth) <= READABLE_LABELS
    # Each generation has many modules, of which one is needed.
    if chosen == 16:
        from nl2efg.gambit.code.pygambit16.program import lines16 as lines
    else:
        from nl2efg.gambit.code.pygambit17.program import lines17 as lines
    written = list(lines(tree, readable=readable))
    family = family_of(tree) if readable else None
    if family is not None and family.quantities:
        from nl2efg.gambit.code.letters import as_function, free_names, sourced

        names = free_names(family, written)
        own = list(lines(sourced(family, names), readable=True))
        written = list(as_function(family, names, own, written))
    return "".join(f"{line}\n" for line in written)
