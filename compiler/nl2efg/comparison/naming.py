"""Names that two games share: which of them a renaming must leave alone, and what it crossed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nl2efg.comparison.joint import JointTree
from nl2efg.errors import UserError
from nl2efg.game.history import loose


class Names(StrEnum):
    """What names decide.

    ``FREE``: nothing, any renaming will do. ``ANCHORED``: players, actions of a player and outcomes
    of chance that both games know by name (case, spacing and punctuation aside) must be mapped to
    themselves; whatever only one of them has may be renamed.
    """

    FREE = "free"
    ANCHORED = "anchored"


def as_names(name: str) -> Names:
    """The rule of that name.

    Raises:
        UserError: there is none.
    """
    try:
        return Names(name)
    except ValueError:
        raise UserError(
            f"there is no rule of names {name!r}", hint=f"choose one of {', '.join(Names)}"
        ) from None


@dataclass(frozen=True, slots=True)
class Hints:
    """Further colours that an isomorphism must keep; an empty one allows anything.

    Args:
        players: for each player.
        actions: for each action of the joint tree.
        nodes: for each node that a chance move leads to, the outcomes on the way; empty elsewhere.
    """

    players: list[str]
    actions: list[str]
    nodes: list[tuple[str, ...]]


_CHANCE = ""
_UNNAMED = "\0"


def shared_names(first: JointTree, second: JointTree, *, actions: bool = True) -> list[Hints]:
    """Hints for both games that keep the names that both have.

    A name counts as an action's only within the moves of its player, so that one player's "Yes"
    does not bind another's. Players whom only one game knows by name are taken together.

    Args:
        actions: whether actions and outcomes of chance are kept, or the players alone.
    """
    trees = (first, second)
    players = [[loose(name) for name in tree.source.players] for tree in trees]
    known = set(players[0]) & set(players[1])
    owners = [[name if name in known else _UNNAMED for name in names] for names in players]
    labels = [
        [loose(tree.action_words(action)) for action in range(len(tree.action_origin))]
        for tree in trees
    ]
    owned = [
        _by_action(tree, [owner[player] for player in tree.set_player])
        for tree, owner in zip(trees, owners, strict=True)
    ]
    drawn = [_drawn(tree) for tree in trees]
    vocabulary = [
        {*zip(own, words, strict=True), *((_CHANCE, word) for draws in outcomes for word in draws)}
        for own, words, outcomes in zip(owned, labels, drawn, strict=True)
    ]
    shared = vocabulary[0] & vocabulary[1] if actions else set()
    return [
        Hints(
            [owner if owner != _UNNAMED else "" for owner in owners[side]],
            [
                word if (owner, word) in shared else ""
                for owner, word in zip(owned[side], labels[side], strict=True)
            ],
            [tuple(word for word in draws if (_CHANCE, word) in shared) for draws in drawn[side]],
        )
        for side in (0, 1)
    ]


def _by_action(tree: JointTree, owners: Sequence[str]) -> list[str]:
    found = [""] * len(tree.action_origin)
    for number, owner in enumerate(owners):
        for action in tree.set_actions[number]:
            found[action] = owner
    return found


def _drawn(tree: JointTree) -> list[tuple[str, ...]]:
    """For each node below a chance move, what chance drew on the way to it, sorted.

    Sorted and with the draws before it, so that neither joining nor interchanging moves matters.
    """
    source = tree.source
    drawn: list[tuple[str, ...]] = [()] * len(source)
    for node in range(1, len(source)):
        parent = source.parents[node]
        above = drawn[parent]
        by_chance = source.information_sets[source.set_of[parent]].is_chance
        drawn[node] = (
            tuple(sorted((*above, loose(source.action_label(node))))) if by_chance else above
        )
    return [
        drawn[origin] if tree.probability[node] is not None else ()
        for node, origin in enumerate(tree.origin)
    ]


def crossing_in_words(
    first: JointTree, second: JointTree, players: dict[int, int], actions: dict[int, int]
) -> str:
    """What a renaming that takes one game to another does to names that both have.

    Args:
        players, actions: images of the first game's players and actions.

    Returns:
        such as "the same tree, but Firm 1 and Firm 2 have changed places".
    """
    here, there = first.source.players, second.source.players
    names = [
        f"{here[own]} of A is {there[other]} of B"
        for own, other in _crossed(
            [loose(name) for name in here], [loose(name) for name in there], players
        )
    ]
    swapped = [own for own, other in players.items() if loose(here[own]) != loose(there[other])]
    if len(names) == 2 == len(swapped):
        both = " and ".join(here[own] for own in sorted(swapped))
        return f"the same tree, but {both} have changed places"
    if names:
        return f"the same tree, but with other players in their places: {', '.join(names)}"
    for own, other in sorted(actions.items()):
        word, image = first.action_words(own), second.action_words(other)
        if loose(word) == loose(image):
            continue
        number, twin = _set_of(first, own), _set_of(second, other)
        words = [first.action_words(each) for each in first.set_actions[number]]
        images = [second.action_words(each) for each in second.set_actions[twin]]
        if loose(word) in map(loose, images) or loose(image) in map(loose, words):
            mover = here[first.set_player[number]]
            return f"the same tree, but where {mover} plays {word!r} in A, it is {image!r} in B"
    return "the same tree, but names that both games have stand in other places"


def _crossed(
    here: Sequence[str], there: Sequence[str], images: dict[int, int]
) -> Iterator[tuple[int, int]]:
    for own, other in images.items():
        if here[own] != there[other] and (here[own] in there or there[other] in here):
            yield own, other


def _set_of(tree: JointTree, action: int) -> int:
    return next(number for number, own in enumerate(tree.set_actions) if action in own)
