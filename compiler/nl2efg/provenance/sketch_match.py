"""The parts of a tree that a sketch means: players by name, nodes by written histories."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b

from nl2efg.game import GameTree
from nl2efg.game.effort import Effort
from nl2efg.game.history import ANY_ACTION, find_history, loose
from nl2efg.schema.sketch import Sketch

MAX_STEPS = 5_000_000
"""Nodes that all patterns of a sketch may pass, each pattern once: a sketch of many stars, or of
long histories that the game does not have, would take patterns times nodes."""


class SketchMatch:
    """A sketch laid over a tree.

    Args:
        tree: the game.
        sketch: stage 1's reading of its description.
    """

    def __init__(self, tree: GameTree, sketch: Sketch) -> None:
        self.tree = tree
        self.sketch = sketch
        self._effort = Effort(MAX_STEPS, "laying the sketch over the game")
        self._known: dict[tuple[str, ...], tuple[int, ...]] = {}

    @cached_property
    def players(self) -> dict[str, int]:
        """The tree's player for each name in the sketch, by loose equality of the names.

        Where as many names are left over on both sides, they are paired in order.
        """
        here = {loose(name): number for number, name in enumerate(self.tree.players)}
        found = {
            player.name: here[loose(player.name)]
            for player in self.sketch.players
            if loose(player.name) in here
        }
        taken = set(found.values())
        left = [player.name for player in self.sketch.players if player.name not in found]
        free = [number for number in range(len(self.tree.players)) if number not in taken]
        if len(left) == len(free):
            found.update(zip(left, free, strict=True))
        return found

    def player(self, name: str) -> int | None:
        """The tree's player for a name that stands anywhere in the sketch, or None."""
        if name in self.players:
            return self.players[name]
        return self._players_loosely.get(loose(name))

    @cached_property
    def _players_loosely(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, number in self.players.items():
            found.setdefault(loose(name), number)
        return found

    @cached_property
    def _by_labels(self) -> dict[tuple[int, int], list[int]]:
        """Nodes by the sum of their labels' digests: what was done, whatever came first."""
        tree = self.tree
        sums = [0] * len(tree)
        found: dict[tuple[int, int], list[int]] = {(0, 0): [0]}
        for node in range(1, len(tree)):
            sums[node] = sums[tree.parents[node]] + _digest(tree.action_label(node))
            if tree.depth[node] <= self._longest:
                found.setdefault((tree.depth[node], sums[node]), []).append(node)
        return found

    @cached_property
    def _longest(self) -> int:
        """The length of the longest history in the sketch: nothing deeper can be meant."""
        sketch = self.sketch
        histories = [
            *(history for infoset in sketch.information_sets for history in infoset.histories),
            *(history for event in sketch.chance for history in event.histories),
            *(claim.history for claim in sketch.claims),
        ]
        return max(map(len, histories), default=0)

    def nodes(self, history: Sequence[str]) -> tuple[int, ...]:
        """The nodes that a history of the sketch means.

        Where the tree does not have the history in this order, the same actions in another
        order count: simultaneous moves may be told either way round.

        Raises:
            EffortError: all patterns that were asked for pass more than ``MAX_STEPS`` nodes.
        """
        key = tuple(history)
        if key not in self._known:
            self._known[key] = self._nodes(key)
        self.spend(1 + len(self._known[key]))
        return self._known[key]

    def spend(self, steps: int) -> None:
        """Count steps of work that is done with nodes of the sketch's patterns.

        Raises:
            EffortError: all of it takes more than ``MAX_STEPS``.
        """
        self._effort.spend(steps)

    def _nodes(self, history: tuple[str, ...]) -> tuple[int, ...]:
        self.spend(len(history))
        found = find_history(self.tree, history, self._effort)
        if found or ANY_ACTION in history:
            return found
        place = (len(history), sum(map(_digest, history)))
        return tuple(self._by_labels.get(place, ()))


@lru_cache(maxsize=65536)
def _digest(label: str) -> int:
    """A number for a label, loosely: the sum over a history does not depend on its order."""
    return int.from_bytes(
        blake2b(loose(label).encode("utf-8", "surrogatepass"), digest_size=16).digest(), "big"
    )
