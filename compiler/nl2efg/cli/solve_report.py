"""What ``nl2efg solve`` prints of a game: equilibria, their beliefs and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nl2efg.cli.terminal import plain, print_json

if TYPE_CHECKING:
    from nl2efg.game import GameTree
    from nl2efg.solving import Equilibrium, Solution
    from nl2efg.solving.selection import Selection

MAX_SHOWN = 6
"""Of more equilibria those with one outcome are told together."""

MAX_SENTENCES = 18
"""Of a longer strategy the sets that play comes to are told first, and the rest counted."""

REFINEMENTS = {
    "pbe": "beliefs",
    "sequential": "sequential",
    "perfect": "perfect",
    "proper": "proper",
    "intuitive": "intuitive criterion",
    "d1": "D1",
}
"""Concepts that are told of an equilibrium besides its certificate."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How equilibria are told.

    Args:
        full: whether every equilibrium and every information set is told.
        numbers: whether probabilities are written as 2/3, not as ``two times in three``.
    """

    full: bool = False
    numbers: bool = False


def solution_lines(
    title: str, solution: Solution, how: Telling, selection: Selection | None = None
) -> list[str]:
    """The whole report.

    Args:
        how: how equilibria are told.
        selection: of the equilibria only those are told, and why they are selected.
    """
    from nl2efg.equilibria.same_play import same_play

    lines = [title] if title else []
    alike: dict[int, list[int]] = {}
    if len(solution.equilibria) > MAX_SHOWN and not how.full and selection is None:
        groups = same_play(found.profile for found in solution.equilibria)
        alike = {first: others for first, *others in groups}
    for number, found in enumerate(solution.equilibria, 1):
        others = alike.get(number, [])
        if (alike and number not in alike) or (selection and number not in selection.equilibria):
            continue
        lines += _equilibrium(number, len(solution.equilibria), found, how)
        if others:
            listed = ", ".join(map(str, others))
            lines.append(f"  play is the same in {len(others)} more: {listed}")
    if not solution.equilibria:
        lines += ["", "No equilibrium was found that is proved to be of this kind."]
        lines += [f"  {line}" for line in solution.tried]
    if solution.approximate is not None:
        lines += ["", "The best profile that was found, an ε-equilibrium:"]
        lines += _strategies(solution.approximate, how)
        lines += _certificate(solution.approximate)
    if solution.equilibria:
        words = [entry.words for entry in solution.components if len(entry.equilibria) > 1]
        lines += ["", *(f"Component: {line}." for line in words)] if words else [""]
    lines += [f"Completeness: {solution.completeness}."]
    if selection is not None:
        count = f"{len(selection.equilibria)} of {len(solution.equilibria)}"
        lines.append(f"Selected by {selection.rule}: {count} ({selection.reason}).")
    lines += [f"Remark: {remark}." for remark in solution.remarks]
    return lines


def _equilibrium(number: int, count: int, found: Equilibrium, how: Telling) -> list[str]:
    lines = [
        "",
        f"Equilibrium {number} of {count} ({found.concept}; {found.method}; {found.seconds:.3f} s)",
    ]
    lines += _strategies(found, how)
    lines += _beliefs(found)
    lines += _certificate(found)
    lines += _claims(found)
    return lines


def _strategies(found: Equilibrium, how: Telling) -> list[str]:
    from nl2efg.equilibria.wording import brief_words, profile_words

    if how.full:
        told_all = profile_words(found.profile, numbers=how.numbers)
        return [f"  {sentence}" for sentence in told_all]
    told, left = brief_words(found.profile, MAX_SENTENCES, numbers=how.numbers)
    return [f"  {sentence}" for sentence in (*told.values(), *left)]


def _beliefs(found: Equilibrium) -> Iterator[str]:
    """Where play does not come, what has to be believed there."""
    from nl2efg.equilibria.assessment import belief_words, joint_words
    from nl2efg.equilibria.wording import place_words

    tree = found.profile.tree.told
    entries = found.assessment.beliefs if found.assessment else ()
    told = 0
    joint = found.assessment.joint if found.assessment else None
    if found.concept == "sequential" and joint is None and any(e.supporting for e in entries):
        yield "  beliefs, of each information set alone; consistent ones may allow less:"
    for entry in entries:
        if entry.supporting is None and entry.belief is not None:
            continue
        told += 1
        if told > MAX_SENTENCES:
            yield "  … and beliefs at more information sets (--json)"
            return
        player = tree.player_name(tree.information_sets[entry.infoset].player)
        place = place_words(tree, entry.infoset)
        yield f"  belief of {player} {place}: {belief_words(tree, entry)}"
    if joint is not None:
        yield f"  {joint_words(tree, joint)}"


def _certificate(found: Equilibrium) -> list[str]:
    from nl2efg.equilibria.wording import departure_words

    tree = found.profile.tree.told
    certificate = found.certificate
    lines = []
    for entry in certificate.players:
        line = f"  {tree.players[entry.player]} gets {entry.value}"
        if entry.gains:
            line += f", a best response {entry.best_response_value}"
            line += f" ({departure_words(tree, entry.deviation)})" if entry.deviation else ""
        lines.append(line)
    kind = "exact" if certificate.exact else "floating point"
    perfect = "yes" if certificate.is_subgame_perfect else "no"
    if certificate.is_nash and certificate.rounding_words:
        kind = f"floating point, an equilibrium to within rounding: {certificate.rounding_words}"
    count = len(certificate.subgame_regrets)
    lines.append(
        f"  certificate ({kind}): max regret {certificate.max_regret} "
        f"({certificate.relative_regret:.1e} of the payoff range), "
        f"{count} subgame{'' if count == 1 else 's'}, subgame-perfect: {perfect}"
    )
    return lines


def _claims(found: Equilibrium) -> list[str]:
    answers = {True: "yes", False: "no", None: "not decided"}
    told = []
    reasons = []
    for claim in found.claims:
        if claim.concept in REFINEMENTS:
            told.append(f"{REFINEMENTS[claim.concept]}: {answers[claim.holds]}")
            if claim.holds is False:
                reasons.append(f"  not {REFINEMENTS[claim.concept]}: {claim.reason}")
    if not told:
        return []
    if any(claim.concept == "pbe" and claim.holds is False for claim in found.claims):
        reasons.append("  merely subgame-perfect: listed last")
    proper = any(claim.concept == "proper" and claim.holds for claim in found.claims)
    if proper and not found.certificate.is_subgame_perfect:
        reasons.append("  proper is of plans of action, which are silent where no own move leads")
    return [f"  refinements: {', '.join(told)}", *dict.fromkeys(reasons)]


def report_on_plans(tree: GameTree, concept: str, budget: float, as_json: bool) -> None:
    """Print what a concept of plans of action says of a game.

    Raises:
        UserError: the game is too large, of imperfect recall or not of two players.
    """
    words, data = _plans(tree, concept, budget)
    if as_json:
        print_json({"concept": concept, "words": list(words), **data})
    else:
        print(plain("\n".join([*([tree.title] if tree.title else []), *words])))


def _plans(tree: GameTree, concept: str, budget: float) -> tuple[list[str], dict[str, Any]]:
    if concept == "rationalisable":
        from nl2efg.solving.rationalisable import rationalisable

        left = rationalisable(tree, budget=budget)
        return list(left.words), {"surviving": left.surviving, "rounds": len(left.eliminated)}
    if concept == "security":
        from nl2efg.solving.commitment import security_levels

        levels = security_levels(tree, budget=budget)
        return [entry.words for entry in levels], {"maxmin": [str(e.maxmin) for e in levels]}
    if concept == "stackelberg":
        from nl2efg.solving.commitment import best_commitment

        led = best_commitment(tree, budget=budget)
        return [*led.words, *_payoffs(tree, led.values)], {"values": [str(v) for v in led.values]}
    from nl2efg.solving.correlated import KINDS, correlated_equilibrium

    told = correlated_equilibrium(tree, kind=concept, budget=budget)
    head = f"{KINDS[concept]}: of all of them one with the {told.objective}"
    if not told.optimal:
        head = f"{KINDS[concept]} (that it has the {told.objective} is not proved)"
    plan = [{"plans": list(c), "probability": str(p)} for c, p in told.plan]
    values = [str(value) for value in told.values]
    return [head, *told.words, *_payoffs(tree, told.values)], {"plan": plan, "values": values}


def _payoffs(tree: GameTree, values: tuple[Any, ...]) -> list[str]:
    return [f"{name} gets {value}" for name, value in zip(tree.told.players, values, strict=True)]
