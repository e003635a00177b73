"""The strategic form of a tree: what is left when the order of moves says nothing.

The transformations are those of Thompson (1952, "Equivalence of games in extensive form") and
Elmes and Reny (1994, "On the strategic equivalence of extensive form games", section 3), as far
as they need no computation of strategies; :func:`reduce_tree` says which.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from nl2efg.comparison.joint import JointTree, Payoffs, Place
from nl2efg.comparison.refinement import Budget, OutOfBudgetError
from nl2efg.game.analysis import absent_minded_sets

Profile = tuple[int, ...]

_MAX_WORDS = 40_000_000
"""So many moves may the coalesced actions of one tree stand for: they are quadratic in its depth,
and fill the memory before they use up the time."""


def reduce_tree(tree: JointTree, budget: Budget) -> JointTree:
    """The tree with moves that are really simultaneous joined, and idle ones left out.

    * Chance moves of probability zero and moves without a choice disappear.
    * Consecutive chance moves become one.
    * Interchange of simultaneous moves: where every action at a node leads into one and the same
      information set, the two move at once. A chance move that the next mover does not observe
      comes after that move.
    * Coalescing: where one action of an information set leads exactly to another set of the same
      player, the two become one.

    Args:
        tree: as :func:`~nl2efg.comparison.joint.from_tree` makes it.
        budget: the work that may be spent.

    Raises:
        OutOfBudgetError: the tree is too large for it.
    """
    return _Reducer(tree, budget).reduced()


@dataclass(slots=True)
class _Node:
    """A node under reduction; ``branches`` maps a profile of actions, or a branch of chance."""

    origin: int
    block: tuple[int, ...] = ()
    branches: dict[Profile, _Node] = field(default_factory=dict)
    lottery: list[tuple[Fraction, _Node]] = field(default_factory=list)
    payoffs: Payoffs | None = None

    def following(self) -> list[_Node]:
        """The next nodes."""
        return [child for _, child in self.lottery] or list(self.branches.values())


class _Reducer:
    def __init__(self, tree: JointTree, budget: Budget) -> None:
        self.tree = tree
        self.budget = budget
        self.actions = [dict.fromkeys(own) for own in tree.set_actions]  # ordered sets
        self.owner = {
            action: own for own, actions in enumerate(tree.set_actions) for action in actions
        }
        self.absent_minded = _absent_minded(tree)
        self.fresh: deque[_Node] = deque()
        self.words: list[tuple[Place, ...]] = list(tree.action_origin)
        self.copied = 0
        self.merged: list[tuple[int, ...]] = list(tree.set_origin)

    def reduced(self) -> JointTree:
        root = self._join_simultaneous(self._without_idle_moves())
        while self._coalesce(root):
            pass
        return self._as_joint_tree(root)

    def _without_idle_moves(self) -> _Node:
        """Drop impossible branches and moves without a choice; make chance moves one."""
        tree = self.tree
        top = _Node(self._first_choice(0))
        waiting = [top]
        while waiting:
            node = waiting.pop()
            self.budget.spend(1)
            number = node.origin
            node.payoffs = tree.payoffs[number]
            node.block = tree.blocks[number]
            if node.block:
                for child in tree.children[number]:
                    below = node.branches[tree.via[child]] = _Node(self._first_choice(child))
                    waiting.append(below)
            elif self._branches(number):
                node.lottery = [(chance, _Node(child)) for chance, child in self._lottery(number)]
                waiting.extend(child for _, child in node.lottery)
        return top

    def _first_choice(self, number: int) -> int:
        """The first node, from this one on, at which something is open."""
        tree = self.tree
        while True:
            likely = [child for child in tree.children[number] if tree.probability[child] != 0]
            if len(likely) != 1:
                return number
            number = likely[0]
            self.budget.spend(1)

    def _lottery(self, number: int) -> list[tuple[Fraction, int]]:
        """Where a chance move, and the chance moves right after it, may lead."""
        tree = self.tree
        found: list[tuple[Fraction, int]] = []
        waiting = [(Fraction(1), number)]
        while waiting:
            weight, node = waiting.pop()
            self.budget.spend(1)
            branches = [] if tree.blocks[node] else self._branches(node)
            if branches:
                waiting.extend(
                    (weight * chance, self._first_choice(child))
                    for chance, child in reversed(branches)
                )
            else:
                found.append((weight, node))
        return found

    def _branches(self, node: int) -> list[tuple[Fraction, int]]:
        """What chance may do at a node with positive probability."""
        tree = self.tree
        pairs = ((tree.probability[child], child) for child in tree.children[node])
        return [(chance, child) for chance, child in pairs if chance]

    def _join_simultaneous(self, root: _Node) -> _Node:
        order = [root]
        for node in order:
            order.extend(node.following())
        for node in reversed(order):
            self._join(node)
            self._settle()
        return root

    def _settle(self) -> None:
        """Join at the nodes that were made on the way; later ones lie below or beside earlier."""
        while self.fresh:
            self._join(self.fresh.popleft())

    def _join(self, node: _Node) -> None:
        """Let the information sets that every next node shares move here already."""
        following = node.following()
        if not following:
            return
        shared = [
            own
            for own in following[0].block
            if own not in node.block and all(own in child.block for child in following)
        ]
        if not shared:
            return
        moves = [self.actions[own] for own in shared]
        self.budget.spend(sum(len(child.branches) + 1 for child in following))
        if node.lottery:
            # Chance moves after the others: one lottery for each of their profiles.
            for profile in product(*moves):
                below = _Node(node.origin)
                for chance, child in node.lottery:
                    rest = self._rest(child, shared, profile)
                    if rest.lottery:
                        below.lottery.extend((chance * own, end) for own, end in rest.lottery)
                    else:
                        below.lottery.append((chance, rest))
                node.branches[profile] = below
                self.fresh.append(below)
            node.lottery = []
        else:
            branches = node.branches
            node.branches = {
                (*own, *profile): self._rest(child, shared, profile)
                for own, child in branches.items()
                for profile in product(*moves)
            }
        node.block = (*node.block, *shared)

    def _rest(self, node: _Node, shared: list[int], profile: Profile) -> _Node:
        """What is left of a node when some of the sets of its block have moved."""
        fixed = dict(zip(shared, profile, strict=True))
        kept = [place for place, own in enumerate(node.block) if own not in fixed]
        if not kept:
            return node.branches[tuple(fixed[own] for own in node.block)]
        open_moves = [self.actions[node.block[place]] for place in kept]
        rest = _Node(node.origin, tuple(node.block[place] for place in kept))
        for own in product(*open_moves):
            chosen = dict(zip(kept, own, strict=True))
            full = tuple(
                chosen[place] if place in chosen else fixed[number]
                for place, number in enumerate(node.block)
            )
            rest.branches[own] = node.branches[full]
        self.budget.spend(len(rest.branches))
        self.fresh.append(rest)
        return rest

    def _coalesce(self, root: _Node) -> bool:
        """One round of coalescing, upper sets first; whether anything changed."""
        members, entered = self._entrances(root)
        stale: set[int] = set()  # sets whose nodes were split in this round
        changed = False
        for lower, nodes in members.items():
            for action in sorted(entered[lower]):
                upper = self.owner[action]
                if upper == lower or not stale.isdisjoint((lower, upper)):
                    continue
                profiles = [
                    (node, profile)
                    for node in members[upper]
                    for profile in self._through(node, upper, action)
                ]
                if len(profiles) == len(nodes):
                    stale |= self._absorb(lower, upper, action, profiles)
                    changed = True
                    break
        self._settle()
        return changed

    def _entrances(self, root: _Node) -> tuple[dict[int, list[_Node]], dict[int, set[int]]]:
        """The nodes of each set, and the own actions that all of them come right after."""
        members: dict[int, list[_Node]] = {}
        entered: dict[int, set[int]] = {}
        player = self.tree.set_player
        order: list[tuple[_Node, Profile]] = [(root, ())]
        for node, profile in order:
            self.budget.spend(1 + len(profile))
            for own in node.block:
                members.setdefault(own, []).append(node)
                before = {action for action in profile if player[self.owner[action]] == player[own]}
                entered[own] = entered[own] & before if own in entered else before
            order.extend((child, profile) for profile, child in node.branches.items())
            order.extend((child, ()) for _, child in node.lottery)
        for own in self.absent_minded:
            entered[own] = set()
            members.pop(own, None)
        for own, actions in entered.items():
            entered[own] = {a for a in actions if self.owner[a] not in self.absent_minded}
        return members, entered

    def _through(self, node: _Node, own: int, action: int) -> list[Profile]:
        """The profiles of a node that contain an action of the set ``own``."""
        moves = ((action,) if other == own else self.actions[other] for other in node.block)
        found = list(product(*moves))
        self.budget.spend(len(found))
        return found

    def _absorb(
        self, lower: int, upper: int, action: int, profiles: list[tuple[_Node, Profile]]
    ) -> set[int]:
        """Put the actions of ``lower`` in the place of the one that leads to it, and to it alone.

        Returns:
            The other sets whose nodes were split by it.
        """
        touched: set[int] = set()
        for node, profile in profiles:
            place = node.block.index(upper)
            child = node.branches.pop(profile)
            touched.update(child.block)
            self.budget.spend(len(child.branches))
            for move in self.actions[lower]:
                renamed = (*profile[:place], move, *profile[place + 1 :])
                node.branches[renamed] = self._rest(child, [lower], (move,))
        del self.actions[upper][action]
        self.copied += len(self.actions[lower]) * len(self.words[action])
        if self.copied > _MAX_WORDS:
            raise OutOfBudgetError
        for move in self.actions[lower]:
            self.words[move] = self.words[action] + self.words[move]
            self.owner[move] = upper
        self.actions[upper].update(self.actions[lower])
        self.actions[lower] = {}
        self.merged[upper] += self.merged[lower]
        return touched - {lower}

    def _as_joint_tree(self, root: _Node) -> JointTree:
        used: dict[int, int] = {}
        found = JointTree(self.tree.source, [], [], [], [], [], [], [], [], [], [], self.words)
        waiting: list[tuple[_Node, int, Profile, Fraction | None]] = [(root, -1, (), None)]
        while waiting:
            node, parent, via, chance = waiting.pop()
            number = len(found.parents)
            found.parents.append(parent)
            found.children.append([])
            if parent >= 0:
                found.children[parent].append(number)
            found.blocks.append(tuple(used.setdefault(own, len(used)) for own in node.block))
            found.via.append(via)
            found.probability.append(chance)
            found.payoffs.append(node.payoffs)
            found.origin.append(node.origin)
            below: list[tuple[_Node, int, Profile, Fraction | None]]
            below = [(child, number, profile, None) for profile, child in node.branches.items()]
            below += [(child, number, (), weight) for weight, child in node.lottery]
            waiting.extend(reversed(below))
        for own in used:
            found.set_player.append(self.tree.set_player[own])
            found.set_actions.append(list(self.actions[own]))
            found.set_origin.append(self.merged[own])
        return found


def _absent_minded(tree: JointTree) -> set[int]:
    """The information sets of an unreduced tree that some path meets twice."""
    absent = set(absent_minded_sets(tree.source))
    return {number for number, origin in enumerate(tree.set_origin) if origin[0] in absent}
