"""Correlated equilibria: what a trusted mediator can bring about, as exact linear programs.

*Correlated* (Aumann 1974, J. Mathematical Economics 1, p. 67): the mediator draws a combination of
plans of action and tells everybody his own; nobody gains by doing something else. *Coarse
correlated* (Moulin and Vial 1978, IJGT 7, p. 201): one may only refuse before being told.
*Extensive-form correlated* (von Stengel and Forges 2008, Mathematics of Operations Research 33,
p. 1002): each move is told only where it is to be made, and who disobeys is told nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from nl2efg.equilibria.deadline import check_clock, within_budget
from nl2efg.equilibria.exact_lp import SparseRow, optimum
from nl2efg.equilibria.reduced_form import ReducedForm, reduced_form
from nl2efg.equilibria.sequence_form import PlayerSequences, stage_at
from nl2efg.equilibria.wording import number_words
from nl2efg.errors import UserError
from nl2efg.game import GameTree

KINDS = {
    "ce": "correlated equilibrium",
    "cce": "coarse correlated equilibrium",
    "efce": "extensive-form correlated equilibrium",
}
"""What can be asked for."""


@dataclass(frozen=True)
class CorrelatedEquilibrium:
    """A distribution over combinations of plans of action that everybody obeys.

    Args:
        kind: ``ce``, ``cce`` or ``efce``.
        form: the reduced strategic form.
        plan: combinations, by their places, and how often each is drawn; exact.
        values: every player's expected payoff.
        objective: what it has of all, in words.
        optimal: whether the optimum is proved; the equilibrium is in any case.
    """

    kind: str
    form: ReducedForm
    plan: tuple[tuple[tuple[int, ...], Fraction], ...]
    values: tuple[Fraction, ...]
    objective: str
    optimal: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The mediator's plan, a sentence for each combination."""
        tree = self.form.tree.told
        found = []
        for combination, probability in self.plan:
            told = "; ".join(
                f"{tree.player_name(player)}: {self.form.words(place, combination[place])}"
                for place, player in enumerate(self.form.players)
            )
            found.append(f"{number_words(probability)} the mediator draws {told}")
        if self.kind == "efce":
            found.append("each move is told where it is to be made; who disobeys is told no more")
        if self.kind == "cce":
            found.append("everybody decides whether to follow before he is told anything")
        return tuple(found)


def correlated_equilibrium(
    tree: GameTree, *, kind: str = "ce", objective: str | int = "welfare", budget: float = 10.0
) -> CorrelatedEquilibrium:
    """The correlated equilibrium that makes something greatest.

    Args:
        tree: a game of perfect recall with at most ``MAX_COMBINATIONS`` combinations of plans.
        kind: ``ce``, ``cce`` or ``efce``.
        objective: ``welfare``, the sum of all payoffs; ``least welfare``; or a player, by index
            from 0 or by name, whose payoff is to be greatest.
        budget: seconds.

    Raises:
        UserError: an unknown kind or objective, a game that is too large or of imperfect recall,
            or a budget that is too small.
    """
    if kind not in KINDS:
        raise UserError(f"there is no kind {kind!r}", hint=f"one of {', '.join(KINDS)}")
    weights, words = _objective(tree, objective)
    with within_budget(budget, "for the linear program"):
        return _solved(reduced_form(tree), kind, weights, words)


def _objective(tree: GameTree, objective: str | int) -> tuple[list[int], str]:
    count = len(tree.players)
    if objective == "welfare":
        return [1] * count, "greatest sum of payoffs"
    if objective == "least welfare":
        return [-1] * count, "least sum of payoffs"
    player = objective
    if isinstance(objective, str):
        player = tree.players.index(objective) if objective in tree.players else -1
    if not isinstance(player, int) or not 0 <= player < count:
        raise UserError(
            f"there is no objective {objective!r}",
            hint=f"welfare, least welfare, or a player: {', '.join(tree.players)}",
        )
    return [
        int(i == player) for i in range(count)
    ], f"greatest payoff of {tree.told.player_name(player)}"


def _solved(
    form: ReducedForm, kind: str, weights: Sequence[int], words: str
) -> CorrelatedEquilibrium:
    combinations = list(form.payoffs)
    index = {combination: j for j, combination in enumerate(combinations)}
    rows = {"ce": _obedience, "cce": _participation, "efce": _stepwise_obedience}[kind]
    at_most = list(rows(form, index))
    width = 1 + max([len(index) - 1, *(j for row in at_most for j in row)])
    objective = {
        j: sum((w * u for w, u in zip(weights, form.payoffs[c], strict=True)), Fraction(0))
        for c, j in index.items()
    }
    whole = (dict.fromkeys(range(len(index)), Fraction(1)), Fraction(1))
    found = optimum(
        objective, width, at_most=[(row, Fraction(0)) for row in at_most], equal=[whole]
    )
    if found is None:
        raise UserError("the linear program was not solved exactly", hint="give a greater budget")
    plan = tuple((c, found.point[j]) for c, j in index.items() if found.point[j])
    values = tuple(
        sum((p * form.payoffs[c][player] for c, p in plan), Fraction(0))
        for player in range(len(form.tree.players))
    )
    return CorrelatedEquilibrium(kind, form, plan, values, words, found.value is not None)


def _obedience(form: ReducedForm, index: dict[tuple[int, ...], int]) -> Iterator[SparseRow]:
    """Whoever is told a plan does not gain by another one: rows that are at most 0."""
    for place, player in enumerate(form.players):
        count = len(form.strategies[place])
        for told in range(count):
            for other in range(count):
                check_clock()
                row = {
                    j: form.payoffs[_with(c, place, other)][player] - form.payoffs[c][player]
                    for c, j in index.items()
                    if c[place] == told
                }
                if other != told:
                    yield {j: gain for j, gain in row.items() if gain}


def _participation(form: ReducedForm, index: dict[tuple[int, ...], int]) -> Iterator[SparseRow]:
    """Nobody gains by a plan of his own whatever is drawn."""
    for place, player in enumerate(form.players):
        for other in range(len(form.strategies[place])):
            check_clock()
            row = {
                j: form.payoffs[_with(c, place, other)][player] - form.payoffs[c][player]
                for c, j in index.items()
            }
            yield {j: gain for j, gain in row.items() if gain}


def _with(combination: tuple[int, ...], place: int, strategy: int) -> tuple[int, ...]:
    return (*combination[:place], strategy, *combination[place + 1 :])


def _stepwise_obedience(
    form: ReducedForm, index: dict[tuple[int, ...], int]
) -> Iterator[SparseRow]:
    """Whoever is told a move at an information set does not gain by leaving the plan there.

    What the best deviation is worth is the value of further variables, one for each information
    set that may follow: at least the gain of each action and the values after it. Payoffs are
    moved to be at least 0, which changes no difference and makes these variables so too.
    """
    extra = len(index)
    for place in range(len(form.players)):
        for number, told in _told_moves(form, place):
            check_clock()
            rows, extra = _deviation_rows(form, index, (place, number, told), extra)
            yield from rows


def _told_moves(form: ReducedForm, place: int) -> list[tuple[int, int]]:
    moves = {move for plan in form.strategies[place] for move in plan.items()}
    return sorted(moves)


def _deviation_rows(
    form: ReducedForm,
    index: dict[tuple[int, ...], int],
    move: tuple[int, int, int],
    extra: int,
) -> tuple[list[SparseRow], int]:
    """The rows of one move that is told.

    Args:
        move: the player's place, the information set and the action that is told.
        extra: the first free variable.
    """
    place, number, told = move
    stage = stage_at(form.flat, 0)
    side = stage.sides[place]
    start = dict(zip(side.sets, side.start, strict=True))
    ends = dict(zip(side.sets, side.ends, strict=True))
    below = _sequences_from(side, side.sets.index(number))
    low = min(u[side.player] for u in (form.tree.path_payoffs[leaf] for leaf in stage.leaves))
    obeyed: SparseRow = {}
    gains: dict[int, SparseRow] = {sequence: {} for sequence in below}
    for combination, j in index.items():
        plan = form.strategies[place][combination[place]]
        if plan.get(number) != told:
            continue
        mine = {start[n] + a for n, a in plan.items()}
        for sequence, gain in _leaf_gains(form, place, combination, low):
            if sequence not in below:
                continue
            gains[sequence][j] = gains[sequence].get(j, Fraction(0)) + gain
            if sequence in mine:
                obeyed[j] = obeyed.get(j, Fraction(0)) + gain
    sets = [n for n in side.sets if start[n] in below]
    value = {n: extra + i for i, n in enumerate(sets)}
    rows: list[SparseRow] = []
    for n in sets:
        for sequence in range(start[n], ends[n]):
            row = dict(gains[sequence])
            for after, parent in zip(side.sets, side.parent, strict=True):
                if parent == sequence:
                    row[value[after]] = row.get(value[after], Fraction(0)) + 1
            row[value[n]] = row.get(value[n], Fraction(0)) - 1
            rows.append(row)
    rows.append({value[number]: Fraction(1), **{j: -gain for j, gain in obeyed.items()}})
    return rows, extra + len(sets)


def _sequences_from(side: PlayerSequences, place: int) -> set[int]:
    """The sequences of a set, and of all sets that may follow it."""
    found = set(range(side.start[place], side.ends[place]))
    for later in range(place + 1, len(side.sets)):
        if side.parent[later] in found:
            found |= set(range(side.start[later], side.ends[later]))
    return found


def _leaf_gains(
    form: ReducedForm, place: int, combination: tuple[int, ...], low: Fraction
) -> Iterator[tuple[int, Fraction]]:
    """The player's sequence at each leaf that the others' plans allow, and its weighted payoff."""
    stage = stage_at(form.flat, 0)
    side = stage.sides[place]
    allowed = []
    for other, own in enumerate(stage.sides):
        plan = form.strategies[other][combination[other]]
        start = dict(zip(own.sets, own.start, strict=True))
        allowed.append({0, *(start[n] + a for n, a in plan.items())})
    for i, (leaf, weight) in enumerate(zip(stage.leaves, stage.chance, strict=True)):
        if weight and all(
            stage.sequences[other][i] in allowed[other]
            for other in range(len(stage.sides))
            if other != place
        ):
            payoff = form.tree.path_payoffs[leaf][side.player] - low
            yield stage.sequences[place][i], Fraction(weight, stage.chance_scale) * payoff
