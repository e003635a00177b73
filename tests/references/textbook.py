"""Games of the textbooks."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from nl2efg.game import GameTree
from tests.references.writing import Reference, Subtree, chance, game, move, pay


def trust_game() -> GameTree:
    """Kreps (1990), Corporate culture and economic theory; payoffs as in Gambit's tutorial."""
    seller = move("Seller", "paid", {"Honour": pay(1, 1), "Abuse": pay(-1, 2)})
    root = move("Buyer", "start", {"Trust": seller, "Not trust": pay(0, 0)})
    return game("Trust game", ["Buyer", "Seller"], root)


def one_card_poker() -> GameTree:
    """Myerson (1991), Game Theory: Analysis of Conflict, Figure 2.2."""

    def card(colour: str, sign: int) -> Subtree:
        mark = move("Mark", "raised", {"Meet": pay(2 * sign, -2 * sign), "Pass": pay(1, -1)})
        return move("Rita", colour, {"Raise": mark, "Fold": pay(sign, -sign)})

    deal = chance({"Red": ("1/2", card("red", 1)), "Black": ("1/2", card("black", -1))})
    return game("One-card poker", ["Rita", "Mark"], deal)


def kuhn_poker() -> GameTree:
    """Kuhn (1950), A simplified two-person poker."""

    def betting(ann: str, ben: str) -> Subtree:
        sign = 1 if "JQK".index(ann) > "JQK".index(ben) else -1
        shown, called = pay(sign, -sign), pay(2 * sign, -2 * sign)
        answer = move("Ann", f"{ann} bet against", {"Fold": pay(-1, 1), "Call": called})
        checked = move("Ben", f"{ben} after a check", {"Check": shown, "Bet": answer})
        bet = move("Ben", f"{ben} after a bet", {"Fold": pay(1, -1), "Call": called})
        return move("Ann", ann, {"Check": checked, "Bet": bet})

    deal = {a + b: (Fraction(1, 6), betting(a, b)) for a, b in permutations("JQK", 2)}
    return game("Kuhn poker", ["Ann", "Ben"], chance(deal))


def beer_quiche() -> GameTree:
    """Cho and Kreps (1987), Signaling games and stable equilibria, Figure I."""

    def stranger(kind: str, favourite: str) -> Subtree:
        def bully(breakfast: str) -> Subtree:
            liked = int(breakfast == favourite)
            fight = pay(liked, int(kind == "Wimp"))
            leave = pay(liked + 2, int(kind == "Surly"))
            return move("Bully", breakfast, {"Fight": fight, "Leave": leave})

        return move("Stranger", kind, {meal: bully(meal) for meal in ("Beer", "Quiche")})

    types = {
        "Surly": ("9/10", stranger("Surly", "Beer")),
        "Wimp": ("1/10", stranger("Wimp", "Quiche")),
    }
    return game("Beer and quiche", ["Stranger", "Bully"], chance(types))


def selten_horse() -> GameTree:
    """Selten (1975), Reexamination of the perfectness concept, Figure 1."""
    third_after_1 = move("Firm 3", "down", {"Left": pay(3, 2, 2), "Right": pay(0, 0, 0)})
    third_after_2 = move("Firm 3", "down", {"Left": pay(4, 4, 0), "Right": pay(0, 0, 1)})
    second = move("Firm 2", "across", {"Down": third_after_2, "Across": pay(1, 1, 1)})
    root = move("Firm 1", "start", {"Down": third_after_1, "Across": second})
    return game("Selten's horse", ["Firm 1", "Firm 2", "Firm 3"], root)


def absent_minded_driver() -> GameTree:
    """Piccione and Rubinstein (1997), On the interpretation of decision problems, Example 1."""
    second = move("Noah", "exit", {"Turn off": pay(4), "Keep going": pay(1)})
    root = move("Noah", "exit", {"Turn off": pay(0), "Keep going": second})
    return game("The absent-minded driver", ["Noah"], root)


def battle_of_the_sexes() -> GameTree:
    """Luce and Raiffa (1957), Games and Decisions, p. 91."""

    def dev(carla: str) -> Subtree:
        meetings = {"Concert": pay(2, 1), "Match": pay(1, 2)}
        return move(
            "Dev", "anywhere",
            {place: meetings[place] if place == carla else pay(0, 0) for place in meetings},
        )  # fmt: skip

    root = move("Carla", "anywhere", {"Concert": dev("Concert"), "Match": dev("Match")})
    return game("Battle of the sexes", ["Carla", "Dev"], root)


def centipede() -> GameTree:
    """McKelvey and Palfrey (1992), An experimental study of the centipede game, Figure 1."""
    large, small = Fraction(2, 5) * 16, Fraction(1, 10) * 16
    below: Subtree = pay(large, small)
    for stage in (3, 2, 1, 0):
        large, small = large / 2, small / 2
        mover = ("White", "Black")[stage % 2]
        stop = pay(large, small) if mover == "White" else pay(small, large)
        below = move(mover, f"move {stage + 1}", {"Stop": stop, "Pass": below})
    return game("Four-move centipede", ["White", "Black"], below)


REFERENCES: dict[str, Reference] = {
    function.__name__: function
    for function in (
        trust_game, one_card_poker, kuhn_poker, beer_quiche, selten_horse, absent_minded_driver,
        battle_of_the_sexes, centipede,
    )
}  # fmt: skip
