"""The letters of a compiled game: what the sketch says of them, and their record."""

from __future__ import annotations

from dataclasses import replace

from nl2efg.families import GameFamily, family_of
from nl2efg.families.note_writing import with_note
from nl2efg.game import GameTree
from nl2efg.schema.record import FamilyRecord, ParameterRecord
from nl2efg.schema.sketch import Sketch


def with_words(tree: GameTree, sketch: Sketch | None) -> GameTree:
    """The game, its parameters with the meaning and the quote that the sketch has for them."""
    found = family_of(tree)
    if found is None or sketch is None:
        return tree
    said = {each.symbol: each for each in sketch.parameters}
    parameters = tuple(
        replace(
            each,
            meaning=each.meaning or said[each.symbol].meaning,
            quote=each.quote or said[each.symbol].quote,
        )
        if each.symbol in said
        else each
        for each in found.parameters
    )
    if parameters == found.parameters:
        return tree
    return with_note(replace(found, parameters=parameters))


def family_record(tree: GameTree) -> FamilyRecord | None:
    """The letters of a game as they are kept; None if it has none."""
    found: GameFamily | None = family_of(tree)
    if found is None:
        return None
    return FamilyRecord(
        parameters=tuple(
            ParameterRecord(
                symbol=each.symbol,
                kind=each.kind,
                value=str(each.value),
                low="" if each.low is None else str(each.low),
                high="" if each.high is None else str(each.high),
                meaning=each.meaning,
                quote=each.quote,
            )
            for each in found.parameters
        ),
        payoffs=tuple((*place, each.text) for place, each in found.payoffs.items()),
        probabilities=tuple((*place, each.text) for place, each in found.probabilities.items()),
        conditions=tuple((each.kind, each.text) for each in found.conditions),
        program=found.program,
    )
