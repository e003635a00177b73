"""Reading Gambit's .efg files, of every version of Gambit.

The format: https://gambitproject.readthedocs.io/en/latest/formats.efg.html. What is optional
there, or was written at some time, is taken: an information set's name and actions, and an
outcome's payoffs, need to be given only once; labels may be repeated or empty.
"""

from __future__ import annotations

import warnings
from fractions import Fraction

from nl2efg.errors import ReadingWarning, expect
from nl2efg.formats.efg_tokens import END, NUMBER, TEXT, Scanner
from nl2efg.formats.efg_writer import write_efg
from nl2efg.formats.safe_labels import restore_labels
from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree, InformationSet, Outcome
from nl2efg.game.rounded_probabilities import unrounded
from nl2efg.game.wording import told_list
from nl2efg.text import counted

__all__ = ["read_efg", "write_efg"]


def read_efg(text: str, source: str = "", notices: list[str] | None = None) -> GameTree:
    """The game that a text in the .efg format describes.

    Labels that ``write_efg`` had to make safe come back as they were. Probabilities that another
    program has rounded (0.333333 three times) are read as the fractions that they were rounded
    from.

    Args:
        text: the whole file.
        source: its name, for messages.
        notices: takes up what had to be read into the text; None: a ReadingWarning says it.

    Raises:
        FormatError: with line and column, if the text is no such game.
    """
    expect(text, str, "text of a game", hint="nl2efg.load_game reads a file")
    reader = _Reader(Scanner(text.removeprefix("\ufeff"), source))
    tree = restore_labels(reader.game())
    if reader.rounded:
        message = f"{source}:{reader.rounded[0]}".removeprefix(":")
        more = len(reader.rounded) - 1
        message += f" (and so at {counted(more, 'more chance move')})" if more else ""
        if notices is None:
            warnings.warn(message, ReadingWarning, stacklevel=2)
        else:
            notices.append(message)
    return tree


class _Reader:
    """Fills the arrays of a GameTree in one pass; a file is in preorder, as the arrays are."""

    def __init__(self, scan: Scanner) -> None:
        self._scan = scan
        self._players: list[str] = []
        self._sets: list[InformationSet] = []
        self._set_numbers: dict[tuple[int, int], int] = {}
        self._outcomes: list[Outcome] = []
        self._outcome_numbers: dict[int, int] = {}
        self._parents: list[int] = []
        self._set_of: list[int] = []
        self._outcome_of: list[int] = []
        self._labels: list[str] = []
        self._given: dict[int, tuple[Fraction, ...]] = {}  # what rounded sets had in the file
        self.rounded: list[str] = []
        """What was read into rounded probabilities, a line for each chance move."""

    def game(self) -> GameTree:
        scan = self._scan
        title = self._header()
        self._players = scan.texts("around the players' names")
        comment = scan.optional_text() or ""
        self._nodes()
        if scan.kind != END:
            scan.fail(
                "the game is complete, but more follows",
                hint="a node has more children here than its information set has actions",
            )
        return GameTree(
            players=tuple(self._players),
            information_sets=tuple(self._sets),
            outcomes=tuple(self._outcomes),
            parents=tuple(self._parents),
            set_of=tuple(self._set_of),
            outcome_of=tuple(self._outcome_of),
            node_labels=tuple(self._labels),
            title=title,
            comment=comment,
        )

    def _header(self) -> str:
        scan = self._scan
        if scan.value != "EFG":
            scan.expected("'EFG', the first word of an extensive-form game file")
        scan.advance()
        if scan.value not in ("1", "2"):
            scan.expected("the version of the format, 1 or 2")
        scan.advance()
        if scan.value not in ("R", "D"):
            scan.expected("'R' or 'D', the kind of numbers")
        scan.advance()
        return scan.text("the game's title in quotation marks")

    def _nodes(self) -> None:
        open_nodes: list[int] = []
        missing: list[int] = []  # children still to come, for each open node
        while True:
            self._parents.append(open_nodes[-1] if open_nodes else -1)
            node = len(self._parents) - 1
            self._node()
            if missing:
                missing[-1] -= 1
            if self._set_of[node] != NO_SET:
                open_nodes.append(node)
                missing.append(len(self._sets[self._set_of[node]].actions))
            while missing and missing[-1] == 0:
                open_nodes.pop()
                missing.pop()
            if not missing:
                return

    def _node(self) -> None:
        scan = self._scan
        kind = scan.value
        if scan.kind == TEXT or kind not in ("c", "p", "t"):
            scan.expected("a node: 'c', 'p' or 't'")
        scan.advance()
        # Files written by hand leave out the name now and then.
        self._labels.append(scan.optional_text() or "")
        if kind == "t":
            self._set_of.append(NO_SET)
        else:
            self._set_of.append(self._information_set(is_chance=kind == "c"))
        self._outcome_of.append(self._outcome())

    def _information_set(self, *, is_chance: bool) -> int:
        scan = self._scan
        player = CHANCE
        start = scan.position
        if not is_chance:
            player = scan.integer("the number of the player who moves") - 1
            if not 0 <= player < len(self._players):
                scan.fail(
                    f"there is no player {player + 1}; the game has {len(self._players)} players",
                    at=start,
                )
        key = (player, scan.integer("the number of the information set"))
        known = self._set_numbers.get(key)
        label = scan.optional_text()
        if not scan.at_brace("{"):
            if known is None:
                scan.expected(f"the actions of {self._set_name(key)}, which is new")
            return known
        start = scan.position
        actions, probabilities = self._actions(is_chance=is_chance)
        if known is None:
            self._set_numbers[key] = len(self._sets)
            if probabilities:
                probabilities = self._unrounded(probabilities, start)
            self._sets.append(InformationSet(player, actions, label or "", probabilities))
            return len(self._sets) - 1
        earlier = self._sets[known]
        if earlier.actions != actions:
            scan.fail(f"{self._set_name(key)} has other actions than before", at=start)
        if self._given.get(known, earlier.probabilities) != probabilities:
            scan.fail(f"{self._set_name(key)} has other probabilities than before", at=start)
        return known

    def _unrounded(self, given: tuple[Fraction, ...], start: int) -> tuple[Fraction, ...]:
        values, reading = unrounded(given)
        if not reading:
            return given
        self._given[len(self._sets)] = given
        shown = told_list([str(value) for value in values])
        line = self._scan.line_of(start)
        self.rounded.append(f"{line}: the probabilities are {reading}; taken as {shown}")
        return tuple(values)

    def _set_name(self, key: tuple[int, int]) -> str:
        owner = "chance" if key[0] == CHANCE else f"player {key[0] + 1}"
        return f"information set {key[1]} of {owner}"

    def _actions(self, *, is_chance: bool) -> tuple[tuple[str, ...], tuple[Fraction, ...] | None]:
        scan = self._scan
        scan.brace("{", "before the actions")
        actions: list[str] = []
        probabilities: list[Fraction] = []
        while not scan.at_brace("}"):
            actions.append(scan.text("the label of an action, or '}'"))
            if is_chance:
                probabilities.append(scan.number("the probability of the action"))
        if not actions:
            scan.expected("at least one action")
        scan.advance()
        return tuple(actions), tuple(probabilities) if is_chance else None

    def _outcome(self) -> int:
        scan = self._scan
        start = scan.position
        number = scan.integer("the number of the outcome")
        if number < 0:
            scan.fail("the number of an outcome cannot be negative", at=start)
        label = scan.optional_text()
        if not scan.at_brace("{"):
            if not number:
                return NO_OUTCOME
            if number not in self._outcome_numbers:
                scan.expected(f"the payoffs of outcome {number}, which is new")
            return self._outcome_numbers[number]
        payoffs = self._payoffs()
        known = self._outcome_numbers.get(number)
        if known is None:
            self._outcomes.append(Outcome(payoffs, label or ""))
            known = len(self._outcomes) - 1
            if number:  # 0 names no outcome that others could refer to
                self._outcome_numbers[number] = known
        elif self._outcomes[known].payoffs != payoffs:
            scan.fail(
                f"outcome {number} has other payoffs than before",
                hint="give different outcomes different numbers",
                at=start,
            )
        return known

    def _payoffs(self) -> tuple[Fraction, ...]:
        scan = self._scan
        start = scan.position
        scan.brace("{", "before the payoffs")
        payoffs: list[Fraction] = []
        while scan.kind == NUMBER:
            payoffs.append(scan.number("the payoff"))
        if len(payoffs) > len(self._players):
            scan.fail(
                f"there are {len(payoffs)} payoffs for {counted(len(self._players), 'player')}",
                hint="commas stand between payoffs; decimals have a point, as in 1.5",
                at=start,
            )
        if len(payoffs) != len(self._players):
            scan.expected(f"{len(self._players)} payoff(s), one for each player")
        scan.brace("}", "after the payoffs")
        return tuple(payoffs)
