"""Written histories: which nodes of a tree does a list of action labels mean?

A person or a model writes ``("bet", "fold")`` where the tree says ``("Bet", "Fold!")``. Labels are
matched exactly where that is possible and loosely elsewhere; ``*`` stands for any one action.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from nl2efg.game.effort import Effort
from nl2efg.game.model import NO_SET, GameTree

ANY_ACTION = "*"

# A number keeps its sign and what joins its digits: "-1" is not "1", and "1/2" is not "12".
_WORD = re.compile(r"(?<![^\W_])[-+]?\d+(?:[./,:]\d+)*|[^\W\d_]+|\d+")


@lru_cache(maxsize=65536)
def loose(label: str) -> str:
    """A label without case, spaces and punctuation; two labels match loosely if these are equal.

    Accents count. A label that is nothing but punctuation stands for itself.
    """
    folded = unicodedata.normalize("NFKC", label).casefold().replace("−", "-")
    words: list[str] = []
    for word in _WORD.findall(folded):
        if words and word[0].isdigit() and words[-1][-1].isdigit():
            words.append(" ")
        words.append(word)
    return "".join(words) or folded.strip()


def match_label(wanted: str, labels: Sequence[str]) -> tuple[int, ...]:
    """Positions in ``labels`` that ``wanted`` may mean: the exact ones, else the loose ones."""
    exact = tuple(place for place, label in enumerate(labels) if label == wanted)
    if exact:
        return exact
    wanted_loosely = loose(wanted)
    return tuple(place for place, label in enumerate(labels) if loose(label) == wanted_loosely)


def find_history(
    tree: GameTree, labels: Sequence[str], effort: Effort | None = None
) -> tuple[int, ...]:
    """All nodes that a written history leads to, in preorder.

    At each node a label means the action with exactly that label, else every action whose label
    is equal but for case, spaces and punctuation. Time is linear in the nodes that the history
    passes.

    Args:
        labels: action labels from the root; ``*`` stands for any one action. Empty: the root.
        effort: bounds the nodes that are passed, for callers that look for many histories.

    Returns:
        The nodes; empty if the history does not exist in the tree.

    Raises:
        EffortError: it takes more than ``effort`` has left.
    """
    frontier = [0]
    for label in labels:
        if effort is not None:
            effort.spend(1 + len(frontier))
        if not frontier:
            break
        places: dict[int, tuple[int, ...]] = {}
        following: list[int] = []
        for node in frontier:
            number = tree.set_of[node]
            if number == NO_SET:
                continue
            if label == ANY_ACTION:
                following.extend(tree.children[node])
                continue
            if number not in places:
                actions = tree.information_sets[number].actions
                if effort is not None:
                    effort.spend(len(actions))
                places[number] = match_label(label, actions)
            following.extend(tree.children[node][place] for place in places[number])
        frontier = following
    return tuple(frontier)
