"""The first difference between two games, in words a game theorist would use.

The trees are laid side by side from the root: subtrees that are equal go together, then actions
of the same name, then those in the same place. What differs first is said; where every node
agrees, the information sets are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from nl2efg.comparison.joint import JointTree
from nl2efg.comparison.payoffs import Labels, Relation
from nl2efg.comparison.prepared import PreparedGame
from nl2efg.game import NO_OUTCOME, GameTree
from nl2efg.game.history import loose
from nl2efg.game.wording import after_history, told_history

_MAX_SHOWN = 6
_SMALL = 2_000  # nodes up to which all ways to match players are tried


def difference_in_words(
    first: PreparedGame, second: PreparedGame, names: tuple[str, str] = ("A", "B")
) -> str:
    """What tells two games apart.

    Args:
        first, second: prepared alike; with hints, names that both know go together.
        names: what the games are called.
    """
    here, there = first.joint.source.players, second.joint.source.players
    if len(here) != len(there):
        return f"{names[0]} has {_players(here)}, {names[1]} has {_players(there)}"
    walk = _Walk(first, second, _best_player_map(first, second), names)
    return walk.first_difference() or (
        "the trees agree node by node, but no renaming takes one to the other"
    )


def identical_difference(a: GameTree, b: GameTree) -> str:
    """What tells two trees apart as they are written; empty if they are identical."""
    if a.players != b.players:
        return f"A has {_players(a.players)}, B has {_players(b.players)}"
    for node in range(min(len(a), len(b))):
        found = _written_difference(a, b, node)
        if found:
            return found
    return "" if len(a) == len(b) else f"A has {len(a)} nodes, B has {len(b)}"


def _written_difference(a: GameTree, b: GameTree, node: int) -> str:
    def where() -> str:  # called once: a history for every node would be quadratic
        return after_history(a.told.history(node))

    if a.is_terminal(node) != b.is_terminal(node):
        ends, goes_on = ("A", "B") if a.is_terminal(node) else ("B", "A")
        return f"{where()}, the game ends in {ends} and goes on in {goes_on}"
    if not a.is_terminal(node):
        infoset = a.information_sets[a.set_of[node]]
        other = b.information_sets[b.set_of[node]]
        for what, here, there in (
            ("the mover is", a.player_name(infoset.player), b.player_name(other.player)),
            ("the actions are", ", ".join(infoset.actions), ", ".join(other.actions)),
            (
                "the probabilities are",
                _numbers(infoset.probabilities),
                _numbers(other.probabilities),
            ),
        ):
            if here != there:
                return f"{where()}, {what} {here} in A and {there} in B"
        if infoset.actions != other.actions:
            return f"{where()}, the actions differ"
        if not infoset.is_chance:
            mates = a.members[a.set_of[node]], b.members[b.set_of[node]]
            if mates[0] != mates[1]:
                name = a.player_name(infoset.player)
                return f"{name}'s information set at the node {where()} differs"
    here_paid, there_paid = (
        tree.outcomes[tree.outcome_of[node]].payoffs
        if tree.outcome_of[node] != NO_OUTCOME
        else None
        for tree in (a, b)
    )
    if here_paid != there_paid:
        paid = f"{_numbers(here_paid)} in A and {_numbers(there_paid)} in B"
        return f"{where()}, the outcome pays {paid}"
    return ""


def _best_player_map(first: PreparedGame, second: PreparedGame) -> dict[int, int]:
    """The map of players under which most subtrees agree; names break ties."""
    names = [[loose(name) for name in game.joint.source.players] for game in (first, second)]
    count = len(names[0])
    candidates = list(permutations(range(count))) if count <= 4 else [tuple(range(count))]
    candidates.sort(
        key=lambda images: (
            -sum(names[0][own] == names[1][image] for own, image in enumerate(images))
        )
    )
    if first.hints is not None:
        candidates = [images for images in candidates if _keeps_names(names, images)] or candidates
    if len(first.joint) + len(second.joint) > _SMALL:
        candidates = candidates[:1]
    if len(candidates) == 1:
        return dict(enumerate(candidates[0]))
    best, best_score = candidates[0], -1
    for images in candidates:
        codes = _Codes()
        here = Counter(codes.of(first, images))
        there = Counter(codes.of(second, range(count)))
        score = sum((here & there).values())
        if score > best_score:
            best, best_score = images, score
    return dict(enumerate(best))


def _keeps_names(names: Sequence[Sequence[str]], images: Sequence[int]) -> bool:
    """Whether every player whom both games know by name is mapped to itself."""
    here, there = names
    return all(
        here[own] == there[image] or (here[own] not in there and there[image] not in here)
        for own, image in enumerate(images)
    )


class _Codes:
    """Numbers for subtrees, equal where everything but information sets agrees."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def of(self, game: PreparedGame, images: Sequence[int]) -> list[int]:
        tree = game.joint
        found = [0] * len(tree)
        for node in range(len(tree) - 1, -1, -1):
            own = game.payoffs[node]
            if own is not None:
                paid = sorted((images[player], value) for player, value in enumerate(own))
                key: Any = ("ends", tuple(paid))
            else:
                movers = tuple(sorted(images[tree.set_player[own]] for own in tree.blocks[node]))
                below = sorted(
                    (tree.probability[child] or Fraction(0), found[child])
                    for child in tree.children[node]
                )
                key = (movers, tuple(below))
            found[node] = self._numbers.setdefault(key, len(self._numbers))
        return found


class _Walk:
    """Two trees side by side."""

    def __init__(
        self,
        first: PreparedGame,
        second: PreparedGame,
        players: dict[int, int],
        names: tuple[str, str],
    ) -> None:
        self.one, self.two = names
        self.first, self.second = first, second
        self.a, self.b = first.joint, second.joint
        self.players = players
        codes = _Codes()
        self.code_a = codes.of(first, [players[own] for own in range(len(players))])
        self.code_b = codes.of(second, range(len(players)))
        self.image: dict[int, int] = {}
        self.actions: dict[int, int] = {}

    def first_difference(self) -> str:
        waiting = [(0, 0)]
        while waiting:
            node, other = waiting.pop()
            found = self._difference_at(node, other)
            if found:
                return found
            self.image[node] = other
            waiting.extend(reversed(self._pair_children(node, other)))
        return self._split_set(self.a, self.b, self.image, self.one, self.two) or self._split_set(
            self.b,
            self.a,
            {other: node for node, other in self.image.items()},
            self.two,
            self.one,
        )

    def _difference_at(self, node: int, other: int) -> str:
        a, b = self.a, self.b
        kinds = _kind(a, node), _kind(b, other)
        images = sorted(self.players[a.set_player[own]] for own in a.blocks[node])
        movers = sorted(b.set_player[own] for own in b.blocks[other])
        if kinds[0] != kinds[1] or images != movers:
            return (
                f"{self._where(node)}, {_movers(a, node)} in {self.one}, "
                f"but {_movers(b, other)} in {self.two}"
            )
        own_payoffs, other_payoffs = self.first.payoffs[node], self.second.payoffs[other]
        if own_payoffs is not None and other_payoffs is not None:
            if self._agree(own_payoffs, other_payoffs):
                return ""
            return self._payoff_difference(node, other, own_payoffs, other_payoffs)
        chances = [
            sorted(tree.probability[child] or Fraction(0) for child in tree.children[place])
            for tree, place in ((a, node), (b, other))
        ]
        if kinds[0] == "chance" and chances[0] != chances[1]:
            return (
                f"{self._where(node)}, chance moves with probabilities {_numbers(chances[0])} "
                f"in {self.one} and {_numbers(chances[1])} in {self.two}"
            )
        if len(a.children[node]) != len(b.children[other]) or _counts(a, node) != _counts(b, other):
            return (
                f"{self._where(node)}, {_actors(a, node)} can choose among {_choices(a, node)} "
                f"in {self.one} and among {_choices(b, other)} in {self.two}"
            )
        return ""

    def _where(self, node: int) -> str:
        """The place in the first tree; under a map of players that crosses names, which one."""
        history = after_history(self.a.source.told.history(self.a.origin[node]))
        here, there = self.a.source.players, self.b.source.players
        crossed = [
            f"{here[own]} of {self.one} for {there[other]} of {self.two}"
            for own, other in self.players.items()
            if loose(here[own]) != loose(there[other]) and loose(here[own]) in map(loose, there)
        ]
        return f"taking {', '.join(crossed)}, {history}" if crossed else history

    def _agree(self, here: Labels, there: Labels) -> bool:
        return all(value == there[self.players[player]] for player, value in enumerate(here))

    def _payoff_difference(self, node: int, other: int, here: Labels, there: Labels) -> str:
        where = self._where(node)
        raw_here, raw_there = self.a.payoffs[node], self.b.payoffs[other]
        assert raw_here is not None
        assert raw_there is not None
        for player in range(len(here)):
            image = self.players[player]
            if here[player] == there[image]:
                continue
            name = self.a.source.players[player]
            if self.first.relation is Relation.ORDINAL:
                return (
                    f"{where}, {name} has the payoff of rank {here[player] + 1} from below in "
                    f"{self.one} ({raw_here[player]}) and of rank {there[image] + 1} in "
                    f"{self.two} ({raw_there[image]})"
                )
            if self.first.relation is Relation.AFFINE:
                return (
                    f"{where}, {name} gets {raw_here[player]} in {self.one} and "
                    f"{raw_there[image]} in {self.two}: on the way from "
                    f"worst (0) to best (1), {here[player]} and {there[image]}"
                )
            return (
                f"{where}, {name} gets {raw_here[player]} in {self.one} "
                f"and {raw_there[image]} in {self.two}"
            )
        return ""

    def _pair_children(self, node: int, other: int) -> list[tuple[int, int]]:
        """Which child of A goes with which of B; there are equally many."""
        a, b = self.a, self.b
        free = dict.fromkeys(b.children[other])
        pairs: dict[int, int] = {}

        def take(key_a: Any, key_b: Any) -> None:
            known: dict[Any, list[int]] = {}
            for child in reversed(free):
                known.setdefault(key_b(child), []).append(child)
            for child in a.children[node]:
                if child not in pairs and (matches := known.get(key_a(child))):
                    pairs[child] = matches.pop()
                    del free[pairs[child]]

        if self.first.hints is not None:
            # Names decide: what both call alike goes together, whatever lies below.
            take(lambda child: _label(a, child), lambda child: _label(b, child))
        if len(a.blocks[node]) == 1 == len(b.blocks[other]):
            # What an action of this information set was paired with before, it keeps.
            take(lambda child: self.actions.get(a.via[child][0]), lambda child: b.via[child][0])
        take(
            lambda child: (self.code_a[child], a.probability[child], _label(a, child)),
            lambda child: (self.code_b[child], b.probability[child], _label(b, child)),
        )
        take(
            lambda child: (self.code_a[child], a.probability[child]),
            lambda child: (self.code_b[child], b.probability[child]),
        )
        take(
            lambda child: (a.probability[child], _label(a, child)),
            lambda child: (b.probability[child], _label(b, child)),
        )
        take(lambda child: a.probability[child], lambda child: b.probability[child])
        if len(a.blocks[node]) == 1:
            for child, image in pairs.items():
                self.actions.setdefault(a.via[child][0], b.via[image][0])
        return [(child, pairs[child]) for child in a.children[node]]

    def _split_set(
        self, one: JointTree, two: JointTree, image: dict[int, int], name: str, other_name: str
    ) -> str:
        """The first information set of one tree whose nodes are in several sets of the other."""
        parts: dict[int, dict[tuple[int, ...], list[int]]] = {}
        for node, block in enumerate(one.blocks):
            for own in block:
                player = one.set_player[own]
                wanted = self.players[player] if one is self.a else player
                there = tuple(
                    sorted(
                        other
                        for other in two.blocks[image[node]]
                        if (
                            two.set_player[other]
                            if one is self.a
                            else self.players[two.set_player[other]]
                        )
                        == wanted
                    )
                )
                parts.setdefault(own, {}).setdefault(there, []).append(node)
        for own, groups in parts.items():
            if len(groups) > 1:
                whole = [node for group in groups.values() for node in group]
                player_name = one.source.players[one.set_player[own]]
                pieces = [_set_words(one, group) for group in groups.values()]
                return (
                    f"{player_name}'s information set {_set_words(one, whole)} of {name} is split "
                    f"in {other_name}: {' and '.join(_shorten(pieces))}"
                )
        return ""


def _kind(tree: JointTree, node: int) -> str:
    if tree.blocks[node]:
        return "moves"
    return "chance" if tree.children[node] else "ends"


def _counts(tree: JointTree, node: int) -> list[int]:
    return sorted(len(tree.set_actions[own]) for own in tree.blocks[node])


def _label(tree: JointTree, node: int) -> tuple[str, ...]:
    if tree.via[node]:
        return tuple(sorted(loose(tree.action_words(action)) for action in tree.via[node]))
    return (loose(_chance_label(tree, node)),)


def _chance_label(tree: JointTree, node: int) -> str:
    origin = tree.origin[node]
    return tree.source.action_label(origin) if origin else ""


def _movers(tree: JointTree, node: int) -> str:
    kind = _kind(tree, node)
    if kind == "ends":
        return "the game ends"
    return "chance moves" if kind == "chance" else f"the mover is {_actors(tree, node)}"


def _actors(tree: JointTree, node: int) -> str:
    if not tree.blocks[node]:
        return "chance"
    names = [tree.source.players[tree.set_player[own]] for own in tree.blocks[node]]
    return " and, not knowing that, ".join(names)


def _choices(tree: JointTree, node: int) -> str:
    if not tree.blocks[node]:
        return _listed(_chance_label(tree, child) for child in tree.children[node])
    return " and ".join(
        _listed([tree.action_words(action) for action in tree.set_actions[own]])
        for own in tree.blocks[node]
    )


def _listed(labels: Iterable[str]) -> str:
    return "{" + ", ".join(_shorten(list(labels))) + "}"


def _set_words(tree: JointTree, nodes: Sequence[int]) -> str:
    return _listed(told_history(tree.source.told.history(tree.origin[node])) for node in nodes[:20])


def _shorten(words: list[str]) -> list[str]:
    return words if len(words) <= _MAX_SHOWN else [*words[:_MAX_SHOWN], "…"]


def _players(names: Sequence[str]) -> str:
    count = f"{len(names)} player" + ("" if len(names) == 1 else "s")
    return f"{count} ({', '.join(_shorten(list(names)))})" if names else count


def _numbers(values: Iterable[Fraction] | None) -> str:
    return "nothing" if values is None else ", ".join(_shorten([str(value) for value in values]))
