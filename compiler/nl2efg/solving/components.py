"""Connected sets of equilibria of two players, in the numbers of a list."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from nl2efg.equilibria.flat_game import FlatGame, as_one_stage
from nl2efg.equilibria.result import Equilibrium
from nl2efg.equilibria.sequence_form import plan_of, stage_at
from nl2efg.schema.record import ComponentRecord
from nl2efg.solving.list_claims import listed_numbers
from nl2efg.solving.methods.extreme import ExtremeEquilibria


def components_of(
    flat: FlatGame,
    extreme: ExtremeEquilibria,
    equilibria: Sequence[Equilibrium],
    *,
    refined: bool = False,
) -> tuple[ComponentRecord, ...]:
    """The connected sets that the listed equilibria belong to, by the lowest number in each.

    Equilibria that differ only where a player's own moves do not lead have the same plans and
    belong together.

    Args:
        flat: the game.
        extreme: the extreme equilibria of the game as one stage.
        equilibria: the list; its members are counted from 1.
        refined: whether the list is of a concept that asks for more than Nash's, so that of what
            lies between its members no more is known than that these are Nash equilibria.
    """
    if not equilibria:
        return ()
    stage = stage_at(as_one_stage(flat), 0)
    index = [{plan: i for i, plan in enumerate(own)} for own in extreme.plans]
    numbers: dict[tuple[int, int], list[int]] = {}
    for number, found in enumerate(equilibria, 1):
        rows = found.profile.probabilities
        plans = [
            tuple(Fraction(p) for p in plan_of(side, [rows[n] for n in side.sets]))
            for side in stage.sides
        ]
        mine, theirs = (own.get(plan) for own, plan in zip(index, plans, strict=True))
        if mine is not None and theirs is not None:
            numbers.setdefault((mine, theirs), []).append(number)
    parts = extreme.convex_parts()
    found_components = []
    for places in extreme.components():
        pairs = [extreme.pairs[place] for place in places]
        members = sorted(n for pair in pairs for n in numbers.get(pair, ()))
        convex = []
        for rows_part, columns_part in parts:
            inside = {(a, b) for a in rows_part for b in columns_part}
            if inside <= set(pairs):
                part = sorted(n for pair in inside for n in numbers.get(pair, ()))
                convex += [tuple(part)] if part else []
        if members:
            found_components.append((tuple(members), tuple(sorted(convex)), len(pairs)))
    return tuple(
        ComponentRecord(
            equilibria=members, convex_parts=convex, words=_words(members, convex, corners, refined)
        )
        for members, convex, corners in sorted(found_components)
    )


def _words(
    members: Sequence[int], convex: Sequence[Sequence[int]], corners: int, refined: bool
) -> str:
    listed = listed_numbers(members)
    if corners == 1:
        alone = (
            "equilibrium {} stands alone",
            "equilibria {} are one way of play, which stands alone",
        )
        return alone[len(members) > 1].format(listed)
    of_them = " of Nash equilibria" if refined else ""
    if len(members) == 1:
        return f"equilibrium {listed} lies in a continuum{of_them}"
    if len(convex) == 1:
        verb, kind = ("lie in", "a Nash") if refined else ("span", "an")
        return (
            f"equilibria {listed} {verb} a continuum{of_them}: every mixture of a player's "
            f"strategies in them is {kind} equilibrium with every mixture of the other's"
        )
    parts = "; ".join(map(listed_numbers, convex))
    of_parts = f"{of_them}, of" if refined else " of"
    return f"equilibria {listed} hang together in a continuum{of_parts} the convex parts {parts}"
