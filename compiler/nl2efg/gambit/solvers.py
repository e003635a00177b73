"""pygambit's solvers, which both generations call alike; they run in a process that can be killed.

Only the solving room's worker calls them: pygambit never releases the interpreter lock.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any


class OnDemand(ModuleType):
    """Stands in for a module until something in it is asked for.

    pygambit imports pandas and parts of scipy for its catalogue and its estimation from data,
    which no solver uses; to load them takes longer than most games take to solve.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def spare_imports() -> None:
    """Let what pygambit's solvers do not need wait until it is used."""
    frames = OnDemand("pandas")
    vars(frames)["DataFrame"] = object  # pygambit's annotations name it
    for module in (frames, OnDemand("scipy.stats"), OnDemand("scipy.optimize")):
        sys.modules.setdefault(module.__name__, module)


def load_solvers() -> None:
    """Load pygambit and what its solvers need, and no more."""
    spare_imports()
    import_module("pygambit")


def equilibria(method: str, game: Any) -> list[Any]:
    """The behaviour profiles that a method finds.

    Args:
        method: a name in ``METHODS``.
        game: a game of pygambit with perfect recall.
    """
    return list(METHODS[method](game))


def _ipa(game: Any) -> Iterable[Any]:
    import pygambit

    return [found.as_behavior() for found in pygambit.nash.ipa_solve(game).equilibria]


def _gnm(game: Any) -> Iterable[Any]:
    import pygambit

    return [found.as_behavior() for found in pygambit.nash.gnm_solve(game).equilibria]


def _simpdiv(game: Any) -> Iterable[Any]:
    import pygambit

    start = game.mixed_strategy_profile(rational=True)
    limit = pygambit.Rational(1, 10**6)
    found = pygambit.nash.simpdiv_solve(start, maxregret=limit).equilibria
    return [profile.as_behavior() for profile in found]


def _logit(game: Any) -> Iterable[Any]:
    import pygambit

    return list(pygambit.nash.logit_solve(game, maxregret=1e-6).equilibria)


def _lcp(game: Any) -> Iterable[Any]:
    import pygambit

    return list(pygambit.nash.lcp_solve(game, rational=True).equilibria)


def _enumpoly(game: Any) -> Iterable[Any]:
    import pygambit

    return list(pygambit.nash.enumpoly_solve(game, stop_after=1).equilibria)


def _enummixed(game: Any) -> Iterable[Any]:
    import pygambit

    found = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    return [profile.as_behavior() for profile in found]


METHODS: dict[str, Callable[[Any], Iterable[Any]]] = {
    "ipa": _ipa,
    "gnm": _gnm,
    "simpdiv": _simpdiv,
    "logit": _logit,
    "lcp": _lcp,
    "enumpoly": _enumpoly,
    "enummixed": _enummixed,
}
