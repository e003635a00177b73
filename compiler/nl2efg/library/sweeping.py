"""Sweeps for library users: any game with letters, and axes as text or as values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.errors import UserError, expect
from nl2efg.library.calls import family_of
from nl2efg.library.games import GameLike

if TYPE_CHECKING:
    from nl2efg.families import GameFamily
    from nl2efg.game import Number
    from nl2efg.sweeps import Axis, Sweep


def sweep(
    game: GameLike | GameFamily,
    over: str | Sequence[str | Axis] | Mapping[str, str | Iterable[str | Number]],
    *,
    concept: str = "spe",
    budget: float = 10.0,
    workers: int | None = None,
    log: Path | None = None,
    ray: str | None = None,
    count: Callable[[int], None] = lambda _: None,
) -> Sweep:
    """Solve a game with letters at every point of a line, a plane or a grid of their values.

    Args:
        game: a family, as :func:`nl2efg.family_of` gives it, or a game with letters in any form of
            :data:`nl2efg.GameLike`; letters that no axis names keep their values.
        over: axes, such as ``"c=0:1:101"``, ``["c=0:1:11", "n=1:4"]`` or
            ``{"c": ["1/4", "1/2"], "n": "1:4"}``.
        concept: as for :func:`nl2efg.solve`.
        budget: seconds for each point.
        workers: processes; all cores by default.
        log: a file of finished points; those in it are not solved again.
        ray: address of a Ray cluster, empty for one of this machine alone; None for processes.
        count: called with the number of points that are finished more.

    Raises:
        UserError: a game without letters, an axis that cannot be, or a log of another sweep.

    >>> import nl2efg
    >>> line = nl2efg.sweep("beer_quiche_prior", {"p": ["1/4", "3/4"]}, workers=1)
    >>> [point.values for point in line.points]
    [('1/4',), ('3/4',)]
    """
    from nl2efg import sweeps
    from nl2efg.families.family import GameFamily

    family = game if isinstance(game, GameFamily) else family_of(game)
    if family is None:
        raise UserError(
            "the game has no letters to sweep over",
            hint="letters come from a description that is told with letters",
        )
    if isinstance(over, Mapping):
        over = [f"{symbol}={_axis(values)}" for symbol, values in over.items()]
    axes = [over] if isinstance(over, str | sweeps.Axis) else over
    expect(axes, Sequence, "list of axes", hint='such as ["c=0:1:101"]')
    return sweeps.sweep(
        family,
        axes,
        concept=concept,
        budget=budget,
        workers=workers,
        log=log,
        ray=ray,
        count=count,
    )


def _axis(values: str | Iterable[str | Number]) -> str:
    """The values of an axis as text."""
    if isinstance(values, str):
        return values
    expect(values, Iterable, "list of values", hint='such as {"c": ["1/4", "1/2"]}')
    return ",".join(map(str, values))
