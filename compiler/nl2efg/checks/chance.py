"""Checks of chance: the tree's probabilities, and what the text says of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction

from nl2efg.checks.context import CheckContext, first_sets, set_name
from nl2efg.game import CHANCE
from nl2efg.game.wording import told_list
from nl2efg.prose.numbers import probabilities_in
from nl2efg.schema.diagnostics import Diagnostic, Severity

_MAX_OUTCOMES = 12
"""Sums over subsets are tried up to so many outcomes of one chance move."""

_MAX_DISTRIBUTIONS = 100
"""Sums over subsets are tried for so many different distributions."""

_ROUNDING = Fraction(1, 150)

_LONG = 2_000
"""Bits of a denominator that no longer says anything to a reader."""


def check_chance(case: CheckContext) -> Iterator[Diagnostic]:
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


def _distributions(case: CheckContext) -> Iterator[Diagnostic]:
    tree = case.tree
    flawed: dict[int, str] = {}
    impossible: dict[int, str] = {}
    for number in case.chance_sets:
        infoset = tree.information_sets[number]
        given = _given(case, number)
        top, bottom = _total(given)
        if top != bottom:
            flawed[number] = f"sum to {_ratio_in_words(top, bottom)}"
        elif min(given) < 0:
            flawed[number] = "hold a negative one"
        elif 0 in given:
            impossible[number] = infoset.actions[given.index(Fraction(0))]
    for number, more in first_sets(list(flawed)):
        yield case.found(
            "C301",
            Severity.ERROR,
            f"{set_name(tree, number)}: the probabilities "
            f"{told_list(list(map(str, _given(case, number))))} {flawed[number]}{more}",
            node=tree.members[number][0],
            part="information_set",
            fix="give probabilities that are not negative and sum to exactly 1",
        )
    for number, more in first_sets(list(impossible)):
        yield case.found(
            "C302",
            Severity.NOTE,
            f"{set_name(tree, number)}: {impossible[number]!r} has probability 0{more}",
            node=tree.members[number][0],
            part="information_set",
            fix="leave out what cannot happen, or give it its probability",
        )


def _given(case: CheckContext, number: int) -> tuple[Fraction, ...]:
    """The probabilities of a chance set."""
    found = case.tree.information_sets[number].probabilities
    assert found is not None
    return found


def _total(given: Sequence[Fraction]) -> tuple[int, int]:
    """A sum as numerator and denominator, not in lowest terms.

    Halves are added up first: one after the other, each of n fractions with different
    denominators would meet a number of n times their length.
    """
    tops: dict[int, int] = {}
    for one in given:
        tops[one.denominator] = tops.get(one.denominator, 0) + one.numerator
    parts = [(top, bottom) for bottom, top in tops.items()]
    while len(parts) > 1:
        rest = parts[len(parts) // 2 * 2 :]
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs] + rest
    return parts[0]


def _ratio_in_words(top: int, bottom: int) -> str:
    return str(Fraction(top, bottom)) if bottom.bit_length() < _LONG else f"about {top / bottom:g}"


def _not_in_text(case: CheckContext) -> Iterator[Diagnostic]:
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


def _not_in_tree(case: CheckContext) -> Iterator[Diagnostic]:
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


def _quoted_probabilities(case: CheckContext) -> Iterator[Diagnostic]:
    """A probability that the text gives, and that no chance event of the tree has."""
    assert case.prose is not None
    quoted = [found for found in probabilities_in(case.prose) if 0 < found[0] < 1]
    if not quoted:
        return
    possible = sorted(_event_probabilities(case))
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


def _event_probabilities(case: CheckContext) -> set[Fraction]:
    """Probabilities of the events at a chance move, and of sequences of chance moves."""
    tree = case.tree
    found: set[Fraction] = set()
    heads: set[tuple[Fraction, ...]] = set()
    for number in case.chance_sets:
        given = _given(case, number)
        found.update(given)
        if len(heads) < _MAX_DISTRIBUTIONS:
            heads.add(given[:_MAX_OUTCOMES])
    for head in heads:
        sums = {Fraction(0)}
        for probability in head:
            sums |= {total + probability for total in sums}
        found |= sums
    reach = [Fraction(1)]
    for node in range(1, len(tree)):
        infoset = tree.information_sets[tree.set_of[tree.parents[node]]]
        above = reach[tree.parents[node]]
        if infoset.probabilities is None:
            reach.append(above)
            continue
        here = above * infoset.probabilities[tree.action_of[node]]
        # A text rounds, and a product of thousands of factors is no number to reckon with.
        reach.append(here if here.denominator.bit_length() < _LONG else Fraction(float(here)))
        found.add(reach[-1])
    return found


def _close(value: Fraction, possible: Sequence[Fraction]) -> bool:
    """Whether a value, or its rounding to the digits that a text gives, is among these in order."""
    place = bisect_left(possible, value - _ROUNDING)
    return place < len(possible) and possible[place] <= value + _ROUNDING


def _uniform(case: CheckContext) -> Iterator[Diagnostic]:
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
