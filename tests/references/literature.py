"""Games that the literature on language models and games plays."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from nl2efg.game import GameTree
from tests.references.writing import Number, Reference, Subtree, chance, game, move, pay

Table = dict[tuple[str, str], tuple[Number, Number]]


def stages(
    players: tuple[str, str],
    name: str,
    table: Table,
    after: Callable[[str, str], Subtree],
) -> Subtree:
    """A simultaneous stage game in the information sets ``name``, and what follows each result."""
    rows = list(dict.fromkeys(row for row, _ in table))
    columns = list(dict.fromkeys(column for _, column in table))
    return move(
        players[0],
        name,
        {
            row: move(players[1], name, {column: after(row, column) for column in columns})
            for row in rows
        },
    )


def _twice(title: str, players: tuple[str, str], table: Table) -> GameTree:
    def first_result(row: str, column: str) -> Subtree:
        def second_result(again: str, other: str) -> Subtree:
            return pay(
                *(
                    Fraction(a) + Fraction(b)
                    for a, b in zip(table[row, column], table[again, other], strict=True)
                )
            )

        return stages(players, f"after {row}, {column}", table, second_result)

    return game(title, list(players), stages(players, "start", table, first_result))


def repeated_prisoners_dilemma() -> GameTree:
    """Akata et al. (2025), Playing repeated games with large language models; two rounds."""
    return _twice(
        "Prisoner's dilemma, twice",
        ("North", "South"),
        {
            ("Cooperate", "Cooperate"): (8, 8), ("Cooperate", "Defect"): (0, 10),
            ("Defect", "Cooperate"): (10, 0), ("Defect", "Defect"): (5, 5),
        },
    )  # fmt: skip


def repeated_battle_of_the_sexes() -> GameTree:
    """Akata et al. (2025), Playing repeated games with large language models; two rounds."""
    return _twice(
        "Battle of the sexes, twice",
        ("Pia", "Quentin"),
        {
            ("Museum", "Museum"): (10, 7), ("Museum", "Lake"): (0, 0),
            ("Lake", "Museum"): (0, 0), ("Lake", "Lake"): (7, 10),
        },
    )  # fmt: skip


def dictator() -> GameTree:
    """After Fan et al. (2024), Can large language models serve as rational players?"""
    splits = {"500-500": pay(500, 500), "700-300": pay(700, 300), "1000-0": pay(1000, 0)}
    return game("Dictator", ["Giver", "Receiver"], move("Giver", "start", splits))


def ring_network() -> GameTree:
    """After Kneeland (2015), Identifying higher-order rationality: a ring of three."""
    second_table = {("a", "b"): 6, ("b", "a"): 9}
    third_table = {("a", "a"): 12, ("b", "a"): 5, ("a", "b"): 7, ("b", "b"): 4}

    def result(one: str, two: str, three: str) -> Subtree:
        first = 2 if one != two else {"a": 8, "b": 6}[one]
        return pay(first, second_table.get((two, three), 3), third_table[three, one])

    def third(one: str, two: str) -> Subtree:
        return move("P3", "slip", {three: result(one, two, three) for three in "ab"})

    def second(one: str) -> Subtree:
        return move("P2", "slip", {two: third(one, two) for two in "ab"})

    root = move("P1", "slip", {one: second(one) for one in "ab"})
    return game("A ring of three", ["P1", "P2", "P3"], root)


def bargaining_two_discounts() -> GameTree:
    """After Shapira et al. (2024), GLEE: bargaining with two discount factors."""

    def round_two(name: str) -> Subtree:
        def answer(label: str, alice: int, bob: int) -> Subtree:
            agreed = pay(Fraction(alice * 9, 10), Fraction(bob * 8, 10))
            return move("Alice", f"{name} {label}", {"Agree": agreed, "Disagree": pay(0, 0)})

        offers = {"Even": answer("Even", 50, 50), "70 for Bob": answer("70", 30, 70)}
        return move("Bob", f"offer after {name}", offers)

    offers = {
        label: move("Bob", label, {"Agree": pay(alice, 100 - alice), "Disagree": round_two(label)})
        for label, alice in (("Even", 50), ("70 for Alice", 70))
    }
    return game("Bargaining with two discounts", ["Alice", "Bob"], move("Alice", "start", offers))


def negotiation_outside_buyer() -> GameTree:
    """After Shapira et al. (2024), GLEE: negotiation with an outside option."""
    sale = pay(20, 20)
    prices = {
        f"Ask {price}": move(
            "Beth",
            str(price),
            {
                "Buy": pay(price - 80, 120 - price),
                "Elsewhere": pay(0, 15),
                "Offer 100": move("Sam", f"offer {price}", {"Take": sale, "Leave": pay(0, 0)}),
            },
        )
        for price in (90, 110)
    }
    return game("A painting for sale", ["Sam", "Beth"], move("Sam", "start", prices))


def persuasion() -> GameTree:
    """After Shapira et al. (2024), GLEE: persuasion, one round."""

    def gallery(kind: str, worth: int) -> Subtree:
        def visitor(message: str) -> Subtree:
            return move("Visitor", message, {"Buy": pay(2, worth - 2), "Not": pay(0, 0)})

        return move("Gallery", kind, {said: visitor(said) for said in ("Recommend", "Nothing")})

    kinds = {"Genuine": ("1/3", gallery("Genuine", 5)), "Copy": ("2/3", gallery("Copy", 0))}
    return game("Persuasion", ["Gallery", "Visitor"], chance(kinds))


def sequential_public_good() -> GameTree:
    """After Liang et al. (2025), MAC-SPGG: a public good in sequence."""
    machines = ["Machine 1", "Machine 2", "Machine 3"]

    def turn(made: tuple[str, ...]) -> Subtree:
        if len(made) == 3:
            good = 3 if made.count("Contribute") >= 2 else 0
            return pay(*(good - 2 * (own == "Contribute") for own in made))
        choices = {way: turn((*made, way)) for way in ("Contribute", "Shirk")}
        return move(machines[len(made)], ", ".join(made), choices)

    return game("A public good in sequence", machines, turn(()))


def assistant_and_user() -> GameTree:
    """After Zhu et al. (2025), GTAlign: short answer, long answer or a clarifying question."""

    def need(wanted: str) -> Subtree:
        def answer(length: str, asked: int) -> Subtree:
            suits = length == wanted
            user = (4 if suits else 1) - asked
            return pay(user, (3 if suits else 0) - (length == "Long"))

        told = move("Assistant", f"told {wanted}", {it: answer(it, 1) for it in ("Short", "Long")})
        asked = move("User", wanted, {"Tell": told, "Leave": pay(-1, 0)})
        replies = {"Short": answer("Short", 0), "Long": answer("Long", 0), "Ask back": asked}
        return move("Assistant", "question", replies)

    needs = {"Fact": ("1/2", need("Short")), "Explanation": ("1/2", need("Long"))}
    return game("Assistant and user", ["User", "Assistant"], chance(needs))


def human_model_dialogue() -> GameTree:
    """After Liu et al. (2024), Large language models as agents in two-player games."""

    def question(name: str, up: tuple[int, int], down: tuple[int, int], declined: int) -> Subtree:
        thumbs = {"Up": pay(up[0] - Fraction(1, 2), up[1]), "Down": pay(*down)}
        answered = move("Human", f"{name} answered", thumbs)
        decline = pay(declined, {"plain": 0, "trick": 1}[name])
        return move("Model", name, {"Answer": answered, "Decline": decline})

    questions = {
        "Plain": question("plain", (3, 2), (3, 0), 0),
        "Trick": question("trick", (1, -1), (1, -2), -1),
    }
    return game("A short dialogue", ["Human", "Model"], move("Human", "start", questions))


def attacker_and_defender() -> GameTree:
    """After Liu et al. (2025), Self-RedTeam: chasing moving targets with online self-play."""

    def defender(name: str, responds: int, refuses: int) -> Subtree:
        answers = {"Respond": pay(responds, -responds), "Refuse": pay(refuses, -refuses)}
        return move("Defender", name, answers)

    prompts = {
        "Harmless": defender("innocent look", -1, 1),
        "Open": defender("open", 4, -2),
        "Disguised": defender("innocent look", 3, -1),
    }
    root = move("Attacker", "start", prompts)
    return game("Attacker and defender", ["Attacker", "Defender"], root)


def pass_or_run() -> GameTree:
    """After Ghimire et al. (2025), Solving football by exploiting equilibrium structure."""
    yards = {
        ("Pass plan", "For pass"): 2, ("Pass plan", "For run"): 10,
        ("Run plan", "For pass"): 6, ("Run plan", "For run"): 0,
    }  # fmt: skip
    helped = {("Pass plan", "Wide"), ("Run plan", "Tight")}

    def offense(plan: str) -> Subtree:
        def defense(line: str) -> Subtree:
            def gain(prepared: str) -> Subtree:
                total = yards[plan, prepared] + ((plan, line) in helped)
                return pay(total, -total)

            return move("Defense", line, {own: gain(own) for own in ("For pass", "For run")})

        return move("Offense", plan, {line: defense(line) for line in ("Wide", "Tight")})

    plans = {"Pass plan": ("3/5", offense("Pass plan")), "Run plan": ("2/5", offense("Run plan"))}
    return game("Pass or run", ["Offense", "Defense"], chance(plans))


def fishing_commons() -> GameTree:
    """After Piatti et al. (2024), GovSim: a fishery of two seasons."""
    boats = {"Many": 4, "Few": 2}
    table: Table = {pair: (boats[pair[0]], boats[pair[1]]) for pair in product(boats, repeat=2)}
    players = ("Upper", "Lower")

    def second_season(upper: str, lower: str) -> Subtree:
        healthy = (upper, lower) != ("Many", "Many")

        def total(again: str, other: str) -> Subtree:
            return pay(boats[upper] + healthy * boats[again], boats[lower] + healthy * boats[other])

        return stages(players, f"after {upper}, {lower}", table, total)

    return game("A fishing commons", list(players), stages(players, "first", table, second_season))


def werewolf_vote() -> GameTree:
    """After Xu et al. (2023), Exploring large language models for communication games."""
    villagers = ["Ada", "Bo", "Cy", "Dee", "Eli"]
    informed = {"Ada", "Dee", "Eli"}

    def vote(wolf: str, made: tuple[str, ...]) -> Subtree:
        if len(made) == 5:
            caught = made.count(wolf) >= 3
            return pay(*((1 if caught else -1) * (-1 if own == wolf else 1) for own in villagers))
        voter = villagers[len(made)]
        name = f"wolf {wolf}" if voter in informed else "morning"
        return move(voter, name, {name_: vote(wolf, (*made, name_)) for name_ in ("Dee", "Eli")})

    wolves = {wolf: (Fraction(1, 2), vote(wolf, ())) for wolf in ("Dee", "Eli")}
    return game("The werewolf's vote", villagers, chance(wolves))


def private_value_trade() -> GameTree:
    """After Hua et al. (2024), Game-theoretic LLM: buyer and seller with private values."""

    def seller(worth: int) -> Subtree:
        prices = {
            f"Ask {price}": move(
                "Buyer",
                f"{worth} at {price}",
                {"Take": pay(price - 2, worth - price), "Leave": pay(0, 0)},
            )
            for price in (3, 6)
        }
        return move("Seller", "start", prices)

    root = chance({f"Worth {worth}": ("1/2", seller(worth)) for worth in (4, 8)})
    return game("A used bicycle", ["Seller", "Buyer"], root)


def levine_hats() -> GameTree:
    """Levine's hats: Buhler, Freiling, Graham, Kariv, Roche, Tiefenbruck, Van Alten and
    Yeroshkin (2021), On Levine's notorious hat puzzle; two players, piles of two."""
    piles = ["BB", "BW", "WB", "WW"]

    def points(ari: str, bea: str) -> Subtree:
        def won(first: int, second: int) -> Subtree:
            both = int(ari[first] == "B" and bea[second] == "B")
            return pay(both, both)

        def second_points(first: int) -> Subtree:
            places = {"Low": won(first, 0), "High": won(first, 1)}
            return move("Bea", f"sees {ari}", places)

        return move("Ari", f"sees {bea}", {"Low": second_points(0), "High": second_points(1)})

    hats = {f"{a} {b}": (Fraction(1, 16), points(a, b)) for a, b in product(piles, repeat=2)}
    return game("Levine's hats", ["Ari", "Bea"], chance(hats))


def story_conflict() -> GameTree:
    """A strict ordinal 2×2 game of Robinson and Goforth (2005) told as a story."""
    table: Table = {
        ("Terrace", "Terrace"): (3, 1), ("Terrace", "Band"): (4, 2),
        ("Band", "Terrace"): (1, 4), ("Band", "Band"): (2, 3),
    }  # fmt: skip
    root = stages(("Anchor", "Bell"), "plan", table, lambda row, column: pay(*table[row, column]))
    return game("Terrace or band", ["Anchor", "Bell"], root)


_CAR: Table = {
    ("Drive", "Drive"): (2, 2), ("Drive", "Walk"): (4, 1),
    ("Walk", "Drive"): (1, 4), ("Walk", "Walk"): (3, 3),
}  # fmt: skip
_DOG: Table = {
    ("Feed", "Feed"): (1, 1), ("Feed", "Wait"): (2, 3),
    ("Wait", "Feed"): (3, 2), ("Wait", "Wait"): (0, 0),
}  # fmt: skip


def sequential_composition() -> GameTree:
    """After Wang et al. (2024), TMGBench: two games, one after the other."""
    players = ("Juno", "Kit")

    def dog(juno: str, kit: str) -> Subtree:
        def total(row: str, column: str) -> Subtree:
            first, second = _CAR[juno, kit], _DOG[row, column]
            return pay(*(Fraction(a) + Fraction(b) for a, b in zip(first, second, strict=True)))

        return stages(players, f"dog after {juno}, {kit}", _DOG, total)

    return game("The car, then the dog", list(players), stages(players, "car", _CAR, dog))


def parallel_composition() -> GameTree:
    """After Wang et al. (2024), TMGBench: two games at the same time."""
    plans = [f"{left}{right}" for left in "12" for right in "12"]
    right_points = {("1", "1"): 2, ("2", "2"): 1}

    def total(lena: str, milo: str) -> Subtree:
        same = int(lena[0] == milo[0])
        right = right_points.get((lena[1], milo[1]), 0)
        return pay(same + right, 1 - same + right)

    table: Table = dict.fromkeys(product(plans, repeat=2), (0, 0))
    root = stages(("Lena", "Milo"), "hands", table, total)
    return game("Both hands at once", ["Lena", "Milo"], root)


def nested_composition() -> GameTree:
    """After Wang et al. (2024), TMGBench: a game inside another."""
    players = ("Tom", "Uma")
    outer: Table = {
        ("Come", "Come"): (0, 0), ("Come", "Stay"): (0, 2),
        ("Stay", "Come"): (2, 0), ("Stay", "Stay"): (1, 1),
    }  # fmt: skip
    inner: Table = {
        ("Swing", "Swing"): (4, 3), ("Swing", "Wheel"): (1, 1),
        ("Wheel", "Swing"): (1, 1), ("Wheel", "Wheel"): (3, 4),
    }  # fmt: skip

    def after(tom: str, uma: str) -> Subtree:
        if (tom, uma) != ("Come", "Come"):
            return pay(*outer[tom, uma])
        return stages(players, "fair", inner, lambda row, column: pay(*inner[row, column]))

    return game("The fair", list(players), stages(players, "evening", outer, after))


REFERENCES: dict[str, Reference] = {
    function.__name__: function
    for function in (
        repeated_prisoners_dilemma, repeated_battle_of_the_sexes, dictator, ring_network,
        bargaining_two_discounts, negotiation_outside_buyer, persuasion, sequential_public_good,
        assistant_and_user, human_model_dialogue, attacker_and_defender, pass_or_run,
        fishing_commons, werewolf_vote, private_value_trade, levine_hats, story_conflict,
        sequential_composition, parallel_composition, nested_composition,
    )
}  # fmt: skip
