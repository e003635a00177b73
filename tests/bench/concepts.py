"""Every solution concept against brute force on random small games; run by hand.

``python -m tests.bench.concepts [--games 500] [--only proper,perfect] [--seed 1]`` prints for each
concept how many games and answers were checked, what was false, what was missed where the answer
claims to be whole, and what stayed undecided. Seeds are fixed, so that a row can be run again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from time import perf_counter

from tests.brute_force import small
from tests.oracles import signals, trees
from tests.oracles.games import (
    cube_game,
    random_cube,
    random_signalling,
    random_table,
    random_tree,
    table_game,
)
from tests.oracles.tables import Bimatrix, Vector, is_proper

from nl2efg.equilibria.result import Claim
from nl2efg.game import BehaviourProfile, GameTree, has_perfect_recall
from nl2efg.solving import Solution, solve, verify_profile
from nl2efg.solving.commitment import best_commitment, security_levels
from nl2efg.solving.correlated import correlated_equilibrium
from nl2efg.solving.rationalisable import rationalisable

MAX_PROFILES = 200
"""Most pure profiles of a tree that is checked."""

CLOSE = 1e-6
"""How near two optima must be of which one is in floating point."""

Check = Callable[[random.Random], Iterator[str]]
"""One random game: words such as ``false`` or ``checked``, one for each thing that was checked."""


def row_of(profile: BehaviourProfile, player: int, width: int) -> Vector:
    """A player's mixture in a table, also where he has one choice."""
    tree = profile.tree
    (number,) = tree.sets_of_player(player)
    assert len(profile.probabilities[number]) == width
    return tuple(profile.probabilities[number])  # type: ignore[arg-type]


def pair_of(profile: BehaviourProfile, game: Bimatrix) -> tuple[Vector, Vector]:
    return row_of(profile, 0, game.sizes[0]), row_of(profile, 1, game.sizes[1])


def whole(solution: Solution) -> bool:
    return solution.completeness.claim not in (Claim.SOME, Claim.NONE)


def extreme_nash(draw: random.Random) -> Iterator[str]:
    table = random_table(draw)
    game = Bimatrix(table)
    solution = solve(table_game(table), concept="nash", all=True)
    found = {pair_of(entry.profile, game) for entry in solution.equilibria}
    expected = game.equilibria()
    for pair in found:
        yield "checked" if pair in expected else "false"
    if solution.completeness.claim is Claim.ALL_EXTREME:
        yield from ("missed" for _ in expected - found)
    else:
        yield "undecided"


def table_refinement(concept: str) -> Check:
    """Perfect or proper of two players who choose at once."""

    def check(draw: random.Random) -> Iterator[str]:
        table = random_table(draw)
        game, tree = Bimatrix(table), table_game(table)
        good = set()
        for pair in sorted(game.equilibria()):
            undominated = not any(game.dominated(place, pair[place]) for place in (0, 1))
            holds = undominated and (concept == "perfect" or is_proper(game, pair))
            good |= {pair} if holds else set()
            verdict = verify_profile(tree, BehaviourProfile(tree, pair), concept=concept)
            yield judged(verdict.holds, holds)
        solution = solve(tree, concept=concept, all=True)
        found = {pair_of(entry.profile, game) for entry in solution.equilibria}
        yield from ("false" for _ in found - good)
        if whole(solution):
            pure = {pair for pair in good if all(set(row) <= {0, 1} for row in pair)}
            yield from ("missed" for _ in pure - found)

    return check


def judged(answer: bool | None, truth: bool) -> str:
    if answer is None:
        return "undecided"
    return "checked" if answer == truth else "false"


def drawn_tree(draw: random.Random, players: int = 2, moves: int = 5) -> GameTree:
    while True:
        tree = random_tree(draw, players, moves)
        count = 1
        for n in trees.own_sets(tree):
            count *= len(tree.information_sets[n].actions)
        if has_perfect_recall(tree) and small(tree) and count <= MAX_PROFILES:
            return tree


def pure_refinement(concept: str, holds: Callable[[BehaviourProfile], bool]) -> Check:
    """A concept with a definition that can be checked, over all pure profiles of a tree."""

    def check(draw: random.Random) -> Iterator[str]:
        tree = drawn_tree(draw, 3)
        good = {p.probabilities for p in trees.pure_profiles(tree) if holds(p)}
        solution = solve(tree, concept=concept, all=True)
        found = {entry.profile.probabilities for entry in solution.equilibria if entry.is_pure}
        for rows in found:
            yield "checked" if rows in good else "false"
        if whole(solution) and solution.completeness.claim is not Claim.ALL_OUTCOMES:
            yield from ("missed" for _ in good - found)
        else:
            yield "undecided"

    return check


def trembling(concept: str) -> Check:
    """Sequential or extensive-form perfect: random trembles may prove what is denied."""

    def check(draw: random.Random) -> Iterator[str]:
        tree = drawn_tree(draw, 3)
        prove = {
            "sequential": trees.trembles_prove_sequential,
            "perfect": trees.trembles_prove_perfect,
        }[concept]
        for profile in trees.pure_profiles(tree):
            if not trees.is_supported(profile):
                continue
            answer = verify_profile(tree, profile, concept=concept).holds
            if answer is None:
                yield "undecided"
            elif prove(profile, draw):
                yield "checked" if answer else "false"
            else:
                yield "unconfirmed" if answer else "checked"

    return check


def three_at_once(draw: random.Random) -> Iterator[str]:
    """Perfect equilibria of three players who choose at once."""
    tree = cube_game(random_cube(draw))
    for profile in trees.pure_profiles(tree):
        if not trees.is_nash(profile):
            continue
        answer = verify_profile(tree, profile, concept="perfect").holds
        if answer is None:
            yield "undecided"
        elif trees.trembles_prove_perfect(profile, draw):
            yield "checked" if answer else "false"
        else:
            yield "unconfirmed" if answer else "checked"


def signalling(concept: str) -> Check:
    """The intuitive criterion or D1, for pure and mixed equilibria of signalling games."""

    def check(draw: random.Random) -> Iterator[str]:
        tree = random_signalling(draw, draw.choice([2, 3]))
        truth = signals.passes_intuitive if concept == "intuitive" else signals.passes_d1
        for entry in solve(tree, concept="pbe", all=True).equilibria:
            claim = entry.claim(concept)
            if entry.certificate.exact:
                yield judged(claim.holds if claim else None, truth(entry.profile))

    return check


def security(draw: random.Random) -> Iterator[str]:
    table = random_table(draw)
    game, tree = Bimatrix(table), table_game(table)
    for level in security_levels(tree):
        secured, held = game.secured(level.player), game.held_down(level.player)
        assert secured == held
        own = game.own[level.player]
        yield judged(level.maxmin == secured, True)
        yield judged(level.pure_maxmin == max(map(min, own)), True)
        yield judged(level.pure_minmax == min(map(max, zip(*own, strict=True))), True)


def commitment(draw: random.Random) -> Iterator[str]:
    table = random_table(draw, least=2)
    game, tree = Bimatrix(table), table_game(table)
    for leader in (0, 1):
        yield judged(best_commitment(tree, leader).values[leader] == game.committed(leader), True)


def dominance(draw: random.Random) -> Iterator[str]:
    table = random_table(draw)
    game, tree = Bimatrix(table), table_game(table)
    left, fallen = game.undominated_rounds()
    found = rationalisable(tree)
    players = found.form.players
    for place, own in zip(players, found.surviving, strict=True):
        yield judged(list(own) == left[place], True)
    told = [(e.round, players[e.place], e.strategy) for e in found.eliminated]
    yield judged(sorted(told) == sorted(fallen), True)


def correlated(kind: str) -> Check:
    """The greatest sum of payoffs, in tables and trees."""

    def check(draw: random.Random) -> Iterator[str]:
        while True:
            tree = drawn_tree(draw, 3, 4)
            profiles = 1
            for n in trees.own_sets(tree):
                profiles *= len(tree.information_sets[n].actions)
            if profiles <= 48:
                break
        found = correlated_equilibrium(tree, kind=kind)
        if not found.optimal:
            yield "undecided"
            return
        yield judged(
            abs(float(sum(found.values)) - trees.best_correlated(tree, kind)) < CLOSE, True
        )

    return check


CHECKS: dict[str, Check] = {
    "nash, extreme": extreme_nash,
    "nash, pure": pure_refinement("nash", trees.is_nash),
    "spe, pure": pure_refinement("spe", trees.is_subgame_perfect),
    "pbe, pure": pure_refinement("pbe", trees.is_supported),
    "sequential": trembling("sequential"),
    "perfect, tables": table_refinement("perfect"),
    "perfect, three": three_at_once,
    "perfect, trees": trembling("perfect"),
    "proper": table_refinement("proper"),
    "intuitive": signalling("intuitive"),
    "D1": signalling("d1"),
    "correlated": correlated("ce"),
    "coarse": correlated("cce"),
    "extensive-form": correlated("efce"),
    "stackelberg": commitment,
    "security": security,
    "dominance": dominance,
}
"""Concepts and their checks."""

COLUMNS = ("checked", "false", "missed", "undecided", "unconfirmed")


def counted(name: str, games: int, seed: int, tell: Callable[[str], None]) -> Counter[str]:
    """What came of so many random games.

    Args:
        tell: receives the seed of every game in which something is false or missed.
    """
    total: Counter[str] = Counter()
    for number in range(games):
        own = f"{name} {seed + number}"
        words = Counter(CHECKS[name](random.Random(own)))
        total += words
        if words["false"] or words["missed"]:
            tell(own)
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="concepts, by the beginnings of their names")
    given = parser.parse_args()
    wanted = tuple(filter(None, given.only.split(",")))
    bad = 0
    print(f"{'concept':<17}{'games':>6}" + "".join(f"{c:>13}" for c in COLUMNS) + f"{'s':>8}")
    for name in CHECKS:
        if wanted and not name.startswith(wanted):
            continue
        begun = perf_counter()
        total = counted(
            name, given.games, given.seed, lambda own: print(f"  {own}", file=sys.stderr)
        )
        bad += total["false"] + total["missed"]
        print(
            f"{name:<17}{given.games:>6}"
            + "".join(f"{total[c]:>13}" for c in COLUMNS)
            + f"{perf_counter() - begun:>8.1f}",
            flush=True,
        )
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
