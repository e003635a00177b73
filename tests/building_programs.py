"""Random programs of pygambit 17's building API, each step tried on the real pygambit first.

Most steps that pygambit refuses are left out and another is tried; one that is kept is the last of
its program. ``python -m tests.building_programs 2000`` prints the table of what is covered.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pygambit

START = """\
from fractions import Fraction
import pygambit as gbt
from pygambit import H
"""
LABELS = ("x", "y", "z", "w")
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


Steps = dict[str, tuple[Callable[[Any], str], float]]
"""For each name of an API how a step that uses it is written, and how often it comes."""


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


def _set_actions(writer: Writer, function: str, chance: bool) -> str:
    moves = [
        one
        for one in writer.moves()
        if (writer.game.get_player(pygambit.H.path(*one)) == "Chance") == chance
    ] or writer.moves()
    node = writer.one(moves)
    labels = writer.action_labels(node)
    new = writer.random.sample(labels, writer.random.randint(0, len(labels)))
    new += [label for label in writer.actions() if label not in new]
    new = new[:3] or ["x"]
    options = ", drop=True" if writer.random.random() < 0.7 else ""
    options += ", add=False" if writer.odd() else ""
    return f"g.{function}({node}, {writer.shares(new) if chance else new!r}{options})"


def _make_event(writer: Writer) -> str:
    node = writer.nodes(False) if writer.random.random() < 0.5 else writer.one(writer.moves())
    try:
        found = eval(node, writer.names)
        histories = writer.game.get_histories(found)
        labels = list(writer.game.get_actions(pygambit.H.path(*histories[0].actions)))
    except Exception:  # noqa: BLE001 (groups, or a wrong selector)
        labels = ["x"]
    label = (
        f", label={writer.random.choice(['e1', 'e2'])!r}" if writer.random.random() < 0.3 else ""
    )
    return f"g.make_event({node}, {writer.shares(labels or ['x'])!r}{label})"


def _make_infoset(writer: Writer) -> str:
    label = (
        f", label={writer.random.choice(['i1', 'i2'])!r}" if writer.random.random() < 0.4 else ""
    )
    return f"g.make_infoset({writer.nodes(False)}, {writer.player()!r}{label})"


def _make_outcome(writer: Writer) -> str:
    label = writer.outcome() if writer.random.random() < 0.15 else writer.new_label("o")
    return f"g.make_outcome({writer.nodes(True)}, {writer.payoffs()}, {label!r})"


def _set_players(writer: Writer) -> str:
    names = list(writer.game.players)
    writer.random.shuffle(names)
    if writer.random.random() < 0.4:
        names.append(writer.new_label("P"))
    if writer.random.random() < 0.3:
        names = names[1:] or names
    options = ", drop=True" if writer.random.random() < 0.5 else ""
    return f"g.set_players({names!r}{options})"


def _tree(function: str) -> Callable[[Writer], str]:
    def step(writer: Writer) -> str:
        return f"g.{function}({writer.one(writer.histories())}, {writer.one(writer.ends())})"

    return step


def _sorted(expression: str) -> str:
    return f"sorted(h.actions for h in {expression})"


STEPS: Steps = {
    "append_move": (
        lambda w: f"g.append_move({w.nodes(True)}, {w.player()!r}, {w.actions()!r})",
        9,
    ),
    "append_event": (lambda w: f"g.append_event({w.nodes(True)}, {w.event()})", 4),
    "append_infoset": (
        lambda w: f"g.append_infoset({w.nodes(True)}, {w.one(w.moves())})",
        2,
    ),
    "insert_move": (
        lambda w: f"g.insert_move({w.one(w.histories())}, {w.player()!r}, {w.actions()!r})",
        1,
    ),
    "insert_event": (lambda w: f"g.insert_event({w.one(w.histories())}, {w.event()})", 1),
    "insert_infoset": (
        lambda w: f"g.insert_infoset({w.one(w.histories())}, {w.one(w.moves())})",
        1,
    ),
    "make_infoset": (_make_infoset, 3),
    "make_event": (_make_event, 1.5),
    "set_move_actions": (lambda w: _set_actions(w, "set_move_actions", False), 1.5),
    "set_event_actions": (lambda w: _set_actions(w, "set_event_actions", True), 1.5),
    "relabel_actions": (
        lambda w: (
            lambda node: (
                f"g.relabel_actions({node}, {w.relabelling(w.action_labels(node), list(LABELS))})"
            )
        )(w.one(w.moves())),
        1,
    ),
    "make_outcome": (_make_outcome, 5),
    "make_outcome_null": (lambda w: f"g.make_outcome_null({w.nodes(True)})", 1),
    "set_outcome_payoffs": (
        lambda w: f"g.set_outcome_payoffs({w.outcome()!r}, {w.payoffs()})",
        1,
    ),
    "relabel_outcomes": (
        lambda w: f"g.relabel_outcomes({w.relabelling(w.game.get_outcomes(), ['s', 't', 'u'])})",
        1,
    ),
    "copy_tree": (_tree("copy_tree"), 1.5),
    "move_tree": (_tree("move_tree"), 1),
    "delete_tree": (lambda w: f"g.delete_tree({w.one(w.histories())})", 0.7),
    "delete_parent": (lambda w: f"g.delete_parent({w.one(w.histories())})", 0.7),
    "set_players": (_set_players, 0.8),
    "relabel_players": (
        lambda w: (
            f"g.relabel_players({w.relabelling(list(w.game.players), ['Dee', 'Eli', 'Fay'])})"
        ),
        0.8,
    ),
    "title": (lambda w: f"g.title = {w.new_label('title ')!r}", 0.3),
    "description": (lambda w: f"g.description = {w.new_label('words ')!r}", 0.3),
    "players": (
        lambda w: w.told(f"([str(p) for p in g.players], {w.player()!r} in g.players)"),
        0.4,
    ),
    "get_histories": (lambda w: w.told(f"[h.actions for h in g.get_histories({w.selector()})]"), 1),
    "get_infosets": (
        lambda w: w.told(f"[h.actions for h in g.get_infosets({w.player()!r})]"),
        0.6,
    ),
    "get_events": (lambda w: w.told("[h.actions for h in g.get_events()]"), 0.6),
    "get_player": (lambda w: w.told(f"g.get_player({w.one(w.histories())})"), 0.6),
    "get_actions": (lambda w: w.told(f"g.get_actions({w.one(w.histories())})"), 0.6),
    "get_action_probs": (
        lambda w: w.told(
            f"[(a, str(Fraction(p))) for a, p in g.get_action_probs({w.one(w.moves())}).items()]"
        ),
        0.6,
    ),
    "get_members": (lambda w: w.told(_sorted(f"g.get_members({w.one(w.histories())})")), 0.6),
    "get_outcome": (lambda w: w.told(f"g.get_outcome({w.one(w.histories())})"), 0.6),
    "get_outcomes": (lambda w: w.told("sorted(g.get_outcomes())"), 0.6),
    "get_outcome_payoffs": (
        lambda w: w.told(
            f"[str(Fraction(g.get_outcome_payoffs({w.outcome()!r})[p])) for p in g.players]"
        ),
        0.6,
    ),
    "get_min_payoff": (lambda w: w.told(f"str(Fraction(g.get_min_payoff({w.player()!r})))"), 0.4),
    "get_max_payoff": (lambda w: w.told(f"str(Fraction(g.get_max_payoff({w.player()!r})))"), 0.4),
    "get_subgame_roots": (lambda w: w.told("[h.actions for h in g.get_subgame_roots()]"), 0.4),
    "get_minimal_subgame": (
        lambda w: w.told(f"g.get_minimal_subgame({w.one(w.moves())}).actions"),
        0.4,
    ),
}
"""For each name of the API how a step that uses it is written, and how often it comes."""


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
