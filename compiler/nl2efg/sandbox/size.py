"""Games that are too large for what comes after: checked, written to files, told and drawn."""

from __future__ import annotations

from fractions import Fraction

from nl2efg.game import NO_OUTCOME, NO_SET, GameTree
from nl2efg.game.number_sizes import unwieldy
from nl2efg.sandbox.limits import MAX_COMMENT, MAX_LABEL, MAX_PLAYERS, Limits
from nl2efg.schema.diagnostics import Diagnostic, Severity

_AROUND = 4  # characters around a label or between numbers in a file
_BITS_PER_DIGIT = 3  # not more than log2(10), so that no size is taken for smaller than it is


def too_large(tree: GameTree, limits: Limits) -> Diagnostic | None:
    """What is too large about a game, however small the text or code was that it came from.

    Args:
        tree: the game.
        limits: of the job; of which those of the game apply.
    """
    for count, most, what, fix in (
        (len(tree), limits.nodes, "nodes", "nl2efg compile takes larger games with --max-nodes"),
        (len(tree.players), MAX_PLAYERS, "players", None),
    ):
        if count > most:
            return _error("X206", f"the game has {count} {what}, over the limit of {most}", fix)
    longest, most = _longest_label(tree), MAX_LABEL
    if longest <= most:
        longest, most = len(tree.comment), MAX_COMMENT
    if longest > most:
        message = f"a text of the game has {longest} characters, over the limit of {most}"
        return _error("X205", message, "use short labels")
    written = _written(tree)
    if written > limits.text:
        message = f"the game takes {written} characters as a file, over the limit of {limits.text}"
        return _error("X205", message, "use shorter labels and numbers")
    if endless := unwieldy(tree):
        return _error("X205", f"the game is too large: {endless}", "use numbers of few digits")
    return None


def _error(code: str, message: str, fix: str | None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, fix=fix)


def _longest_label(tree: GameTree) -> int:
    sets, outcomes = tree.information_sets, tree.outcomes
    return max(
        len(tree.title),
        max(map(len, tree.players), default=0),
        max(map(len, tree.node_labels), default=0),
        max((len(own.label) for own in sets), default=0),
        max((len(action) for own in sets for action in own.actions), default=0),
        max((len(outcome.label) for outcome in outcomes), default=0),
    )


def _written(tree: GameTree) -> int:
    """About the characters of the game as a file, where each node tells its set and its outcome."""
    sets = [
        len(infoset.label)
        + sum(map(len, infoset.actions))
        + sum(map(_digits, infoset.probabilities or ()))
        + _AROUND * len(infoset.actions)
        for infoset in tree.information_sets
    ]
    outcomes = [
        len(outcome.label) + sum(map(_digits, outcome.payoffs)) for outcome in tree.outcomes
    ]
    return (
        sum(map(len, tree.node_labels))
        + _AROUND * len(tree)
        + sum(sets[number] for number in tree.set_of if number != NO_SET)
        + sum(outcomes[number] for number in tree.outcome_of if number != NO_OUTCOME)
    )


def _digits(number: Fraction) -> int:
    bits = number.numerator.bit_length() + number.denominator.bit_length()
    return bits // _BITS_PER_DIGIT + _AROUND
