"""Families whose programs can run again: the letters of a game, and the games they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from nl2efg.errors import CompilationError, UserError
from nl2efg.families.family import GameFamily
from nl2efg.families.note import family_of as noted_family
from nl2efg.game import GameTree
from nl2efg.sandbox.pool import own_pool
from nl2efg.schema.diagnostics import Severity


def family_of(tree: GameTree) -> GameFamily | None:
    """The family that a game is one of; None if it has no letters.

    Values for which the game has another shape are found by running its program in the sandbox.

    Args:
        tree: a game that was compiled or built, or read from its .efg file.
    """
    return noted_family(tree, run_again)


def run_again(program: str, values: Mapping[str, Fraction]) -> GameFamily:
    """The family that a program builds with other values of its parameters.

    Raises:
        UserError: the program asks for other parameters.
        CompilationError: it builds no game with these.
        SandboxError: the machine offers no isolation, or a worker broke.
    """
    built = own_pool().build(program, values=values)
    shown = ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
    if built.tree is None or not built.ok:
        errors = [found for found in built.diagnostics if found.severity is Severity.ERROR]
        why = errors[0].message if errors else "it gives no game"
        raise CompilationError(
            f"the program builds no game with {shown}: {why}",
            hint="choose values for which the description tells a game",
        )
    found = family_of(built.tree)
    if found is None or any(found.values.get(s) != v for s, v in values.items()):
        raise UserError(f"the program has no parameters that could be {shown}")
    return found
