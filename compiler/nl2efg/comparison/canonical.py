"""Canonical labelling of game graphs.

Colour refinement comes first. Edges between two cells that are joined completely say no more
than the colours do, so they are left out, and the rest falls into components that can be labelled
one by one and sorted. In a tree of perfect information that is all (the method of Aho, Hopcroft
and Ullman 1974, section 3.2, in other words). A component that does not fall apart has one of its
vertices individualised; all members of the cell are tried, but for those that an automorphism
found on the way maps to one tried before (McKay 1981; McKay and Piperno 2014, "Practical graph
isomorphism, II"). The labelling is exact whenever the budget suffices.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nl2efg.comparison.game_graph import GameGraph
from nl2efg.comparison.refinement import Budget, OutOfBudgetError, Partition

Form = tuple[Any, ...]
LocalEdges = dict[int, list[tuple[int, int]]]

_MAX_DEPTH = 150  # nested choices; each costs some frames of Python's stack


def canonical_order(graph: GameGraph, partition: Partition, budget: Budget) -> list[int]:
    """All vertices in an order that isomorphic graphs share.

    Args:
        graph: the graph.
        partition: its equitable partition.
        budget: the work that may be spent.

    Raises:
        OutOfBudgetError: the graph is too symmetric for the budget.
    """
    edges = dict(enumerate(graph.edges))
    return _Labeller(budget).order(partition, edges, exact=True, depth=0)


def equitable_partition(graph: GameGraph, budget: Budget) -> Partition:
    """The coarsest equitable partition of the graph that refines its colours."""
    partition = Partition(dict(enumerate(graph.colours)))
    partition.refine(graph.edges, sorted(partition.cells), budget)
    return partition


def partition_signature(graph: GameGraph, partition: Partition) -> Form:
    """What an equitable partition says of the graph; isomorphic graphs share it."""
    rows = []
    for cell, members in sorted(partition.cells.items()):
        vertex = next(iter(members))
        seen = sorted((partition.cell_of[other], label) for other, label in graph.edges[vertex])
        rows.append((cell, graph.colours[vertex], len(members), tuple(seen)))
    return tuple(rows)


class _Labeller:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    def order(
        self, partition: Partition, edges: LocalEdges, *, exact: bool, depth: int
    ) -> list[int]:
        """The canonical order of a graph with an equitable partition."""
        if depth > _MAX_DEPTH:
            raise OutOfBudgetError
        named = [cell for cell, members in partition.cells.items() if len(members) == 1]
        order = [next(iter(partition.cells[cell])) for cell in sorted(named)]
        if len(order) == len(partition.cell_of):
            return order
        telling = _telling_edges(partition, edges)
        self.budget.spend(len(telling))
        parts = []
        for component in _components(telling):
            cells = Partition({vertex: partition.cell_of[vertex] for vertex in component})
            inner = {vertex: telling[vertex] for vertex in component}
            if cells.is_discrete:
                own_order = sorted(component, key=cells.cell_of.__getitem__)
            elif len(component) < len(partition.cell_of):
                own_order = self.order(cells, inner, exact=exact, depth=depth + 1)
            else:
                own_order = self._branch(cells, inner, exact=exact, depth=depth)
            parts.append((_form(cells, inner, own_order), own_order))
        parts.sort(key=lambda part: part[0])
        for _, own_order in parts:
            order.extend(own_order)
        return order

    def _branch(self, cells: Partition, edges: LocalEdges, *, exact: bool, depth: int) -> list[int]:
        """Order a connected component by individualising the members of one cell in turn."""
        target = min((len(own), cell) for cell, own in cells.cells.items() if len(own) > 1)[1]
        members = sorted(cells.cells[target])
        if not exact:
            return self._descend(cells, edges, members[0], exact=False, depth=depth)
        orbits = _Orbits(members)
        tried: dict[Form, list[int]] = {}
        found: list[tuple[Form, list[int]]] = []
        for vertex in members:
            if orbits.is_explored(vertex):
                continue
            quick = self._descend(cells, edges, vertex, exact=False, depth=depth)
            form = _form(cells, edges, quick)
            if form in tried:
                orbits.merge(zip(tried[form], quick, strict=True))
                continue
            tried[form] = quick
            orbits.explore(vertex)
            order = self._descend(cells, edges, vertex, exact=True, depth=depth)
            found.append((_form(cells, edges, order), order))
        return min(found, key=lambda each: each[0])[1]

    def _descend(
        self, cells: Partition, edges: LocalEdges, vertex: int, *, exact: bool, depth: int
    ) -> list[int]:
        finer = cells.copy()
        self.budget.spend(len(cells.cell_of))
        finer.refine(edges, [finer.individualise(vertex)], self.budget)
        return self.order(finer, edges, exact=exact, depth=depth + 1)


class _Orbits:
    """Which members of a cell are known to be equivalent, and which classes are explored."""

    def __init__(self, members: Iterable[int]) -> None:
        self._parent = {member: member for member in members}
        self._explored: set[int] = set()

    def _root(self, member: int) -> int:
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def explore(self, member: int) -> None:
        self._explored.add(self._root(member))

    def is_explored(self, member: int) -> bool:
        return self._root(member) in self._explored

    def merge(self, automorphism: Iterable[tuple[int, int]]) -> None:
        for vertex, image in automorphism:
            if vertex in self._parent:
                first, second = self._root(vertex), self._root(image)
                self._parent[second] = first
                if second in self._explored:
                    self._explored.add(first)


def _telling_edges(partition: Partition, edges: LocalEdges) -> LocalEdges:
    """The edges that the colours do not imply, among vertices that the colours do not name.

    An edge is implied if its vertex has an edge of the same label to every vertex of the other
    cell: then, the partition being equitable, so has every vertex of its cell.
    """
    found: LocalEdges = {}
    cell_of, cells = partition.cell_of, partition.cells
    for cell, members in sorted(cells.items()):
        if len(members) == 1:
            continue
        counts: dict[tuple[int, int], int] = {}
        for other, label in edges[next(iter(members))]:
            key = (cell_of[other], label)
            counts[key] = counts.get(key, 0) + 1
        # Within a cell, "every other vertex" is one fewer than the cell holds.
        telling = {
            (other, label)
            for (other, label), count in counts.items()
            if count < len(cells[other]) - (other == cell)
        }
        for vertex in members:
            found[vertex] = [
                (other, label)
                for other, label in edges[vertex]
                if (cell_of[other], label) in telling
            ]
    return found


def _components(edges: LocalEdges) -> list[list[int]]:
    seen: set[int] = set()
    found = []
    for start in edges:
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for vertex in component:
            for other, _ in edges[vertex]:
                if other not in seen:
                    seen.add(other)
                    component.append(other)
        found.append(component)
    return found


def _form(partition: Partition, edges: LocalEdges, order: list[int]) -> Form:
    """A graph with named vertices: colours, and for each vertex its edges to earlier ones."""
    place = {vertex: number for number, vertex in enumerate(order)}
    rows = []
    for number, vertex in enumerate(order):
        earlier = sorted(
            (place[other], label) for other, label in edges[vertex] if place[other] <= number
        )
        rows.append((partition.cell_of[vertex], tuple(earlier)))
    return tuple(rows)
