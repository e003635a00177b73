"""Colour refinement: the coarsest equitable partition of a coloured graph with labelled edges.

Two vertices stay in one cell only if they have, for every cell and every label, equally many
edges into it. Processing the smaller parts of each split (Hopcroft 1971; Cardon and Crochemore
1982) makes it near-linear: O(m log n) for m edges. Cells are numbered in an order that depends
on nothing but colours and edges, as canonical labelling needs (McKay 1981, "Practical graph
isomorphism", section 2).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from nl2efg.errors import Nl2efgError

Edges = Sequence[Sequence[tuple[int, int]]] | Mapping[int, Sequence[tuple[int, int]]]


class OutOfBudgetError(Nl2efgError):
    """The work allowed for one comparison is used up: nothing is decided."""

    exit_code = 4

    def __init__(self) -> None:
        super().__init__(
            "the work allowed for one comparison is used up", hint="allow more with a larger budget"
        )


class Budget:
    """Work that may still be done, in edges looked at."""

    def __init__(self, work: int) -> None:
        self.left = work

    def spend(self, work: int) -> None:
        """Take away ``work``.

        Raises:
            OutOfBudgetError: nothing is left.
        """
        self.left -= work
        if self.left < 0:
            raise OutOfBudgetError


class Partition:
    """A partition of some vertices into numbered cells.

    Args:
        cell_of: the cell of each vertex.
    """

    def __init__(self, cell_of: dict[int, int]) -> None:
        self.cell_of = cell_of
        self.cells: dict[int, set[int]] = {}
        for vertex, cell in cell_of.items():
            self.cells.setdefault(cell, set()).add(vertex)
        self._next = max(self.cells, default=-1) + 1

    @property
    def is_discrete(self) -> bool:
        """Whether every cell holds a single vertex."""
        return len(self.cells) == len(self.cell_of)

    def copy(self) -> Partition:
        """A partition of its own."""
        return Partition(dict(self.cell_of))

    def individualise(self, vertex: int) -> int:
        """Give a vertex a cell of its own; returns the cell's number."""
        self.cells[self.cell_of[vertex]].discard(vertex)
        return self._new_cell({vertex})

    def refine(self, edges: Edges, queue: Iterable[int], budget: Budget) -> None:
        """Split cells until the partition is equitable.

        Args:
            edges: for each vertex its neighbours, with the label that the vertex sees.
            queue: the cells that others are to be compared against first.
        """
        waiting = deque(queue)
        while waiting:
            splitter = waiting.popleft()
            for cell, groups in self._groups(edges, splitter, budget):
                waiting.extend(self._split(cell, groups))

    def _groups(
        self, edges: Edges, splitter: int, budget: Budget
    ) -> list[tuple[int, dict[tuple[int, ...], set[int]]]]:
        """The cells that a splitter splits, and what its edges tell apart in them."""
        seen: dict[int, list[int]] = {}
        for vertex in self.cells[splitter]:
            for neighbour, label in edges[vertex]:
                seen.setdefault(neighbour, []).append(label)
        budget.spend(len(seen) + len(self.cells[splitter]))
        touched: dict[int, dict[tuple[int, ...], set[int]]] = {}
        for vertex, labels in seen.items():
            cell = self.cell_of[vertex]
            if len(self.cells[cell]) > 1:
                key = tuple(labels) if len(labels) == 1 else tuple(sorted(labels))
                touched.setdefault(cell, {}).setdefault(key, set()).add(vertex)
        return [
            (cell, groups)
            for cell, groups in sorted(touched.items())
            if len(groups) > 1 or len(next(iter(groups.values()))) < len(self.cells[cell])
        ]

    def _split(self, cell: int, groups: dict[tuple[int, ...], set[int]]) -> list[int]:
        """Split a cell; its largest part keeps the number. Returns the new cells."""
        parts = [groups[key] for key in sorted(groups)]
        rest = len(self.cells[cell]) - sum(map(len, parts))
        largest = max(range(len(parts)), key=lambda place: len(parts[place]))
        if rest >= len(parts[largest]):
            for part in parts:
                self.cells[cell] -= part
            return [self._new_cell(part) for part in parts]
        keeper = parts.pop(largest)
        if rest:
            for part in (*parts, keeper):
                self.cells[cell] -= part
            parts.insert(0, self.cells[cell])
        self.cells[cell] = keeper
        return [self._new_cell(part) for part in parts]

    def _new_cell(self, vertices: set[int]) -> int:
        number = self._next
        self._next += 1
        self.cells[number] = vertices
        for vertex in vertices:
            self.cell_of[vertex] = number
        return number
