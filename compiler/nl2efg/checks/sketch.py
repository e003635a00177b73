"""Checks of the tree against the sketch: stage 1's reading and stage 2's code must agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from nl2efg.checks.context import CheckContext
from nl2efg.errors import ConstraintError
from nl2efg.game import CHANCE
from nl2efg.game.constraints import BoundConstraint, parse_constraint
from nl2efg.game.history import loose
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
    for kind in (
        _missing_histories(case, match),
        _moves(case, match),
        _split_sets(case, match),
        _joined_sets(case, match),
        _chance(case, match),
        _orders(case, bound),
        _claims(case, match, bound),
    ):
        yield from _at_most(kind)


def _at_most(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The first few findings of each code."""
    by_code: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        by_code.setdefault(diagnostic.code, []).append(diagnostic)
    for same in by_code.values():
        yield from islice(same, MAX_OF_A_KIND - 1)
        if len(same) == MAX_OF_A_KIND:
            yield same[-1]
        elif len(same) > MAX_OF_A_KIND:
            last, more = same[MAX_OF_A_KIND - 1], len(same) - MAX_OF_A_KIND
            yield replace(last, message=f"{last.message} (and {more} more like this)")


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
            f"the sketch has the players {', '.join(told)}; "
            f"the game has {', '.join(case.tree.players) or 'none'}",
            fix=f"make it a game of {', '.join(told)}",
        )


def _missing_histories(case: CheckContext, match: SketchMatch) -> Iterator[Diagnostic]:
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


def _moves(case: CheckContext, match: SketchMatch) -> Iterator[Diagnostic]:
    """Another player than the sketch's, or other actions, at a history."""
    assert case.sketch is not None
    tree = case.tree
    for infoset in case.sketch.information_sets:
        player = match.player(infoset.player)
        if player is None:
            continue
        for node in _set_nodes(match, infoset):
            if tree.player_of(node) != player:
                yield _wrong_mover(case, "C603", node, infoset.player, infoset.quote)
                continue
            here_actions = tree.information_sets[tree.set_of[node]].actions
            if infoset.actions and set(map(loose, infoset.actions)) != set(
                map(loose, here_actions)
            ):
                yield case.found(
                    "C604",
                    Severity.WARNING,
                    f"{infoset.player}'s actions are {', '.join(infoset.actions)} by the sketch, "
                    f"{told_list(here_actions)} in the game",
                    node=node,
                    part="move",
                    sentence=_sentence(case, infoset.quote),
                    fix=f"give {infoset.player} the actions {', '.join(infoset.actions)} here",
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


def _split_sets(case: CheckContext, match: SketchMatch) -> Iterator[Diagnostic]:
    """One information set in the sketch, several in the tree."""
    assert case.sketch is not None
    tree = case.tree
    for infoset in case.sketch.information_sets:
        player = match.player(infoset.player)
        for members in match.sets(infoset):
            first_of: dict[int, int] = {}
            for node in members:
                if tree.player_of(node) == player:
                    first_of.setdefault(tree.set_of[node], node)
            if len(first_of) < 2:
                continue
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


def _joined_sets(case: CheckContext, match: SketchMatch) -> Iterator[Diagnostic]:
    """Several information sets in the sketch, one in the tree."""
    assert case.sketch is not None
    tree = case.tree
    entries: list[SketchInformationSet] = []
    sets_of: dict[int, set[int]] = {}
    for infoset in case.sketch.information_sets:
        player = match.player(infoset.player)
        for members in match.sets(infoset):
            for node in members:
                if tree.player_of(node) == player:
                    sets_of.setdefault(node, set()).add(len(entries))
            entries.append(infoset)
    first_in: dict[int, tuple[int, int]] = {}
    told: set[tuple[int, int]] = set()
    for node in sorted(sets_of):
        if len(sets_of[node]) > 1:  # the sketch contradicts itself here
            continue
        (number,) = sets_of[node]
        other_node, other = first_in.setdefault(tree.set_of[node], (node, number))
        if other == number or (other, number) in told:
            continue
        told.add((other, number))
        infoset = entries[number]
        what = f" ({infoset.player} knows {infoset.knows})" if infoset.knows else ""
        yield case.found(
            "C606",
            Severity.WARNING,
            f"by the sketch {infoset.player} can tell {case.where([other_node, node])} apart"
            f"{what}; in the game they lie in one information set",
            node=node,
            part="information_set",
            sentence=_sentence(case, infoset.quote),
            fix="put them into different information sets",
        )


def _chance(case: CheckContext, match: SketchMatch) -> Iterator[Diagnostic]:
    assert case.sketch is not None
    tree = case.tree
    for event in case.sketch.chance:
        told = _as_fractions(event.probabilities)
        for node in _set_nodes(match, event):
            if tree.player_of(node) != CHANCE:
                yield _wrong_mover(case, "C607", node, "chance", event.quote)
                continue
            infoset = tree.information_sets[tree.set_of[node]]
            assert infoset.probabilities is not None
            here_by_label = dict(
                zip(map(loose, infoset.actions), infoset.probabilities, strict=True)
            )
            labels = list(map(loose, event.outcomes))
            if told is None or len(told) != len(labels):
                continue
            if {label: p for label, p in zip(labels, told, strict=True) if p} != {
                label: p for label, p in here_by_label.items() if p
            }:
                sketch_side = _distribution(event.outcomes, told)
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


def _distribution(labels: Sequence[str], probabilities: Sequence[Fraction]) -> str:
    return told_list([f"{label} {p}" for label, p in zip(labels, probabilities, strict=True)])


def _as_fractions(numbers: Sequence[str]) -> list[Fraction] | None:
    try:
        return [Fraction(number) for number in numbers]
    except (ValueError, ZeroDivisionError):
        return None


def _orders(case: CheckContext, bound: list[BoundConstraint]) -> Iterator[Diagnostic]:
    """Broken orders of payoffs; those that can be read are added to ``bound``."""
    assert case.sketch is not None
    tree = case.tree
    for text in case.sketch.payoff_order:
        try:
            constraint = parse_constraint(text).bind(tree)
        except ConstraintError as error:
            yield case.found("C612", Severity.NOTE, error.message, fix=error.hint or None)
            continue
        bound.append(constraint)
        broken = constraint.broken(lambda node, player: tree.path_payoffs[node][player], tree)
        if broken:
            yield case.found(
                "C611",
                Severity.WARNING,
                f"by the sketch {text}; in the game {broken}",
                fix="choose payoffs that meet this order",
            )


def _claims(
    case: CheckContext, match: SketchMatch, bound: list[BoundConstraint]
) -> Iterator[Diagnostic]:
    """Ends at which the game goes on or pays something else.

    Where the text gives only an order, any numbers that keep it will do.
    """
    assert case.sketch is not None
    tree = case.tree
    free = {place for one in bound for places in one.places.values() for place in places}
    for claim in case.sketch.claims:
        sentence = _sentence(case, claim.quote)
        told = {match.player(row.player): _as_fractions([row.value]) for row in claim.payoffs}
        wanted = {player: row[0] for player, row in told.items() if player is not None and row}
        for node in _set_nodes(match, claim):
            if not tree.is_terminal(node):
                yield case.found(
                    "C609",
                    Severity.WARNING,
                    "by the sketch the game ends here; in the game "
                    f"{tree.player_name(tree.information_sets[tree.set_of[node]].player)} moves",
                    node=node,
                    part="move",
                    sentence=sentence,
                    fix="let the game end here, with its payoffs",
                )
                continue
            paid = tree.path_payoffs[node]
            if any(
                paid[player] != value and (node, player) not in free
                for player, value in wanted.items()
            ):
                sketch_side = _paid(case, wanted)
                yield case.found(
                    "C610",
                    Severity.WARNING,
                    f"by the sketch this end pays {sketch_side}; in the game "
                    f"{_paid(case, {player: paid[player] for player in wanted})}",
                    node=node,
                    part="outcome",
                    sentence=sentence,
                    fix=f"pay {sketch_side} here",
                )


def _paid(case: CheckContext, payoffs: dict[int, Fraction]) -> str:
    return ", ".join(f"{case.tree.players[player]} {value}" for player, value in payoffs.items())
