"""Families compared: up to names and algebra, and under which condition they agree."""

from __future__ import annotations

from nl2efg.comparison.families import compare_families
from nl2efg.families import GameFamily, family_of
from tests.references.families import REFERENCES
from tests.references.writing import chance, family, game, letter, move, pay


def made(
    first: str, second: str, share: str = "p", players: tuple[str, str] = ("A", "B")
) -> GameFamily:
    one = move(players[0], "one", {"l": pay(first, 0), "r": pay(0, second)})
    root = chance({"x": (share, one), "y": (f"1 - ({share})", pay(1, 2))})
    tree = game("T", list(players), root)
    found = family_of(family(tree, [letter("c", 1), letter("p", "1/2", 0, 1)]))
    assert found is not None
    return found


def test_the_same_up_to_algebra_and_names() -> None:
    found = compare_families(
        made("(c + 1)**2", "3"), made("c*c + 2*c + 1", "3", players=("C", "D"))
    )
    assert found.same
    assert found.words == "the same for all values of the letters"


def test_the_condition_under_which_they_agree() -> None:
    found = compare_families(made("2*c", "3"), made("c + 1", "3"))  # both 2 at c = 1
    assert found.at.same
    assert not found.same
    assert found.conditions == ("2*c == c + 1",)
    other = compare_families(made("2*c", "3"), made("c + 2", "3"))
    assert not other.at.same
    assert other.conditions == ("2*c == c + 2",)


def test_probabilities_are_compared() -> None:
    found = compare_families(made("c", "3"), made("c", "3", share="p**2 + 1/4"))
    assert "p == p**2 + 1/4" in found.conditions


def test_other_letters_and_other_trees() -> None:
    hawks, mill = (family_of(REFERENCES[n]()) for n in ("hawk_dove_letters", "trust_and_guilt"))
    assert hawks is not None
    assert mill is not None
    assert "one alone has" in compare_families(hawks, mill).words
    assert compare_families(hawks, hawks).same
