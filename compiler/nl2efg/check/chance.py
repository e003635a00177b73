"""Checks of chance: the tree's probabilities, and what the text says of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from nl2efg.check.case import Case, set_name
from nl2efg.check.numbers import probabilities_in
from nl2efg.diagnostics import Diagnostic, Severity
from nl2efg.tree import CHANCE

_MOST_OUTCOMES = 12
"""Sums over subsets are tried up to so many outcomes of one chance move."""


def check_chance(case: Case) -> Iterator[Diagnostic]:
    """Every finding about chance."""
    yield from _distributions(case)
    if case.prose is None:
        return
    if CHANCE in case.movers:
        yield from _not_in_text(case)
        yield from _quoted_probabilities(case)
        yield from _uniform(case)
    else:
        yield from _not_in_tree(case)


def _distributions(case: Case) -> Iterator[Diagnostic]:
    tree = case.tree
    for number in case.chance_sets:
        given = tree.information_sets[number].probabilities
        assert given is not None
        node = tree.members[number][0]
        total = sum(given)
        if total != 1 or min(given) < 0:
            yield case.found(
                "C301",
                Severity.ERROR,
                f"{set_name(tree, number)}: the probabilities {', '.join(map(str, given))} "
                + ("sum to " + str(total) if total != 1 else "hold a negative one"),
                node=node,
                part="information_set",
                fix="give probabilities that are not negative and sum to exactly 1",
            )
        elif 0 in given:
            label = tree.information_sets[number].actions[given.index(Fraction(0))]
            yield case.found(
                "C302",
                Severity.NOTE,
                f"{set_name(tree, number)}: {label!r} has probability 0",
                node=node,
                part="information_set",
                fix="leave out what cannot happen, or give it its probability",
            )


def _not_in_text(case: Case) -> Iterator[Diagnostic]:
    assert case.prose is not None
    prose = case.prose
    if not prose.is_english or prose.first_cue("possible_chance", "chance"):
        return
    first = min(case.nodes_of(CHANCE))
    yield case.found(
        "C303",
        Severity.WARNING,
        "a chance move, but the text speaks of no chance",
        node=first,
        part="move",
        fix="leave the chance move out, or let the player move there whom the text names",
    )


def _not_in_tree(case: Case) -> Iterator[Diagnostic]:
    assert case.prose is not None
    cue = case.prose.first_cue("chance")
    if cue:
        yield case.found(
            "C304",
            Severity.WARNING,
            f"the text speaks of chance ({cue.words!r}), but chance never moves",
            sentence=cue,
            fix="append the chance move, with its probabilities",
        )


def _quoted_probabilities(case: Case) -> Iterator[Diagnostic]:
    """A probability that the text gives, and that no chance event of the tree has."""
    assert case.prose is not None
    quoted = [found for found in probabilities_in(case.prose) if 0 < found[0] < 1]
    if not quoted:
        return
    possible = _event_probabilities(case)
    missing = [(value, cue) for value, cue in quoted if not _close(value, possible)]
    for value, cue in missing[:1]:
        yield case.found(
            "C305",
            Severity.WARNING,
            f"the text gives the probability {value}, but no chance event of the tree has it",
            node=min(case.nodes_of(CHANCE)),
            part="information_set",
            sentence=cue,
            fix=f"give the event that the text means the probability {value}",
        )


def _event_probabilities(case: Case) -> set[Fraction]:
    """Probabilities of the events at a chance move, and of sequences of chance moves."""
    tree = case.tree
    found: set[Fraction] = set()
    for number in case.chance_sets:
        given = tree.information_sets[number].probabilities
        assert given is not None
        sums = {Fraction(0)}
        for probability in given[:_MOST_OUTCOMES]:
            sums |= {total + probability for total in sums}
        found |= sums | set(given)
    reach = [Fraction(1)]
    for node in range(1, len(tree)):
        own = tree.information_sets[tree.set_of[tree.parents[node]]]
        given = own.probabilities
        reach.append(
            reach[tree.parents[node]] * (given[tree.action_of[node]] if given else Fraction(1))
        )
        if given:
            found.add(reach[-1])
    return found


def _close(value: Fraction, possible: set[Fraction]) -> bool:
    """Whether a value, or its rounding to the digits that a text gives, is among these."""
    return any(abs(value - other) <= Fraction(1, 150) for other in possible)


def _uniform(case: Case) -> Iterator[Diagnostic]:
    assert case.prose is not None
    tree = case.tree
    cue = case.prose.first_cue("uniform")
    if cue is None or probabilities_in(case.prose):
        return
    if any(len(set(tree.information_sets[n].probabilities or ())) == 1 for n in case.chance_sets):
        return
    number = case.chance_sets[0]
    yield case.found(
        "C306",
        Severity.WARNING,
        f"the text speaks of equal chances ({cue.words!r}), but no chance move is uniform",
        node=tree.members[number][0],
        part="information_set",
        sentence=cue,
        fix="give the outcomes that the text calls equally likely the same probability",
    )
