"""What a text leaves open, as a record words it: the question in it, and whether it is answered."""

from __future__ import annotations

from collections.abc import Sequence

CONFLICT = "The text contradicts itself: "
_ASSUMED, _TAKEN, _SAYS = " Assumed: ", " Taken: ", " The author says: "
_LEFT_OPEN = " Left open, as a second reader finds."


def assumed(question: str, answer: str) -> str:
    """An open point for which something was assumed."""
    return f"{question}{_ASSUMED}{answer}"


def taken(question: str, answer: str) -> str:
    """A contradiction of the text, with what was followed."""
    return f"{CONFLICT}{question}{_TAKEN}{answer}"


def left_open(point: str) -> str:
    """A point that only a second reader finds open."""
    return f"{point}{_LEFT_OPEN}"


def answered(question: str, answer: str) -> str:
    """An open point that the author settled."""
    return f"{question}{_SAYS}{answer}"


def open_question(words: str) -> str | None:
    """The question of an open point; None if its author answered it.

    Args:
        words: as one of the functions above gives them, or any others, which are all question.
    """
    if _SAYS in words:
        return None
    if words.startswith(CONFLICT):
        return words.removeprefix(CONFLICT).partition(_TAKEN)[0]
    return words.removesuffix(_LEFT_OPEN).partition(_ASSUMED)[0]


def with_answers(points: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Open points after their author answered some; those that were answered come last.

    Args:
        points: as a record words them.
        answers: questions with answers.
    """
    settled = {question for question, _ in answers}
    still = [words for words in points if open_question(words) not in settled]
    return (*still, *(answered(question, answer) for question, answer in answers))
