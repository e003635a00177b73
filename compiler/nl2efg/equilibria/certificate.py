"""The certificate of a profile: what it is worth, and what anybody could gain by deviating.

Stage by stage from the last subgame to the first: a best response in a subgame is a best response
in its stage, where every proper subgame counts as a leaf worth that subgame's best response. One
pass therefore gives the regret of every player in every subgame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction

from nl2efg.equilibria.deadline import check_clock, in_time
from nl2efg.equilibria.flat_game import FlatGame, flat_game_of
from nl2efg.equilibria.imperfect_recall import forgetful_response
from nl2efg.equilibria.sequence_form import (
    Row,
    Stage,
    Value,
    best_response,
    common,
    exact_gains,
    plan_of,
    stage_at,
)
from nl2efg.errors import UserError, expect
from nl2efg.game import CHANCE, BehaviourProfile

TOLERANCE = 1e-9
"""Greatest regret, relative to a player's payoff range, of a certified floating-point profile."""

ROUNDING = 1e-9
"""By how much a floating-point row may miss one."""

GRAIN = 60
"""Bits to which a floating-point probability is read."""

Choices = dict[int, int]


@dataclass(frozen=True, slots=True)
class PlayerCertificate:
    """What a profile gives a player, and what the best deviation would.

    Args:
        player: index of the player.
        value: expected payoff.
        best_response_value: expected payoff of a best response to the others.
        regret: the difference; zero exactly where the profile is a best response.
        relative_regret: the regret over the player's payoff range in the game.
        deviation: information set to action of a best response, where it departs from
            the profile; empty without regret.
    """

    player: int
    value: Value
    best_response_value: Value
    regret: Value
    relative_regret: float
    deviation: dict[int, int]

    @property
    def gains(self) -> bool:
        """Whether the player gains by deviating, more than rounding can bring about."""
        exact = isinstance(self.regret, Fraction)
        return self.regret > 0 if exact else self.relative_regret > TOLERANCE


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was verified about a profile.

    Args:
        players: one entry a player, for the whole game.
        max_regret: greatest regret of any player, in payoffs.
        relative_regret: greatest regret relative to the player's payoff range.
        subgame_regrets: for each subgame's root, the greatest regret within the subgame,
            relative to the player's payoff range there.
        exact: whether the profile is exact. Of a floating-point profile the figures are rounded.
    """

    players: tuple[PlayerCertificate, ...]
    max_regret: Value
    relative_regret: float
    subgame_regrets: dict[int, float]
    exact: bool

    @property
    def is_nash(self) -> bool:
        """Whether no player gains: exactly, or by more than ``TOLERANCE`` of the range."""
        return self.max_regret == 0 if self.exact else self.relative_regret <= TOLERANCE

    @property
    def is_subgame_perfect(self) -> bool:
        """Whether it is a Nash equilibrium in every subgame."""
        worst = max(self.subgame_regrets.values(), default=0.0)
        return self.is_nash and (worst == 0 if self.exact else worst <= TOLERANCE)

    @property
    def rounding_words(self) -> str:
        """What is proved of a floating-point profile: how little anybody can gain.

        Empty of exact profiles, and where the numbers that the profile holds gain nothing at all.
        """
        if self.exact or not (self.max_regret or any(self.subgame_regrets.values())):
            return ""
        words = f"nobody gains more than {_upwards(self.max_regret)}"
        inner = max(self.subgame_regrets.values(), default=0.0)
        if inner > self.relative_regret:
            words += f", nor more than {_upwards(inner)} of the payoff range in any subgame"
        return words


def _upwards(number: Value) -> str:
    """Two digits that are not less than a positive number."""
    context = Context(prec=2, rounding=ROUND_CEILING)
    return f"{context.create_decimal(Decimal(float(number)) * (1 + Decimal(2) ** -50)):.1e}"


def certify(profile: BehaviourProfile, flat: FlatGame | None = None) -> Certificate:
    """Verify a profile: expected payoffs, best responses and the regret in every subgame.

    Linear in the tree under perfect recall. Exact if the profile is. A player without perfect
    recall is compared with its behaviour strategies; see
    :mod:`nl2efg.equilibria.imperfect_recall`.

    Args:
        profile: the profile; the rows of chance must be those of the game.
        flat: the game's flat form, if it is at hand.

    Raises:
        UserError: a row is no distribution, the game cannot be solved (no player), or a best
            response is out of reach (imperfect recall in a large stage).
        OutOfTimeError: the deadline passed.
    """
    expect(
        profile,
        BehaviourProfile,
        "behaviour profile",
        hint="an equilibrium's is its field profile; nl2efg.verify takes what is claimed of a game",
    )
    flat = flat or flat_game_of(profile.tree)
    exact = profile.is_exact
    _check_rows(profile, exact)
    rows = profile.probabilities if exact else exact_rows(flat, profile.probabilities)
    found = _Values(flat, rows)
    check_clock()
    for root in in_time(reversed(flat.roots)):
        if flat.lone[root]:
            found.add_node(root)
        else:
            found.add_stage(stage_at(flat, root))
    return _assemble(flat, found, exact)


def _check_rows(profile: BehaviourProfile, exact: bool) -> None:
    slack = Fraction(0) if exact else Fraction(ROUNDING)
    checked: set[int] = set()  # a profile holds few different rows, often the same objects
    for number, row in in_time(enumerate(profile.probabilities)):
        given = profile.tree.information_sets[number].probabilities
        if given is row or (given is None and id(row) in checked):
            continue
        checked.add(id(row))
        total = sum(row, start=Fraction(0))
        if not (-slack <= total - 1 <= slack and min(row) >= 0):
            raise UserError(
                f"information set {number} has probabilities that are no distribution "
                f"(they sum to {total})"
            )
        if given is not None and any(
            not -slack <= p - q <= slack for p, q in zip(row, given, strict=True)
        ):
            raise UserError(f"information set {number} belongs to chance: its row cannot change")


def exact_rows(flat: FlatGame, rows: Sequence[Row]) -> list[Row]:
    """The rows in exact arithmetic, those of chance as the game has them.

    A floating-point row is read as multiples of ``2**-GRAIN`` that sum to one. What is verified of
    them holds exactly, whatever the size of the payoffs.
    """
    pairs = in_time(zip(flat.given_rows, rows, strict=True))
    return [given or exact_row(row) for given, row in pairs]


def exact_row(row: Row) -> Row:
    """A row as multiples of ``2**-GRAIN``; unchanged if it is exact."""
    if not any(isinstance(p, float) for p in row):
        return row
    parts = [round(Fraction(p) * (1 << GRAIN)) for p in row]
    parts[parts.index(max(parts))] += (1 << GRAIN) - sum(parts)
    return tuple(Fraction(part, 1 << GRAIN) for part in parts)


def stage_values(
    flat: FlatGame, stage: Stage, behaviour: dict[int, Row], leaves: Sequence[Row]
) -> tuple[Row, Row]:
    """Every player's value and best-response value in a stage, for given payoffs of its leaves."""
    numbers = {flat.tree.set_of[node] for node in flat.stage_nodes(stage.root)}
    rows = {n: flat.given_rows[n] or exact_row(behaviour[n]) for n in numbers}
    return _stage_values(flat, stage, rows, leaves, leaves, {})


def stage_regret(flat: FlatGame, root: int, value: Row, best: Row) -> float:
    """The greatest regret of anybody in a subgame, relative to the payoff range there."""
    if value == best:
        return 0.0
    spans = flat.ranges[root]
    return max(relative(b - v, span) for v, b, span in zip(value, best, spans, strict=True))


def leaf_row(flat: FlatGame, node: int, rows: dict[int, Row]) -> Row:
    """The payoffs at a leaf of a stage, scaled: a terminal's own, or a subgame's from ``rows``."""
    payoffs = flat.payoffs[node]
    return rows[node] if payoffs is None else payoffs


class _Values:
    """Payoffs of a profile and of best responses, node by node from the last stage to the first.

    Args:
        flat: the game.
        rows: exact rows of all information sets.

    Attributes:
        value: scaled payoffs at terminals and roots of subgames that were added.
        best: those of best responses; the same object as ``value`` where they are equal.
        choices: the action that a best response takes, unless the profile is sure to take it.
    """

    def __init__(self, flat: FlatGame, rows: Sequence[Row]) -> None:
        self.flat = flat
        self.rows = rows
        self.certain = _certain_actions(rows)
        self.value: list[Row] = [payoffs or () for payoffs in flat.payoffs]
        self.best = list(self.value)
        self.choices: Choices = {}

    def add_node(self, root: int) -> None:
        """A stage of one node: one step of backward induction."""
        value, best = self.value, self.best
        tree = self.flat.tree
        number = tree.set_of[root]
        children = tree.children[root]
        mover = tree.information_sets[number].player
        action = self.certain[number]
        if action >= 0:
            value[root] = value[children[action]]
            mixed = best[children[action]]
        else:
            row = self.rows[number]
            value[root] = mixed = mix(row, [value[child] for child in children])
            if any(best[child] is not value[child] for child in children):
                mixed = mix(row, [best[child] for child in children])
            if mover != CHANCE:
                self.choices[number] = next(a for a, p in enumerate(row) if p)
        if mover != CHANCE:
            most = max([best[child][mover] for child in children])
            if most > mixed[mover]:
                options = [best[child][mover] for child in children]
                self.choices[number] = options.index(most)
                mixed = (*mixed[:mover], most, *mixed[mover + 1 :])
        best[root] = mixed

    def add_stage(self, stage: Stage) -> None:
        """A stage of several nodes."""
        value = [self.value[leaf] for leaf in stage.leaves]
        best = [self.best[leaf] for leaf in stage.leaves]
        here, top = _stage_values(self.flat, stage, self.rows, value, best, self.choices)
        self.value[stage.root] = here
        self.best[stage.root] = here if top == here else top


def _certain_actions(rows: Sequence[Row]) -> list[int]:
    """For each row the action that is certain, or -1; many rows are one object."""
    known: dict[int, int] = {}
    found = []
    for row in in_time(rows):
        key = id(row)
        if key not in known:
            known[key] = row.index(1) if 1 in row else -1
        found.append(known[key])
    return found


def mix(row: Sequence[Value], options: Sequence[Row]) -> Row:
    """The average of payoff rows; a certain option is taken as it is."""
    used = [(p, option) for p, option in zip(row, options, strict=True) if p]
    if len(used) == 1 and used[0][0] == 1:
        return used[0][1]
    return tuple(
        sum((p * option[player] for p, option in used), start=Fraction(0))
        for player in range(len(options[0]))
    )


def _stage_values(
    flat: FlatGame,
    stage: Stage,
    rows: Sequence[Row] | Mapping[int, Row],
    value: Sequence[Row],
    best: Sequence[Row],
    choices: Choices,
) -> tuple[Row, Row]:
    """Payoffs of a profile and of best responses in a stage.

    Args:
        value, best: payoffs of the leaves under the profile and under best responses.
        choices: receives the action of a best response at each set.
    """
    if not stage.has_perfect_recall:
        return forgetful_response(flat, stage, rows, value, best, choices)
    plans = [plan_of(side, [rows[number] for number in side.sets]) for side in stage.sides]
    values, tops, responses = _values(stage, plans, value, best, len(flat.tree.players))
    for side, response in zip(stage.sides, responses, strict=True):
        tops[side.player] = max(response.value, values[side.player])
        choices.update(zip(side.sets, response.choices, strict=True))
    return tuple(values), tuple(tops)


def _values(
    stage: Stage,
    plans: Sequence[Sequence[Value]],
    value: Sequence[Row],
    best: Sequence[Row],
    players: int,
) -> tuple[list[Value], list[Value], list[_Scaled]]:
    whole = [common(plan) for plan in plans]
    weights = list(stage.chance)
    scale = stage.chance_scale
    for (plan, denominator), own in zip(whole, stage.sequences, strict=True):
        scale *= denominator
        weights = [w * plan[s] if w else 0 for w, s in zip(weights, own, strict=True)]
    same = best == value
    values: list[Value] = []
    tops: list[Value] = []
    for player in range(players):
        check_clock()
        payoffs, unit = common([row[player] for row in value])
        total = sum(w * u for w, u in zip(weights, payoffs, strict=True))
        values.append(Fraction(total, scale * unit))
        if not same:
            payoffs, unit = common([row[player] for row in best])
            total = sum(w * u for w, u in zip(weights, payoffs, strict=True))
        tops.append(Fraction(total, scale * unit))
    responses = []
    for place, side in enumerate(stage.sides):
        payoffs, unit = common([row[side.player] for row in best])
        gains, of = exact_gains(stage, place, whole, payoffs)
        response = best_response(side, gains)
        responses.append(_Scaled(Fraction(response.value) / (of * unit), response.choices))
    return values, tops, responses


@dataclass(frozen=True, slots=True)
class _Scaled:
    """A best response in the units of the stage's payoffs."""

    value: Value
    choices: tuple[int, ...]


def _assemble(flat: FlatGame, found: _Values, exact: bool) -> Certificate:
    subgames = {
        root: 0.0
        if found.value[root] is found.best[root]
        else stage_regret(flat, root, found.value[root], found.best[root])
        for root in in_time(flat.roots)
    }
    values, bests = found.value[0], found.best[0]
    departures = {} if values == bests else _departures(flat, found.rows, found.choices)
    kind = Fraction if exact else float
    players = []
    for player, scale in enumerate(flat.scale):
        value, best = Fraction(values[player]), Fraction(bests[player])
        regret = best - value
        players.append(
            PlayerCertificate(
                player,
                kind(value / scale),
                kind(best / scale),
                kind(regret / scale),
                relative(regret, flat.ranges[0][player]) if regret else 0.0,
                departures.get(player, {}) if regret else {},
            )
        )
    return Certificate(
        tuple(players),
        max(entry.regret for entry in players),
        max(entry.relative_regret for entry in players),
        subgames,
        exact,
    )


def relative(regret: Value, span: int) -> float:
    """A regret over a payoff range; it never rounds to zero unless it is."""
    if not regret:
        return 0.0
    return max(float(Fraction(regret) / span), 5e-324) if span else float("inf")


def _departures(flat: FlatGame, rows: Sequence[Row], choices: Choices) -> dict[int, dict[int, int]]:
    """Where the best responses are not what the profile does for certain."""
    found: dict[int, dict[int, int]] = {}
    for number, action in sorted(choices.items()):
        if rows[number][action] != 1:
            player = flat.tree.information_sets[number].player
            found.setdefault(player, {})[number] = action
    return found
