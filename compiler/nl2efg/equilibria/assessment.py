"""A profile with beliefs: what everybody may believe wherever he has to move.

Where a profile reaches an information set, Bayes' rule gives the belief; within a subgame that the
profile does not reach, it does so once play is there. Anywhere else every belief that supports what
is played is admitted: the assessment is then a weak perfect Bayesian equilibrium in every subgame
(Mas-Colell, Whinston and Green 1995, Microeconomic Theory, definition 9.C.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from nl2efg.equilibria.beliefs import Belief, SupportingBeliefs, best_gain, supporting_beliefs
from nl2efg.equilibria.flat_game import FlatGame
from nl2efg.game import CHANCE, BehaviourProfile, GameTree
from nl2efg.game.wording import last_moves
from nl2efg.schema.record import (
    AssessmentRecord,
    BeliefRecord,
    JointBeliefsRecord,
    JointCellRecord,
)
from nl2efg.text import counted

MAX_SIDES_IN_WORDS = 3
"""A polytope with more sides is told by its bounds."""

MAX_MEMBERS_IN_WORDS = 8
"""Of a larger set's belief only the greatest probabilities are told."""

MOVES = 12
"""Of a node's history so many last moves are told."""


@dataclass(frozen=True, slots=True)
class InfosetBeliefs:
    """What may be believed at one information set.

    Args:
        infoset: its index.
        reached: whether the profile reaches it.
        belief: one belief that supports what is played, over the set's nodes in preorder; None if
            there is none.
        supporting: all of them; None where Bayes' rule leaves no choice, or where the polytope
            has too many corners.
        decided: whether it is known that there is a supporting belief or none.
    """

    infoset: int
    reached: bool
    belief: Belief | None
    supporting: SupportingBeliefs | None = None
    decided: bool = True

    def record(self, tree: GameTree) -> BeliefRecord:
        """As plain data, numbers as exact text."""
        polytope = self.supporting
        low: Sequence[Fraction] = ()
        high: Sequence[Fraction] = ()
        if polytope is not None and polytope.exists:
            low, high = polytope.bounds
        elif self.belief is not None:
            low = high = self.belief
        corners = polytope.vertices if polytope else (self.belief,) if self.belief else ()
        return BeliefRecord(
            infoset=self.infoset,
            reached=self.reached,
            belief=None if self.belief is None else _texts(self.belief),
            lower=_texts(low),
            upper=_texts(high),
            vertices=tuple(map(_texts, corners)),
            inequalities=tuple(map(_texts, polytope.inequalities)) if polytope else (),
            words=belief_words(tree, self),
        )


@dataclass(frozen=True, slots=True)
class Tie:
    """An equation between probabilities at several information sets.

    The product of those on the left is ``factor`` times the product of those on the right.

    Args:
        left, right: information sets and places of nodes in them, repeated for powers.
        factor: a positive number.
    """

    left: tuple[tuple[int, int], ...]
    right: tuple[tuple[int, int], ...]
    factor: Fraction


@dataclass(frozen=True, slots=True)
class JointCell:
    """Beliefs at several information sets that are consistent together.

    Args:
        beliefs: for each set its index and the corners of the beliefs there.
        ties: equations that the beliefs have to satisfy besides, where all nodes that the corners
            use have some probability; without any all combinations are consistent.
    """

    beliefs: tuple[tuple[int, tuple[Belief, ...]], ...]
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class JointBeliefs:
    """The consistent beliefs that support a profile, at all sets together: a union of cells.

    Args:
        cells: none of them within another one.
        complete: whether there are no others.
        free: whether all combinations of what supports the profile at each set are consistent.
    """

    cells: tuple[JointCell, ...]
    complete: bool
    free: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """A profile's beliefs at every information set of a player.

    Args:
        beliefs: for each information set of a player, in order.
        consistent: whether the beliefs are proved to be the limit of those of completely mixed
            profiles (Kreps and Wilson 1982, Econometrica 50, p. 872).
        joint: all consistent beliefs that support the profile; None where play comes to every set
            that leaves a choice, and where they were not worked out.
    """

    beliefs: tuple[InfosetBeliefs, ...]
    consistent: bool = False
    joint: JointBeliefs | None = None

    @property
    def supported(self) -> bool:
        """Whether some belief supports what is played at every set."""
        return all(entry.belief is not None for entry in self.beliefs)

    @property
    def unsupported(self) -> tuple[int, ...]:
        """The information sets at which no belief supports what is played."""
        return tuple(entry.infoset for entry in self.beliefs if entry.belief is None)

    def record(self, tree: GameTree) -> AssessmentRecord:
        """As plain data."""
        return AssessmentRecord(
            supported=self.supported,
            consistent=self.consistent,
            beliefs=tuple(entry.record(tree) for entry in self.beliefs),
            joint=_joint_record(tree, self.joint) if self.joint else None,
        )


def assess(
    flat: FlatGame,
    profile: BehaviourProfile,
    slack: Fraction = Fraction(0),
    *,
    subgame_perfect: bool = False,
) -> Assessment:
    """The beliefs that support a profile, at every information set of a player.

    Args:
        flat: a game of perfect recall.
        profile: exact.
        subgame_perfect: whether the profile is known to be so; where Bayes' rule gives the belief
            within a subgame, what is played is then best, and is not looked at again.
        slack: so much of a player's payoff range may be gained at a set; for profiles that were
            rounded.
    """
    tree = flat.tree
    here = _reach_within_subgames(flat, profile)
    found = []
    for number, infoset in enumerate(tree.information_sets):
        if infoset.player == CHANCE:
            continue
        span = Fraction(flat.ranges[0][infoset.player], flat.scale[infoset.player])
        found.append(_beliefs_at(profile, number, here, slack * span, subgame_perfect))
    return Assessment(tuple(found))


def _beliefs_at(
    profile: BehaviourProfile,
    number: int,
    here: Sequence[Fraction],
    slack: Fraction,
    subgame_perfect: bool,
) -> InfosetBeliefs:
    members = profile.tree.members[number]
    reached = any(profile.reach[node] for node in members)
    weights = [here[node] for node in members]
    total = sum(weights, Fraction(0))
    if total or len(members) == 1:
        belief = tuple(w / total for w in weights) if total else (Fraction(1),)
        known = subgame_perfect and bool(total)
        right = known or best_gain(profile, number, belief) <= slack
        return InfosetBeliefs(number, reached, belief if right else None)
    polytope = supporting_beliefs(profile, number, slack)
    if polytope is None:
        return InfosetBeliefs(number, reached, None, decided=False)
    return InfosetBeliefs(number, reached, polytope.centre if polytope.exists else None, polytope)


def _reach_within_subgames(flat: FlatGame, profile: BehaviourProfile) -> list[Fraction]:
    """For each node the probability that play passes it once its smallest subgame is entered."""
    tree = flat.tree
    if len(flat.roots) == 1:
        return [Fraction(p) for p in profile.reach]
    found = [Fraction(1)] * len(tree)
    for node in range(1, len(tree)):
        if flat.root_of[node] != node or tree.is_terminal(node):
            parent = tree.parents[node]
            row = profile.probabilities[tree.set_of[parent]]
            found[node] = found[parent] * Fraction(row[tree.action_of[node]])
    return found


def belief_words(tree: GameTree, entry: InfosetBeliefs) -> str:
    """The supporting beliefs at an information set, in words."""
    members = tree.members[entry.infoset]
    if not entry.decided:
        return "the supporting beliefs were not worked out"
    if entry.belief is None:
        return "no belief supports what is played here"
    if len(members) == 1:
        return "there is one node to believe in"
    names = [f"({node_words(tree, node)})" for node in members]
    polytope = entry.supporting
    if polytope is None:
        pairs = sorted(zip(entry.belief, names, strict=True), key=lambda pair: -pair[0])
        told = [f"{name} {p}" for p, name in pairs if p][:MAX_MEMBERS_IN_WORDS]
        return f"by Bayes' rule {', '.join(told)}"
    if not polytope.inequalities:
        return "any belief supports it"
    if len(members) == 2 or len(polytope.inequalities) > MAX_SIDES_IN_WORDS:
        return f"supported if {_bounds_words(polytope, names)}"
    sides = [_side_words(side, names) for side in polytope.inequalities]
    return f"supported if {' and '.join(sides)}"


def node_words(tree: GameTree, node: int) -> str:
    """A node of an information set by the last moves before it."""
    return ", ".join(last_moves(tree, node, MOVES)) or "the start"


def _bounds_words(polytope: SupportingBeliefs, names: Sequence[str]) -> str:
    low, high = polytope.bounds
    if len(names) == 2:  # one of them tells both; best the one that has a bound above only
        i = 0 if not low[0] else 1 if not low[1] else 0
        low, high, names = (low[i],), (high[i],), (names[i],)
    told = []
    for least, most, name in zip(low, high, names, strict=True):
        if least == most:
            told.append(f"P{name} = {least}")
        elif not least and most != 1:
            told.append(f"P{name} ≤ {most}")
        elif least and most == 1:
            told.append(f"P{name} ≥ {least}")
        elif least:
            told.append(f"{least} ≤ P{name} ≤ {most}")
    more = "" if len(names) == 1 else ", among further conditions"
    return (" and ".join(told) or "several conditions hold") + (more if told else "")


def _side_words(side: Belief, names: Sequence[str]) -> str:
    """``2 P(a) + P(b) ≥ 3 P(c)``, in the least integers."""
    scale = lcm(*(c.denominator for c in side))
    whole = [int(c * scale) for c in side]
    factor = gcd(*whole) or 1
    whole = [c // factor for c in whole]
    left = [_term(c, name) for c, name in zip(whole, names, strict=True) if c > 0]
    right = [_term(-c, name) for c, name in zip(whole, names, strict=True) if c < 0]
    return f"{' + '.join(left) or '0'} ≥ {' + '.join(right) or '0'}"


def _term(coefficient: int, name: str) -> str:
    return f"P{name}" if coefficient == 1 else f"{coefficient} P{name}"


def _texts(row: Sequence[Fraction]) -> tuple[str, ...]:
    return tuple(map(str, row))


# All sets together -----------------------------------------------------------------------------

MAX_CELLS_IN_WORDS = 3
"""Of more cells the first are told."""


def joint_words(tree: GameTree, joint: JointBeliefs) -> str:
    """Which beliefs are consistent together, in words."""
    if joint.free:
        if len(joint.cells[0].beliefs) == 1:
            return "all of these beliefs are consistent"
        return "all combinations of these beliefs are consistent"
    cells = [_cell_words(tree, cell) for cell in joint.cells[:MAX_CELLS_IN_WORDS]]
    left = len(joint.cells) - len(cells)
    more = f"; or in {counted(left, 'more way')}" if left > 0 else ""
    open_end = "" if joint.complete else "; there may be others"
    return f"consistent beliefs: {'; or '.join(cells)}{more}{open_end}"


def _cell_words(tree: GameTree, cell: JointCell) -> str:
    told = []
    for number, corners in cell.beliefs:
        nodes = tree.members[number]
        names = [f"({node_words(tree, node)})" for node in nodes]
        low, high = (tuple(map(pick, zip(*corners, strict=True))) for pick in (min, max))
        parts = _one_belief(low, names) if low == high else _ranges(low, high, names)
        exact = len(names) == 2 or low == high or _is_face(corners, len(names))
        told.append(" and ".join(parts) + ("" if exact else ", among further conditions"))
    ties = " and ".join(_tie_words(tree, tie) for tie in cell.ties)
    return ", ".join(told) + (f", none of them 0, with {ties}" if ties else "")


def _tie_words(tree: GameTree, tie: Tie) -> str:
    def product(factors: Sequence[tuple[int, int]]) -> str:
        nodes = (tree.members[number][place] for number, place in factors)
        return " ".join(f"P({node_words(tree, node)})" for node in nodes)

    factor = "" if tie.factor == 1 else f"{tie.factor} "
    return f"{product(tie.left)} = {factor}{product(tie.right)}"


def _one_belief(belief: Belief, names: Sequence[str]) -> list[str]:
    return [f"P{name} = {p}" for p, name in zip(belief, names, strict=True) if p]


def _ranges(low: Belief, high: Belief, names: Sequence[str]) -> list[str]:
    """Bounds of each node's probability; of two nodes those of one."""
    pairs = list(zip(low, high, names, strict=True))
    if len(names) == 2:
        pairs = pairs[:1] if not low[0] or high[0] == 1 else pairs[1:]
    told = []
    for least, most, name in pairs:
        if not most:
            told.append(f"P{name} = 0")
        elif least and most < 1:
            told.append(f"{least} ≤ P{name} ≤ {most}")
        elif least:
            told.append(f"P{name} ≥ {least}")
        elif most < 1:
            told.append(f"P{name} ≤ {most}")
    return told or [f"any P{pairs[0][2]}"]


def _is_face(corners: Sequence[Belief], count: int) -> bool:
    """Whether corners are those of all beliefs on some nodes."""
    return all(max(corner) == 1 for corner in corners) and len(corners) <= count


def _joint_record(tree: GameTree, joint: JointBeliefs) -> JointBeliefsRecord:
    return JointBeliefsRecord(
        cells=tuple(
            JointCellRecord(
                infosets=tuple(number for number, _ in cell.beliefs),
                vertices=tuple(tuple(map(_texts, corners)) for _, corners in cell.beliefs),
                ties=tuple(_tie_words(tree, tie) for tie in cell.ties),
            )
            for cell in joint.cells
        ),
        complete=joint.complete,
        free=joint.free,
        words=joint_words(tree, joint),
    )
