"""Players without perfect recall, compared ex ante with their behaviour strategies.

Without absent-mindedness a player's payoff is linear in each row of its own, so that some pure
strategy is a best response; they are enumerated. With one absent-minded set of two actions it is a
polynomial in one probability (Piccione and Rubinstein 1997, GEB 20, p. 3), of which
:mod:`nl2efg.equilibria.polynomial_peaks` proves the maximum. A best response beyond that is refused
rather than guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from nl2efg.equilibria.deadline import in_time
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.equilibria.polynomial_peaks import greatest
from nl2efg.equilibria.sequence_form import Row, Stage, Value, pure_row
from nl2efg.errors import UserError

PURE_LIMIT = 50_000
"""Most pure strategies of one player that are enumerated in a stage."""

MAX_PURE = 20_000
"""Most pure profiles of a stage that are compared."""

Rows = Sequence[Row] | Mapping[int, Row]
Path = tuple[tuple[int, int], ...]
Term = tuple[Value, Path]


def forgetful_response(
    flat: FlatGame,
    stage: Stage,
    rows: Rows,
    value: Sequence[Row],
    best: Sequence[Row],
    choices: dict[int, int],
) -> tuple[Row, Row]:
    """What a profile is worth in a stage of imperfect recall, and what best responses are.

    Args:
        value, best: payoffs of the leaves under the profile and under best responses.
        choices: receives, for whoever gains, the action that each set's best response likes most.

    Raises:
        UserError: a best response is out of reach.
    """
    paths = leaf_paths(flat, stage)
    reach = [prod((rows[n][a] for n, a in path), start=Fraction(1)) for path in paths]
    players = range(len(flat.tree.players))
    values = tuple(_dot(reach, [row[player] for row in value]) for player in players)
    tops = [_dot(reach, [row[player] for row in best]) for player in players]
    for side in stage.sides:
        payoffs = [row[side.player] for row in best]
        terms = terms_of(flat, paths, rows, side.player, payoffs)
        better = best_behaviour(flat, side.sets, terms, floor=Fraction(tops[side.player]))
        if better is not None:
            tops[side.player] = better.worth
            for number, row in better.rows.items():
                choices[number] = row.index(max(row))
    return values, tuple(tops)


def _dot(weights: Sequence[Value], values: Sequence[Value]) -> Value:
    pairs = zip(weights, values, strict=True)
    return sum((w * u for w, u in pairs if w), start=Fraction(0))


def leaf_paths(flat: FlatGame, stage: Stage) -> list[Path]:
    """For each leaf of a stage the sets of several actions, and actions, on the way to it."""
    tree = flat.tree
    found = []
    for leaf in in_time(stage.leaves):
        path = []
        node = leaf
        while node != stage.root:
            parent = tree.parents[node]
            number = tree.set_of[parent]
            if len(tree.information_sets[number].actions) > 1:
                path.append((number, tree.action_of[node]))
            node = parent
        found.append(tuple(reversed(path)))
    return found


def terms_of(
    flat: FlatGame,
    paths: Sequence[Path],
    rows: Rows,
    player: int,
    payoffs: Sequence[Value],
) -> list[Term]:
    """A player's payoff as a polynomial in its own probabilities."""
    sets = flat.tree.information_sets
    terms: dict[Path, Value] = {}
    for path, payoff in in_time(zip(paths, payoffs, strict=True)):
        own = tuple(step for step in path if sets[step[0]].player == player)
        others = prod((rows[n][a] for n, a in path if sets[n].player != player), start=Fraction(1))
        if others and payoff:
            terms[own] = terms.get(own, Fraction(0)) + others * payoff
    return [(weight, own) for own, weight in terms.items()]


def pure_equilibria(
    flat: FlatGame, stage: Stage, leaves: Sequence[Row]
) -> list[dict[int, Row]] | None:
    """The pure profiles against which no pure strategy gains, without perfect recall.

    Without absent-mindedness these are all pure equilibria, since a player's payoff is linear in
    each of its rows. None if there are more than ``MAX_PURE`` profiles.
    """
    table = flat.tree.information_sets
    numbers = [number for side in stage.sides for number in side.sets]
    widths = [len(table[number].actions) for number in numbers]
    if prod(widths) > MAX_PURE:
        return None
    place = {number: i for i, number in enumerate(numbers)}
    ends: dict[tuple[tuple[int, int], ...], list[Fraction]] = {}
    for path, weight, row in zip(leaf_paths(flat, stage), stage.chance, leaves, strict=True):
        steps = tuple(sorted({(place[n], a) for n, a in path if n in place}))
        if weight and len({i for i, _ in steps}) == len(steps):  # one action at each set
            total = ends.setdefault(steps, [Fraction(0)] * len(row))
            for player, payoff in enumerate(row):
                total[player] += weight * Fraction(payoff)
    players = [side.player for side in stage.sides]
    payoffs: dict[tuple[int, ...], tuple[Fraction, ...]] = {}
    for choice in in_time(product(*map(range, widths)), grain=64):
        met = [row for steps, row in ends.items() if all(choice[i] == a for i, a in steps)]
        payoffs[choice] = tuple(sum((r[p] for r in met), Fraction(0)) for p in players)
    owner = [i for i, side in enumerate(stage.sides) for _ in side.sets]
    best: list[dict[tuple[int, ...], Fraction]] = [{} for _ in players]
    for choice, row in payoffs.items():
        for i, top in enumerate(best):
            others = tuple(a for a, own in zip(choice, owner, strict=True) if own != i)
            top[others] = max(top.get(others, row[i]), row[i])
    found = []
    for choice, row in payoffs.items():
        keys = [
            tuple(a for a, own in zip(choice, owner, strict=True) if own != i)
            for i in range(len(players))
        ]
        if all(row[i] == best[i][keys[i]] for i in range(len(players))):
            found.append(
                {n: pure_row(a, w) for n, a, w in zip(numbers, choice, widths, strict=True)}
            )
    return found


@dataclass(frozen=True, slots=True)
class BestBehaviour:
    """A best behaviour strategy.

    Args:
        worth: what it is worth; where a probability is irrational, an upper bound.
        rows: by information set.
        irrational: the sets at which the best probabilities are irrational, and rounded here.
    """

    worth: Fraction
    rows: dict[int, Row]
    irrational: frozenset[int]


def best_behaviour(
    flat: FlatGame, sets: Sequence[int], terms: Sequence[Term], floor: Fraction | None = None
) -> BestBehaviour | None:
    """A best behaviour strategy; None if none is worth more than ``floor``.

    Args:
        sets: the player's information sets.
        terms: the player's payoff, as :func:`terms_of` gives it.
        floor: what is had already; by default nothing.

    Raises:
        UserError: there are too many pure strategies, or absent-mindedness of a kind for which
            no maximum can be proved here.
    """
    table = flat.tree.information_sets
    met_twice = {n for _, path in terms for n, _ in path if sum(step[0] == n for step in path) > 1}
    counts = [len(table[n].actions) for n in sets if n not in met_twice]
    if prod(counts) > PURE_LIMIT:
        raise _refusal(flat, sets, f"{prod(counts)} pure strategies are too many to compare")
    if len(met_twice) > 1 or any(len(table[n].actions) > 2 for n in met_twice):
        raise _refusal(flat, sets, "absent-mindedness beyond one set of two actions")
    others = [n for n in sets if n not in met_twice]
    best: BestBehaviour | None = None
    strategies = product(*map(range, counts))
    for chosen in in_time(strategies, grain=8):
        pure = dict(zip(others, chosen, strict=True))
        left = [
            (weight, tuple(step for step in path if step[0] in met_twice))
            for weight, path in terms
            if all(pure.get(n, a) == a for n, a in path)
        ]
        peak = greatest(_polynomial(left), floor if best is None else best.worth)
        if peak is not None:
            rows = {n: pure_row(a, len(table[n].actions)) for n, a in pure.items()}
            rows |= dict.fromkeys(met_twice, (1 - peak.at, peak.at))
            best = BestBehaviour(peak.worth, rows, frozenset(() if peak.exact else met_twice))
    return best


def _refusal(flat: FlatGame, sets: Sequence[int], reason: str) -> UserError:
    player = flat.tree.information_sets[sets[0]].player
    return UserError(
        f"{flat.tree.told.players[player]} has imperfect recall, and its best response "
        f"cannot be proved: {reason}",
        hint="an equilibrium in behaviour strategies may not even exist (Wichardt 2008)",
    )


def _polynomial(terms: Sequence[Term]) -> list[Fraction]:
    """Coefficients, from the constant on, in the probability of the second action."""
    total = [Fraction(0)]
    for weight, path in terms:
        factor = [Fraction(weight)]
        for _, action in path:
            low = [Fraction(0), *factor] if action else [*factor, Fraction(0)]
            high = [Fraction(0)] * len(low) if action else [Fraction(0), *factor]
            factor = [a - b for a, b in zip(low, high, strict=True)]
        total += [Fraction(0)] * (len(factor) - len(total))
        for power, coefficient in enumerate(factor):
            total[power] += coefficient
    return total
