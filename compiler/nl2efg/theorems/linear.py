"""Systems of linear equations over the field of letters, one equation at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nl2efg.equilibria.deadline import check_clock
from nl2efg.theorems.algebra import Element


@dataclass
class LinearSystem:
    """Equations in reduced echelon form.

    Args:
        size: number of unknowns.
        zero: of the field.
    """

    size: int
    zero: Element
    consistent: bool = True
    _rows: dict[int, tuple[dict[int, Element], Element]] = field(default_factory=dict)

    @property
    def is_determined(self) -> bool:
        """Whether every unknown has one value."""
        return self.consistent and len(self._rows) == self.size

    def demand(self, row: Mapping[int, Element], right: Element) -> None:
        """Add an equation.

        Args:
            row: coefficients by unknown.
            right: its right side.

        Raises:
            OutOfTimeError: time ran out.
        """
        check_clock()
        own = {unknown: c for unknown, c in row.items() if c}
        for pivot, (known, value) in self._rows.items():
            if pivot in own:
                own, right = _less(own, right, own[pivot], known, value, self.zero)
        if not own:
            self.consistent = self.consistent and not right
            return
        pivot = min(own, key=lambda unknown: len(str(own[unknown])))
        lead = own[pivot]
        own = {unknown: c / lead for unknown, c in own.items()}
        right = right / lead
        for other, (known, value) in self._rows.items():
            if pivot in known:
                self._rows[other] = _less(known, value, known[pivot], own, right, self.zero)
        self._rows[pivot] = (own, right)

    def solution(self) -> dict[int, Element] | None:
        """The value of every unknown; None if there is none, or more than one."""
        if not self.is_determined:
            return None
        return {unknown: right for unknown, (_, right) in self._rows.items()}


def _less(
    row: Mapping[int, Element],
    right: Element,
    factor: Element,
    other: Mapping[int, Element],
    value: Element,
    zero: Element,
) -> tuple[dict[int, Element], Element]:
    """An equation less a multiple of another one."""
    found = dict(row)
    for unknown, c in other.items():
        left = found.get(unknown, zero) - factor * c
        if left:
            found[unknown] = left
        else:
            found.pop(unknown, None)
    return found, right - factor * value
