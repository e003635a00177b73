"""What the checks see without a sketch: the bundled references, each with one fault put in.

    python tests/bench/mutants.py [--list]

Prints for each kind of fault how many mutants are flagged (error or warning) against the bundled
description, and how many references are flagged without any fault.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from nl2efg.checks import check
from nl2efg.formats.files import load_game
from nl2efg.game import NO_OUTCOME, GameTree, Outcome
from nl2efg.resources import shipped
from nl2efg.schema.diagnostics import Severity


def flagged(tree: GameTree, text: str) -> bool:
    return any(found.severity is not Severity.NOTE for found in check(tree, text=text))


def split(tree: GameTree, sets: list[int]) -> GameTree:
    """The tree with every node of these information sets in a set of its own."""
    own = list(tree.information_sets)
    set_of = list(tree.set_of)
    for number in sets:
        for node in tree.members[number][1:]:
            set_of[node] = len(own)
            own.append(tree.information_sets[number])
    return replace(tree, information_sets=tuple(own), set_of=tuple(set_of))


def mutants(tree: GameTree) -> Iterator[tuple[str, GameTree]]:
    """Kinds of fault, each with the faulty tree."""
    yield "none", tree
    joined = [
        number
        for number, own in enumerate(tree.information_sets)
        if not own.is_chance and len(tree.members[number]) > 1
    ]
    owners = sorted({tree.information_sets[number].player for number in joined})
    if joined:
        yield "every information set a singleton", split(tree, joined)
    if len(joined) > 1:
        yield "one information set split", split(tree, joined[:1])
    if len(owners) > 1:
        for player in owners:
            theirs = [n for n in joined if tree.information_sets[n].player == player]
            yield "one player sees everything", split(tree, theirs)
    for number, own in enumerate(tree.information_sets):
        if own.is_chance and len(own.actions) > 1:
            weights = [Fraction((place + 1) ** 2) for place in range(len(own.actions))]
            other = tuple(weight / sum(weights) for weight in weights)
            sets = list(tree.information_sets)
            sets[number] = replace(own, probabilities=other)
            yield "other probabilities", replace(tree, information_sets=tuple(sets))
            break
    last = tree.terminals[-1]
    without = tuple(NO_OUTCOME if node == last else o for node, o in enumerate(tree.outcome_of))
    yield "an outcome missing", replace(tree, outcome_of=without)
    idle = tuple(Outcome((*outcome.payoffs, Fraction(0))) for outcome in tree.outcomes)
    yield "a player too many", replace(tree, players=(*tree.players, "Zoe"), outcomes=idle)
    first, *rest = tree.outcomes
    wrong = Outcome((first.payoffs[0] + 17, *first.payoffs[1:]))
    yield "one payoff changed", replace(tree, outcomes=(wrong, *rest))
    if len(tree.players) == 2:
        swapped = tuple(Outcome(outcome.payoffs[::-1]) for outcome in tree.outcomes)
        yield "payoffs swapped", replace(tree, outcomes=swapped)
        yield "players swapped", replace(tree, players=tree.players[::-1])


def main() -> None:
    totals: dict[str, int] = {}
    seen: dict[str, int] = {}
    missed: dict[str, list[str]] = {}
    for reference in sorted((shipped("fixtures") / "games").glob("*/reference.efg")):
        text = (reference.parent / "description.txt").read_text(encoding="utf-8")
        for kind, tree in mutants(load_game(reference)):
            totals[kind] = totals.get(kind, 0) + 1
            seen[kind] = seen.get(kind, 0) + flagged(tree, text)
            if not flagged(tree, text):
                missed.setdefault(kind, []).append(reference.parent.name)
    for kind, total in totals.items():
        print(f"{kind:<36} {seen[kind]:>3} of {total:>3} flagged")
        if "--list" in sys.argv and kind != "none":
            print(f"    not: {', '.join(missed.get(kind, []))}")


if __name__ == "__main__":
    main()
