"""The equilibria of a compilation in the room of a screen; ``nl2efg solve --full`` has the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nl2efg.equilibria.result import Equilibrium, Solution

MAX_SHOWN = 4
"""So many ways of play are told with their strategies; of more, half as many."""

MAX_LISTED = 6
"""So many more are told by their payoffs."""

MAX_SENTENCES = 24
"""Sentences on strategies and beliefs, of all equilibria together."""

MIN_SENTENCES = 6
"""Sentences on each equilibrium at least."""

MAX_LETTERS = 160
"""A longer sentence is cut."""

MAX_REMARKS = 6
"""So many of the solver's remarks are told."""

PASSED = {
    "proper": "proper",
    "perfect": "trembling-hand perfect",
    "sequential": "sequential",
    "pbe": "supported by beliefs",
    "spe": "subgame perfect",
    "nash": "Nash",
}
"""Concepts from the strongest to the weakest; the first that holds is told."""

TESTS = {"intuitive": "the intuitive criterion", "d1": "D1"}
"""Tests of signalling games, told whatever comes of them."""


def equilibrium_rows(solution: Solution, *, numbers: bool = False) -> Iterator[tuple[str, str]]:
    """Rows of the summary: a label, or nothing, and a line.

    Those that are played alike are told together, by the first of them. What no belief supports
    comes last and says so.

    Args:
        solution: what the solver found.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.
    """
    from nl2efg.equilibria.same_play import same_play

    found = solution.equilibria
    if not found:
        yield "equilibria", "none was certified"
        if solution.approximate is not None:
            yield "nearest", _standing(solution.approximate)
            yield from _strategy(solution.approximate, MAX_SENTENCES, numbers)
        yield from _listed("solver", solution.remarks)
        return
    groups = same_play(entry.profile for entry in found)
    alike = "" if len(groups) == len(found) else f", of {_counted(len(groups), 'way')} of play"
    claim = str(solution.completeness).removeprefix(f"{len(found)} ")
    yield "equilibria", f"{len(found)}{alike}: {claim}"
    shown = groups if len(groups) <= MAX_SHOWN else groups[: MAX_SHOWN // 2]
    room = max(MAX_SENTENCES // len(shown), MIN_SENTENCES)
    for group in shown:
        yield from _equilibrium(group, found[group[0] - 1], room, numbers)
    yield from _listed("more", _rest(groups[len(shown) :], solution))
    spanned = [f"{entry.words}" for entry in solution.components if len(entry.equilibria) > 1]
    yield from _listed("components", _first(spanned, MAX_REMARKS))
    yield from _listed("solver", _first(solution.remarks, MAX_REMARKS))


def _equilibrium(
    group: list[int], found: Equilibrium, room: int, numbers: bool
) -> Iterator[tuple[str, str]]:
    yield f"equilibrium {group[0]}", _standing(found)
    yield "", _payoffs(found)
    yield from _strategy(found, room, numbers)
    joint = found.assessment.joint if found.assessment else None
    if joint is not None and not joint.free:
        from nl2efg.equilibria.assessment import joint_words

        yield "", _cut(joint_words(found.profile.tree, joint))
    for claim in found.claims:
        if claim.holds is False and claim.concept in ("pbe", "sequential", *TESTS):
            yield (
                "",
                _cut(f"not {TESTS.get(claim.concept, PASSED.get(claim.concept))}: {claim.reason}"),
            )
            if claim.concept == "pbe":
                break
    if len(group) > 1:
        yield "", f"play is the same in {len(group) - 1} more: {_numbers(group[1:])}"


def _numbers(group: list[int]) -> str:
    return ", ".join(map(str, group[:MAX_LISTED])) + (", …" if len(group) > MAX_LISTED else "")


def _standing(found: Equilibrium) -> str:
    """What is proved of an equilibrium, how well and by what."""
    held = {claim.concept for claim in found.claims if claim.holds}
    certificate = found.certificate
    if found.concept in ("epsilon", "qre"):
        name = "logit response, no equilibrium" if found.concept == "qre" else "ε-equilibrium"
    elif any(claim.concept == "pbe" and claim.holds is False for claim in found.claims):
        name = "merely subgame perfect"
    elif not held:
        name = "subgame perfect" if certificate.is_subgame_perfect else "not subgame perfect"
    else:
        name = next(words for concept, words in PASSED.items() if concept in held)
    tests = [words for concept, words in TESTS.items() if concept in held]
    passes = f", passes {' and '.join(tests)}" if tests else ""
    kind = "exact" if certificate.exact else "numerical"
    if certificate.is_nash and certificate.rounding_words:
        kind = "to within rounding"
    return (
        f"{name}{passes}; {kind}, max regret {certificate.max_regret} "
        f"({found.method}, {found.seconds:.3f} s)"
    )


def _payoffs(found: Equilibrium) -> str:
    players = found.profile.tree.told.players
    return "; ".join(
        f"{name} gets {value}" for name, value in zip(players, found.values, strict=True)
    )


def _strategy(found: Equilibrium, room: int, numbers: bool) -> Iterator[tuple[str, str]]:
    """What everybody does, with the beliefs off the path that this takes."""
    from nl2efg.equilibria.wording import brief_words

    shown, more = brief_words(found.profile, room, numbers=numbers)
    support = _supports(found)
    for number, words in shown.items():
        yield "", _cut(words + (f"; {support[number]}" if number in support else ""))
    if more:
        yield "", f"{'; '.join(more)} (nl2efg solve GAME --full)"


def _supports(found: Equilibrium) -> dict[int, str]:
    """For sets that play does not come to, which beliefs support what is played there."""
    from nl2efg.equilibria.assessment import belief_words

    tree = found.profile.tree
    entries = found.assessment.beliefs if found.assessment else ()
    return {
        entry.infoset: belief_words(tree, entry)
        for entry in entries
        if entry.supporting is not None and entry.belief is not None
    }


def _rest(groups: list[list[int]], solution: Solution) -> list[str]:
    """Further ways of play, by what they pay."""
    lines = []
    for group in groups[:MAX_LISTED]:
        noun = "equilibrium" if len(group) == 1 else "equilibria"
        lines.append(f"{noun} {_numbers(group)}: {_payoffs(solution.equilibria[group[0] - 1])}")
    left = len(groups) - MAX_LISTED
    if left > 0:
        lines.append(f"… {_counted(left, 'more way')} of play; nl2efg solve GAME --full")
    return lines


def _first(lines: list[str] | tuple[str, ...], most: int) -> list[str]:
    left = len(lines) - most
    return [*lines[:most], f"… {left} more"] if left > 0 else list(lines)


def _listed(label: str, lines: list[str] | tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        yield ("" if number else label), line


def _cut(words: str) -> str:
    return words if len(words) <= MAX_LETTERS else f"{words[: MAX_LETTERS - 2]} …"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
