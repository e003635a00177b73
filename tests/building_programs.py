"""Random programs of pygambit 17's building API, each step tried on the real pygambit first.

Most steps that pygambit refuses are left out and another is tried; one that is kept is the last of
its program. ``python -m tests.building_programs 2000`` prints the table of what is covered.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pygambit

from tests.building_steps import LABELS, STEPS, Steps

START = """\
from fractions import Fraction
import pygambit as gbt
from pygambit import H
"""
ODD = 0.06
"""How often an argument is deliberately wrong."""

KEPT_REFUSALS = 0.04
"""How often a step that pygambit refuses stays, as the end of its program."""

NOT_BUILDING = {
    "behavior_support_profile": "profiles",
    "contingencies": "strategic form",
    "get_behavior": "strategic form",
    "get_payoffs": "strategic form",
    "get_strategies": "strategic form",
    "get_strategy_unreachable": "strategic form",
    "has_perfect_recall": "left to nl2efg",
    "is_const_sum": "analysis",
    "is_perfect_recall": "left to nl2efg",
    "max_payoff": "analysis",
    "min_payoff": "analysis",
    "mixed_behavior_profile": "profiles",
    "mixed_strategy_profile": "profiles",
    "random_behavior_profile": "profiles",
    "random_strategy_profile": "profiles",
    "strategy_support_profile": "profiles",
    "to_arrays": "strategic form",
    "to_efg": "files",
    "to_html": "files",
    "to_latex": "files",
    "to_nfg": "files",
}
"""Public names of ``ExtensiveGame`` that build nothing and tell nothing of the tree."""


def building_names() -> list[str]:
    """The public names of the installed ``ExtensiveGame`` that programs must cover."""
    return sorted(
        name
        for name in dir(pygambit.ExtensiveGame)
        if not name.startswith("_") and name not in NOT_BUILDING
    )


@dataclass
class BuildingProgram:
    """A program, and what the real pygambit made of it.

    Args:
        lines: its lines after ``START``.
        calls: how often each name of the API is used, operators of selectors among them.
        game: pygambit's game after the last line that worked.
        refusal: the exception that the last line raised, or None.
    """

    lines: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    game: Any = None
    refusal: Exception | None = None

    @property
    def text(self) -> str:
        """The whole program."""
        return START + "\n".join(self.lines) + "\n"


class Writer:
    """Writes one program.

    Args:
        seed: makes the program; the same seed gives the same one.
        steps: the most steps.
    """

    def __init__(self, seed: int, steps: int = 14) -> None:
        self.random = random.Random(seed)
        self.program = BuildingProgram()
        self.names: dict[str, Any] = {}
        self.count = 0
        self.steps = steps
        exec(START, self.names)

    def write(self) -> BuildingProgram:
        """The program."""
        first, name = self.beginning()
        steps = self.table()
        if self._run(first, name):
            self.program.game = self.names["g"]
            wanted = self.random.randint(3, self.steps)
            while len(self.program.lines) < wanted:
                name = self.random.choices(list(steps), [weight for _, weight in steps.values()])[0]
                if not self._run(steps[name][0](self), name):
                    if self.random.random() < KEPT_REFUSALS:
                        break
                    self._take_back(name)
        return self.program

    def beginning(self) -> tuple[str, str]:
        """The line that makes the game, and the name that it uses."""
        players = self.random.choice((["Ann"], ["Ann", "Ben"], ["Ann", "Ben", "Cem"]))
        return f"g = gbt.ExtensiveGame(players={players!r}, title='T')", "ExtensiveGame"

    def table(self) -> Steps:
        """The steps to choose from."""
        return STEPS

    def _take_back(self, name: str) -> None:
        """Leave out the last line; the game is built anew, as the refused step may have begun."""
        self.program.lines.pop()
        self.program.calls[name] -= 1
        self.program.refusal = None
        exec(self.program.text, self.names)
        self.program.game = self.names["g"]

    def _run(self, line: str, name: str) -> bool:
        self.program.lines.append(line)
        self.program.calls[name] += 1
        for operator in (".by_last_action(", ".by(", ".filter(", ".after(", ".plays", ".path("):
            self.program.calls[operator.strip("(")] += line.count(operator)
        for part in (".last_action(", ".members", ".actions", ".state", ".player"):
            self.program.calls[f"h{part.strip('(')}"] += line.count("h" + part)
        try:
            exec(line, self.names)
        except Exception as refusal:  # noqa: BLE001 (whatever pygambit raises is its refusal)
            self.program.refusal = refusal
            return False
        return True

    # What there is in the game now

    @property
    def game(self) -> Any:
        """The real game."""
        return self.names["g"]

    def histories(self) -> list[tuple[str, ...]]:
        """All histories."""
        return [one.actions for one in self.game.get_histories(pygambit.H.after())]

    def ends(self) -> list[tuple[str, ...]]:
        """The terminal ones."""
        return [one.actions for one in self.game.get_histories(pygambit.H.plays)]

    def moves(self) -> list[tuple[str, ...]]:
        """Those at which somebody moves; the root if nobody does."""
        return [one for one in self.histories() if one not in set(self.ends())] or [()]

    def odd(self) -> bool:
        """Whether to do something wrong."""
        return self.random.random() < ODD

    # Arguments

    def label(self) -> str:
        """A label of an action."""
        return self.random.choice(LABELS)

    def player(self) -> str:
        """A player's name."""
        return self.random.choice(["Chance", "nobody"] if self.odd() else list(self.game.players))

    def new_label(self, kind: str) -> str:
        """A label that nothing has yet."""
        self.count += 1
        return f"{kind}{self.count}"

    def actions(self) -> list[str]:
        """Labels of actions."""
        chosen = self.random.sample(LABELS, self.random.randint(1, 3))
        if self.odd():
            chosen = self.random.choice(([], [chosen[0], chosen[0]], ["", "x"]))
        return chosen

    def shares(self, labels: list[str]) -> dict[str, str]:
        """Labels with probabilities."""
        weights = [self.random.randint(0, 3) for _ in labels]
        weights[0] += 1
        total = sum(weights) + (1 if self.odd() else 0)
        shown = [str(Fraction(weight, total)) for weight in weights]
        return dict(zip(labels, shown, strict=True))

    def event(self) -> str:
        """A mapping from new actions of chance to probabilities."""
        labels = self.actions()
        return repr(self.shares(labels) if labels else {})

    def payoffs(self) -> str:
        """A mapping from players to payoffs."""
        values = ("0", "1", "-2", "'1/3'", "0.5", "'-7/2'", "gbt.Rational(2, 5)")
        named = list(self.game.players)
        if self.odd():
            named = named[1:]
        items = (f"{one!r}: {self.random.choice(values)}" for one in named)
        return f"{{{', '.join(items)}}}"

    def exactly(self, history: tuple[str, ...]) -> str:
        """The selector of one history."""
        if self.odd():
            history = (*history, "q")
        return f"H.path({', '.join(map(repr, history))})"

    def one(self, histories: list[tuple[str, ...]]) -> str:
        """The selector of one of these; now and then of another."""
        return self.exactly(self.random.choice(self.histories() if self.odd() else histories))

    def selector(self) -> str:
        """A selector of some nodes, without groups."""
        history = self.random.choice(self.histories())
        cut = self.random.randint(0, len(history))
        ends = ", ".join(map(repr, history[cut:]))
        hidden = ["..." if self.random.random() < 0.6 else repr(label) for label in history]
        forms = [
            f"H.path({', '.join(hidden)})",
            f"H.path({', '.join(map(repr, history[:cut]))}).plays",
            "H.plays",
            f"H.plays.after({ends})",
            f"H.after({ends})",
            f"H.path({', '.join(map(repr, history[:cut]))}).path({ends})",
        ]
        found = self.random.choice(forms)
        if self.random.random() < 0.3:
            found += f".filter({self.random.choice(self.tests())})"
        return found

    def tests(self) -> list[str]:
        """Predicates of histories."""
        player, label = self.player(), self.label()
        return [
            "lambda h: len(h) > 1",
            f"lambda h: {label!r} not in h.actions",
            f"lambda h: h.last_action({player!r}) in (None, {label!r})",
            f"lambda h: all(step.player != {player!r} for step in h)",
            f"lambda h: not h or h[-1].action == {label!r}",
            "lambda h: h[:1].actions != ('x',)",
            "lambda h: len(h.members) == 1",
        ]

    def grouped(self) -> str:
        """A selector with groups."""
        player = self.player()
        key = self.random.choice(
            [
                "lambda h: h.actions",
                "lambda h: h.actions[-1:]",
                "lambda h: len(h)",
                f"lambda h: h.last_action({player!r})",
                "lambda h: [step.state for step in h][-1:] == []",
                "lambda h: 0",
            ]
        )
        found = f"{self.selector()}.by({key})"
        if self.random.random() < 0.35:
            last = f".by_last_action({self.player()!r})" if self.random.random() < 0.5 else ""
            found += f"{last}.plays"
        if self.random.random() < 0.2:
            found += f".after({self.label()!r})"
        return found

    def nodes(self, terminal: bool) -> str:
        """A selector or groups, more often than not of nodes that suit."""
        draw = self.random.random()
        if draw < 0.3:
            return self.one(self.ends() if terminal else self.moves())
        if terminal and draw < 0.5:
            return self.random.choice(["H.plays", f"H.plays.after({self.label()!r})"])
        return self.grouped() if draw > 0.75 else self.selector()

    def outcome(self) -> str:
        """The label of an outcome."""
        labels = self.game.get_outcomes()
        return self.random.choice(labels) if labels and not self.odd() else "nothing"

    def relabelling(self, labels: list[str], others: list[str]) -> str:
        """A mapping from labels to labels; some swap, some are new, some collide."""
        if not labels:
            return "{'nothing': 'other'}, strict=False"
        chosen = self.random.sample(labels, self.random.randint(1, len(labels)))
        kind = self.random.random()
        if kind < 0.4:
            new = chosen[1:] + chosen[:1]
        elif kind < 0.9:
            new = self.random.sample(others, min(len(others), len(chosen)))
        else:
            new = [self.random.choice(labels)] * len(chosen)
        found = dict(zip(chosen, new, strict=False))
        if self.odd():
            return f"{ {**found, 'nothing': 'other'}!r}, strict={self.random.random() < 0.5}"
        return repr(found)

    def action_labels(self, node: str) -> list[str]:
        """The actions at a node that is named by its source."""
        try:
            return list(self.game.get_actions(eval(node, self.names)))
        except Exception:  # noqa: BLE001 (a wrong selector: the step will be refused)
            return []

    def told(self, expression: str) -> str:
        """What a query tells, written into the description, where it can be compared."""
        return f"g.description = (g.description + repr({expression}))[-300:]"


OPERATORS = (
    *("ExtensiveGame", ".path", ".plays", ".after", ".filter", ".by", ".by_last_action"),
    *("h.actions", "h.last_action", "h.members"),
)
"""What programs use beside the names of ``STEPS``."""


def main() -> None:
    """Print how often random programs use each name, and how often pygambit refuses that."""
    used: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    count = int(sys.argv[1])
    for seed in range(count):
        program = Writer(seed).write()
        used += program.calls
        if program.refusal is not None:
            refused[max(STEPS, key=lambda name: (f"g.{name}" in program.lines[-1], len(name)))] += 1
    print(f"{count} programs\n\n| name | uses | refused |\n|---|---|---|")
    for name in (*STEPS, *OPERATORS):
        print(f"| `{name}` | {used[name]} | {refused[name]} |")


if __name__ == "__main__":
    main()
