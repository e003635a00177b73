"""A renaming between a game and a reference that leaves some payoffs open.

Payoffs that the reference fixes must be met, and constraints on the others must hold under the
renaming. Which payoffs are open is known only of the reference, so this is a search for a
homomorphism rather than a comparison of canonical forms: nodes are matched in preorder, with
colour refinement to prune and chronological backtracking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

from nl2efg.comparison.joint import JointTree
from nl2efg.comparison.prepared import PreparedGame
from nl2efg.comparison.refinement import Budget
from nl2efg.errors import ConstraintError
from nl2efg.game.constraints import BoundConstraint, OpenPayoffs
from nl2efg.game.history import loose
from nl2efg.game.wording import labels_in_words


@dataclass(frozen=True, slots=True)
class Match:
    """Images in one prepared game of the parts of another."""

    players: dict[int, int]
    nodes: dict[int, int]
    sets: dict[int, int]
    actions: dict[int, int]


Choice = tuple[int, tuple[tuple[int, int], ...]]
"""An image for a node, and images for those sets of its block that had none."""


def match_with_open_payoffs(
    game: PreparedGame, reference: PreparedGame, demands: OpenPayoffs
) -> Match | None:
    """Match a game to a reference of equal signature.

    Args:
        game, reference: prepared with the relation ``constraints``.
        demands: what the reference leaves open, and the constraints.

    Returns:
        The match; None if there is none.

    Raises:
        OutOfBudgetError: the search takes more than the budget.
        ConstraintError: a constraint speaks of a history of probability zero.
    """
    for players in _player_maps(game, reference):
        matcher = _Matcher(game, reference, demands, players)
        if matcher.search():
            nodes = dict(enumerate(matcher.image))
            return Match(players, nodes, matcher.set_image, matcher.action_image)
    return None


def _player_maps(game: PreparedGame, reference: PreparedGame) -> Iterator[dict[int, int]]:
    """Maps of players that colour refinement allows, those that keep names first."""
    here = game.partition.cell_of
    there = reference.partition.cell_of
    count = len(game.joint.source.players)
    first, second = game.graph.players, reference.graph.players
    names = [loose(name) for name in game.joint.source.players]
    other_names = [loose(name) for name in reference.joint.source.players]
    preferred = sorted(
        range(count),
        key=lambda own: names.index(other_names[own]) if other_names[own] in names else count,
    )
    for images in permutations(preferred):
        game.budget.spend(count + 1)
        if all(here[first + own] == there[second + other] for own, other in enumerate(images)):
            yield dict(enumerate(images))


class _Matcher:
    def __init__(
        self,
        game: PreparedGame,
        reference: PreparedGame,
        demands: OpenPayoffs,
        players: dict[int, int],
    ) -> None:
        self.a: JointTree = game.joint
        self.b: JointTree = reference.joint
        self.budget: Budget = game.budget
        self.players = players
        self.cell_a = game.partition.cell_of
        self.cell_b = reference.partition.cell_of
        self.back = {image: own for own, image in players.items()}
        self.open = demands.places
        self.due = self._due(demands.constraints)
        self.image = [-1] * len(self.a)
        self.source_of_origin: dict[int, int] = {}
        self.used = [False] * len(self.b)
        self.set_image: dict[int, int] = {}
        self.action_image: dict[int, int] = {}
        self.taken: set[int] = set()  # sets and actions of B that are images
        self.taken_actions: set[int] = set()
        self.trail: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def _due(
        self, constraints: Sequence[BoundConstraint]
    ) -> list[tuple[set[int], BoundConstraint]]:
        """Each constraint with the terminal nodes of the reference that it speaks of."""
        kept = {
            self.b.origin[node] for node in range(len(self.b)) if self.b.payoffs[node] is not None
        }
        found = []
        for bound in constraints:
            nodes = {node for places in bound.places.values() for node, _ in places}
            if not nodes <= kept:
                raise ConstraintError(
                    f"{bound.constraint.text}: speaks of a history that has probability zero"
                )
            found.append((nodes, bound))
        return found

    def search(self) -> bool:
        """Whether there is a match; it is left in the attributes."""
        options: list[Iterator[Choice]] = [self._choices(0)]
        while options:
            node = len(options) - 1
            if len(self.trail) > node:
                self._undo(node)
            choice = next(options[-1], None)
            if choice is None:
                options.pop()
                continue
            self._assign(node, choice)
            if not self._acceptable(node):
                continue
            if node + 1 == len(self.a):
                return True
            options.append(self._choices(node + 1))
        return False

    def _choices(self, node: int) -> Iterator[Choice]:
        a, b = self.a, self.b
        parent = a.parents[node]
        candidates = [0] if parent < 0 else b.children[self.image[parent]]
        likely = [
            other
            for other in candidates
            if not self.used[other]
            and self.cell_a[node] == self.cell_b[other]
            and a.probability[node] == b.probability[other]
            and self._reached_alike(node, other)
        ]
        self.budget.spend(1 + len(candidates))
        if len(likely) > 1:
            likely.sort(key=lambda other: self._label(a, node) != self._label(b, other))
        for other in likely:
            for sets in self._set_choices(node, other):
                self.budget.spend(1)
                yield other, sets

    @staticmethod
    def _label(tree: JointTree, node: int) -> list[str]:
        source = tree.source
        if tree.via[node]:
            return sorted(loose(tree.action_words(action)) for action in tree.via[node])
        origin = tree.origin[node]
        return [loose(source.action_label(origin))] if origin else []

    def _reached_alike(self, node: int, other: int) -> bool:
        return all(
            self.action_image[own] == image
            if own in self.action_image
            else image not in self.taken_actions
            for own, image in self._action_pairs(node, other)
        )

    def _action_pairs(self, node: int, other: int) -> list[tuple[int, int]]:
        parent = self.a.parents[node]
        if parent < 0:
            return []
        blocks = self.b.blocks[self.image[parent]]
        there = dict(zip(blocks, self.b.via[other], strict=True))
        return [
            (action, there[self.set_image[own]])
            for own, action in zip(self.a.blocks[parent], self.a.via[node], strict=True)
        ]

    def _set_choices(self, node: int, other: int) -> Iterator[tuple[tuple[int, int], ...]]:
        block, images = self.a.blocks[node], set(self.b.blocks[other])
        if len(block) != len(images):
            return
        new = []
        for own in block:
            if own not in self.set_image:
                new.append(own)
            elif self.set_image[own] in images:
                images.discard(self.set_image[own])
            else:
                return
        for order in permutations(sorted(images)):
            pairs = tuple(zip(new, order, strict=True))
            if all(self._sets_alike(own, image) for own, image in pairs):
                yield pairs

    def _sets_alike(self, own: int, image: int) -> bool:
        return (
            image not in self.taken
            and self.players[self.a.set_player[own]] == self.b.set_player[image]
            and len(self.a.set_actions[own]) == len(self.b.set_actions[image])
        )

    def _assign(self, node: int, choice: Choice) -> None:
        other, sets = choice
        new_actions = [
            (own, image)
            for own, image in self._action_pairs(node, other)
            if own not in self.action_image
        ]
        self.image[node] = other
        self.used[other] = True
        self.source_of_origin[self.b.origin[other]] = node
        self.set_image.update(sets)
        self.taken.update(image for _, image in sets)
        self.action_image.update(new_actions)
        self.taken_actions.update(image for _, image in new_actions)
        self.trail.append((tuple(own for own, _ in sets), tuple(own for own, _ in new_actions)))

    def _undo(self, node: int) -> None:
        sets, actions = self.trail.pop()
        self.used[self.image[node]] = False
        self.image[node] = -1
        for own in sets:
            self.taken.discard(self.set_image.pop(own))
        for own in actions:
            self.taken_actions.discard(self.action_image.pop(own))

    def _acceptable(self, node: int) -> bool:
        """Whether fixed payoffs are met at a node, and the constraints that it completes hold."""
        own = self.a.payoffs[node]
        if own is None:
            return True
        other = self.image[node]
        wanted = self.b.payoffs[other]
        assert wanted is not None
        origin = self.b.origin[other]
        for player, value in enumerate(own):
            image = self.players[player]
            if (origin, image) not in self.open and wanted[image] != value:
                return False
        for nodes, bound in self.due:
            if origin in nodes and all(self._is_matched(each, node) for each in nodes):
                self.budget.spend(bound.steps)
                if not bound.holds(self._payoff, self.b.source):
                    return False
        return True

    def _is_matched(self, origin: int, latest: int) -> bool:
        node = self.source_of_origin.get(origin, len(self.a))
        return (
            node <= latest and self.image[node] >= 0 and self.b.origin[self.image[node]] == origin
        )

    def _payoff(self, origin: int, player: int) -> Fraction:
        payoffs = self.a.payoffs[self.source_of_origin[origin]]
        assert payoffs is not None
        return payoffs[self.back[player]]


def shortfall(
    match: Match, game: PreparedGame, reference: PreparedGame, demands: OpenPayoffs
) -> str:
    """What a match of structures lacks: a fixed payoff, or a constraint that is broken."""
    a, b = game.joint, reference.joint
    for node, image in match.nodes.items():
        own, wanted = a.payoffs[node], b.payoffs[image]
        for player, value in enumerate(own or ()):
            other = match.players[player]
            if (b.origin[image], other) not in demands.places and wanted and wanted[other] != value:
                history = labels_in_words(a.source.told.history(a.origin[node]))
                name = a.source.players[player]
                return f"after ({history}), {name} gets {value} in A and {wanted[other]} in B"

    return broken_demand(match, game, reference, demands) or (
        "no renaming meets the fixed payoffs and the constraints together"
    )


def broken_demand(
    match: Match, game: PreparedGame, reference: PreparedGame, demands: OpenPayoffs
) -> str:
    """The first constraint on the reference's payoffs that the game breaks under a match, in words.

    Raises:
        ConstraintError: a constraint speaks of a history of probability zero.
    """
    a, b = game.joint, reference.joint
    back = {image: own for own, image in match.players.items()}
    node_of = {b.origin[image]: own for own, image in match.nodes.items()}

    def payoff(origin: int, player: int) -> Fraction:
        if origin not in node_of:
            raise ConstraintError("a constraint speaks of a history that has probability zero")
        own = a.payoffs[node_of[origin]]
        assert own is not None
        return own[back[player]]

    for bound in demands.constraints:
        if found := bound.broken(payoff, b.source):
            return f"A breaks the constraint {found}"
    return ""


def keeps_hints(match: Match, game: PreparedGame, reference: PreparedGame) -> bool:
    """Whether a match maps every name that must be kept to itself."""
    here, there = game.hints, reference.hints
    if here is None or there is None:
        return True
    return (
        all(here.players[own] == there.players[other] for own, other in match.players.items())
        and all(here.actions[own] == there.actions[other] for own, other in match.actions.items())
        and all(here.nodes[own] == there.nodes[other] for own, other in match.nodes.items())
    )
