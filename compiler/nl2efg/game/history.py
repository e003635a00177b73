"""Written histories: which nodes of a tree does a list of action labels mean?

A person or a model writes ``("bet", "fold")`` where the tree says ``("Bet", "Fold!")``. Labels are
matched exactly where that is possible and loosely elsewhere. A step may also be a pattern: ``*``
and ``?`` stand for any one action (a sketch uses ``?`` for one that the player has seen), ``A|B``
for either of two. An action whose label is the pattern itself comes first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from nl2efg.game.effort import Effort
from nl2efg.game.model import NO_SET, GameTree

ANY_ACTION = "*"
SEEN_ACTION = "?"
EITHER = "|"

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


def match_step(step: str, labels: Sequence[str]) -> tuple[int, ...]:
    """Positions in ``labels`` that one step of a written history may mean, in order.

    Args:
        step: a label, or one of the patterns ``*``, ``?`` and ``A|B``.
        labels: the actions of an information set.
    """
    found = match_label(step, labels)
    if found:
        return found
    if step in (ANY_ACTION, SEEN_ACTION):
        return tuple(range(len(labels)))
    if EITHER not in step:
        return ()
    return tuple(sorted({n for part in step.split(EITHER) for n in match_label(part, labels)}))


def is_pattern(history: Sequence[str]) -> bool:
    """Whether a written history may mean several."""
    return any(step in (ANY_ACTION, SEEN_ACTION) or EITHER in step for step in history)


def vagueness(history: Sequence[str]) -> tuple[int, int]:
    """How much a written history leaves open; of two that mean a node, the smaller is more exact.

    Returns:
        the steps that may be any action, and those that may be one of several named ones.
    """
    free = sum(step in (ANY_ACTION, SEEN_ACTION) for step in history)
    return free, sum(EITHER in step for step in history)


def find_history(
    tree: GameTree, labels: Sequence[str], effort: Effort | None = None
) -> tuple[int, ...]:
    """All nodes that a written history leads to, in preorder.

    At each node a label means the action with exactly that label, else every action whose label
    is equal but for case, spaces and punctuation. Time is linear in the nodes that the history
    passes.

    Args:
        tree: the game.
        labels: the steps from the root, labels or patterns (see :func:`match_step`). Empty: the
            root.
        effort: bounds the nodes that are passed, for callers that look for many histories.

    Returns:
        The nodes; empty if the history does not exist in the tree.

    Raises:
        EffortError: it takes more than ``effort`` has left.
    """
    frontier = [0]
    for label in labels:
        if not frontier:
            break
        if effort is not None:
            effort.spend(1 + len(frontier))
        places: dict[int, tuple[int, ...]] = {}
        following: list[int] = []
        for node in frontier:
            number = tree.set_of[node]
            if number == NO_SET:
                continue
            if number not in places:
                actions = tree.information_sets[number].actions
                if effort is not None:
                    effort.spend(len(actions) * (1 + label.count(EITHER)))
                places[number] = match_step(label, actions)
            following.extend(tree.children[node][place] for place in places[number])
        frontier = following
    return tuple(frontier)
