"""Reading Gambit's .nfg files: a strategic-form game as a tree of hidden moves.

The format: https://gambitproject.readthedocs.io/en/latest/formats.nfg.html. Each player moves
once, in the order of the file, knowing nothing of the moves before.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from nl2efg.formats.efg_tokens import END, NUMBER, TEXT, Scanner
from nl2efg.formats.safe_labels import restore_labels
from nl2efg.game.builder import TreeBuilder
from nl2efg.game.model import GameTree, Outcome


def read_nfg(text: str, source: str = "") -> GameTree:
    """The game that a text in the .nfg format describes, in its payoff or its outcome version.

    Args:
        text: the whole file.
        source: its name, for messages.

    Raises:
        FormatError: with line and column, if the text is no such game.
    """
    scan = Scanner(text.removeprefix("\ufeff"), source)
    for wanted, what in (
        (("NFG",), "'NFG', the first word of a strategic-form game file"),
        (("1",), "the version of the format, 1"),
        (("R", "D"), "'R' or 'D', the kind of numbers"),
    ):
        if scan.value not in wanted:
            scan.expected(what)
        scan.advance()
    title = scan.text("the game's title in quotation marks")
    players = scan.texts("around the players' names")
    strategies = _strategies(scan, len(players), len(text))
    comment = scan.optional_text() or ""
    count = prod(map(len, strategies))
    outcomes = _outcome_list(scan, len(players)) if scan.at_brace("{") else None
    if outcomes is None:
        outcomes = [_payoffs(scan, len(players)) for _ in range(count)]
        outcome_of = list(range(count))
    else:
        outcome_of = [_outcome_number(scan, len(outcomes)) for _ in range(count)]
    if scan.kind != END:
        scan.fail(f"all {count} outcomes are given, but more follows")
    return restore_labels(
        simultaneous_game(players, strategies, outcomes, outcome_of, title=title, comment=comment)
    )


def simultaneous_game(
    players: Sequence[str],
    strategies: Sequence[Sequence[str]],
    outcomes: Sequence[Outcome],
    outcome_of: Sequence[int],
    *,
    title: str = "",
    comment: str = "",
) -> GameTree:
    """A strategic-form game as a tree: the players move in turn, none knowing what the others did.

    Args:
        players: their names.
        strategies: labels of each player's strategies; at least one.
        outcomes: the outcomes that occur.
        outcome_of: index of the outcome of each strategy profile, -1 for none; the first player's
            strategy varies fastest, as in .nfg files.
        title, comment: free text.
    """
    builder = TreeBuilder(players, title, comment)
    leaves = [0]  # with the place of each in outcome_of
    places = [0]
    stride = 1
    for player, own in enumerate(strategies):
        moves = builder.information_set(player, own)
        leaves = [child for leaf in leaves for child in builder.move(leaf, moves)]
        places = [place + stride * choice for place in places for choice in range(len(own))]
        stride *= len(own)
    handles = [builder.outcome(outcome.payoffs, outcome.label) for outcome in outcomes]
    for leaf, place in zip(leaves, places, strict=True):
        if outcome_of[place] >= 0:
            builder.set_outcome(leaf, handles[outcome_of[place]])
    return builder.build()


def _strategies(scan: Scanner, players: int, limit: int) -> list[list[str]]:
    """Labels in nested braces, or only how many strategies each player has.

    Args:
        limit: the most strategy profiles that the file can hold payoffs for.
    """
    scan.brace("{", "before the strategies")
    found: list[list[str]] = []
    profiles = 1
    while not scan.at_brace("}"):
        start = scan.position
        if scan.kind == NUMBER:
            count = scan.integer("a number of strategies")
            if count < 1:
                scan.fail("each player needs at least one strategy", at=start)
            count = min(count, limit + 1)
            found.append([str(number + 1) for number in range(count)])
        else:
            labels = scan.texts("around a player's strategies")
            if not labels:
                scan.fail("each player needs at least one strategy")
            found.append(labels)
        profiles *= len(found[-1])
        if profiles > limit:
            scan.fail("the file is too short for so many strategies", at=start)
    if len(found) != players:
        scan.expected(f"the strategies of {players} players (there are {len(found)})")
    scan.advance()
    return found


def _payoffs(scan: Scanner, players: int, label: str = "") -> Outcome:
    return Outcome(tuple(scan.number("a payoff") for _ in range(players)), label)


def _outcome_list(scan: Scanner, players: int) -> list[Outcome]:
    scan.advance()
    found = []
    while scan.at_brace("{"):
        scan.advance()
        label = scan.text("the outcome's name") if scan.kind == TEXT else ""
        found.append(_payoffs(scan, players, label))
        scan.brace("}", "after the payoffs")
    scan.brace("}", "after the outcomes")
    return found


def _outcome_number(scan: Scanner, count: int) -> int:
    start = scan.position
    number = scan.integer("the number of an outcome")
    if not 0 <= number <= count:
        scan.fail(f"there is no outcome {number}; the file lists {count}", at=start)
    return number - 1
