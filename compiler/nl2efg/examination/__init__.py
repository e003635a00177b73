"""The examination: questions made from a tree, answered by a reader who sees only the text."""

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
