"""More games of the textbooks: bargaining, signalling, voting, auctions and simultaneous games."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

from nl2efg.game import GameTree
from tests.references.writing import Number, Pay, Reference, Subtree, chance, game, move, pay


def simultaneous(
    title: str,
    players: tuple[str, str],
    actions: tuple[Sequence[str], Sequence[str]],
    payoffs: Callable[[str, str], tuple[Number, Number]],
) -> GameTree:
    """A bimatrix game: the first player moves, the second does not see it."""
    return game(title, list(players), _bimatrix(players, actions, payoffs, "only"))


def _bimatrix(
    players: tuple[str, str],
    actions: tuple[Sequence[str], Sequence[str]],
    payoffs: Callable[[str, str], tuple[Number, Number]],
    name: str,
) -> Subtree:
    rows = {
        row: move(players[1], name, {column: pay(*payoffs(row, column)) for column in actions[1]})
        for row in actions[0]
    }
    return move(players[0], name, rows)


def job_market_signalling() -> GameTree:
    """After Spence (1973), Job market signaling."""

    def applicant(kind: str, cost: int, profit: int) -> Subtree:
        def firm(degree: str, paid: int) -> Subtree:
            jobs = {"Manager": pay(4 - paid, profit), "Clerk": pay(2 - paid, 1)}
            return move("Firm", degree, jobs)

        choices = {"Degree": firm("Degree", cost), "None": firm("None", 0)}
        return move("Applicant", kind, choices)

    kinds = {"Able": ("1/3", applicant("Able", 1, 3)), "Other": ("2/3", applicant("Other", 3, -1))}
    return game("Job market signalling", ["Applicant", "Firm"], chance(kinds))


def entry_deterrence() -> GameTree:
    """Selten (1978), The chain store paradox, with one market."""
    bakery = move("Old bakery", "entered", {"Fight": pay(-1, -1), "Accommodate": pay(1, 1)})
    root = move("Rival", "start", {"Out": pay(0, 2), "In": bakery})
    return game("Entry deterrence", ["Rival", "Old bakery"], root)


def chain_store() -> GameTree:
    """Selten (1978), The chain store paradox, with two markets."""
    towns = {"Out": (5, 1), "Aggressive": (0, 0), "Cooperative": (2, 2)}

    def town(number: int, earlier: tuple[str, ...]) -> Subtree:
        if number == 3:
            chain = sum(towns[event][0] for event in earlier)
            return pay(chain, *(towns[event][1] for event in earlier))
        name = ", ".join(earlier)
        answers = {
            event: town(number + 1, (*earlier, event)) for event in ("Aggressive", "Cooperative")
        }
        return move(
            f"Competitor {number}",
            name,
            {
                "Out": town(number + 1, (*earlier, "Out")),
                "In": move("Chain", f"{name} in", answers),
            },
        )

    return game("Chain store", ["Chain", "Competitor 1", "Competitor 2"], town(1, ()))


def ultimatum() -> GameTree:
    """Güth, Schmittberger and Schwarze (1982), with three offers."""
    offers = {
        f"Offer {given}": move(
            "Responder", str(given), {"Yes": pay(10 - given, given), "No": pay(0, 0)}
        )
        for given in (1, 5, 8)
    }
    return game("Ultimatum", ["Proposer", "Responder"], move("Proposer", "start", offers))


def alternating_offers_two() -> GameTree:
    """Ståhl (1972), Bargaining Theory: two rounds, three shares."""
    shares = {"Quarter": Fraction(1, 4), "Half": Fraction(1, 2), "Three quarters": Fraction(3, 4)}

    def second(first: str) -> Subtree:
        offers = {
            label: move(
                "Xenia",
                f"{first}, {label}",
                {"Accept": pay(2 * share, 2 - 2 * share), "Refuse": pay(0, 0)},
            )
            for label, share in shares.items()
        }
        return move("Yorick", f"after {first}", offers)

    offers = {
        label: move(
            "Yorick", label, {"Accept": pay(4 - 4 * share, 4 * share), "Refuse": second(label)}
        )
        for label, share in shares.items()
    }
    return game("Two rounds of offers", ["Xenia", "Yorick"], move("Xenia", "start", offers))


def alternating_offers_three() -> GameTree:
    """Ståhl (1972), Bargaining Theory: three rounds, two demands."""

    def stage(number: int, earlier: str) -> Subtree:
        if number == 4:
            return pay(0, 0)
        worth = 27 * Fraction(2, 3) ** (number - 1)
        mover, other = ("Studio", "Novelist") if number % 2 else ("Novelist", "Studio")
        demands = {}
        for label, share in (("Tough", Fraction(2, 3)), ("Soft", Fraction(1, 3))):
            asked, left = worth * share, worth * (1 - share)
            name = f"{earlier} {label}"
            agreed = pay(asked, left) if mover == "Studio" else pay(left, asked)
            demands[label] = move(
                other, name, {"Agree": agreed, "Decline": stage(number + 1, name)}
            )
        return move(mover, f"round {number}{earlier}", demands)

    return game("Three rounds of offers", ["Studio", "Novelist"], stage(1, ""))


def noisy_stackelberg() -> GameTree:
    """Bagwell (1995), Commitment and observability in games, p. 272."""
    profits = {
        ("Big", "Moderate"): (5, 2), ("Big", "Big"): (3, 1),
        ("Moderate", "Moderate"): (6, 3), ("Moderate", "Big"): (4, 4),
    }  # fmt: skip

    def follower(leader: str, report: str) -> Subtree:
        replies = {own: pay(*profits[leader, own]) for own in ("Big", "Moderate")}
        return move("Follower", report, replies)

    def report(leader: str) -> Subtree:
        other = {"Big": "Moderate", "Moderate": "Big"}[leader]
        return chance(
            {
                f"Report {leader}": ("9/10", follower(leader, leader)),
                f"Report {other}": ("1/10", follower(leader, other)),
            }
        )

    root = move("Leader", "start", {leader: report(leader) for leader in ("Big", "Moderate")})
    return game("Stackelberg with a noisy report", ["Leader", "Follower"], root)


def imperfect_recall() -> GameTree:
    """After Kuhn (1953), Extensive games and the problem of information, Figure 3."""

    def evening(morning: str) -> Subtree:
        turns = {side: pay(1 if side == morning else -1) for side in ("Left", "Right")}
        return move("Collector", "evening", turns)

    root = move("Collector", "morning", {side: evening(side) for side in ("Left", "Right")})
    return game("The forgetful collector", ["Collector"], root)


def monty_hall() -> GameTree:
    """Selvin (1975), A problem in probability; the host as a player."""

    def opened(door: int, prize: int) -> Subtree:
        stick, switch = (pay(1, -1), pay(0, 0)) if prize == 1 else (pay(0, 0), pay(1, -1))
        return move("Contestant", f"open {door}", {"Stick": stick, "Switch": switch})

    def host(prize: int) -> Subtree:
        doors = [door for door in (2, 3) if door != prize]
        choices = {f"Open {door}": opened(door, prize) for door in doors}
        return move("Host", f"prize {prize}", choices)

    doors = {f"Prize {door}": ("1/3", host(door)) for door in (1, 2, 3)}
    return game("Three doors", ["Contestant", "Host"], chance(doors))


def nim() -> GameTree:
    """Bouton (1901), Nim, a game with a complete mathematical theory: heaps of 2 and 1."""

    def position(first: int, second: int, mover: str, name: str) -> Subtree:
        if not first + second:
            return pay(1, -1) if mover == "Right" else pay(-1, 1)
        other = "Right" if mover == "Left" else "Left"
        takes = {}
        for taken in range(1, first + 1):
            label = f"{taken} from first"
            takes[label] = position(first - taken, second, other, f"{name}, {label}")
        for taken in range(1, second + 1):
            label = f"{taken} from second"
            takes[label] = position(first, second - taken, other, f"{name}, {label}")
        return move(mover, name, takes)

    return game("Nim", ["Left", "Right"], position(2, 1, "Left", "start"))


def tic_tac_toe_ending() -> GameTree:
    """A position with three empty cells in the bottom row."""
    board = {(0, 0): "X", (0, 1): "O", (0, 2): "X", (1, 0): "O", (1, 1): "O", (1, 2): "X"}
    cells = {"a": (2, 0), "b": (2, 1), "c": (2, 2)}
    lines = [[(row, column) for column in range(3)] for row in range(3)]
    lines += [[(row, column) for row in range(3)] for column in range(3)]
    lines += [[(i, i) for i in range(3)], [(i, 2 - i) for i in range(3)]]

    def position(played: dict[tuple[int, int], str], mark: str, name: str) -> Subtree:
        for line in lines:
            marks = {played.get(cell) for cell in line}
            if marks in ({"X"}, {"O"}):
                return pay(1, -1) if marks == {"X"} else pay(-1, 1)
        left = {label: cell for label, cell in cells.items() if cell not in played}
        if not left:
            return pay(0, 0)
        player, other = ("Cross", "O") if mark == "X" else ("Nought", "X")
        following = {
            label: position({**played, cell: mark}, other, f"{name}{label}")
            for label, cell in left.items()
        }
        return move(player, name or "start", following)

    return game("Noughts and crosses, an ending", ["Cross", "Nought"], position(board, "X", ""))


def matching_pennies() -> GameTree:
    """von Neumann and Morgenstern (1944), p. 143."""
    sides = ("Heads", "Tails")
    return simultaneous(
        "Matching pennies", ("Eve", "Odo"), (sides, sides),
        lambda eve, odo: (1, -1) if eve == odo else (-1, 1),
    )  # fmt: skip


def rock_paper_scissors() -> GameTree:
    """von Neumann and Morgenstern (1944), p. 144."""
    beats = {("Rock", "Scissors"), ("Scissors", "Paper"), ("Paper", "Rock")}
    signs = ("Rock", "Paper", "Scissors")
    return simultaneous(
        "Rock, paper, scissors", ("Kim", "Lee"), (signs, signs),
        lambda kim, lee: (0, 0) if kim == lee else (1, -1) if (kim, lee) in beats else (-1, 1),
    )  # fmt: skip


def hawk_dove() -> GameTree:
    """Maynard Smith and Price (1973), with V = 4 and C = 6."""
    payoffs = {
        ("Hawk", "Hawk"): (-1, -1), ("Hawk", "Dove"): (4, 0),
        ("Dove", "Hawk"): (0, 4), ("Dove", "Dove"): (2, 2),
    }  # fmt: skip
    ways = ("Hawk", "Dove")
    return simultaneous(
        "Hawk and dove", ("First bird", "Second bird"), (ways, ways),
        lambda first, second: payoffs[first, second],
    )  # fmt: skip


def stag_hunt() -> GameTree:
    """Rousseau's hunt, as in Lewis (1969), Convention, p. 7."""
    own = {("Stag", "Stag"): 5, ("Stag", "Hare"): 0, ("Hare", "Stag"): 2, ("Hare", "Hare"): 2}
    ways = ("Stag", "Hare")
    return simultaneous(
        "Stag hunt", ("Paul", "Rémy"), (ways, ways),
        lambda paul, remy: (own[paul, remy], own[remy, paul]),
    )  # fmt: skip


def prisoners_dilemma() -> GameTree:
    """Luce and Raiffa (1957), Games and Decisions, p. 95."""
    own = {
        ("Silent", "Silent"): -1, ("Silent", "Confess"): -10,
        ("Confess", "Silent"): 0, ("Confess", "Confess"): -5,
    }  # fmt: skip
    ways = ("Silent", "Confess")
    return simultaneous(
        "Prisoner's dilemma", ("Bonnie", "Clyde"), (ways, ways),
        lambda bonnie, clyde: (own[bonnie, clyde], own[clyde, bonnie]),
    )  # fmt: skip


def voting_agenda() -> GameTree:
    """After Farquharson (1969), Theory of Voting: an agenda with a sophisticated chair."""
    values = {"x": (2, 0, 1), "y": (1, 2, 0), "z": (0, 1, 2)}
    order = ("Ames", "Bork", "Cole")

    def calls(made: tuple[str, ...]) -> Subtree:
        name = "".join(made)
        if len(made) == 3:
            winner = max(("x", "y"), key=made.count)
            return move("Bork", f"chair {name}", {it: pay(*values[it]) for it in (winner, "z")})
        return move(order[len(made)], f"call {name}", {it: calls((*made, it)) for it in ("x", "y")})

    return game("A voting agenda", list(order), calls(()))


def condorcet_jury() -> GameTree:
    """After Feddersen and Pesendorfer (1998), with a public signal."""
    jurors = ["Juror 1", "Juror 2", "Juror 3"]

    def votes(guilty: bool, hint: str, made: tuple[str, ...]) -> Subtree:
        if len(made) == 3:
            right = (made.count("Convict") >= 2) == guilty
            return pay(*[int(right)] * 3)
        return move(
            jurors[len(made)],
            hint,
            {vote: votes(guilty, hint, (*made, vote)) for vote in ("Convict", "Acquit")},
        )

    def hints(guilty: bool) -> Subtree:
        right = {True: "3/4", False: "1/4"}
        return chance(
            {
                "Hint guilty": (right[guilty], votes(guilty, "guilty", ())),
                "Hint innocent": (right[not guilty], votes(guilty, "innocent", ())),
            }
        )

    root = chance({"Guilty": ("1/2", hints(True)), "Innocent": ("1/2", hints(False))})
    return game("A jury of three", jurors, root)


def inspection_game() -> GameTree:
    """After Dresher (1962), A sampling inspection problem in arms control agreements."""
    payoffs = {
        ("Comply", "Inspect"): (0, -1), ("Comply", "Stay"): (0, 0),
        ("Cheat", "Inspect"): (-3, -1), ("Cheat", "Stay"): (1, -3),
    }  # fmt: skip
    return simultaneous(
        "Inspection", ("Factory", "Agency"), (("Comply", "Cheat"), ("Inspect", "Stay")),
        lambda factory, agency: payoffs[factory, agency],
    )  # fmt: skip


def colonel_blotto() -> GameTree:
    """Borel (1921): three companies against two on two hills."""

    def points(blotto: str, klink: str) -> tuple[int, int]:
        north = int(blotto) - int(klink)
        south = (3 - int(blotto)) - (2 - int(klink))
        total = sum((hill > 0) - (hill < 0) for hill in (north, south))
        return total, -total

    return simultaneous(
        "Colonel Blotto", ("Blotto", "Klink"), (("0", "1", "2", "3"), ("0", "1", "2")), points
    )


def first_price_auction() -> GameTree:
    """After Vickrey (1961), Counterspeculation, auctions, and competitive sealed tenders."""

    def bids(ulla: int, vito: int) -> Subtree:
        def gains(first: str, second: str) -> tuple[Fraction, Fraction]:
            one, two = int(first), int(second)
            share = Fraction((one > two) - (one < two) + 1, 2)
            return (ulla - one) * share, (vito - two) * (1 - share)

        rows = {
            own: move(
                "Vito", f"value {vito}", {other: pay(*gains(own, other)) for other in ("1", "2")}
            )
            for own in ("1", "2")
        }
        return move("Ulla", f"value {ulla}", rows)

    worths = {f"{u}, {v}": ("1/4", bids(u, v)) for u, v in product((2, 4), repeat=2)}
    return game("A sealed-bid auction", ["Ulla", "Vito"], chance(worths))


def burning_money() -> GameTree:
    """Ben-Porath and Dekel (1992), Signaling future actions and the potential for sacrifice."""

    def battle(name: str, burned: int) -> Subtree:
        both = {"Opera": (4, 1), "Boxing": (1, 4)}
        places = ("Opera", "Boxing")

        def payoffs(gina: str, hugo: str) -> tuple[int, int]:
            first, second = both[gina] if gina == hugo else (0, 0)
            return first - burned, second

        return _bimatrix(("Gina", "Hugo"), (places, places), payoffs, name)

    root = move("Gina", "note", {"Burn": battle("burned", 1), "Keep": battle("kept", 0)})
    return game("Burning money", ["Gina", "Hugo"], root)


def outside_option() -> GameTree:
    """After Kohlberg and Mertens (1986), On the strategic stability of equilibria, p. 1029."""
    both = {"A": (3, 1), "B": (1, 3)}
    stay = _bimatrix(
        ("One", "Two"), (("A", "B"), ("A", "B")),
        lambda one, two: both[one] if one == two else (0, 0), "stayed",
    )  # fmt: skip
    root = move("One", "start", {"Leave": pay(2, 2), "Stay": stay})
    return game("An outside option", ["One", "Two"], root)


def war_of_attrition() -> GameTree:
    """After Maynard Smith (1974), The theory of games and the evolution of animal conflicts."""

    def stage(number: int) -> Subtree:
        cost = number - 1
        if number == 4:
            return pay(-3, -3)
        bello_after_give = {"Give in": pay(-cost, -cost), "Hold on": pay(-cost, 5 - cost)}
        bello_after_hold = {"Give in": pay(5 - cost, -cost), "Hold on": stage(number + 1)}
        name = f"round {number}"
        return move(
            "Rex",
            name,
            {
                "Give in": move("Bello", name, bello_after_give),
                "Hold on": move("Bello", name, bello_after_hold),
            },
        )

    return game("A war of attrition", ["Rex", "Bello"], stage(1))


def five_players() -> GameTree:
    """After Diekmann (1985), Volunteer's dilemma; in turn and observed."""
    islanders = ["P", "Q", "R", "S", "T"]
    below: Subtree = pay(0, 0, 0, 0, 0)
    for position in reversed(range(5)):
        lit: Pay = pay(*(7 if other == position else 10 for other in range(5)))
        below = move(islanders[position], "turn", {"Light": lit, "Rest": below})
    return game("Five fires", islanders, below)


REFERENCES: dict[str, Reference] = {
    function.__name__: function
    for function in (
        job_market_signalling, entry_deterrence, chain_store, ultimatum, alternating_offers_two,
        alternating_offers_three, noisy_stackelberg, imperfect_recall, monty_hall, nim,
        tic_tac_toe_ending, matching_pennies, rock_paper_scissors, hawk_dove, stag_hunt,
        prisoners_dilemma, voting_agenda, condorcet_jury, inspection_game, colonel_blotto,
        first_price_auction, burning_money, outside_option, war_of_attrition, five_players,
    )
}  # fmt: skip
