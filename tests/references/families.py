"""Families: games of the literature with letters, each with a theorem in ``expected.json``."""

from __future__ import annotations

from itertools import permutations

from nl2efg.game import GameTree
from tests.references.writing import (
    Pay,
    Reference,
    Subtree,
    chance,
    family,
    game,
    letter,
    move,
    pay,
)


def entry_with_commitment() -> GameTree:
    """Dixit (1982), Recent developments in oligopoly theory: deterrence by an investment."""

    def market(name: str, monopoly: str, shared: str) -> Subtree:
        answer = move("Ferry", name, {"Fight": pay("P1", "P2"), "Share": pay(shared, "D2")})
        return move("Rival", name, {"Out": pay(monopoly, 0), "In": answer})

    root = move(
        "Ferry",
        "start",
        {"Wait": market("waited", "M1", "D1"), "Invest": market("invested", "M1 - c", "D1 - c")},
    )
    letters = [
        letter("M1", 10), letter("D1", 5), letter("P1", 2), letter("D2", 4), letter("P2", -2),
        letter("c", 4),
    ]  # fmt: skip
    tree = game("Entry and commitment", ["Ferry", "Rival"], root)
    return family(tree, letters, "M1 > D1 > P1", "D2 > 0 > P2", "c > 0")


def beer_quiche_prior() -> GameTree:
    """Cho and Kreps (1987), with the prior as a letter."""

    def stranger(kind: str, liked: str) -> Subtree:
        def breakfast(meal: str) -> Subtree:
            taste = int(meal == liked)
            duel = pay(taste, int(kind == "Weak"))
            return move("Bully", meal, {"Duel": duel, "Leave": pay(taste + 2, int(kind != "Weak"))})

        return move("Stranger", kind, {meal: breakfast(meal) for meal in ("Beer", "Quiche")})

    kinds = {
        "Surly": ("p", stranger("Surly", "Beer")),
        "Weak": ("1 - p", stranger("Weak", "Quiche")),
    }
    tree = game("Breakfast before a duel", ["Stranger", "Bully"], chance(kinds))
    return family(tree, [letter("p", "4/5", 0, 1)])


def diploma_costs() -> GameTree:
    """Spence (1973), Job market signaling: two types, a wage premium, two costs."""

    def applicant(cost: str, gain: int) -> Subtree:
        def firm(name: str, paid: str) -> Subtree:
            return move(
                "Firm",
                name,
                {"Manager": pay(f"w - {paid}", gain), "Clerk": pay(f"0 - {paid}", 0)},
            )

        return move(
            "Applicant", cost, {"Diploma": firm("diploma", cost), "None": firm("none", "0*w")}
        )

    kinds = {"Able": ("q", applicant("a", 1)), "Other": ("1 - q", applicant("b", -1))}
    tree = game("Diploma", ["Applicant", "Firm"], chance(kinds))
    letters = [letter("q", "1/3", 0, 1), letter("w", 3), letter("a", 1), letter("b", 5)]
    return family(tree, letters, "0 < q < 1", "b > a > 0", "w > 0")


def tough_offers(rounds: int = 3) -> GameTree:
    """After Rubinstein (1982) and Ståhl (1972): two splits, two discount factors, n rounds."""
    names = ("Ada", "Ben")

    def offer(number: int) -> Subtree:
        proposer = number % 2
        factors = [f"{letter}**{number}*" if number else "" for letter in ("d1", "d2")]

        def answer(kept: str, given: str, name: str) -> Subtree:
            shares = [kept, given] if proposer == 0 else [given, kept]
            accepted = pay(*(f"{f}({s})" for f, s in zip(factors, shares, strict=True)))
            last = number == rounds - 1
            refused = pay(0, 0) if last else offer(number + 1)
            place = f"{number} {name}"
            return move(names[1 - proposer], place, {"Accept": accepted, "Reject": refused})

        # Only rejected offers lead on, so a history has one name a round.
        answers = {
            "Tough": answer("s", "1 - s", f"tough {next(_counter)}"),
            "Soft": answer("1 - s", "s", f"soft {next(_counter)}"),
        }
        return move(names[proposer], f"{number} {next(_counter)}", answers)

    _counter = iter(range(10**6))
    tree = game("Tough and soft offers", list(names), offer(0))
    letters = [
        letter("d1", "4/5", 0, 1), letter("d2", "3/5", 0, 1), letter("s", "3/5", "1/2", 1),
        letter("n", rounds, 1, 8, size=True),
    ]  # fmt: skip
    return family(tree, letters, "0 < d1 < 1", "0 < d2 < 1", "1/2 < s < 1")


def trust_and_guilt() -> GameTree:
    """Berg, Dickhaut and McCabe (1995), with two actions each and guilt g."""
    answer = move("Mia", "answer", {"Halve": pay("r/2", "r/2"), "Keep": pay(0, "r - g")})
    root = move("Otto", "start", {"Lend": answer, "Hold": pay(1, 0)})
    tree = game("Trust and guilt", ["Otto", "Mia"], root)
    return family(tree, [letter("r", 3), letter("g", 2)], "r > 0", "g >= 0")


def dilemma_rounds(rounds: int = 2) -> GameTree:
    """The prisoner's dilemma, n times: Luce and Raiffa (1957), section 5.5."""
    stage = {("C", "C"): "RR", ("C", "D"): "ST", ("D", "C"): "TS", ("D", "D"): "PP"}

    def play(number: int, past: tuple[str, ...]) -> Subtree:
        if number == rounds:
            sums = [" + ".join(sorted(event[place] for event in past)) for place in (0, 1)]
            return pay(*sums)
        name = " ".join(past)
        rows = {
            own: move(
                "Two",
                name,
                {other: play(number + 1, (*past, stage[own, other])) for other in ("C", "D")},
            )
            for own in ("C", "D")
        }
        return move("One", name, rows)

    tree = game("Dilemma in rounds", ["One", "Two"], play(0, ()))
    letters = [
        letter("T", 5), letter("R", 3), letter("P", 1), letter("S", 0),
        letter("n", rounds, 1, 4, size=True),
    ]  # fmt: skip
    return family(tree, letters, "T > R > P > S")


def inspection_letters() -> GameTree:
    """Dresher (1962) and Avenhaus, von Stengel and Zamir (2002): one inspection, in letters."""

    def inspector(gain: str, damage: str) -> Subtree:
        caught = pay("b - f", "f - k - h") if gain else pay(0, "0 - k")
        missed = pay("b", "0 - h") if gain else pay(0, 0)
        return move("Office", "only", {"Inspect": caught, "Trust": missed})

    root = move("Mill", "only", {"Dump": inspector("b", "h"), "Comply": inspector("", "")})
    letters = [letter("b", 2), letter("f", 5), letter("k", 1), letter("h", 4)]
    tree = game("Inspection", ["Mill", "Office"], root)
    return family(tree, letters, "f > b > 0", "f > k > 0", "h > 0")


def public_good_bonus() -> GameTree:
    """A public good in sequence: three give or not, seeing what was given before."""
    names = ("Ann", "Bob", "Cem")

    def turn(number: int, given: tuple[int, ...]) -> Subtree:
        if number == 3:
            bonus = " + B" if sum(given) == 3 else ""
            return pay(*(f"{sum(given)}*r/3 - {own}{bonus}" for own in given))
        name = "".join(map(str, given))
        return move(
            names[number],
            f"saw {name}",
            {"Give": turn(number + 1, (*given, 1)), "Keep": turn(number + 1, (*given, 0))},
        )

    tree = game("Public good with a bonus", list(names), turn(0, ()))
    return family(tree, [letter("r", "3/2"), letter("B", 1)], "0 < r < 3", "B >= 0")


def assistant_price() -> GameTree:
    """After GTAlign (2025): a user and an assistant whose turns have a price."""
    vague = move(
        "Assistant",
        "vague",
        {"Guess": pay("v/2", "v/2 - t"), "Ask back": pay("v - d", "v - 2*t")},
    )
    root = move("User", "start", {"Precise": pay("v - e", "v - t"), "Vague": vague})
    letters = [letter("v", 6), letter("t", 1), letter("d", 1), letter("e", 2)]
    tree = game("Price of a turn", ["User", "Assistant"], root)
    return family(tree, letters, "v > 0", "t > 0", "d > 0", "e > 0")


def kuhn_bet() -> GameTree:
    """Kuhn (1950), A simplified two-person poker, with a bet of b over an ante of 1."""

    def show(first: int, second: int, stake: str) -> Pay:
        sign = "" if first > second else "-"
        return pay(f"{sign}({stake})", f"{'-' if not sign else ''}({stake})")

    def deal(first: int, second: int) -> Subtree:
        cards = "JQK"
        called = {"Call": show(first, second, "1 + b"), "Fold": pay(1, -1)}
        after_bet = move("Second", f"{cards[second]} bet", called)
        answered = {"Call": show(first, second, "1 + b"), "Fold": pay(-1, 1)}
        raised = move("First", f"{cards[first]} raised", answered)
        checked = {"Check": show(first, second, "1 + 0*b"), "Bet": raised}
        after_check = move("Second", f"{cards[second]} check", checked)
        return move("First", cards[first], {"Check": after_check, "Bet": after_bet})

    deals = {f"{'JQK'[a]}{'JQK'[b]}": ("1/6", deal(a, b)) for a, b in permutations(range(3), 2)}
    tree = game("Poker with a bet of b", ["First", "Second"], chance(deals))
    return family(tree, [letter("b", 1)], "b > 0")


def hawk_dove_letters() -> GameTree:
    """Maynard Smith and Price (1973): a resource of V, an injury of C."""

    def other(first: str) -> Subtree:
        rows = {
            ("Hawk", "Hawk"): ("(V - C)/2", "(V - C)/2"),
            ("Hawk", "Dove"): ("V", "0*V"),
            ("Dove", "Hawk"): ("0*V", "V"),
            ("Dove", "Dove"): ("V/2", "V/2"),
        }
        return move("Second", "only", {own: pay(*rows[first, own]) for own in ("Hawk", "Dove")})

    root = move("First", "only", {own: other(own) for own in ("Hawk", "Dove")})
    tree = game("Hawks and doves", ["First", "Second"], root)
    return family(tree, [letter("V", 2), letter("C", 5)], "V > 0", "C > 0")


REFERENCES: dict[str, Reference] = {
    "assistant_price": assistant_price,
    "beer_quiche_prior": beer_quiche_prior,
    "dilemma_rounds": dilemma_rounds,
    "diploma_costs": diploma_costs,
    "entry_with_commitment": entry_with_commitment,
    "hawk_dove_letters": hawk_dove_letters,
    "inspection_letters": inspection_letters,
    "kuhn_bet": kuhn_bet,
    "public_good_bonus": public_good_bonus,
    "tough_offers": tough_offers,
    "trust_and_guilt": trust_and_guilt,
}
