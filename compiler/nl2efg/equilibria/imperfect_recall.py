"""Players without perfect recall, compared ex ante with their behaviour strategies.

Without absent-mindedness a player's payoff is linear in each row of its own, so that some pure
strategy is a best response; they are enumerated. With one absent-minded set of two actions it is a
polynomial in one probability (Piccione and Rubinstein 1997, GEB 20, p. 3), maximised over its
critical points. A best response beyond that is refused rather than guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from nl2efg.equilibria.deadline import in_time
from nl2efg.equilibria.flat_game import FlatGame
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
        choices: receives the action that each set's best response likes most.

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
        top, response = best_behaviour(flat, side.sets, terms)
        tops[side.player] = max(top, values[side.player])
        for number, row in response.items():
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


def best_behaviour(
    flat: FlatGame, sets: Sequence[int], terms: Sequence[Term]
) -> tuple[Value, dict[int, Row]]:
    """A best behaviour strategy, and its worth.

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
    best: tuple[Value, dict[int, Row]] | None = None
    strategies = product(*map(range, counts))
    for chosen in in_time(strategies, grain=8):
        pure = dict(zip(others, chosen, strict=True))
        left = [
            (weight, tuple(step for step in path if step[0] in met_twice))
            for weight, path in terms
            if all(pure.get(n, a) == a for n, a in path)
        ]
        for probability in _candidates(left) if met_twice else (Fraction(0),):
            worth = sum((w * _chance_of(path, probability) for w, path in left), Fraction(0))
            if best is None or worth > best[0]:
                rows: dict[int, Row] = {
                    n: tuple(Fraction(int(a == pure[n])) for a in range(len(table[n].actions)))
                    for n in others
                }
                for n in met_twice:
                    rows[n] = (1 - probability, probability)[: len(table[n].actions)]
                best = worth, rows
    assert best is not None
    return best


def _refusal(flat: FlatGame, sets: Sequence[int], reason: str) -> UserError:
    player = flat.tree.information_sets[sets[0]].player
    return UserError(
        f"{flat.tree.told.players[player]} has imperfect recall, and its best response "
        f"cannot be proved: {reason}",
        hint="an equilibrium in behaviour strategies may not even exist (Wichardt 2008)",
    )


def _chance_of(path: Path, probability: Fraction) -> Fraction:
    return prod(
        (probability if action else 1 - probability for _, action in path), start=Fraction(1)
    )


def _candidates(terms: Sequence[Term]) -> Iterator[Fraction]:
    """The ends of [0, 1] and the critical points of a polynomial between them."""
    import numpy as np

    yield Fraction(0)
    yield Fraction(1)
    total: list[Fraction] = []
    for weight, path in terms:
        factor = [Fraction(weight)]
        for _, action in path:
            low = [Fraction(0), *factor] if action else [*factor, Fraction(0)]
            high = [Fraction(0)] * len(low) if action else [Fraction(0), *factor]
            factor = [a - b for a, b in zip(low, high, strict=True)]
        total += [Fraction(0)] * (len(factor) - len(total))
        for power, coefficient in enumerate(factor):
            total[power] += coefficient
    slope = [power * coefficient for power, coefficient in enumerate(total)][1:]
    while slope and not slope[-1]:
        slope.pop()
    if len(slope) < 2:
        return
    unit = max(map(abs, slope))
    for root in np.roots([float(coefficient / unit) for coefficient in reversed(slope)]):
        if abs(root.imag) < 1e-9 and 0 < root.real < 1:
            near = Fraction(float(root.real)).limit_denominator(10**6)
            exact = sum(c * near**power for power, c in enumerate(slope)) == 0
            yield near if exact else Fraction(float(root.real))
