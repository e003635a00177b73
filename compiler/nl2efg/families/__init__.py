"""Families of games: letters in payoffs, chance and sizes, and the games that they stand for.

Names are loaded when they are used, because the sandbox's workers need few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.families.conditions import Condition, read_conditions
    from nl2efg.families.expression_text import read_expression, value_of
    from nl2efg.families.expressions import Expression
    from nl2efg.families.family import GameFamily
    from nl2efg.families.note import family_of
    from nl2efg.families.note_writing import without_note
    from nl2efg.families.parameters import Parameter

__all__ = [
    "Condition",
    "Expression",
    "GameFamily",
    "Parameter",
    "family_of",
    "read_conditions",
    "read_expression",
    "value_of",
    "without_note",
]

_HOMES = {
    "Condition": "conditions",
    "Expression": "expressions",
    "GameFamily": "family",
    "Parameter": "parameters",
    "family_of": "note",
    "read_conditions": "conditions",
    "read_expression": "expression_text",
    "value_of": "expression_text",
    "without_note": "note_writing",
}


__getattr__ = names_when_used(__name__, _HOMES)
