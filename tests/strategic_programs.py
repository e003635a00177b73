"""Random programs of pygambit 17's games in strategic form; see :mod:`tests.building_programs`."""

from __future__ import annotations

from itertools import product
from typing import Any

import pygambit

from tests.building_programs import NOT_BUILDING, Writer
from tests.building_steps import Steps

CHECKED_HERE = {"get_strategies", "get_payoffs"}


def strategic_names() -> list[str]:
    """The public names of the installed ``StrategicGame`` that programs must cover."""
    return sorted(
        name
        for name in dir(pygambit.StrategicGame)
        if not name.startswith("_") and (name not in NOT_BUILDING or name in CHECKED_HERE)
    )


class StrategicWriter(Writer):
    """Writes one program that builds a game in strategic form."""

    def beginning(self) -> tuple[str, str]:
        """The line that makes the game, and the name that it uses."""
        sizes = [self.random.randint(1, 3) for _ in range(self.random.randint(1, 3))]
        arrays = [self._array(sizes) for _ in sizes]
        kind = self.random.random()
        if kind < 0.4:
            return f"g = gbt.StrategicGame({sizes!r}, title='T')", "StrategicGame"
        if kind < 0.7:
            given = ", ".join(map(repr, arrays))
            return f"g = gbt.StrategicGame.from_arrays({given}, title='T')", "from_arrays"
        named = dict(zip(("Ann", "Ben", "Cem"), arrays, strict=False))
        return f"g = gbt.StrategicGame.from_dict({named!r}, title='T')", "from_dict"

    def table(self) -> Steps:
        """The steps to choose from."""
        return STRATEGIC_STEPS

    def _array(self, sizes: list[int]) -> Any:
        if not sizes:
            return self.random.randint(-3, 3)
        return [self._array(sizes[1:]) for _ in range(sizes[0])]

    def cell(self) -> dict[str, str]:
        """A combination of strategies."""
        names = list(self.game.players)
        found = {name: self.random.choice(self.game.get_strategies(name)) for name in names}
        if self.odd():
            found[self.random.choice(names)] = "nothing"
        if self.odd():
            del found[names[0]]
        return found

    def cells(self) -> str:
        """One combination, or several."""
        if self.random.random() < 0.6:
            return repr(self.cell())
        names = list(self.game.players)
        every = [
            dict(zip(names, one, strict=True))
            for one in product(*map(self.game.get_strategies, names))
        ]
        return repr(self.random.sample(every, self.random.randint(1, min(3, len(every)))))

    def new_strategies(self) -> str:
        """A player, and the strategies to have."""
        player = self.player()
        known = list(self.game.get_strategies(player)) if player in self.game.players else ["1"]
        labels = self.random.sample(known, self.random.randint(0, len(known)))
        if self.random.random() < 0.6 or not labels:
            labels.insert(self.random.randint(0, len(labels)), self.new_label("s"))
        options = ", drop=True" if self.random.random() < 0.7 else ""
        return f"{player!r}, {labels!r}{options}"

    def new_names(self) -> str:
        """A player, and new labels of strategies."""
        player = self.player()
        known = list(self.game.get_strategies(player)) if player in self.game.players else []
        return f"{player!r}, {self.relabelling(known, ['up', 'down', 'left', 'right'])}"

    def new_players(self) -> str:
        """The players to have."""
        names = list(self.game.players)
        self.random.shuffle(names)
        if len(names) < 4 and self.random.random() < 0.4:
            names.append(self.new_label("P"))
        if self.random.random() < 0.3:
            names = names[1:] or names
        return f"{names!r}{', drop=True' if self.random.random() < 0.5 else ''}"


STRATEGIC_STEPS: Steps = {
    "make_outcome": (
        lambda w: (
            f"g.make_outcome({w.cells()}, {w.payoffs()}, "
            f"{w.outcome() if w.random.random() < 0.1 else w.new_label('o')!r})"
        ),
        6,
    ),
    "make_outcome_null": (lambda w: f"g.make_outcome_null({w.cells()})", 2),
    "set_strategies": (lambda w: f"g.set_strategies({w.new_strategies()})", 2),
    "relabel_strategies": (lambda w: f"g.relabel_strategies({w.new_names()})", 2),
    "set_players": (lambda w: f"g.set_players({w.new_players()})", 1),
    "relabel_players": (
        lambda w: f"g.relabel_players({w.relabelling(list(w.game.players), ['Dee', 'Eli'])})",
        1,
    ),
    "set_outcome_payoffs": (lambda w: f"g.set_outcome_payoffs({w.outcome()!r}, {w.payoffs()})", 1),
    "relabel_outcomes": (
        lambda w: f"g.relabel_outcomes({w.relabelling(w.game.get_outcomes(), ['a', 'b', 'c'])})",
        1,
    ),
    "title": (lambda w: f"g.title = {w.new_label('title ')!r}", 0.5),
    "description": (lambda w: f"g.description = {w.new_label('words ')!r}", 0.5),
    "players": (lambda w: w.told(f"([str(p) for p in g.players], {w.player()!r} in g.players)"), 1),
    "get_outcome": (lambda w: w.told(f"g.get_outcome({w.cell()!r})"), 1),
    "get_outcomes": (lambda w: w.told("len(g.get_outcomes())"), 1),
    "get_outcome_payoffs": (
        lambda w: w.told(
            f"[str(Fraction(g.get_outcome_payoffs({w.outcome()!r})[p])) for p in g.players]"
        ),
        1,
    ),
    "get_payoffs": (
        lambda w: w.told(f"[(p, str(Fraction(u))) for p, u in g.get_payoffs({w.cell()!r})]"),
        1,
    ),
    "get_strategies": (lambda w: w.told(f"g.get_strategies({w.player()!r})"), 1),
    "get_min_payoff": (lambda w: w.told(f"str(Fraction(g.get_min_payoff({w.player()!r})))"), 1),
    "get_max_payoff": (lambda w: w.told(f"str(Fraction(g.get_max_payoff({w.player()!r})))"), 1),
}
"""For each name of the API how a step that uses it is written, and how often it comes."""

CONSTRUCTORS = ("from_arrays", "from_dict")
