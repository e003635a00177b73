"""The modules that generated code gets where it imports pygambit, in any of its forms."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import ModuleType
from typing import Any

from nl2efg.dialect import (
    actions,
    arguments,
    constructors,
    edits,
    elements,
    forward_references,
    from_efg,
    game,
    information_sets,
    lookup,
    moves,
    node,
    numbers,
    outcomes,
    parameters,
    plain_numbers,
    players,
    queries,
    results,
    selectors,
    symbolic_number,
    table,
)
from nl2efg.dialect.results import later

_VERSION = "16.7.0"
_OWN = (
    actions,
    arguments,
    constructors,
    edits,
    elements,
    forward_references,
    game,
    information_sets,
    lookup,
    moves,
    node,
    numbers,
    outcomes,
    plain_numbers,
    players,
    queries,
    results,
    selectors,
    symbolic_number,
    table,
)
_SOLVING = ("nash", "qre", "supports", "catalog", "qre_solve", "levelk", "profiles", "gameiter")
_MODULES = ("pygambit", "pygambit.gambit", "pygambit.H", "gambit")


class _Api(ModuleType):
    """A module that says what it has where it is asked for something else."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"pygambit has no {name!r}", name=name, obj=self)


class _Solvers(ModuleType):
    """``pygambit.nash`` and its like: whatever is called is left to nl2efg."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: later(f"{self.__name__.split('.')[-1]}.{name}")


class MismatchError(ValueError):
    """As in pygambit; programs name it to catch it."""


class UndefinedOperationError(ValueError):
    """As in pygambit; programs name it to catch it."""


def _api(name: str) -> _Api:
    module = _Api(name)
    names: dict[str, Any] = {
        "__version__": _VERSION,
        "__path__": [],
        "Action": elements.Action,
        "Decimal": Decimal,
        "ExtensiveGame": game.Game,
        "Game": constructors.AnyGame,
        "GroupedSelector": selectors.GroupedSelector,
        "H": selectors.H,
        "Infoset": elements.Infoset,
        "MismatchError": MismatchError,
        "Node": node.Node,
        "Outcome": elements.Outcome,
        "Player": elements.Player,
        "Rational": numbers.Rational,
        "Selector": selectors.Selector,
        "StrategicGame": table.TableGame,
        "Strategy": table.Strategy,
        "UndefinedOperationError": UndefinedOperationError,
        "new_table": constructors.AnyGame.new_table,
        "new_tree": constructors.AnyGame.new_tree,
        "parameter": parameters.parameter,
        "parse_game": from_efg.read_efg,
        "read_efg": from_efg.read_efg,
        "read_game": from_efg.read_efg,
    }
    vars(module).update(names)
    return module


def install() -> None:
    """Let ``import pygambit`` give the dialect from now on, whatever was loaded before."""
    for name in _loaded():
        del sys.modules[name]
    made: dict[str, ModuleType] = {name: _api(name) for name in _MODULES}
    for parent in ("pygambit", "gambit"):
        for name in _SOLVING:
            solvers = _Solvers(f"{parent}.{name}")
            made[f"{parent}.{name}"] = solvers
            setattr(made[parent], name, solvers)
    vars(made["pygambit"])["gambit"] = made["pygambit.gambit"]
    vars(made["pygambit.H"]).update(
        {"path": selectors.H.path, "after": selectors.H.after, "plays": selectors.H.plays}
    )
    sys.modules.update(made)


@contextmanager
def installed() -> Iterator[None]:
    """While it lasts, ``import pygambit`` gives the dialect; afterwards nothing of it is left.

    What the program does to the dialect's own classes is undone too.
    """
    before = {name: sys.modules[name] for name in _loaded()}
    classes = {own: dict(vars(own)) for module in _OWN for own in _classes(module)}
    install()
    try:
        yield
    finally:
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(before)
        for own, attributes in classes.items():
            _restore(own, attributes)


def _loaded() -> list[str]:
    """Modules that are called pygambit or part of it, the real ones or ours."""
    return [name for name in sys.modules if name.split(".")[0] in ("pygambit", "gambit")]


def _classes(module: ModuleType) -> list[type]:
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    ]


def _restore(own: type, attributes: dict[str, Any]) -> None:
    for name in [name for name in vars(own) if name not in attributes]:
        delattr(own, name)
    for name, value in attributes.items():
        if vars(own).get(name) is not value:
            setattr(own, name, value)
