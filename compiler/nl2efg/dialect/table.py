"""A game in strategic form; it becomes a tree in which every player moves without knowing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from nl2efg.dialect.arguments import find_personal_player
from nl2efg.dialect.elements import Infoset, Labelled, Outcome, Player, read_number
from nl2efg.dialect.game import Game
from nl2efg.dialect.labels17 import check_free, reconciled, relabelled
from nl2efg.dialect.lookup import as_label, find_label
from nl2efg.dialect.moves import put_move
from nl2efg.dialect.node import Node
from nl2efg.dialect.outcomes import fill_wholly, new_outcome
from nl2efg.dialect.queries import PayoffVector
from nl2efg.dialect.session import current_line, refuse, session


class Strategy(Labelled):
    """A strategy of a player."""

    def __init__(self, player: Player, label: str) -> None:
        self.player = player
        self.game = player.game
        self._label = label

    @property
    def number(self) -> int:
        """The index among the player's strategies."""
        return self.player._strategies.index(self)


class TableGame(Game):
    """A game in strategic form.

    Args:
        dim: the number of strategies of each player.
        title: the title.
    """

    is_tree = False

    def __init__(self, dim: Iterable[Any], title: Any = "") -> None:
        sizes = [int(size) for size in dim]
        if any(size < 0 for size in sizes):
            raise refuse("B208", f"no player has {min(sizes)} strategies")
        super().__init__([str(i + 1) for i in range(len(sizes))], title)
        self._cells: dict[tuple[Strategy, ...], Outcome] = {}
        self._cell_lines: dict[tuple[Strategy, ...], int] = {}
        self._numbered: dict[Outcome, str] = {}  # labels that no program gave
        self._line = current_line()
        self._grown = 0
        size = 1
        for count in sizes:
            size *= count
            session().spend(size)
        for player, count in zip(self._players, sizes, strict=True):
            player._strategies = [Strategy(player, str(i + 1)) for i in range(count)]

    def add_strategy(self, player: Any, label: Any = "") -> Strategy:
        """A new strategy of a player."""
        mover = self._player(player, "add_strategy")
        made = Strategy(mover, as_label(label) or str(len(mover._strategies) + 1))
        mover._strategies.append(made)
        return made

    def delete_strategy(self, strategy: Any) -> None:
        """Delete a strategy."""
        if not isinstance(strategy, Strategy):
            raise refuse("B208", f"delete_strategy: a strategy is needed, not {strategy!r:.60}")
        strategy.player._strategies.remove(strategy)

    def set_strategies(
        self, player: Any, strategies: Any, drop: bool = False, add: bool = True
    ) -> None:
        """The strategies, in order: those that there are stay, others are new (17).

        Raises:
            DialectError: as :func:`nl2efg.dialect.labels17.reconciled`.
        """
        mover = find_personal_player(self, player, "set_strategies")
        known = {one._label: one for one in mover._strategies}
        labels = [one._label for one in mover._strategies]
        wanted = reconciled(labels, strategies, "set_strategies", "strategy", drop=drop, add=add)
        mover._strategies = [known.get(label) or Strategy(mover, label) for label in wanted]
        self._forget_cells()

    def relabel_strategies(self, player: Any, labels: Any, strict: bool = True) -> None:
        """Change labels of a player's strategies, all at once (17).

        Raises:
            DialectError: as :func:`nl2efg.dialect.labels17.relabelled`.
        """
        mover = find_personal_player(self, player, "relabel_strategies")
        current = [one._label for one in mover._strategies]
        changes = relabelled(current, labels, "relabel_strategies", "strategy", strict=strict)
        for strategy in mover._strategies:
            strategy.label = changes.get(strategy._label, strategy._label)

    def set_players(self, players: Any, drop: bool = False, add: bool = True) -> None:
        """The players, in order; a new one has one strategy, as has one that may go (17).

        Raises:
            DialectError: as :func:`nl2efg.dialect.labels17.reconciled`; or a player that goes has
                more than one strategy.
        """
        current = [player._label for player in self._players]
        wanted = reconciled(current, players, "set_players", "player", drop=drop, add=add)
        known = {player._label: player for player in self._players}
        for label in current:
            if label not in wanted and len(known[label]._strategies) > 1:
                raise refuse(
                    "B209",
                    f"set_players: {label!r} has more than one strategy and cannot be deleted",
                    fix="name the player too, or leave it one strategy with set_strategies",
                )
        cells = [
            (dict(zip(current, cell, strict=True)), outcome, self._cell_lines.get(cell, 0))
            for cell, outcome in self._cells.items()
        ]
        self._players[:] = [known.get(label) or self._newcomer(label) for label in wanted]
        self._cells, self._cell_lines = {}, {}
        for strategies, outcome, line in cells:
            cell = tuple(strategies.get(one._label, one._strategies[0]) for one in self._players)
            self._cells[cell], self._cell_lines[cell] = outcome, line

    def _newcomer(self, label: str) -> Player:
        player = Player(self, label)
        player._strategies = [Strategy(player, "1")]
        return player

    def make_outcome(self, location: Any, payoffs: Any, label: Any = None) -> Outcome:
        """A new outcome at combinations of strategies (17); what is at these alone is gone."""
        cells = self._places(location)
        name = as_label(label)
        self._let_go(cells)
        check_free(name, [one._label for one in self._outcomes], "make_outcome", "outcome")
        made = new_outcome(self, None, name)
        fill_wholly(self, made, payoffs, "make_outcome")
        for cell in cells:
            self._put_in(cell, made)
        return made

    def make_outcome_null(self, location: Any) -> None:
        """Take the outcomes away (17); what is at these combinations alone is gone."""
        cells = self._places(location)
        self._let_go(cells)
        for cell in cells:
            self._cells.pop(cell, None)

    def get_outcome(self, location: Any) -> str | None:
        """The label of the outcome at a combination of strategies (17)."""
        found = self._cells.get(self._cell(location))
        return None if found is None else found._label

    def get_strategies(self, player: Any) -> list[str]:
        """The labels of a player's strategies (17)."""
        return [
            one._label for one in find_personal_player(self, player, "get_strategies")._strategies
        ]

    def get_payoffs(self, contingency: Any) -> PayoffVector:
        """What a combination of strategies pays (17)."""
        found = self._cells.get(self._cell(contingency))
        row = found.row() if found is not None else [Fraction(0)] * len(self._players)
        names = [player._label for player in self._players]
        return PayoffVector(dict(zip(names, row, strict=True)))

    def get_min_payoff(self, player: Any) -> Fraction:
        """The least that a player gets at any combination of strategies."""
        return min(self._amounts(player, "get_min_payoff"))

    def get_max_payoff(self, player: Any) -> Fraction:
        """The most that a player gets at any combination of strategies."""
        return max(self._amounts(player, "get_max_payoff"))

    def _amounts(self, player: Any, doing: str) -> list[Fraction]:
        mover = find_personal_player(self, player, doing)
        every = product(*(one._strategies for one in self._players))
        outcomes = (self._cells.get(cell) for cell in every)
        return [Fraction(0) if one is None else one.payoff(mover) for one in outcomes]

    def _places(self, location: Any) -> list[tuple[Strategy, ...]]:
        """One combination of strategies, or several."""
        several = not isinstance(location, Mapping) and all(
            isinstance(one, Mapping) for one in location
        )
        cells = [self._cell(one) for one in location] if several else [self._cell(location)]
        if not cells:
            raise refuse("B207", "no combination of strategies is named")
        if len(set(cells)) < len(cells):
            session().warn("B319", "a combination of strategies is named more than once")
        return list(dict.fromkeys(cells))

    def _let_go(self, cells: list[tuple[Strategy, ...]]) -> None:
        """Forget outcomes that are at these combinations and at no others."""
        kept = {id(one) for cell, one in self._cells.items() if cell not in cells}
        for cell in cells:
            outcome = self._cells.get(cell)
            if outcome is not None and id(outcome) not in kept and outcome in self._outcomes:
                self._outcomes.remove(outcome)

    def _forget_cells(self) -> None:
        """Forget what stood at strategies that are gone."""
        self._cells = {
            cell: outcome
            for cell, outcome in self._cells.items()
            if all(one in one.player._strategies for one in cell)
        }

    @classmethod
    def from_arrays(cls, *arrays: Any, title: Any = "") -> TableGame:
        """A game from an array of payoffs for each player."""
        return from_arrays(arrays, title)

    @classmethod
    def from_dict(cls, payoffs: Any, title: Any = "") -> TableGame:
        """A game from an array of payoffs for each player's name."""
        return from_dict(payoffs, title)

    @property
    def contingencies(self) -> list[list[int]]:
        """All combinations of strategies, by number."""
        return [list(c) for c in product(*(range(len(p._strategies)) for p in self._players))]

    def __getitem__(self, key: Any) -> Outcome:
        cell = self._cell(key)
        if cell not in self._cells:
            self._put_in(cell, new_outcome(self, None, ""))
        self._cell_lines[cell] = current_line()
        return self._cells[cell]

    def __setitem__(self, key: Any, value: Any) -> None:
        cell = self._cell(key)
        if isinstance(value, Outcome):
            self._put_in(cell, value)
            return
        session().note("B308", "payoffs are assigned to a cell; a new outcome is made of them")
        self._put_in(cell, new_outcome(self, value, ""))

    def _put_in(self, cell: tuple[Strategy, ...], outcome: Outcome) -> Outcome:
        self._cells[cell] = outcome
        self._cell_lines[cell] = current_line()
        return outcome

    def _cell(self, key: Any) -> tuple[Strategy, ...]:
        if isinstance(key, Mapping):
            by_player = {self._player(player, "a cell"): one for player, one in key.items()}
            parts = [by_player.get(player) for player in self._players]
        else:
            parts = list(key) if isinstance(key, tuple | list) else [key]
        if len(parts) != len(self._players):
            raise refuse(
                "B208",
                f"a cell needs a strategy of each of the {len(self._players)} players",
                fix="write g[0, 1] or g['Up', 'Left']",
            )
        return tuple(
            _strategy(player, part) for player, part in zip(self._players, parts, strict=True)
        )

    def _complete(self) -> None:
        """Grow the tree anew: each player in turn, in one information set."""
        super()._complete()
        for outcome, label in self._numbered.items():
            if outcome._label == label:
                outcome._label = ""
        session().nodes -= self._grown
        before = session().nodes
        self._root = Node(self, None)
        level = [self._root]
        for player in self._players:
            infoset = Infoset(self, player, [one._label for one in player._strategies])
            if not player._strategies:
                continue
            put_move(self, level, infoset)
            for node in level:
                node._lines.move = node._lines.infoset = self._line
            level = [child for node in level for child in node._children]
        self._grown = session().nodes - before
        strategies = product(*(player._strategies for player in self._players))
        for leaf, cell in zip(level, strategies, strict=True):
            leaf._outcome = self._cells.get(cell)
            leaf._lines.outcome = self._cell_lines.get(cell, 0)


def from_arrays(arrays: tuple[Any, ...], title: Any = "") -> TableGame:
    """A game from one array of payoffs for each player."""
    if len(arrays) == 1 and isinstance(arrays[0], list | tuple) and _depth(arrays[0]) > 2:
        arrays = tuple(arrays[0])
    shape = _shape(arrays[0]) if arrays else []
    if len(shape) != len(arrays):
        raise refuse(
            "B208",
            f"from_arrays: {len(arrays)} players need arrays with {len(arrays)} dimensions",
            fix="give one array of payoffs for each player",
        )
    game = TableGame(shape, title)
    # As in pygambit, outcomes are numbered with the first player's strategy varying fastest.
    reversed_indices = product(*map(range, reversed(shape)))
    for number, reversed_index in enumerate(reversed_indices, start=1):
        index = reversed_index[::-1]
        outcome = game[index]
        outcome.label = str(number)
        game._numbered[outcome] = outcome.label
        for player, array in zip(game._players, arrays, strict=True):
            value = array
            for i in index:
                value = value[i]
            outcome._payoffs[player] = read_number(value, f"{player._label}'s payoff")
    return game


def from_dict(payoffs: Any, title: Any = "") -> TableGame:
    """A game from one array of payoffs for each player's name."""
    if not isinstance(payoffs, Mapping):
        raise refuse("B208", "from_dict: a mapping from players to arrays of payoffs is needed")
    game = from_arrays(tuple(payoffs.values()), title)
    for player, name in zip(game._players, payoffs, strict=True):
        player.label = name
    return game


def _strategy(player: Player, part: Any) -> Strategy:
    if isinstance(part, Strategy):
        return part
    index: int | None = None
    if isinstance(part, str):
        index = find_label([one._label for one in player._strategies], part)
    elif hasattr(part, "__index__"):
        index = part.__index__()
    if index is not None and -1 < index < len(player._strategies):
        found: Strategy = player._strategies[index]
        return found
    raise refuse("B207", f"{player._label} has no strategy {part!r:.60}")


def _dimensions(array: Any) -> Iterator[int]:
    while (
        not isinstance(array, str) and hasattr(array, "__len__") and hasattr(array, "__getitem__")
    ):
        yield len(array)
        if not len(array):
            return
        array = array[0]


def _shape(array: Any) -> list[int]:
    shape = getattr(array, "shape", None)
    return [int(size) for size in shape] if shape is not None else list(_dimensions(array))


def _depth(array: Any) -> int:
    return len(_shape(array))
