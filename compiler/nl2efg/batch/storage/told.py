"""What is told of damage: the first few words, and in the end how many more there were."""

from __future__ import annotations

from collections.abc import Callable

TOLD = 5
"""Words of one kind that are told; a file may be damaged in a million lines."""


class Told:
    """Words of one kind, of which the first few are told.

    Args:
        tell: told them.
        more: what further ones are about, as in "and 3 more {more}".
    """

    def __init__(self, tell: Callable[[str], None], more: str) -> None:
        self._tell, self._more, self._count = tell, more, 0

    def __call__(self, words: str) -> None:
        """Tell it, if it is one of the first."""
        self._count += 1
        if self._count <= TOLD:
            self._tell(words)

    def end(self) -> None:
        """Say how many more there were; what comes then is told anew."""
        if self._count > TOLD:
            self._tell(f"and {self._count - TOLD:,} more {self._more}")
        self._count = 0
