"""Random small families, and what must hold of their solutions; run as a script for many.

``python -m tests.random_families 2000`` checks that many; it takes some minutes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from fractions import Fraction

from nl2efg.equilibria.certificate import certify
from nl2efg.equilibria.flat_game import FlatGame, flat_game_of
from nl2efg.families import Expression, GameFamily, Parameter, read_expression
from nl2efg.families.conditions import Condition
from nl2efg.game import CHANCE, GameTree, TreeBuilder, has_perfect_recall
from nl2efg.solving import solve
from nl2efg.theorems.result import SymbolicSolution
from nl2efg.theorems.samples import random_points

POINTS = 20
"""Random rational points at which a solution is checked."""

_MAX_NODES = 20
_LETTERS = ("a", "b", "c")


def random_family(seed: int) -> GameFamily:
    """Two or three players, chance, hidden moves, one to three letters; perfect recall."""
    source = random.Random(seed)
    while True:
        found = _drawn(source)
        if found is not None and has_perfect_recall(found.tree):
            return found


def _drawn(source: random.Random) -> GameFamily | None:
    letters = _LETTERS[: source.choice((1, 1, 2, 2, 3))]
    parameters = tuple(
        Parameter(symbol, Fraction(1, 2), low=Fraction(0), high=Fraction(source.choice((1, 3))))
        for symbol in letters
    )
    values = {each.symbol: each.value for each in parameters}
    players = source.choice((2, 2, 3))
    builder = TreeBuilder([f"P{n + 1}" for n in range(players)])
    open_nodes, kinds, nodes = [(0, 0)], {}, 1
    known: dict[tuple[int, int], list[int]] = {}
    chances: dict[int, list[Expression]] = {}
    while open_nodes:
        node, depth = open_nodes.pop(0)
        if depth and (depth == 4 or nodes >= _MAX_NODES - 3 or source.random() < 0.3):
            kinds[node] = "end"
            continue
        player = source.choice((*range(players), *((CHANCE,) if depth < 2 else ())))
        width = source.choice((2, 2, 2, 3))
        if player == CHANCE:
            share = read_expression(source.choice((f"{letters[0]}/3", "1/3", "1/2")))
            row = [share, *[(Expression.number(1) - share) / Expression.number(width - 1)]
                   * (width - 1)]  # fmt: skip
            number = builder.chance(list("xyz"[:width]), [each.at(values) for each in row])
            chances[number] = row
        else:
            shared = known.get((player, depth), [])
            if shared and source.random() < 0.6:
                number = source.choice(shared)
            else:
                number = builder.information_set(player, list("lmr"[:width]))
                known.setdefault((player, depth), []).append(number)
        children = builder.move(node, number)
        nodes += len(children)
        open_nodes += [(child, depth + 1) for child in children]
    rows: list[tuple[int, tuple[Expression, ...]]] = []
    for node in kinds:
        row = tuple(_payoff(source, letters) for _ in range(players))
        rows.append((node, row))
        builder.pay(node, [each.at(values) for each in row], label=str(len(rows) - 1))
    return _family(builder.build(), parameters, [row for _, row in rows], chances, builder)


def _family(
    tree: GameTree,
    parameters: tuple[Parameter, ...],
    rows: list[tuple[Expression, ...]],
    chances: dict[int, list[Expression]],
    builder: TreeBuilder,
) -> GameFamily | None:
    payoffs = {
        (number, player): expression
        for number, outcome in enumerate(tree.outcomes)
        for player, expression in enumerate(rows[int(outcome.label)])
        if expression.letters
    }
    drawn = [builder._sets[handle] for handle in chances]
    probabilities = {}
    for number, own in enumerate(tree.information_sets):
        for handle, made in zip(chances, drawn, strict=True):
            if own is made:
                for place, expression in enumerate(chances[handle]):
                    if expression.letters:
                        probabilities[number, place] = expression
    try:
        return GameFamily(tree, parameters, payoffs, probabilities)
    except ValueError:
        return None


def _payoff(source: random.Random, letters: tuple[str, ...]) -> Expression:
    number = source.randrange(-3, 4)
    one, other = source.choice(letters), source.choice(letters)
    forms = (
        f"{number}", f"{number}", f"{one}", f"{number} + {one}", f"{number}*{one} - {other}",
        f"{one}*{other}", f"{number} - {one}*{other}", f"1 - {one}",
    )  # fmt: skip
    return read_expression(source.choice(forms))


def troubles(family: GameFamily, solution: SymbolicSolution, seed: int) -> Iterator[str]:
    """What is wrong with a solution, at random rational points.

    Each type whose conditions hold must be certified there by the numeric solver's certificate,
    and every pure subgame-perfect equilibrium that the numeric solver finds must lie in a region.
    """
    symbols = [each.symbol for each in family.quantities]
    domain: tuple[Condition, ...] = solution.domain
    points = random_points(family, symbols, domain, POINTS, random.Random(seed + 1))
    for each in solution.equilibria:
        yield from (f"not certified: {failure}" for failure in each.certificate.failures)
    for point in points[1:]:
        values = dict(zip(symbols, point, strict=True))
        tree = family.values_at(values)
        flat = flat_game_of(tree)
        here = solution.at(values)
        yield from _misplaced(solution, values)
        for each in here:
            if not certify(each.profile(tree, values), flat).is_subgame_perfect:
                yield f"at {values} {each.region or 'everywhere'} is no equilibrium"
        if not solution.all_pure:
            continue
        reported = {
            reduced(flat, tuple(tuple(p.at(values) for p in row) for row in each.rows))
            for each in here
        }
        for found in solve(tree, all=True).equilibria:
            rows = found.profile.probabilities
            pure = found.profile.is_exact and all(
                p in (0, 1) for row in _players(tree, rows) for p in row
            )
            if pure and reduced(flat, rows) not in reported:
                yield f"at {values} an equilibrium lies in no region: {found.words}"


def belief_troubles(family: GameFamily, solution: SymbolicSolution, seed: int) -> Iterator[str]:
    """What is wrong with a solution with beliefs, at random rational points.

    Every pure equilibrium that the numeric solver finds beliefs for must lie in a region; that
    what lies in one has beliefs is what the certificates check.
    """
    for each in solution.equilibria:
        yield from (f"not certified: {failure}" for failure in each.certificate.failures)
    if not solution.all_pure:
        return
    symbols = [each.symbol for each in family.quantities]
    points = random_points(family, symbols, solution.domain, POINTS, random.Random(seed + 1))
    for point in points[1:]:
        values = dict(zip(symbols, point, strict=True))
        tree = family.values_at(values)
        reported = {
            tuple(tuple(p.at(values) for p in row) for row in each.rows)
            for each in solution.at(values)
        }
        for found in solve(tree, all=True).equilibria:
            rows = found.profile.probabilities
            pure = found.profile.is_exact and all(
                p in (0, 1) for row in _players(tree, rows) for p in row
            )
            if pure and found.claim("pbe").holds and tuple(map(tuple, rows)) not in reported:
                yield f"at {values} an equilibrium lies in no region: {found.words}"


def _misplaced(solution: SymbolicSolution, values: dict[str, Fraction]) -> Iterator[str]:
    """Where the map of two letters says other than the conditions, at a point away from curves."""
    held = {n for n, each in enumerate(solution.equilibria, 1) if each.holds(values)}
    for part in solution.regimes.parts if solution.regimes else ():
        met = [all(c.holds(values) for c in group) for group in part.alternatives]
        if any(met) and held != set(part.equilibria):
            yield f"at {values} {sorted(held)} hold, and the map says {part.equilibria}"


def _players(tree: GameTree, rows: tuple) -> list:  # type: ignore[type-arg]
    return [row for own, row in zip(tree.information_sets, rows, strict=True)
            if own.player != CHANCE]  # fmt: skip


def reduced(flat: FlatGame, rows: tuple) -> tuple:  # type: ignore[type-arg]
    """The rows, without those of sets that the player's own choices in the stage exclude."""
    tree = flat.tree
    kept = []
    for number, own in enumerate(tree.information_sets):
        excluded = False
        if own.player != CHANCE:
            excluded = all(_excluded(flat, node, own.player, rows) for node in tree.members[number])
        kept.append(None if excluded else rows[number])
    return tuple(kept)


def _excluded(flat: FlatGame, node: int, player: int, rows: tuple) -> bool:  # type: ignore[type-arg]
    """Whether the player's own choices before, in the stage, never lead to the node."""
    tree = flat.tree
    root = flat.root_of[node]
    while node != root:
        parent = tree.parents[node]
        number = tree.set_of[parent]
        mine = tree.information_sets[number].player == player
        if mine and not rows[number][tree.action_of[node]]:
            return True
        node = parent
    return False


def main(count: int, first: int = 0) -> None:
    """Check that many, and say how it went."""
    found = pure = 0
    wrong = []
    for seed in range(first, first + count):
        family = random_family(seed)
        solution = solve(family, budget=20)
        found += len(solution.equilibria)
        pure += solution.all_pure
        wrong += [f"{seed}: {trouble}" for trouble in troubles(family, solution, seed)]
        if (seed + 1) % 100 == 0:
            print(f"{seed + 1}: {found} types, {len(wrong)} troubles", file=sys.stderr, flush=True)
    print("\n".join(wrong[:50]))
    print(f"{count} families, {found} types, {pure} with all pure ones, {len(wrong)} troubles")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int((sys.argv[2:] or ["0"])[0]))
