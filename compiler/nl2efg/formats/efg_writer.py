"""Writing .efg files that pygambit and OpenSpiel read.

Every node carries its information set in full and every outcome its payoffs, as OpenSpiel needs
them. It also needs outcomes at the terminal nodes and at no others, which
:func:`nl2efg.game.payoffs_at_leaves` can bring about, and cannot read a fraction without an end
whose parts are beyond 32 bits. pygambit needs probabilities that sum to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import log10

from nl2efg.errors import UserError
from nl2efg.formats.safe_labels import with_safe_labels
from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet
from nl2efg.game.numbers import MAX_BITS, is_too_long

_INT32 = 2**31
_MAX_DECIMAL_PLACES = 300


def write_efg(tree: GameTree, *, unicode: bool = False) -> str:
    """The game in the .efg format, with exact numbers and safe labels.

    Display labels are noted in the game's comment (see :mod:`nl2efg.formats.safe_labels`), and
    ``read_efg`` brings them back: ``read_efg(write_efg(tree)) == tree``.

    Args:
        tree: the game.
        unicode: keep labels in any script, which pygambit 17 reads and older programs do not;
            without it the text is ASCII.

    Raises:
        UserError: a number has more digits than any reader takes.
    """
    return "".join(f"{line}\n" for line in _lines(with_safe_labels(tree, unicode=unicode)))


def exact_text(number: Fraction) -> str:
    """A number as text without loss, in the form that most programs read.

    OpenSpiel reads fractions of 32-bit integers only; longer ones are written as decimals where
    that is exact.

    Raises:
        UserError: it has more digits than any reader takes.
    """
    top, bottom = number.numerator, number.denominator
    if is_too_long(number):
        raise UserError(f"a number of the game has more than {int(MAX_BITS * log10(2))} digits")
    if bottom == 1:
        return str(top)
    if abs(top) >= _INT32 or bottom >= _INT32:
        places = _decimal_places(bottom)
        if places is not None:
            digits = str(abs(top) * 10**places // bottom).rjust(places + 1, "0")
            return f"{'-' if top < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return f"{top}/{bottom}"


def _decimal_places(bottom: int) -> int | None:
    """How many decimal places a fraction with this denominator has; None: too many or endless."""
    twos = fives = 0
    while bottom % 2 == 0:
        bottom //= 2
        twos += 1
    while bottom % 5 == 0:
        bottom //= 5
        fives += 1
    places = max(twos, fives)
    return places if bottom == 1 and places <= _MAX_DECIMAL_PLACES else None


def _quoted(texts: Iterable[str]) -> str:
    return " ".join(f'"{text}"' for text in texts)


def _braced(texts: Iterable[str]) -> str:
    return " ".join(("{", *texts, "}"))


def _lines(tree: GameTree) -> Iterator[str]:
    yield f'EFG 2 R "{tree.title}" {_braced(map(_quoted, zip(tree.players)))}'
    yield f'"{tree.comment}"'
    yield ""
    counts: dict[int, int] = {}
    sets: list[str] = []
    for information_set in tree.information_sets:
        player = information_set.player
        counts[player] = counts.get(player, 0) + 1
        owner = "" if player == CHANCE else f"{player + 1} "
        actions = _braced(_actions(information_set))
        sets.append(f'{owner}{counts[player]} "{information_set.label}" {actions}')
    outcomes = [
        f'{number} "{outcome.label}" {_braced(map(exact_text, outcome.payoffs))}'
        for number, outcome in enumerate(tree.outcomes, start=1)
    ]
    for node, number in enumerate(tree.set_of):
        at = tree.outcome_of[node]
        outcome_text = "0" if at == NO_OUTCOME else outcomes[at]
        label = tree.node_labels[node]
        if number == NO_SET:
            yield f't "{label}" {outcome_text}'
        else:
            kind = "c" if tree.information_sets[number].is_chance else "p"
            yield f'{kind} "{label}" {sets[number]} {outcome_text}'


def _actions(information_set: InformationSet) -> Iterator[str]:
    if information_set.probabilities is None:
        yield from (f'"{label}"' for label in information_set.actions)
        return
    for label, probability in zip(
        information_set.actions, information_set.probabilities, strict=True
    ):
        yield f'"{label}" {exact_text(probability)}'
