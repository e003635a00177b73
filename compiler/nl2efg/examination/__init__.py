"""The examination: questions made from a tree, answered by a reader who sees only the text.

Names are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.examination.answers import Answers, read_answers
    from nl2efg.examination.disagreements import Disagreement, compare_answers
    from nl2efg.examination.questions import Questions, make_questions

__all__ = [
    "Answers",
    "Disagreement",
    "Questions",
    "compare_answers",
    "make_questions",
    "read_answers",
]

_HOMES = {
    "Answers": "answers",
    "Disagreement": "disagreements",
    "Questions": "questions",
    "compare_answers": "disagreements",
    "make_questions": "questions",
    "read_answers": "answers",
}


__getattr__ = names_when_used(__name__, _HOMES)
