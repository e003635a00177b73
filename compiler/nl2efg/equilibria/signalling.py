"""Signalling games: the intuitive criterion and D1 (Cho and Kreps 1987, QJE 102, p. 179).

Chance draws a type, the sender learns it and sends a message, the receiver sees the message alone
and answers. An equilibrium breaks if a message that nobody sends could only come from some types:
by the *intuitive criterion*, because the others get more in the equilibrium than the message could
ever bring them; by *D1*, because another type would gain from the message by every answer by
which they would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from nl2efg.equilibria.assessment import Assessment
from nl2efg.equilibria.beliefs import polytope_within
from nl2efg.equilibria.exact_lp import maximise
from nl2efg.equilibria.wording import place_words
from nl2efg.game import CHANCE, BehaviourProfile, GameTree
from nl2efg.schema.record import ConceptClaim

MAX_ANSWERS = 8
"""Most answers of the receiver to a message; all sets of them are looked at."""


@dataclass(frozen=True, slots=True)
class Signalling:
    """The parts of a signalling game.

    Args:
        sender, receiver: the players.
        types: for each type the sender's information set.
        messages: the receiver's information sets that a message leads to; in each, the members are
            the types that can send it.
    """

    sender: int
    receiver: int
    types: tuple[int, ...]
    messages: tuple[int, ...]


def signalling_game(tree: GameTree) -> Signalling | None:
    """The parts of a signalling game; None if the game is none."""
    root = tree.set_of[0]
    if tree.is_terminal(0) or tree.information_sets[root].player != CHANCE:
        return None
    probabilities = tree.information_sets[root].probabilities or ()
    types, receivers, messages = [], set(), set()
    for node in tree.children[0]:
        number = tree.set_of[node]
        if tree.is_terminal(node) or len(tree.members[number]) != 1:
            return None
        types.append(number)
        for child in tree.children[node]:
            if tree.is_terminal(child):
                continue
            answer = tree.set_of[child]
            if not all(tree.is_terminal(leaf) for leaf in tree.children[child]):
                return None
            messages.add(answer)
            receivers.add(tree.information_sets[answer].player)
    senders = {tree.information_sets[number].player for number in types}
    if len(senders) != 1 or len(receivers) != 1 or senders == receivers or not all(probabilities):
        return None
    sender, receiver = senders.pop(), receivers.pop()
    if CHANCE in (sender, receiver):
        return None
    return Signalling(sender, receiver, tuple(types), tuple(sorted(messages)))


def signalling_claims(profile: BehaviourProfile, assessment: Assessment) -> list[ConceptClaim]:
    """The intuitive criterion and D1 for an equilibrium of a signalling game; else nothing.

    Args:
        profile: exact, with beliefs that support it at every set.
        assessment: these beliefs.
    """
    game = signalling_game(profile.tree)
    if game is None or not assessment.supported:
        return []
    tests = [_Message(profile, game, number) for number in game.messages]
    unsent = [test for test in tests if not test.sent]
    if any(len(test.answers) > MAX_ANSWERS for test in unsent):
        return []
    return [_intuitive(unsent), _d1(unsent, assessment)]


class _Message:
    """A message and what it may bring the types that can send it.

    Attributes:
        sent: whether the profile sends it.
        answers: the receiver's actions.
        gains: for each type that can send the message, what each answer brings it above the
            equilibrium.
        payoffs: for each of these types, what each answer brings the receiver.
    """

    def __init__(self, profile: BehaviourProfile, game: Signalling, infoset: int) -> None:
        tree = self.tree = profile.tree
        self.infoset = infoset
        self.members = tree.members[infoset]
        self.answers = range(len(tree.information_sets[infoset].actions))
        self.sent = any(profile.reach[node] for node in self.members)
        self.gains: list[list[Fraction]] = []
        self.payoffs: list[list[Fraction]] = []
        for node in self.members:
            ends = [tree.path_payoffs[leaf] for leaf in tree.children[node]]
            kept = Fraction(profile.node_values[tree.parents[node]][game.sender])
            self.gains.append([row[game.sender] - kept for row in ends])
            self.payoffs.append([row[game.receiver] for row in ends])

    def type_words(self, place: int) -> str:
        """A type by chance's move."""
        return self.tree.told.history(self.members[place])[0]

    @property
    def words(self) -> str:
        """The message by the sender's move; by what is known of it if types call it otherwise."""
        labels = {self.tree.told.action_label(node) for node in self.members}
        return labels.pop() if len(labels) == 1 else place_words(self.tree, self.infoset)

    def best_together(self, answers: Sequence[int], types: Sequence[int]) -> bool:
        """Whether some belief over these types makes all these answers best."""
        first = answers[0]
        equal = [
            ([self.payoffs[t][a] - self.payoffs[t][first] for t in types], 0) for a in answers[1:]
        ]
        at_most = [
            ([self.payoffs[t][a] - self.payoffs[t][first] for t in types], 0)
            for a in self.answers
            if a not in answers
        ]
        whole = ([1] * len(types), 1)
        return maximise([0] * len(types), at_most=at_most, equal=[*equal, whole]) is not None

    def possible(self, types: Sequence[int]) -> list[int]:
        """The answers that are best for some belief over these types."""
        return [a for a in self.answers if self.best_together([a], types)]


def _intuitive(unsent: Sequence[_Message]) -> ConceptClaim:
    for message in unsent:
        types = range(len(message.members))
        possible = message.possible(types)
        left = [t for t in types if max(message.gains[t][a] for a in possible) >= 0]
        if not left or len(left) == len(types):
            continue
        answers = message.possible(left)
        for t in left:
            if min(message.gains[t][a] for a in answers) > 0:
                others = ", ".join(message.type_words(u) for u in types if u not in left)
                reason = (
                    f"only {others} could never gain by the message {message.words}; knowing that, "
                    f"{message.type_words(t)} gains by it for sure"
                )
                return ConceptClaim(concept="intuitive", holds=False, reason=reason)
    reason = "no type gains for sure by a message that the other types could not gain by"
    return ConceptClaim(concept="intuitive", holds=True, reason=reason)


def _d1(unsent: Sequence[_Message], assessment: Assessment) -> ConceptClaim:
    beliefs = {entry.infoset: entry for entry in assessment.beliefs}
    for message in unsent:
        types = range(len(message.members))
        pruned = {t: u for t in types for u in types if t != u and _more_eager(message, u, t)}
        left = [t for t in types if t not in pruned]
        polytope = beliefs[message.infoset].supporting
        if not pruned or not left or polytope is None:
            continue
        units = [tuple(Fraction(int(t == u)) for u in types) for t in left]
        if not polytope_within(polytope, units):
            t, u = next(iter(pruned.items()))
            reason = (
                f"the answer to the message {message.words} needs some belief in "
                f"{message.type_words(t)}, but {message.type_words(u)} gains by the message "
                "whenever that type does"
            )
            return ConceptClaim(concept="d1", holds=False, reason=reason)
    reason = "beliefs in the types that are most eager to send each message support the play"
    return ConceptClaim(concept="d1", holds=True, reason=reason)


def _more_eager(message: _Message, eager: int, other: int) -> bool:
    """Whether one type gains strictly by every best answer by which the other gains weakly.

    If the other gains by none at all, it is so too: the message could bring it nothing.
    """
    types = range(len(message.members))
    for size in range(1, len(message.answers) + 1):
        for answers in combinations(message.answers, size):
            if not message.best_together(answers, types):
                continue
            # A mixture of these by which the other gains weakly and the eager type does not.
            rows = [
                ([-message.gains[other][a] for a in answers], 0),
                ([message.gains[eager][a] for a in answers], 0),
            ]
            whole = ([1] * size, 1)
            if maximise([0] * size, at_most=rows, equal=[whole]) is not None:
                return False
    return True
