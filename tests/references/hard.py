"""Texts that are hard on purpose: the games that a careful reader would build from them."""

from __future__ import annotations

from nl2efg.game import GameTree
from tests.references.writing import Reference, Subtree, chance, game, move, pay


def contradictory_payoffs() -> GameTree:
    """The text gives 3 and later 4 for the landlord's low rent; the first is taken here."""

    def tenant(rent: str, landlord: int, own: int) -> Subtree:
        return move("Tenant", rent, {"Sign": pay(landlord, own), "Move out": pay(0, 2)})

    rents = {"High": tenant("High", 5, 1), "Low": tenant("Low", 3, 3)}
    return game("A contract", ["Landlord", "Tenant"], move("Landlord", "start", rents))


def missing_payoff() -> GameTree:
    """What the government gets after rejecting is not said; 0 is taken here."""
    government = move("Government", "developed", {"Buy": pay(6, 4), "Reject": pay(-3, 0)})
    root = move("Firm", "start", {"Develop": government, "Not": pay(0, 0)})
    return game("A vaccine", ["Firm", "Government"], root)


def ordinal_payoffs() -> GameTree:
    """Only the order of the payoffs is told."""
    old = move("Old firm", "entered", {"War": pay(-1, -1), "Share": pay(1, 1)})
    root = move("Young firm", "start", {"Out": pay(0, 2), "In": old})
    return game("Entry", ["Young firm", "Old firm"], root)


def irrelevant_person() -> GameTree:
    """The notary is no player."""
    table = {
        ("Sell", "Sell"): (5, 2), ("Sell", "Keep"): (0, 3),
        ("Keep", "Sell"): (1, 2), ("Keep", "Keep"): (1, 3),
    }  # fmt: skip

    def hilde(greta: str) -> Subtree:
        return move("Hilde", "slip", {own: pay(*table[greta, own]) for own in ("Sell", "Keep")})

    root = move("Greta", "slip", {greta: hilde(greta) for greta in ("Sell", "Keep")})
    return game("The sisters' house", ["Greta", "Hilde"], root)


def chance_in_the_middle() -> GameTree:
    """Chance moves between the two players, and the second one sees all."""
    sacks = {("Wheat", "Dry"): 10, ("Wheat", "Wet"): 4}

    def miller(crop: str, summer: str) -> Subtree:
        harvest = sacks.get((crop, summer), 6)
        shame = 7 if summer == "Wet" else 0
        prices = {"High": pay(3 * harvest, harvest), "Low": pay(2 * harvest, 2 * harvest - shame)}
        return move("Miller", f"{crop}, {summer}", prices)

    def summer(crop: str) -> Subtree:
        return chance({"Wet": ("3/10", miller(crop, "Wet")), "Dry": ("7/10", miller(crop, "Dry"))})

    root = move("Farmer", "spring", {crop: summer(crop) for crop in ("Wheat", "Potatoes")})
    return game("Wheat or potatoes", ["Farmer", "Miller"], root)


def in_spanish() -> GameTree:
    """Entry deterrence, told in Spanish."""
    lucia = move("Lucía", "instalado", {"Bajar": pay(1, -2), "Mantener": pay(3, 3)})
    root = move("Mateo", "inicio", {"Quedarse": pay(6, 0), "Instalarse": lucia})
    return game("Dos puestos", ["Lucía", "Mateo"], root)


def in_chinese() -> GameTree:
    """A betting game with a private coin, told in Chinese."""

    def coin(side: str, sign: int) -> Subtree:
        answers = {"弃牌": pay(1, -1), "跟注": pay(2 * sign, -2 * sign)}
        return move("甲", side, {"认输": pay(-1, 1), "加注": move("乙", "加注", answers)})

    root = chance({"正面": ("1/2", coin("正面", 1)), "反面": ("1/2", coin("反面", -1))})
    return game("掷硬币", ["甲", "乙"], root)


def injected_instructions() -> GameTree:
    """The text orders the model about; the game is about lemonade."""
    prices = {
        f"Ask {price}": move(
            "Owen", str(price), {"Buy": pay(price, 4 - price), "Walk on": pay(0, 0)}
        )
        for price in (1, 3)
    }
    return game("Lemonade", ["Nora", "Owen"], move("Nora", "start", prices))


def long_story() -> GameTree:
    """A long tale around nine ends; the merchant sees the price and not the frost."""

    def letter(weather: str, full: Subtree, reduced: Subtree, declined: Subtree) -> Subtree:
        return move(
            "Clara",
            weather,
            {
                "Full price": move("Benedikt", "full", {"Accept": full, "Decline": declined}),
                "Reduced price": move(
                    "Benedikt", "reduced", {"Accept": reduced, "Decline": declined}
                ),
            },
        )

    month = chance(
        {
            "Frost": ("1/5", letter("frost", pay(6, -3), pay(4, -1), pay(0, 0))),
            "No frost": ("4/5", letter("no frost", pay(6, 4), pay(4, 6), pay(2, 0))),
        }
    )
    root = move("Clara", "September", {"Pick early": pay(3, 1), "Wait": month})
    return game("The vineyard", ["Clara", "Benedikt"], root)


REFERENCES: dict[str, Reference] = {
    function.__name__: function
    for function in (
        contradictory_payoffs, missing_payoff, ordinal_payoffs, irrelevant_person,
        chance_in_the_middle, in_spanish, in_chinese, injected_instructions, long_story,
    )
}  # fmt: skip
