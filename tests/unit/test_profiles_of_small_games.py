"""Profiles as people tell them of small games: read as they are meant, or refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import pytest

from nl2efg.errors import UserError
from nl2efg.game import GameTree, TreeBuilder
from nl2efg.library.profiles import as_profile

Move = tuple[int, tuple[str, ...], list[str]]
"""Who moves (chance is -1), what the player knows, and the actions."""
Rule = Callable[[tuple[str, ...]], Move | None]

THREE = ["Ann", "Ben", "Cat"]
TWO = THREE[:2]


def in_turn(players: int, *actions: str) -> Rule:
    """Each player moves once and knows what was done."""
    return lambda past: (len(past), past, list(actions)) if len(past) < players else None


def answer(mine: list[str], yours: list[str]) -> Rule:
    """The second player answers the first."""
    return lambda past: (len(past), past, [mine, yours][len(past)]) if len(past) < 2 else None


def dealt(past: tuple[str, ...]) -> Move | None:
    """Ben knows a card and Ann's move."""
    moves: list[Move] = [
        (-1, (), ["K", "J"]),
        (0, (), ["Bet", "Check"]),
        (1, past, ["Raise", "Fold"]),
    ]
    return moves[len(past)] if len(past) < 3 else None


def signal(past: tuple[str, ...]) -> Move | None:
    moves: list[Move] = [
        (-1, (), ["Strong", "Weak"]),
        (0, past, ["Beer", "Quiche"]),
        (1, past[1:], ["Fight", "Leave"]),
    ]
    return moves[len(past)] if len(past) < 3 else None


def repeated(past: tuple[str, ...]) -> Move | None:
    """Two stages; what was done in the first is known in the second."""
    known = past[: len(past) // 2 * 2]
    return (len(past) % 2, known, ["Cooperate", "Defect"]) if len(past) < 4 else None


def entry(past: tuple[str, ...]) -> Move | None:
    if past in ((), ("In",)):
        return (0, (), ["In", "Out"]) if not past else (1, past, ["Fight", "Yield"])
    return None


def offer(past: tuple[str, ...]) -> Move | None:
    if len(past) > 1:
        return None
    return (1, past, ["Accept", "Reject"]) if past else (0, (), ["0", "1", "2"])


GAMES: dict[str, tuple[list[str], Rule]] = {
    "dilemma": (TWO, in_turn(2, "Cooperate", "Defect")),
    "sides": (THREE, in_turn(3, "Left", "Right")),
    "in or out": (THREE, in_turn(3, "In", "Out")),
    "dealt": (TWO, dealt),
    "dealt to B": (["A", "B"], dealt),
    "repeated": (TWO, repeated),
    "signal": (["Sender", "Receiver"], signal),
    "entry": (["Entrant", "Incumbent"], entry),
    "offer": (["Proposer", "Responder"], offer),
    "1 and 2": (["1", "2"], answer(["L", "R"], ["l", "r"])),
    "players": (["Player 1", "Player 2"], answer(["L", "R"], ["l", "r"])),
    "I and II": (["I", "II"], answer(["Bet", "Check"], ["Call", "Fold"])),
    "letters": (TWO, in_turn(2, "A", "B")),
    "little words": (TWO, in_turn(2, "With", "The")),
    "numbers": (TWO, in_turn(2, "1", "2")),
}


@cache
def game(name: str) -> GameTree:
    players, rule = GAMES[name]
    builder = TreeBuilder(players)
    sets = {}
    todo: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while todo:
        node, past = todo.pop(0)
        move = rule(past)
        if move is None:
            builder.pay(node, [0] * len(players))
            continue
        player, known, actions = move
        if player < 0:
            own = builder.chance(actions, [Fraction(1, len(actions))] * len(actions))
        else:
            own = sets.get((player, known))
            if own is None:
                own = sets[player, known] = builder.information_set(player, actions)
        ends = builder.move(node, own)
        todo += [(end, (*past, action)) for end, action in zip(ends, actions, strict=True)]
    return builder.build()


def read(name: str, told: str) -> str:
    """The number of the action at each set of players, from 0; empty where it is refused."""
    tree = game(name)
    try:
        rows = as_profile(tree, told).probabilities
    except UserError:
        return ""
    sets = enumerate(tree.information_sets)
    return "".join(str(rows[n].index(1)) for n, own in sets if not own.is_chance)


@pytest.mark.parametrize(
    ("name", "told", "done"),
    [
        (
            "dilemma",
            "Ann cooperates; Ben plays Defect in response to Cooperate and Cooperate in "
            "response to Defect",
            "010",
        ),
        ("dilemma", "Ann: Cooperate; Ben: Cooperate -> Defect, Defect -> Cooperate", "010"),
        ("dilemma", "Ann: Cooperate; Ben: Cooperate: Defect, Defect: Cooperate", "010"),
        (
            "dilemma",
            "Ann cooperates and if Ann cooperates Ben defects and if Ann defects Ben cooperates",
            "010",
        ),
        (
            "dilemma",
            "Ann cooperates. If she cooperates, Ben defects; if she defects, Ben cooperates",
            "010",
        ),
        (
            "dilemma",
            "Ann cooperates. After Ann's cooperate Ben defects and after Ann's defect Ben "
            "cooperates",
            "010",
        ),
        (
            "dilemma",
            "Ann cooperates. If Ann cooperates, then Ben defects, otherwise he cooperates",
            "010",
        ),
        (
            "dilemma",
            "Ben defects if Ann cooperates and cooperates if Ann defects, and Ann cooperates",
            "010",
        ),
        (
            "sides",
            "Ann: Left. Ben: Left. If Ann plays Left and Ben plays Left, Cat plays Left. "
            "Otherwise Cat plays Right",
            "0001011",
        ),
        (
            "sides",
            "Ann: Left. Ben: Left. Cat plays Left if Ann and Ben play Left, otherwise Right",
            "0001011",
        ),
        (
            "sides",
            "Ann: Left. Ben: Left. Cat plays Left if Ann or Ben plays Left, otherwise Right",
            "0000001",
        ),
        (
            "sides",
            "Ann: Left. Ben: Left. Cat plays Left if Ann plays Left or Ben plays Left, "
            "otherwise Right",
            "0000001",
        ),
        (
            "sides",
            "Ann: Left. Ben: Left. Cat plays Left if Ben plays Left, otherwise Right",
            "0001001",
        ),
        (
            "sides",
            "After Ann plays Left, Ben plays Left and Cat plays Right. After Ann plays "
            "Right, Ben plays Right and Cat plays Left. Ann plays Left",
            "0011100",
        ),
        (
            "in or out",
            "Ann goes in. Ben goes in if Ann stays out and stays out if Ann goes in. Cat goes in.",
            "0100000",
        ),
        ("entry", "If the entrant plays In, the incumbent fights. The entrant plays Out.", "10"),
        ("dealt to B", "A bets. B raises after a bet with a K, otherwise folds.", "00111"),
        ("dealt to B", "A bets. B folds with a J, raises with a K.", "00011"),
        ("1 and 2", "1 plays L. 2 plays r after L and l after R.", "010"),
        ("1 and 2", "Player 1 plays L. Player 2 plays r.", "011"),
        ("1 and 2", "1: R. Whenever 1 plays L, 2 plays r, and after R, 2 plays r.", "111"),
        ("I and II", "Player I bets. Player II calls.", "000"),
        (
            "players",
            "If player 1 plays L, player 2 plays r; if player 1 plays R, player 2 plays l. "
            "Player 1 plays L.",
            "010",
        ),
        ("letters", "Ann plays A. Ben plays a A after B and a B after A.", "010"),
        (
            "little words",
            "Ann: The with probability 1. Ben: With with probability 1, The with probability 0.",
            "100",
        ),
        ("numbers", "Ann: 1: 1, 2: 0. Ben: 1", "000"),
        ("numbers", "Ann: 1 = 0, 2 = 100%. Ben: 2", "111"),
        ("offer", "Proposer: 1. Responder: 0: Reject, 1: Accept, 2: Accept", "1100"),
        (
            "repeated",
            "Ann at the start cooperates; if Ben cooperated she cooperates; otherwise "
            "defects. Ben defects",
            "0101110111",
        ),
        (
            "repeated",
            "Ann cooperates at the start, after (Cooperate, Cooperate) cooperates, otherwise "
            "defects; Ben defects",
            "0101111111",
        ),
        ("dealt", "Ann: Bet. If she bets, Ben raises. If she checks, he folds.", "00101"),
        (
            "dealt",
            "Ann: Bet. Ben raises having K if Ann checks but folds having K if Ann bets but raises "
            "having J whenever Ann bets but folds having J if Ann checks.",
            "01001",
        ),
        ("dealt", "Ann: Bet. If he has K and Ann bets, Ben raises, otherwise folds.", "00111"),
        ("dealt", "Ann: Bet. Ben raises whenever he has K, otherwise folds.", "00011"),
        ("signal", "Strong: Beer. Weak: Quiche. Beer: Leave. Quiche: Fight.", "0101"),
        (
            "signal",
            "Sender: Strong -> Beer, Weak -> Quiche; Receiver: Beer -> Leave, Quiche -> Fight",
            "0101",
        ),
    ],
)
def test_what_is_told_is_read(name: str, told: str, done: str) -> None:
    assert read(name, told) == done


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("dilemma", "Ann cooperates. If she does, Ben defects; if she defects, Ben cooperates"),
        ("sides", "Ann: Left. Ben: Left. Cat: Left after Left, otherwise Right"),
        ("sides", "Ann: Left. Ben: Left. Cat: Left after Left and Left, otherwise Right"),
        ("sides", "Ann: Left. Ben: Left. Cat: Left after Left and after Right, otherwise Right"),
        (
            "sides",
            "Ann: Left. Ben: Left. Cat plays Left if Ann plays Left and Ben plays Right, "
            "otherwise Right",
        ),
        ("in or out", "Ann goes in. Ben goes in if Ann does. Cat goes in."),
        (
            "repeated",
            "Ben defects at the start and after (Cooperate, Defect) after Ann's Cooperate, else "
            "cooperates. Ann cooperates.",
        ),
        (
            "repeated",
            "Ben defects at the start and after Ann's Defect if Ben defected, else cooperates. "
            "Ann cooperates.",
        ),
        ("offer", "Proposer: 2. Responder seeing 0, plays Accept and after 1, plays Reject"),
        ("dealt", "Ann: Bet. Ben: Raise if Ann bets with K and if Ann bets with J, else Fold"),
        ("dealt", "Ann bets. Ben raises with J after Check and after (K, Bet), else folds."),
        ("dealt", "Ann bets. Ben raises after (K, Bet) and with J after Check, else folds."),
        (
            "dealt",
            "Ann bets. Ben raises with K and if Ann bets and with K after Check, else folds.",
        ),
        (
            "offer",
            "Proposer: 1. Responder facing 2 rejects and after 0, accepts and after 1, accepts",
        ),
        ("entry", "If the incumbent fights, the entrant stays out. The incumbent fights."),
        ("offer", "Proposer: 1. Responder accepts if > 0, rejects otherwise."),
        ("offer", "Proposer: 1. Responder accepts if ≥ 1, rejects otherwise."),
        (
            "repeated",
            "Ann at the start cooperates; after Cooperate cooperates; otherwise defects. Ben "
            "defects",
        ),
        ("dealt", "Ann: Bet. Ben raises with K and Bet, folds otherwise."),
        ("dealt", "Ann: Bet. Ben raises after K, Bet, otherwise folds."),
        ("dealt", "Ann: Bet. Ben raises with K and, after Bet, with J. He folds otherwise."),
        ("dealt", "Ann: Bet. Ben raises with K, or after Bet. He folds otherwise."),
        ("dealt", "Ann: Bet. If she bets, Ben raises."),
        ("dealt", "Ann: Bet. Ben raises if he has K and Ann bets, otherwise folds."),
        ("signal", "Strong: Beer. Weak: Beer. Beer: Leave."),
    ],
)
def test_what_has_two_meanings_or_lacks_one_is_refused(name: str, told: str) -> None:
    assert read(name, told) == ""


FORMS = [
    ("If {p} plays {x}, {q} plays {a}; if {p} plays {y}, {q} plays {b}.", ""),
    ("If {p} chooses {x} then {q} chooses {a}, otherwise {q} plays {b}.", ""),
    ("{q} plays {a} if {p} plays {x} and plays {b} if {p} plays {y}.", ""),
    ("{q} plays {a} whenever {p} plays {x} and {b} whenever {p} plays {y}.", ""),
    ("{q} chooses {a} after {p}'s {x} and chooses {b} after {p}'s {y}.", ""),
    ("{q} plays {a} in response to {x} and plays {b} in response to {y}.", ""),
    ("{q}: {x} -> {a}, {y} -> {b}.", ""),
    ("{q}: {x}: {a}; {q}: {y}: {b}.", ""),
    ("{q} after {x} plays {a} and after {y} plays {b}.", ""),
    ("Facing {x}, {q} plays {a}; facing {y}, {q} plays {b}.", ""),
    ("{q} plays {a} against {x}, else {b}.", ""),
    ("{q}, after {x}, plays {a}, and after {y}, plays {b}.", ""),
    ("{q} after {x}, plays {a} and after {y}, plays {b}.", "refused"),
]
"""Ways to tell an answer to two actions, and whether one is refused."""


@pytest.mark.parametrize(("form", "refused"), FORMS)
@pytest.mark.parametrize(
    "name", ["dilemma", "1 and 2", "players", "I and II", "letters", "little words", "numbers"]
)
def test_an_answer_in_many_forms(name: str, form: str, refused: str) -> None:
    tree = game(name)
    first, (q, mine) = tree.information_sets[0], (tree.players[1], tree.information_sets[1].actions)
    for one, two in ("01", "10", "00", "11"):
        told = form.format(
            p=tree.players[0],
            q=q,
            x=first.actions[0],
            y=first.actions[1],
            a=mine[int(one)],
            b=mine[int(two)],
        )
        found = read(name, f"{tree.players[0]}: {first.actions[0]}. {told}")
        assert found in ({"0" + one + two, ""} if refused else {"0" + one + two}), told
