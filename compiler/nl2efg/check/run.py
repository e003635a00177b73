"""All checks in a row."""

from __future__ import annotations

from itertools import chain

from nl2efg.check.case import Case, Lines
from nl2efg.check.chance import check_chance
from nl2efg.check.information import check_information
from nl2efg.check.payoffs import check_payoffs
from nl2efg.check.players import check_players
from nl2efg.check.sketch import check_sketch
from nl2efg.check.structure import check_structure
from nl2efg.check.text import Prose
from nl2efg.diagnostics import Diagnostic, Severity
from nl2efg.sketch import Sketch
from nl2efg.tree import GameTree

_FAMILIES = (
    check_structure,
    check_information,
    check_chance,
    check_payoffs,
    check_players,
    check_sketch,
)
_ORDER = list(Severity)


def check(
    tree: GameTree,
    *,
    text: str | None = None,
    sketch: Sketch | None = None,
    lines: Lines | None = None,
) -> tuple[Diagnostic, ...]:
    """Everything that speaks against a tree being the game that was described.

    Errors and warnings are meant to be acted on: on recorded programs that build, nearly every
    right game has neither (``tests/bench/flags.py`` measures it). Notes say what is worth
    knowing.

    Args:
        tree: the game.
        text: the description; without it only the shape of the tree is checked.
        sketch: stage 1's reading, to be compared with the tree history by history.
        lines: lines of the code behind the nodes, such as a build's source map.

    Returns:
        Diagnostics ``C1xx`` to ``C6xx``, errors first, within a severity in the order of checks.
    """
    prose = Prose(text) if text is not None and text.strip() else None
    case = Case(tree, prose, sketch, lines)
    found = chain.from_iterable(family(case) for family in _FAMILIES)
    return tuple(sorted(found, key=lambda diagnostic: _ORDER.index(diagnostic.severity)))
