"""The process in which pygambit solves: ``python -m nl2efg.solving.pygambit.worker``.

Requests and replies are lines of JSON. pygambit never releases the interpreter lock and may crash,
so the only safe way to stop it is to end this process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import import_module
from types import ModuleType
from typing import Any

from nl2efg.formats.efg_reader import read_efg
from nl2efg.formats.gambit import to_gambit
from nl2efg.game.model import CHANCE, GameTree

MEMORY = 4 << 30
"""Bytes of address space; a solver that needs more fails instead of starving the machine."""


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


def _ipa(game: Any) -> Any:
    import pygambit

    return [found.as_behavior() for found in pygambit.nash.ipa_solve(game).equilibria]


def _gnm(game: Any) -> Any:
    import pygambit

    return [found.as_behavior() for found in pygambit.nash.gnm_solve(game).equilibria]


def _simpdiv(game: Any) -> Any:
    import pygambit

    start = game.mixed_strategy_profile(rational=True)
    limit = pygambit.Rational(1, 10**6)
    found = pygambit.nash.simpdiv_solve(start, maxregret=limit).equilibria
    return [profile.as_behavior() for profile in found]


def _logit(game: Any) -> Any:
    import pygambit

    return pygambit.nash.logit_solve(game, maxregret=1e-6).equilibria


def _lcp(game: Any) -> Any:
    import pygambit

    return pygambit.nash.lcp_solve(game, rational=True).equilibria


def _enumpoly(game: Any) -> Any:
    import pygambit

    return pygambit.nash.enumpoly_solve(game, stop_after=1).equilibria


def _enummixed(game: Any) -> Any:
    import pygambit

    found = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    return [profile.as_behavior() for profile in found]


def _branch(game: Any, regret: float) -> Any:
    from pygambit.qre import logit_solve_branch

    return logit_solve_branch(game, maxregret=regret)


METHODS: dict[str, Callable[[Any], Any]] = {
    "ipa": _ipa,
    "gnm": _gnm,
    "simpdiv": _simpdiv,
    "logit": _logit,
    "lcp": _lcp,
    "enumpoly": _enumpoly,
    "enummixed": _enummixed,
}


def gambit_sets(tree: GameTree, game: Any) -> list[Any]:
    """pygambit's information set for each one of the tree; None for those of chance."""
    found: list[Any] = [None] * len(tree.information_sets)
    for node, number in zip(_preorder(game), tree.set_of, strict=True):
        if number >= 0 and tree.information_sets[number].player != CHANCE:
            found[number] = node.infoset
    return found


def _preorder(game: Any) -> Iterator[Any]:
    stack = [game.root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(node.children)))


def _rows(profile: Any, sets: list[Any]) -> list[list[str]]:
    return [
        [] if own is None else [_text(profile[action]) for action in own.actions] for own in sets
    ]


def _branch_rows(point: Any, game: Any, sets: list[Any]) -> list[list[str]]:
    """Rows of a point on the branch, which pygambit gives as one flat list."""
    start: dict[tuple[int, int], int] = {}
    count = 0
    for player in game.players:
        for own in player.infosets:
            start[player.number, own.number] = count
            count += len(own.actions)
    found: list[list[str]] = []
    for own in sets:
        first = 0 if own is None else start[own.player.number, own.number]
        width = 0 if own is None else len(own.actions)
        found.append([repr(float(point[first + action])) for action in range(width)])
    return found


def _text(probability: Any) -> str:
    if isinstance(probability, float):
        return repr(probability)
    return str(Fraction(probability.numerator, probability.denominator))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The reply to one request ``{"method": name, "efg": text}``.

    The method ``branch`` traces the logit path until the regret is ``request["regret"]``.
    """
    tree = read_efg(request["efg"])
    game = to_gambit(tree)
    sets = gambit_sets(tree, game)
    if request["method"] == "branch":
        points = list(_branch(game, request["regret"]))
        profiles = [_branch_rows(point, game, sets) for point in points]
        return {"lambdas": [point.lam for point in points], "profiles": profiles}
    return {"profiles": [_rows(found, sets) for found in METHODS[request["method"]](game)]}


def main() -> None:
    """Say ``{}`` when pygambit is loaded, then serve until stdin ends.

    What a solver prints goes to stderr.
    """
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):  # no such limits here; the deadline still holds
        pass
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    spare_imports()
    import_module("pygambit")
    replies.write("{}\n")
    replies.flush()
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 (whatever a solver raises is an answer)
            reply = {"error": f"{type(error).__name__}: {error}"}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
