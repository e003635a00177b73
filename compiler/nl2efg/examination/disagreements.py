"""Where a reader's answers and the tree disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal

from nl2efg.examination.answers import Answers, Knowledge, Payoff
from nl2efg.examination.questions import Questions
from nl2efg.game import GameTree
from nl2efg.game.history import loose
from nl2efg.game.wording import told_history, told_list
from nl2efg.schema.diagnostics import Diagnostic, Severity
from nl2efg.schema.record import ExaminationAnswer

Kind = Literal["knowledge", "payoffs", "probabilities"]

_ROUNDING = Fraction(1, 1000)
"""A text says 0.333 where a tree has 1/3."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One point on which the text, as a reader reads it, is not the tree.

    Args:
        code: the diagnostic code, ``C801`` to ``C806``.
        nodes: the nodes of the tree that are meant; the first stands for the point.
        part: which line of the program is meant: ``move``, ``information_set`` or ``outcome``.
        reader: what the reader says, in words.
        tree: what the game has, in words.
        fix: what would mend the game if the reader is right, in the imperative.
    """

    code: str
    nodes: tuple[int, ...]
    part: str
    reader: str
    tree: str
    fix: str

    def diagnostic(self, game: GameTree, *, line: int | None, sentence: str | None) -> Diagnostic:
        """The disagreement as a finding that asks for a repair."""
        return Diagnostic(
            self.code,
            Severity.WARNING,
            f"an independent reader of the text says: {self.reader}; in the game {self.tree}; "
            "which is right?",
            game.history(self.nodes[0]),
            line,
            sentence,
            self.fix,
        )


def compare_answers(questions: Questions, answers: Answers) -> tuple[Disagreement, ...]:
    """Every disagreement, moves first, then knowledge, chance and payoffs."""
    return (
        *_moves(questions, answers),
        *_knowledge(questions, answers),
        *_draws(questions, answers),
        *_ends(questions, answers),
        *_orders(questions, answers),
    )


def _moves(questions: Questions, answers: Answers) -> Iterator[Disagreement]:
    """A choice that the text does not have, or another number of actions."""
    tree = questions.tree
    told: set[int] = set()
    for node, answer in answers.decisions.items():
        number = tree.set_of[node]
        infoset = tree.information_sets[number]
        name = tree.player_name(infoset.player)
        where = told_history(tree.told.history(node))
        if number in told:
            continue
        if answer is None:
            told.add(number)
            yield Disagreement(
                "C801",
                (node,),
                "move",
                f"{name} has nothing to choose at {where}",
                f"{name} chooses among {told_list(infoset.actions)}",
                f"leave out this move of {name}, or let the player move there whom the text names",
            )
        elif answer.actions is not None and answer.actions != len(infoset.actions):
            told.add(number)
            yield Disagreement(
                "C802",
                (node,),
                "move",
                f"{name} has {answer.actions} actions at {where}",
                f"there are {len(infoset.actions)}: {told_list(infoset.actions)}",
                f"give {name} the actions that the text gives",
            )


def _knowledge(questions: Questions, answers: Answers) -> Iterator[Disagreement]:
    """Nodes of one set that the reader tells apart, and of several sets that he does not."""
    tree = questions.tree
    by_player: dict[int, list[tuple[int, Knowledge]]] = {}
    for node, answer in answers.decisions.items():
        if answer is not None:
            player = tree.information_sets[tree.set_of[node]].player
            by_player.setdefault(player, []).append((node, answer))
    for player, known in by_player.items():
        name = tree.player_name(player)
        told: set[tuple[int, ...]] = set()
        for (node, here), (other, there) in combinations(known, 2):
            sets = tree.set_of[node], tree.set_of[other]
            alike = loose(here.seen) == loose(there.seen)
            point = tuple(sorted(set(sets)))
            if alike == (sets[0] == sets[1]) or point in told:
                continue
            if sets[0] != sets[1] and not _may_be_joined(tree, *sets):
                continue
            told.add(point)
            pair = " and ".join(told_history(tree.told.history(one)) for one in (node, other))
            if alike:
                yield Disagreement(
                    "C804",
                    (node, other),
                    "information_set",
                    f"{name} cannot tell {pair} apart (knows at both: {here.seen})",
                    "they lie in two information sets",
                    "put them into one information set",
                )
            else:
                yield Disagreement(
                    "C803",
                    (other, node),
                    "information_set",
                    f"{name} can tell {pair} apart (knows at the first: {here.seen}; "
                    f"at the second: {there.seen})",
                    "they lie in one information set",
                    "put them into two information sets",
                )


def _may_be_joined(tree: GameTree, one: int, two: int) -> bool:
    """Sets of different sizes of choice cannot be one, whatever a reader calls them."""
    sets = tree.information_sets
    return len(sets[one].actions) == len(sets[two].actions)


def _draws(questions: Questions, answers: Answers) -> Iterator[Disagreement]:
    tree = questions.tree
    told: set[int] = set()
    for node, answer in answers.draws.items():
        number = tree.set_of[node]
        infoset = tree.information_sets[number]
        assert infoset.probabilities is not None
        if number in told:
            continue
        here = told_list(_distribution(infoset.actions, infoset.probabilities))
        where = told_history(tree.told.history(node))
        if answer is None:
            told.add(number)
            yield Disagreement(
                "C801",
                (node,),
                "move",
                f"chance draws nothing at {where}",
                f"it draws {here}",
                "leave this draw out, or let the player move there whom the text names",
            )
        elif any(
            abs(p - q) > _ROUNDING for p, q in zip(answer, infoset.probabilities, strict=True)
        ):
            told.add(number)
            there = told_list(_distribution(infoset.actions, answer))
            yield Disagreement(
                "C805",
                (node,),
                "information_set",
                f"at {where} chance draws {there}",
                here,
                f"give chance the probabilities {there}",
            )


def _distribution(labels: Sequence[str], probabilities: Sequence[Fraction]) -> list[str]:
    return [f"{label} {p}" for label, p in zip(labels, probabilities, strict=True)]


def _ends(questions: Questions, answers: Answers) -> Iterator[Disagreement]:
    """Ends at which the game goes on by the text, or pays another number."""
    tree = questions.tree
    for node, answer in answers.ends.items():
        where = told_history(tree.told.history(node))
        paid = tree.path_payoffs[node]
        if answer is None:
            yield Disagreement(
                "C801",
                (node,),
                "outcome",
                f"the game does not end at {where}",
                f"it ends there and pays {_paid(tree, paid)}",
                "append the moves that are missing here, or leave this history out",
            )
            continue
        wanted = {
            player: each
            for player, each in enumerate(answer)
            if each is not None and each.value is not None
        }
        if not all(_pays(paid[player], each) for player, each in wanted.items()):
            there = ", ".join(f"{tree.players[n]} {each.value}" for n, each in wanted.items())
            yield Disagreement(
                "C806",
                (node,),
                "outcome",
                f"at {where} the game pays {there}",
                f"it pays {_paid(tree, paid)}",
                f"pay {there} here",
            )


def _pays(paid: Fraction, wanted: Payoff) -> bool:
    """Whether a payoff is the number that a reader gives, or what it was rounded from."""
    if wanted.value is None or paid == wanted.value:
        return True
    return wanted.rounded and abs(paid - wanted.value) <= _ROUNDING * max(Fraction(1), abs(paid))


def _paid(tree: GameTree, payoffs: Sequence[Fraction]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(tree.players, payoffs, strict=True))


def _orders(questions: Questions, answers: Answers) -> Iterator[Disagreement]:
    """Pairs of ends that a player ranks otherwise by the text; one finding for each end."""
    tree = questions.tree
    for player, name in enumerate(tree.players):
        ranked = [
            (node, answer[player])
            for node, answer in answers.ends.items()
            if answer is not None and answer[player] is not None
        ]
        told: set[int] = set()
        for (node, here), (other, there) in combinations(ranked, 2):
            order = _order(here, there)
            if order is None or other in told or node in told:
                continue
            mine, others = (tree.path_payoffs[each][player] for each in (node, other))
            if order != (mine > others) - (mine < others):
                told.add(other)
                words = {1: "prefers", 0: "is indifferent between", -1: "likes less"}[order]
                link = "and" if not order else "to" if order > 0 else "than"
                yield Disagreement(
                    "C806",
                    (other, node),
                    "outcome",
                    f"{name} {words} {told_history(tree.told.history(node))} {link} "
                    f"{told_history(tree.told.history(other))}",
                    f"they pay {name} {mine} and {others}",
                    "choose payoffs that keep the order of the text",
                )


def _order(here: Payoff | None, there: Payoff | None) -> int | None:
    """1, 0 or -1 as the first is better, alike or worse; None if ranks do not say."""
    if here is None or there is None or here.rank is None or there.rank is None:
        return None
    return (here.rank > there.rank) - (here.rank < there.rank)


def is_same_point(tree: GameTree, one: Disagreement, other: Disagreement) -> bool:
    """Whether two disagreements are about the same set or end, in the same way."""

    def places(found: Disagreement) -> set[tuple[bool, int]]:
        return {
            (tree.is_terminal(node), node if tree.is_terminal(node) else tree.set_of[node])
            for node in found.nodes
        }

    return one.code == other.code and not places(one).isdisjoint(places(other))


def answers_in_words(
    questions: Questions, answers: Answers, found: Sequence[Disagreement]
) -> tuple[ExaminationAnswer, ...]:
    """Every question that was answered, with both answers."""
    tree = questions.tree
    disputed = {node for one in found for node in one.nodes}
    told: list[ExaminationAnswer] = []

    def tell(kind: Kind, node: int, reader: str, game: str) -> None:
        story = questions.story(node)
        told.append(
            ExaminationAnswer(
                kind=kind,
                node=node,
                situation=story,
                reader=reader,
                game=game,
                agrees=node not in disputed,
            )
        )

    for node, known in answers.decisions.items():
        number = tree.set_of[node]
        infoset = tree.information_sets[number]
        game = f"information set {number + 1} of {tree.player_name(infoset.player)}"
        reader = "no choice there" if known is None else f"knows: {known.seen}"
        tell("knowledge", node, reader, f"{game}, {len(infoset.actions)} actions")
    for node, paid in answers.ends.items():
        reader = "no end there" if paid is None else ", ".join(map(_payoff_in_words, paid))
        tell("payoffs", node, reader, ", ".join(map(str, tree.path_payoffs[node])))
    for node, drawn in answers.draws.items():
        given = tree.information_sets[tree.set_of[node]].probabilities or ()
        reader = "no draw there" if drawn is None else ", ".join(map(str, drawn))
        tell("probabilities", node, reader, ", ".join(map(str, given)))
    return tuple(told)


def _payoff_in_words(paid: Payoff | None) -> str:
    if paid is None:
        return "?"
    value = "" if paid.value is None else str(paid.value)
    return f"{value} #{paid.rank}".strip() if paid.rank is not None else value
