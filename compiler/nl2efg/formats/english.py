"""A telling of any tree in English, so that a person can check a game without reading code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

from nl2efg.families.written import WrittenNumber, lettered
from nl2efg.game.analysis import facts
from nl2efg.game.model import CHANCE, NO_OUTCOME, NO_SET, GameTree
from nl2efg.game.outline import Step, needed, outline
from nl2efg.game.wording import last_moves

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MAX_HISTORY_LENGTH = 12
_MAX_INLINE = 4
_MAX_LISTED = 100


def describe(tree: GameTree) -> str:
    """Tell a game in English: players, moves in order, who knows what, chance and payoffs.

    The telling is deterministic, and leaves out nothing but the names of nodes, information sets
    and outcomes. Payoffs are the sums along the path. Branches of the same form are told once,
    so a symmetric game is short however large its tree. Of histories longer than 12 actions only
    the last 12 are written; of an information set that lies in several steps, 100 nodes or steps,
    each time that it is met. Time and length are near-linear in the tree.

    Returns:
        Paragraphs and a numbered list as plain text, ending in a newline.
    """
    return "\n".join(_Telling(lettered(tree).told).lines()) + "\n"


class _Telling:
    def __init__(self, tree: GameTree) -> None:
        self.tree = tree
        self.steps = outline(tree)
        self.shown: dict[int, int] = {}  # the printed number of each step that is no end
        self.step_of = [0] * len(tree)
        for step in self.steps:
            for node in step.nodes:
                self.step_of[node] = step.number
            if not self._is_end(step):
                self.shown[step.number] = len(self.shown) + 1
        self.told: dict[int, int] = {}  # at which step a set across several was first told
        self.whole_steps = cache(self._steps_of)
        self.histories = cache(self._histories)
        self.met_at = [sorted({self.step_of[node] for node in own}) for own in tree.members]
        self.rounds: dict[int, int] = {}  # how many steps each player has, chance included
        for number in self.shown:
            mover = self._mover(self.steps[number])
            self.rounds[mover] = self.rounds.get(mover, 0) + 1

    def lines(self) -> Iterator[str]:
        if self.tree.title.strip():
            yield self.tree.title.strip()
            yield ""
        yield from self._opening()
        yield ""
        for number, shown in self.shown.items():
            lines = list(self._step(self.steps[number]))
            yield f"{shown}. {lines[0]}"
            yield from (f"   {line}" for line in lines[1:])
        if self._is_end(self.steps[0]):
            yield f"Nobody moves: {self._paid(0)}."

    # What a step is

    def _is_end(self, step: Step) -> bool:
        return self.tree.set_of[step.nodes[0]] == NO_SET

    def _mover(self, step: Step) -> int:
        return self.tree.information_sets[self.tree.set_of[step.nodes[0]]].player

    def _name(self, player: int) -> str:
        return "chance" if player == CHANCE else _label(self.tree.players[player])

    def _did(self, player: int) -> str:
        return "chance drew" if player == CHANCE else f"{self._name(player)} chose"

    # The opening

    def _opening(self) -> Iterator[str]:
        found = facts(self.tree)
        names = [self._name(player) for player in range(len(found.players))]
        count = _count(len(names))
        kind = "game"
        sums = {sum(payoffs) for payoffs in self.tree.end_payoffs}
        if found.constant_sum and len(names) > 1:
            (total,) = sums
            kind = "zero-sum game" if total == 0 else f"game with payoffs that sum to {_pay(total)}"
        plural = _plural(len(names), "player", "players")
        sentences = [f"A {kind} of {count} {plural}{': ' if names else ''}{_and(names)}."]
        if found.chance_sets:
            sentences.append("Chance moves too.")
        movers = {infoset.player for infoset in self.tree.information_sets}
        idle = [name for player, name in enumerate(names) if player not in movers]
        if idle and len(idle) < len(names):
            sentences.append(f"{_and(idle)} never {_plural(len(idle), 'moves', 'move')}.")
        if found.perfect_information:
            sentences.append("Whoever moves knows all that has happened before.")
        else:
            sentences.append(
                "Whoever moves knows all that has happened before, unless it is said otherwise."
            )
        if not found.perfect_recall:
            sentences.append("The game has imperfect recall.")
        yield " ".join(sentences)

    # One step

    def _step(self, step: Step) -> Iterator[str]:
        mover = self._mover(step)
        when = self._when(step)
        if mover == CHANCE:
            sentences, rows = self._draw(step, when)
        else:
            labels = self.tree.information_sets[self.tree.set_of[step.nodes[0]]].actions
            only = "has only one action, " if len(labels) == 1 else "chooses "
            choice = only + _or(labels)
            sentences = [f"{_upper(when)}{self._name(mover)} {choice}."]
            knowledge, rows = self._knowledge(step)
            sentences += knowledge
        yield " ".join(sentences)
        yield from rows
        for number in step.children:
            if self._is_end(self.steps[number]):
                yield from self._end(self.steps[number])

    def _when(self, step: Step) -> str:
        """``Then``, or the condition under which a step is reached."""
        if step.parent is None:
            return ""
        parent = self.steps[step.parent]
        near = self.shown[parent.number] == self.shown[step.number] - 1
        at = "" if near else f" at {self.shown[parent.number]}"
        actions = self._through(step)
        if actions is None:
            return "then " if near else f"after {self.shown[parent.number]}, "
        mover = self._mover(parent)
        verb = "draws" if mover == CHANCE else "chooses"
        return f"if {self._name(mover)} {verb} {_or(actions)}{at}, "

    def _through(self, step: Step) -> list[str] | None:
        """The actions at the parent that lead to a step; None if all of them do."""
        assert step.parent is not None
        infoset = self.tree.information_sets[self.tree.set_of[self.steps[step.parent].nodes[0]]]
        if len(step.through) == len(infoset.actions):
            return None
        return [infoset.actions[place] for place in step.through]

    # Chance

    def _draw(self, step: Step, when: str) -> tuple[list[str], list[str]]:
        draws = []
        for node in step.nodes:
            infoset = self.tree.information_sets[self.tree.set_of[node]]
            draws.append(_distribution(infoset.actions, infoset.probabilities or ()))
        start = _upper(f"{when}chance draws")
        if len(set(draws)) == 1:
            return [f"{start} {draws[0]}."], []
        events, *rows = self._table(step, draws)
        return [f"{start}, depending on {events}:"], rows

    # Knowledge

    def _knowledge(self, step: Step) -> tuple[list[str], list[str]]:
        """What the mover does not know at a step."""
        tree = self.tree
        numbers = [tree.set_of[node] for node in step.nodes]
        sets = dict.fromkeys(numbers)
        name = self._name(self._mover(step))
        spans = any(self._spans(number) for number in sets)
        if not spans and len(sets) == len(step.nodes):
            return [], []
        if spans:
            return self._across(step, list(sets), name)
        known = self._known(step, numbers)
        if known is not None:
            unknown = [place for place in range(len(step.coordinates)) if place not in known]
            text = f"{name} does not know {self._facts(step, unknown)}"
            if known:
                text += f", but knows {self._facts(step, known)}"
            return [f"{text}."], []
        # What the information set depends on; of the rest the mover knows nothing.
        places = needed(step.rows, numbers, len(step.coordinates))
        joined: dict[int, dict[str, None]] = {}
        for number, row in zip(numbers, step.rows, strict=True):
            joined.setdefault(number, {})[_row([row[place] for place in places])] = None
        groups = [list(rows) for rows in joined.values() if len(rows) > 1]
        unknown = [place for place in range(len(step.coordinates)) if place not in places]
        also = f" {name} does not know {self._facts(step, unknown)}." if unknown else ""
        what = self._events(step, places)
        if len(groups) <= _MAX_INLINE:
            pairs = [f"{rows[0]} from {_and(rows[1:], 'or')}" for rows in groups]
            return [f"{name} cannot tell {_and(pairs, 'nor')} ({what}).{also}"], []
        return [f"As to {what}, {name} cannot tell apart the members of each line.{also}"], [
            f"- {', '.join(rows)}" for rows in groups
        ]

    def _spans(self, number: int) -> bool:
        """Whether an information set has nodes in several steps."""
        return len(self.met_at[number]) > 1

    def _across(self, step: Step, sets: list[int], name: str) -> tuple[list[str], list[str]]:
        """Information sets that join nodes of this step with nodes of other steps."""
        steps = self.whole_steps(sets[0]) if len(sets) == 1 else ""
        if steps:
            unknown = range(len(step.coordinates))
            also = f", nor {self._facts(step, unknown)}" if unknown else ""
            return [f"{name} does not know whether this is {steps}{also}."], []
        rows = []
        for number in sets:
            told_at = self.told.setdefault(number, self.shown[step.number])
            if len(self.tree.members[number]) <= 1:
                continue
            again = told_at != self.shown[step.number]
            if again and len(self.tree.members[number]) > _MAX_LISTED:
                rows.append(f"- those of an information set told at {told_at}")
            else:
                rows.append(self.histories(number))
        return [f"{name} cannot tell apart the histories in each of these:"], rows

    def _steps_of(self, number: int) -> str:
        """The steps that an information set is made of; empty if it has other nodes too."""
        there = self.met_at[number]
        if sum(len(self.steps[one].nodes) for one in there) != len(self.tree.members[number]):
            return ""
        named = [f"step {self.shown[one]}" for one in there[:_MAX_LISTED]]
        return _and([*named, *_others(len(there))], "or")

    def _histories(self, number: int) -> str:
        nodes = self.tree.members[number]
        named = [self._history(node) for node in nodes[:_MAX_LISTED]]
        return f"- {', '.join([*named, *_others(len(nodes))])}"

    def _known(self, step: Step, numbers: Sequence[int]) -> list[int] | None:
        """The coordinates that the mover knows, if the partition is knowing exactly these."""
        first: dict[int, tuple[str, ...]] = {}
        known = set(range(len(step.coordinates)))
        for number, row in zip(numbers, step.rows, strict=True):
            one = first.setdefault(number, row)
            known = {place for place in known if row[place] == one[place]}
        ordered = sorted(known)
        seen: dict[tuple[str, ...], int] = {}
        for number, row in zip(numbers, step.rows, strict=True):
            if seen.setdefault(tuple(row[place] for place in ordered), number) != number:
                return None
        return ordered

    def _facts(self, step: Step, places: Sequence[int]) -> str:
        """Earlier events as knowledge: ``whether chance drew L or R``, ``what Ann chose at 2``."""
        pairs, others = [], []
        for place in places:
            labels = list(dict.fromkeys(row[place] for row in step.rows))
            if len(labels) == 2:
                number = step.coordinates[place]
                did = self._did(self._mover(self.steps[number]))
                pairs.append(f"whether {did} {_or(labels)}{self._at(number)}")
            else:
                others.append(place)
        return _and([*pairs, *([self._events(step, others)] if others else [])])

    def _events(self, step: Step, places: Sequence[int]) -> str:
        """Earlier events in words: ``what chance drew at 1 and at 2 and what Ann chose``."""
        by_mover: dict[str, list[str]] = {}
        for place in places:
            number = step.coordinates[place]
            did = self._did(self._mover(self.steps[number]))
            by_mover.setdefault(did, []).append(self._at(number).strip())
        return _and([f"what {did} {_and(at)}".strip() for did, at in by_mover.items()])

    def _at(self, number: int) -> str:
        """Which of a player's several steps is meant."""
        mover = self._mover(self.steps[number])
        return f" at {self.shown[number]}" if self.rounds[mover] > 1 else ""

    def _history(self, node: int) -> str:
        if not node:
            return "the start"
        return f"({', '.join(map(_label, last_moves(self.tree, node, _MAX_HISTORY_LENGTH)))})"

    # Ends

    def _end(self, end: Step) -> Iterator[str]:
        """Lines for the ends after a step: one for each action, or a table."""
        actions = self._through(end)
        paid = [self._paid(node) for node in end.nodes]
        by_action: dict[str, set[str]] = {}
        if end.parent in end.coordinates:
            for row, words in zip(end.rows, paid, strict=True):
                by_action.setdefault(row[-1], set()).add(words)
        if len(set(paid)) > 1 and any(len(words) == 1 for words in by_action.values()):
            places: dict[str, list[int]] = {}
            for place, row in enumerate(end.rows):
                places.setdefault(row[-1], []).append(place)
            for action, chosen in places.items():
                rows = [end.rows[n][:-1] for n in chosen]
                part = replace(end, coordinates=end.coordinates[:-1], rows=rows)
                after = f"After {_label(action)}"
                yield from self._ending(after, part, [paid[n] for n in chosen])
        else:
            after = "Then" if actions is None else f"After {_or(actions)}"
            yield from self._ending(after, end, paid)

    def _ending(self, after: str, end: Step, paid: list[str]) -> Iterator[str]:
        if len(set(paid)) == 1:
            yield f"{after} the game ends: {paid[0]}."
            return
        events, *rows = self._table(end, paid)
        yield f"{after} the game ends, with payoffs depending on {events}:"
        yield from rows

    def _paid(self, node: int) -> str:
        tree = self.tree
        payoffs = tree.path_payoffs[node]
        if tree.outcome_of[node] == NO_OUTCOME and not any(payoffs):
            return "no payoffs are given"
        return ", ".join(
            f"{self._name(player)} {_pay(payoff)}" for player, payoff in enumerate(payoffs)
        )

    def _table(self, step: Step, values: Sequence[str]) -> list[str]:
        """What values depend on, and a line for each value with all that lead to it."""
        places = needed(step.rows, values, len(step.coordinates))
        by_value: dict[str, dict[str, None]] = {}
        for row, value in zip(step.rows, values, strict=True):
            chosen = _row([row[place] for place in places])
            by_value.setdefault(value, {})[chosen] = None
        return [
            self._events(step, places),
            *(f"- {', '.join(rows)}: {value}" for value, rows in by_value.items()),
        ]


def _distribution(actions: Sequence[str], probabilities: Sequence[Fraction]) -> str:
    if len(actions) > 1 and len(set(probabilities)) == 1:
        return f"{_or(actions)}, with probability {probabilities[0]} each"
    return _and(
        [f"{_label(a)} with probability {p}" for a, p in zip(actions, probabilities, strict=True)],
        "or",
    )


def _row(labels: Sequence[str]) -> str:
    words = [_label(label) for label in labels]
    return words[0] if len(words) == 1 else f"({', '.join(words)})"


def _label(label: str) -> str:
    """A label as it is; in quotes where it would run into the sentence."""
    clear = label.strip() == label and label and not set(label) & set(",;:()“”\n\t")
    if clear and " or " not in label and " and " not in label:
        return label
    return f"“{label.replace('”', '””')}”"


def _pay(payoff: Fraction) -> str:
    """A payoff, exact: a decimal where it is short, else a fraction."""
    if isinstance(payoff, WrittenNumber):
        return str(payoff)
    scaled = payoff * 10**4
    if scaled.denominator == 1 and payoff.denominator > 1:
        text = f"{float(payoff):.4f}".rstrip("0") if abs(payoff) < 10**9 else str(payoff)
    else:
        text = str(payoff)
    return text


def _others(count: int) -> list[str]:
    """How many are left out of a list of that length, as its last word."""
    return [f"{count - _MAX_LISTED:,} others"] if count > _MAX_LISTED else []


def _and(words: Sequence[str], last: str = "and") -> str:
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _or(labels: Sequence[str]) -> str:
    return _and([_label(label) for label in labels], "or")


def _count(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
