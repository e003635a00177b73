"""Names of the stages, as they stand in requests, recordings and records.

``information``, then ``information-again-1`` … where the sketch did not validate; ``code``;
``critic``; ``repair-1`` …; ``examination``, then ``examination-again`` where the reader disagreed,
and ``examination-1`` … after a repair; ``open-points``; for the tree first, ``tree`` and
``knowledge-1`` …; ``edit-1`` … where an author changes the game.
"""

from __future__ import annotations

INFORMATION = "information"
CODE = "code"
CRITIC = "critic"
EXAMINATION = "examination"
OPEN_POINTS = "open-points"
TREE = "tree"
_AGAIN, _REPAIR = f"{INFORMATION}-again-", "repair-"


def again_stage(number: int) -> str:
    """The stage that asks for the sketch again, for the ``number``-th time, from 1."""
    return f"{_AGAIN}{number}"


def examination_stage(number: int, *, again: bool = False) -> str:
    """An examination after ``number`` repairs, or the second look at what was disagreed on."""
    stage = f"{EXAMINATION}-{number}" if number else EXAMINATION
    return f"{stage}-again" if again else stage


def knowledge_stage(number: int) -> str:
    """The ``number``-th question of what players know in a tree that was built first, from 1."""
    return f"knowledge-{number}"


def repair_stage(number: int) -> str:
    """The ``number``-th repair of a program, from 1."""
    return f"{_REPAIR}{number}"


def edit_stage(number: int) -> str:
    """The ``number``-th edit of a game by its author's words, from 1."""
    return f"edit-{number}"


def is_again(stage: str) -> bool:
    """Whether a stage asks for the sketch once more."""
    return stage.startswith(_AGAIN)


def is_repair(stage: str) -> bool:
    """Whether a stage asks for a mended program."""
    return stage.startswith(_REPAIR)
