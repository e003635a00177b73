"""The step of solve() that traces quantal responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nl2efg.solving.methods.quantal_response import Point, quantal
from nl2efg.solving.pygambit.process import ProcessFailedError
from nl2efg.solving.search_state import Search


def responses(search: Search) -> None:
    """Quantal response equilibria."""
    search.remarks.append(
        "quantal response equilibria are no Nash equilibria: "
        "the certificate shows what each player forgoes"
    )
    for point in traced(search, lambda: iter(quantal(search.flat))):
        method = f"logit response at lambda {point.precision:.3g}"
        search.append(point.profile, point.certificate, method, point.beliefs)


def traced(search: Search, trace: Callable[[], Iterator[Point]]) -> Iterator[Point]:
    """Points of the logit path, and what came of it."""
    try:
        found = list(trace())
    except ProcessFailedError as failure:
        search.tried.append(f"pygambit's logit path: {failure}")
        return
    search.tried.append(f"pygambit's logit path: {'traced' if found else 'failed its checks'}")
    yield from found
