"""The parts of a tree that a sketch means: players by name, nodes by written histories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from hashlib import blake2b

from nl2efg.game import GameTree
from nl2efg.game.effort import Effort
from nl2efg.game.history import SEEN_ACTION, find_history, is_pattern, loose
from nl2efg.schema.sketch import Sketch, SketchChance, SketchClaim, SketchInformationSet

MAX_STEPS = 5_000_000
"""Nodes that all patterns of a sketch may pass, each pattern once, and be worked on: a sketch of
many stars, or of long histories that the game does not have, would take patterns times nodes."""

SketchPart = SketchInformationSet | SketchChance | SketchClaim
"""A part of a sketch that speaks of nodes."""


class SketchMatch:
    """A sketch laid over a tree.

    Args:
        tree: the game.
        sketch: stage 1's reading of its description.

    ``untold`` counts, by code, the findings that are not put into words.
    """

    def __init__(self, tree: GameTree, sketch: Sketch) -> None:
        self.tree = tree
        self.sketch = sketch
        self.untold: Counter[str] = Counter()
        self._effort = Effort(MAX_STEPS, "laying the sketch over the game")
        self._known: dict[tuple[str, ...], tuple[int, ...]] = {}

    def spend(self, steps: int) -> None:
        """Count steps of work that is done with nodes of the sketch's patterns.

        Raises:
            EffortError: all of it takes more than ``MAX_STEPS``.
        """
        self._effort.spend(steps)

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
        pattern = tuple(history)
        if pattern not in self._known:
            self._known[pattern] = self._nodes(pattern)
        self.spend(1 + len(self._known[pattern]))
        return self._known[pattern]

    def _nodes(self, history: tuple[str, ...]) -> tuple[int, ...]:
        self.spend(len(history))
        found = find_history(self.tree, history, self._effort)
        if found or is_pattern(history):
            return found
        key = (len(history), sum(map(_digest, history)))
        return tuple(self._by_labels.get(key, ()))

    def nodes_of(self, part: SketchPart) -> list[int]:
        """The nodes of a part of the sketch, in preorder.

        Where a pattern with ``*`` also meets ends of the game, a move is not meant there.
        """
        is_end = isinstance(part, SketchClaim)
        histories = [part.history] if isinstance(part, SketchClaim) else part.histories
        nodes = {node for history in histories for node in self.nodes(history)}
        if not is_end:
            nodes = {node for node in nodes if not self.tree.is_terminal(node)} or nodes
        return sorted(nodes)

    def sets(self, part: SketchInformationSet) -> list[tuple[int, ...]]:
        """The information sets that an entry of the sketch means, each as its nodes.

        A step ``?`` is an action that the player has seen: histories that differ there lie in
        different sets. Without one, the entry is one set. Where a pattern also meets ends of the
        game, those are not meant.
        """
        seen: dict[int, tuple[str, ...]] = {}
        for history in part.histories:
            places = [place for place, step in enumerate(history) if step == SEEN_ACTION]
            for node in self.nodes(history):
                self.spend(self.tree.depth[node] if places else 0)
                labels = self.tree.history(node) if places else ()
                seen[node] = tuple(loose(labels[place]) for place in places)
        inner = {node: key for node, key in seen.items() if not self.tree.is_terminal(node)}
        groups: dict[tuple[str, ...], list[int]] = {}
        for node, key in sorted((inner or seen).items()):
            groups.setdefault(key, []).append(node)
        return [tuple(nodes) for nodes in groups.values()]


@lru_cache(maxsize=65536)
def _digest(label: str) -> int:
    """A number for a label, loosely: the sum over a history does not depend on its order."""
    return int.from_bytes(
        blake2b(loose(label).encode("utf-8", "surrogatepass"), digest_size=16).digest(), "big"
    )
