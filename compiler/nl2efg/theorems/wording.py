"""Equilibria with letters in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nl2efg.equilibria.wording import number_words, place_words
from nl2efg.families.expressions import Expression
from nl2efg.game import CHANCE
from nl2efg.theorems.conjunctions import conjunction
from nl2efg.theorems.regimes import behaviours, counts_words

if TYPE_CHECKING:
    from nl2efg.theorems.result import SymbolicEquilibrium, SymbolicSolution

NAMES = {
    "spe": "subgame-perfect",
    "nash": "a Nash equilibrium",
    "pbe": "a perfect Bayesian equilibrium",
    "sequential": "a sequential equilibrium",
}


def strategy_words(equilibrium: SymbolicEquilibrium, *, numbers: bool = False) -> tuple[str, ...]:
    """One sentence for each information set of a player.

    Args:
        equilibrium: whose strategies are told.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.
    """
    tree = equilibrium.family.tree.told
    found = []
    for number, infoset in enumerate(tree.information_sets):
        if infoset.player == CHANCE:
            continue
        parts = [
            f"{action} {how_often(p, numbers=numbers)}" if p.constant != 1 else action
            for action, p in zip(infoset.actions, equilibrium.rows[number], strict=True)
            if p.constant != 0
        ]
        player = tree.players[infoset.player]
        found.append(f"{player} plays {' or '.join(parts)} {place_words(tree, number)}")
    return tuple(found)


def how_often(probability: Expression, *, numbers: bool = False) -> str:
    """How often: in words for a number, unless numbers are wanted, else with its expression."""
    constant = probability.constant
    if constant is not None and not numbers:
        return number_words(constant)
    return f"with probability {probability.text}"


def theorem(
    equilibrium: SymbolicEquilibrium,
    concept: str,
    others: Sequence[tuple[int, SymbolicEquilibrium]] = (),
) -> str:
    """The sentence that says where it is an equilibrium, and what it gives.

    Args:
        equilibrium: what it is about.
        concept: as a solution's.
        others: of the same strategies, with their numbers: other cases of the same theorem.
    """
    where = f"exactly if {equilibrium.region}" if equilibrium.region else "for all values"
    if others:
        where += ", or " + " or ".join(
            f"if {other.region} (equilibrium {number}, the same strategies)"
            for number, other in others
        )
    return f"{NAMES[concept]} {where}; then {_gets(equilibrium)}"


def _gets(equilibrium: SymbolicEquilibrium) -> str:
    """What each player gets."""
    players = equilibrium.family.tree.told.players
    return ", ".join(
        f"{player} gets {value.text}"
        for player, value in zip(players, equilibrium.values, strict=True)
    )


def report_lines(solution: SymbolicSolution, *, numbers: bool = False) -> list[str]:
    """The solution as lines of text.

    Args:
        solution: of a family.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.
    """
    lines = []
    if solution.domain:
        lines.append(f"Domain: {', '.join(conjunction(solution.domain))}.")
    for size in solution.family.sizes:
        lines.append(f"Size: {size.symbol} = {size.value}.")
    numbered = list(enumerate(solution.equilibria, 1))
    for number, each in numbered:
        alike = [(n, other) for n, other in numbered if n != number and other.rows == each.rows]
        kind = "pure" if each.pure else "mixed"
        lines += ["", f"Equilibrium {number} of {len(solution.equilibria)} ({kind})"]
        lines += [f"  {sentence}" for sentence in strategy_words(each, numbers=numbers)]
        lines.append(f"  This is {theorem(each, solution.concept, alike)}.")
        lines += [f"  {sentence}" for sentence in belief_words(each)]
        lines.append(f"  certificate: {certificate_words(each)}")
    if solution.regimes is not None:
        lines += ["", *regime_lines(solution)]
    lines += ["", f"Coverage: {solution.coverage}.", f"Uniqueness: {solution.uniqueness}."]
    lines += [f"Remark: {remark}." for remark in solution.remarks]
    return lines


def belief_words(equilibrium: SymbolicEquilibrium) -> tuple[str, ...]:
    """The beliefs that it needs where play does not come, a sentence for each information set."""
    tree = equilibrium.family.tree.told
    lines = []
    for belief in equilibrium.beliefs:
        player = tree.player_name(tree.information_sets[belief.information_set].player)
        place = place_words(tree, belief.information_set)
        lines.append(f"belief of {player} {place}: {belief.text}")
    return tuple(lines)


def regime_lines(solution: SymbolicSolution) -> list[str]:
    """Which equilibria hold where, a line for each regime; what they pay, if all pay the same.

    Where candidates were left out as not decided, none is said to be alone or all there is.
    """
    regimes, equilibria = solution.regimes, solution.equilibria
    if regimes is None:
        return []
    first = behaviours([each.rows for each in equilibria])
    how = "" if regimes.linear else "; some boundaries are curves of a higher degree"
    which = "" if solution.all_pure else "; of those found"
    if solution.undecided:
        which = "; of those proved"
    lines = [f"Regimes (exact, boundaries aside; {counts_words(regimes.counts)}{how}{which}):"]
    for part in regimes.parts:
        alone, none = " alone", "none of these"
        if part.undecided:
            alone, none = "; there may be others", "none is proved; there may be others"
        numbers = [str(number) for number in part.equilibria]
        if len(numbers) > 1:
            told = f"equilibria {', '.join(numbers[:-1])} and {numbers[-1]}"
            paid = [equilibria[number - 1].values for number in part.equilibria]
            if len({first[number - 1] for number in part.equilibria}) == 1:
                told += f", the same strategies{'' if part.undecided else ','}{alone}"
            elif all(values == paid[0] for values in paid):
                told += f"; in each {_gets(equilibria[part.equilibria[0] - 1])}"
        else:
            told = f"equilibrium {numbers[0]}{alone}" if numbers else none
        lines.append(f"  {part.region or 'everywhere'}: {told}")
    return lines


def certificate_words(equilibrium: SymbolicEquilibrium) -> str:
    """How the conditions were verified."""
    own = equilibrium.certificate
    count = f"{own.inequalities} regret inequalit{'y' if own.inequalities == 1 else 'ies'}"
    parts = [f"{count} by algebra"]
    if own.cells:
        parts.append(
            f"{len(own.cells)} cells of the domain, exactly at a point of each"
            if len(own.cells) > 1
            else "one cell of the domain, exactly at a point of it"
        )
    points = f"random rational point{'' if own.inside == 1 else 's'}"
    parts.append(f"{own.inside} {points} inside and {own.outside} outside, exactly")
    if own.failures:
        parts.append(f"NOT CONFIRMED at {'; '.join(own.failures)}")
    return "; ".join(parts)
