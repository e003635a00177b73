"""pygambit code that rebuilds a game, as a person would write it."""

from nl2efg.gambit.code.program import to_code

__all__ = ["to_code"]
