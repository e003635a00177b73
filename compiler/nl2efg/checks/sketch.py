"""Checks of the tree against the sketch: stage 1's reading and stage 2's code must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from nl2efg.checks.context import CheckContext
from nl2efg.errors import ConstraintError
from nl2efg.game import CHANCE
from nl2efg.game.constraints import BoundConstraint, constraint_effort, parse_constraint
from nl2efg.game.effort import EffortError
from nl2efg.game.history import loose
from nl2efg.game.numbers import exact_number
from nl2efg.game.wording import told_history, told_list
from nl2efg.provenance.sketch_match import SketchMatch
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.sketch import SketchChance, SketchClaim, SketchInformationSet

MAX_OF_A_KIND = 8
"""So many findings of one code are shown; the last one counts the rest."""


def check_sketch(case: CheckContext) -> Iterator[Diagnostic]:
    """Every disagreement between the tree and the sketch."""
    if case.sketch is None or not case.sketch.is_game:
        return
    match = SketchMatch(case.tree, case.sketch)
    bound: list[BoundConstraint] = []
    yield from _players(case, match)
    told = _Told()
    for kind in (
        _missing_histories(case, match, told),
        _moves(case, match, told),
        _split_sets(case, match, told),
        _joined_sets(case, match, told),
        _chance(case, match, told),
        _orders(case, bound, told),
        _claims(case, match, bound, told),
    ):
        try:
            yield from _at_most(kind, told)
        except EffortError as error:
            yield case.found("C613", Severity.NOTE, error.message)
            return


class _Told:
    """How often each code was found: only the first few findings of one are put into words."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def enough(self, code: str) -> bool:
        """Count a finding; whether so many of its code came before that it is not told."""
        self.counts[code] += 1
        return self.counts[code] > MAX_OF_A_KIND


def _at_most(found: Iterable[Diagnostic], told: _Told) -> Iterator[Diagnostic]:
    """The first few findings of each code."""
    by_code: dict[str, list[Diagnostic]] = {}
    too_much: EffortError | None = None
    try:
        for diagnostic in found:
            by_code.setdefault(diagnostic.code, []).append(diagnostic)
    except EffortError as error:
        too_much = error
    for code, same in by_code.items():
        more = told.counts[code] - MAX_OF_A_KIND
        if more > 0:
            last = same[-1]
            same[-1] = replace(last, message=f"{last.message} (and {more} more like this)")
        yield from same
    if too_much is not None:
        raise too_much


def _sentence(case: CheckContext, quote: str) -> str | None:
    """The sentence of the text behind a quote of the sketch."""
    return case.prose.sentence_of(quote) if case.prose and quote else None


def _players(case: CheckContext, match: SketchMatch) -> Iterator[Diagnostic]:
    assert case.sketch is not None
    told = [player.name for player in case.sketch.players]
    if told and len(told) != len(case.tree.players):
        yield case.found(
            "C601",
            Severity.WARNING,
            f"the sketch has the players {told_list(told)}; "
            f"the game has {told_list(case.tree.players) or 'none'}",
            fix=f"make it a game of {told_list(told)}",
        )


def _missing_histories(case: CheckContext, match: SketchMatch, told: _Told) -> Iterator[Diagnostic]:
    assert case.sketch is not None
    wanted: list[tuple[Sequence[str], str, str]] = []
    for infoset in case.sketch.information_sets:
        wanted += [
            (history, f"{infoset.player} moves", infoset.quote) for history in infoset.histories
        ]
    for event in case.sketch.chance:
        wanted += [(history, "chance moves", event.quote) for history in event.histories]
    wanted += [(claim.history, "the game ends", claim.quote) for claim in case.sketch.claims]
    seen: set[tuple[str, ...]] = set()
    for history, what, quote in wanted:
        if tuple(history) in seen or match.nodes(history):
            continue
        seen.add(tuple(history))
        if told.enough("C602"):
            continue
        parent = history[:-1]
        while parent and not match.nodes(parent):
            parent = parent[:-1]
        reached = match.nodes(parent)[0]
        number = case.tree.set_of[reached]
        here = (
            "the game ends"
            if case.tree.is_terminal(reached)
            else f"the actions are {told_list(case.tree.information_sets[number].actions)}"
        )
        yield case.found(
            "C602",
            Severity.WARNING,
            f"by the sketch {what} at {told_history(history)}; the game has no such history: "
            f"at {told_history(case.tree.history(reached))} {here}",
            node=reached,
            part="move",
            sentence=_sentence(case, quote),
            fix="build this history, with the labels of the sketch",
        )


def _set_nodes(
    match: SketchMatch, part: SketchInformationSet | SketchChance | SketchClaim
) -> list[int]:
    """The nodes of a part of the sketch.

    Where a pattern with ``*`` also meets ends of the game, those are not meant.
    """
    histories = [part.history] if isinstance(part, SketchClaim) else part.histories
    nodes = {node for history in histories for node in match.nodes(history)}
    if not isinstance(part, SketchClaim):
        inner = {node for node in nodes if not match.tree.is_terminal(node)}
        nodes = inner or nodes
    return sorted(nodes)


def _moves(case: CheckContext, match: SketchMatch, told: _Told) -> Iterator[Diagnostic]:
    """Another player than the sketch's, or other actions, at a history."""
    assert case.sketch is not None
    tree = case.tree
    for infoset in case.sketch.information_sets:
        player = match.player(infoset.player)
        if player is None:
            continue
        wanted = set(map(loose, infoset.actions))
        differ: dict[int, bool] = {}
        for node in _set_nodes(match, infoset):
            if tree.player_of(node) != player:
                if not told.enough("C603"):
                    yield _wrong_mover(case, "C603", node, infoset.player, infoset.quote)
                continue
            number = tree.set_of[node]
            here_actions = tree.information_sets[number].actions
            if number not in differ:
                match.spend(len(here_actions))
                differ[number] = bool(wanted) and wanted != set(map(loose, here_actions))
            if differ[number] and not told.enough("C604"):
                yield case.found(
                    "C604",
                    Severity.WARNING,
                    f"{infoset.player}'s actions are {told_list(infoset.actions)} by the sketch, "
                    f"{told_list(here_actions)} in the game",
                    node=node,
                    part="move",
                    sentence=_sentence(case, infoset.quote),
                    fix=f"give {infoset.player} the actions {told_list(infoset.actions)} here",
                )


def _wrong_mover(case: CheckContext, code: str, node: int, wanted: str, quote: str) -> Diagnostic:
    mover = case.tree.player_of(node)
    here = "the game ends" if mover is None else f"{case.tree.player_name(mover)} moves"
    return case.found(
        code,
        Severity.WARNING,
        f"by the sketch {wanted} moves here; in the game {here}",
        node=node,
        part="move",
        sentence=_sentence(case, quote),
        fix=f"let {wanted} move here",
    )


def _split_sets(case: CheckContext, match: SketchMatch, told: _Told) -> Iterator[Diagnostic]:
    """One information set in the sketch, several in the tree."""
    assert case.sketch is not None
    tree = case.tree
    for infoset in case.sketch.information_sets:
        player = match.player(infoset.player)
        nodes = [node for node in _set_nodes(match, infoset) if tree.player_of(node) == player]
        first_of: dict[int, int] = {}
        for node in nodes:
            first_of.setdefault(tree.set_of[node], node)
        if len(first_of) > 1 and not told.enough("C605"):
            ones = list(first_of.values())
            what = f" ({infoset.player} does not know {infoset.hidden})" if infoset.hidden else ""
            yield case.found(
                "C605",
                Severity.WARNING,
                f"by the sketch {infoset.player} cannot tell {case.where(ones)} apart{what}; "
                f"in the game they lie in {len(ones)} information sets",
                node=ones[1],
                part="information_set",
                sentence=_sentence(case, infoset.quote),
                fix="put them into one information set",
            )


def _joined_sets(case: CheckContext, match: SketchMatch, told: _Told) -> Iterator[Diagnostic]:
    """Several information sets in the sketch, one in the tree."""
    assert case.sketch is not None
    tree = case.tree
    sets_of: dict[int, set[int]] = {}
    for number, own in enumerate(case.sketch.information_sets):
        player = match.player(own.player)
        for node in _set_nodes(match, own):
            if tree.player_of(node) == player:
                sets_of.setdefault(node, set()).add(number)
    first_in: dict[int, tuple[int, int]] = {}
    pairs: set[tuple[int, int]] = set()
    for node in sorted(sets_of):
        if len(sets_of[node]) > 1:  # the sketch contradicts itself here
            continue
        (number,) = sets_of[node]
        other_node, other = first_in.setdefault(tree.set_of[node], (node, number))
        if other == number or (other, number) in pairs:
            continue
        pairs.add((other, number))
        if told.enough("C606"):
            continue
        own = case.sketch.information_sets[number]
        what = f" ({own.player} knows {own.knows})" if own.knows else ""
        yield case.found(
            "C606",
            Severity.WARNING,
            f"by the sketch {own.player} can tell {case.where([other_node, node])} apart{what}; "
            "in the game they lie in one information set",
            node=node,
            part="information_set",
            sentence=_sentence(case, own.quote),
            fix="put them into different information sets",
        )


def _chance(case: CheckContext, match: SketchMatch, told: _Told) -> Iterator[Diagnostic]:
    assert case.sketch is not None
    tree = case.tree
    for event in case.sketch.chance:
        given = _as_fractions(event.probabilities)
        wanted = _by_label(event.outcomes, given or ())
        differ: dict[int, bool] = {}
        for node in _set_nodes(match, event):
            if tree.player_of(node) != CHANCE:
                if not told.enough("C607"):
                    yield _wrong_mover(case, "C607", node, "chance", event.quote)
                continue
            if given is None or len(given) != len(event.outcomes):
                continue
            number = tree.set_of[node]
            infoset = tree.information_sets[number]
            assert infoset.probabilities is not None
            if number not in differ:
                match.spend(len(infoset.actions))
                differ[number] = wanted != _by_label(infoset.actions, infoset.probabilities)
            if differ[number] and not told.enough("C608"):
                sketch_side = _distribution(event.outcomes, given)
                game_side = _distribution(infoset.actions, infoset.probabilities)
                yield case.found(
                    "C608",
                    Severity.WARNING,
                    f"by the sketch chance draws {sketch_side}; in the game {game_side}",
                    node=node,
                    part="information_set",
                    sentence=_sentence(case, event.quote),
                    fix=f"give chance the outcomes {sketch_side}",
                )


def _by_label(labels: Sequence[str], probabilities: Sequence[Fraction]) -> dict[str, Fraction]:
    """What may happen, by loose label; what is impossible is left out."""
    pairs = dict(zip(map(loose, labels), probabilities, strict=False))
    return {label: probability for label, probability in pairs.items() if probability}


def _distribution(labels: Sequence[str], probabilities: Sequence[Fraction]) -> str:
    return told_list([f"{label} {p}" for label, p in zip(labels, probabilities, strict=True)])


def _as_fractions(numbers: Sequence[str]) -> list[Fraction] | None:
    found = [exact_number(number) for number in numbers]
    known = [number for number in found if number is not None]
    return known if len(known) == len(found) else None


def _orders(case: CheckContext, bound: list[BoundConstraint], told: _Told) -> Iterator[Diagnostic]:
    """Broken orders of payoffs; those that can be read are added to ``bound``."""
    assert case.sketch is not None
    tree = case.tree
    effort = constraint_effort()
    for text in case.sketch.payoff_order:
        try:
            constraint = parse_constraint(text).bind(tree, effort)
            bound.append(constraint)
            broken = constraint.broken(
                lambda node, player: tree.path_payoffs[node][player], tree, effort
            )
        except ConstraintError as error:
            if not told.enough("C612"):
                yield case.found("C612", Severity.NOTE, error.message, fix=error.hint or None)
            continue
        if broken and not told.enough("C611"):
            yield case.found(
                "C611",
                Severity.WARNING,
                f"by the sketch {text}; in the game {broken}",
                fix="choose payoffs that meet this order",
            )


def _claims(
    case: CheckContext, match: SketchMatch, bound: list[BoundConstraint], told: _Told
) -> Iterator[Diagnostic]:
    """Ends at which the game goes on or pays something else.

    Where the text gives only an order, any numbers that keep it will do.
    """
    assert case.sketch is not None
    tree = case.tree
    free = {place for one in bound for places in one.places.values() for place in places}
    for claim in case.sketch.claims:
        rows = {match.player(row.player): exact_number(row.value) for row in claim.payoffs}
        wanted = {
            player: value
            for player, value in rows.items()
            if player is not None and value is not None
        }
        for node in _set_nodes(match, claim):
            match.spend(len(wanted))
            if not tree.is_terminal(node):
                if told.enough("C609"):
                    continue
                yield case.found(
                    "C609",
                    Severity.WARNING,
                    "by the sketch the game ends here; in the game "
                    f"{tree.player_name(tree.information_sets[tree.set_of[node]].player)} moves",
                    node=node,
                    part="move",
                    sentence=_sentence(case, claim.quote),
                    fix="let the game end here, with its payoffs",
                )
                continue
            paid = tree.path_payoffs[node]
            if any(
                paid[player] != value and (node, player) not in free
                for player, value in wanted.items()
            ) and not told.enough("C610"):
                sketch_side = _paid(case, wanted)
                yield case.found(
                    "C610",
                    Severity.WARNING,
                    f"by the sketch this end pays {sketch_side}; in the game "
                    f"{_paid(case, {player: paid[player] for player in wanted})}",
                    node=node,
                    part="outcome",
                    sentence=_sentence(case, claim.quote),
                    fix=f"pay {sketch_side} here",
                )


def _paid(case: CheckContext, payoffs: dict[int, Fraction]) -> str:
    return ", ".join(f"{case.tree.players[player]} {value}" for player, value in payoffs.items())
