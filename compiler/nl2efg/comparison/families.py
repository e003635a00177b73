"""Whether two families of games are the same: one renaming, and equal expressions under it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nl2efg.comparison.equivalence import Bijection, Comparison, compare
from nl2efg.families import Expression, GameFamily
from nl2efg.game import CHANCE, NO_OUTCOME

MAX_CONDITIONS = 20


@dataclass(frozen=True)
class FamilyComparison:
    """How two families agree.

    Args:
        at: the comparison where the letters of both have the values of the first.
        conditions: equations of letters under which the games agree by the renaming of ``at``;
            none if they do for all values.
        trouble: why the letters were not compared; else empty.
    """

    at: Comparison
    conditions: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def same(self) -> bool:
        """Whether they are the same for all values of the letters."""
        return self.at.same and not self.conditions and not self.trouble

    @property
    def words(self) -> str:
        """It in a sentence."""
        if self.trouble:
            return f"letters are not compared: {self.trouble}"
        if self.at.bijection is None:
            return "different whatever the letters stand for, or renamed in another way"
        if not self.conditions:
            return "the same for all values of the letters"
        shown = " and ".join(self.conditions[:MAX_CONDITIONS])
        more = len(self.conditions) - MAX_CONDITIONS
        return f"the same exactly if {shown}{f' and {more} more' if more > 0 else ''}"


def compare_families(a: GameFamily, b: GameFamily) -> FamilyComparison:
    """Compare two families up to names and orders.

    Args:
        a, b: families of the same letters; ``b`` is taken at the values of ``a``.

    Raises:
        UserError: ``b`` cannot have the values of ``a``.
    """
    if set(a.values) != set(b.values):
        only = ", ".join(sorted(set(a.values) ^ set(b.values)))
        return FamilyComparison(compare(a.tree, b.tree), trouble=f"one alone has {only}")
    other = b.with_values(a.values)
    at = compare(a.tree, other.tree)
    if at.bijection is None:
        shape = compare(a.tree, other.tree, payoffs="none")
        at = replace(at, bijection=shape.bijection)
    if at.bijection is None:
        return FamilyComparison(at)
    return FamilyComparison(at, tuple(_conditions(a, other, at.bijection)))


def _conditions(a: GameFamily, b: GameFamily, names: Bijection) -> list[str]:
    """The equations that payoffs and probabilities have to meet, each once."""
    found: dict[str, None] = {}

    def note(own: Expression, other: Expression) -> None:
        difference = own - other
        if difference.constant != 0:
            found[f"{own.text} == {other.text}"] = None

    for node, image in names.nodes.items():
        if node in a.tree.terminals:
            for player, other in names.players.items():
                note(_paid(a, node, player), _paid(b, image, other))
        if node and a.tree.player_of(a.tree.parents[node]) == CHANCE:
            note(_chance(a, node), _chance(b, image))
    return list(found)


def _chance(family: GameFamily, node: int) -> Expression:
    """The probability with which chance leads to a node from its parent."""
    tree = family.tree
    return family.probability(tree.set_of[tree.parents[node]], tree.action_of[node])


def _paid(family: GameFamily, node: int, player: int) -> Expression:
    """What a player gets on the whole way to a node."""
    total = Expression.number(0)
    for step in family.tree.path(node):
        outcome = family.tree.outcome_of[step]
        if outcome != NO_OUTCOME:
            total = total + family.payoff(outcome, player)
    return total
