"""All checks in a row."""

from __future__ import annotations

from itertools import chain

from nl2efg.checks.chance import check_chance
from nl2efg.checks.context import CheckContext
from nl2efg.checks.information import check_information
from nl2efg.checks.payoffs import check_payoffs
from nl2efg.checks.players import check_players
from nl2efg.checks.severity import as_earned
from nl2efg.checks.sketch import check_sketch
from nl2efg.checks.structure import check_structure
from nl2efg.game import GameTree
from nl2efg.prose.text import prose_of
from nl2efg.schema.built import SourceMap
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import Sketch

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
    lines: SourceMap | None = None,
) -> tuple[Diagnostic, ...]:
    """Everything that speaks against a tree being the game that was described.

    Errors and warnings are meant to be acted on: nearly no right game has one, see
    :mod:`nl2efg.checks.severity`. Notes say what is worth knowing.

    Args:
        tree: the game.
        text: the description; without it only the shape of the tree is checked.
        sketch: stage 1's reading, to be compared with the tree history by history.
        lines: lines of the code behind the nodes, such as a build's source map.

    Returns:
        Diagnostics ``C1xx`` to ``C6xx``, errors first, within a severity in the order of checks.
    """
    prose = prose_of(text) if text is not None and text.strip() else None
    case = CheckContext(tree, prose, sketch, lines)
    found = as_earned(chain.from_iterable(family(case) for family in _FAMILIES))
    return tuple(sorted(found, key=lambda diagnostic: _ORDER.index(diagnostic.severity)))
