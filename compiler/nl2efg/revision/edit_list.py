"""Several edits of one game, done in order and told in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nl2efg.errors import UserError
from nl2efg.game import GameTree
from nl2efg.revision.edits import join, rename_all, set_payoff, set_probabilities, split
from nl2efg.revision.places import Twice, ends_at, nodes_at, player_called

Words = tuple[str, ...]


def _in_quotes(word: str) -> str:
    """A word as it is typed in a shell."""
    return shlex.quote(word) if set(word) & set('"$`\\!') else f'"{word}"'


@dataclass(frozen=True, slots=True)
class EditList:
    """What is to be changed in a game; histories are those of the game before.

    Args:
        payoffs: end, player, value.
        probabilities: where chance moves, action, value.
        joins: two histories.
        splits: histories; those of one information set leave it together.
        renames: old name, new name; done last, so that histories are written in the old names.
    """

    payoffs: Sequence[Words] = ()
    probabilities: Sequence[Words] = ()
    joins: Sequence[Words] = ()
    splits: Sequence[str] = ()
    renames: Sequence[Words] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return any((self.payoffs, self.probabilities, self.joins, self.splits, self.renames))

    def __str__(self) -> str:
        """The edits as the command line writes them."""
        return " ".join(self._words())

    def _words(self) -> Iterator[str]:
        for name, edits in (
            ("payoff", self.payoffs),
            ("probability", self.probabilities),
            ("join", self.joins),
            ("split", [(each,) for each in self.splits]),
            ("rename", self.renames),
        ):
            for edit in edits:
                yield " ".join([f"--{name}", *map(_in_quotes, edit)])

    def done(self, tree: GameTree) -> GameTree:
        """The game after all edits.

        Raises:
            UserError: one of them cannot be done.
        """
        twice = Twice()
        for history, player, value in self.payoffs:
            ends, seat = ends_at(tree, history), player_called(tree, player)
            twice.refuse(("payoff", seat), ends, f"the payoff of {player!r} at {history!r}")
            tree = set_payoff(tree, history, player, value)
        draws: dict[str, dict[str, str]] = {}
        for history, action, value in self.probabilities:
            if action in draws.setdefault(history, {}):
                raise UserError(f"the probability of {action!r} is given twice")
            draws[history][action] = value
        for history, values in draws.items():
            twice.refuse("draw", nodes_at(tree, history), f"the draw at {history!r}")
            tree = set_probabilities(tree, history, values)
        for first, second in self.joins:
            tree = join(tree, first, second)
        if self.splits:
            tree = split(tree, *self.splits)
        return rename_all(tree, self.renames) if self.renames else tree
