"""Tidy trees in linear time: subtrees as close as their outlines allow.

A. van der Ploeg, "Drawing non-layered tidy trees in linear time", Software: Practice and
Experience 44 (2014) 1467-1484, without recursion, with boxes that reach differently far to both
sides of their node and whole rows as vertical unit.
"""

from __future__ import annotations

from collections.abc import Sequence


class TidyTree:
    """Places boxes beside each other.

    Args:
        children: the children of each box, in order; boxes are numbered parents first, box 0 is
            the root.
        left, right: how far each box reaches to both sides of its node.
        bottom: the first row below each box; a box begins where its parent's ends.
        upright: a node stands over the middle one of an odd number of children if that is so near
            the middle between the first and the last, as a share of the distance of these; None:
            never.
    """

    def __init__(
        self,
        children: Sequence[Sequence[int]],
        left: Sequence[float],
        right: Sequence[float],
        bottom: Sequence[int],
        *,
        upright: float | None = None,
    ) -> None:
        count = len(children)
        self.children = children
        self.upright = upright
        self.left, self.right, self.bottom = left, right, bottom
        self.prelim = [0.0] * count
        self.mod = [0.0] * count
        self.shift = [0.0] * count
        self.change = [0.0] * count
        self.left_thread: list[int | None] = [None] * count
        self.right_thread: list[int | None] = [None] * count
        self.extreme_left = list(range(count))
        self.extreme_right = list(range(count))
        self.mod_left = [0.0] * count
        self.mod_right = [0.0] * count

    def place(self) -> list[float]:
        """The coordinate of each node."""
        for box in range(len(self.children) - 1, -1, -1):
            if self.children[box]:
                self._join(box)
        return self._add_up()

    def _join(self, box: int) -> None:
        children = self.children[box]
        lowest = [(self.bottom[self.extreme_left[children[0]]], 0)]
        for position in range(1, len(children)):
            reach = self.bottom[self.extreme_right[children[position]]]
            self._separate(children, position, lowest)
            while lowest and reach >= lowest[-1][0]:
                lowest.pop()
            lowest.append((reach, position))
        first, last = children[0], children[-1]
        self.prelim[box] = (
            self.prelim[first] + self.mod[first] + self.prelim[last] + self.mod[last]
        ) / 2
        if self.upright is not None and len(children) % 2:
            self._stand_upright(box)
        self.extreme_left[box] = self.extreme_left[first]
        self.mod_left[box] = self.mod_left[first]
        self.extreme_right[box] = self.extreme_right[last]
        self.mod_right[box] = self.mod_right[last]

    def _stand_upright(self, box: int) -> None:
        """Move a node over its middle child, unless that is far from the middle."""
        children, share = self.children[box], self.upright or 0.0
        step = total = 0.0
        for child in children[: len(children) // 2 + 1]:
            step += self.shift[child]
            total += step + self.change[child]
        place = self.prelim[child] + self.mod[child] + total
        first, last = children[0], children[-1]
        span = (self.prelim[last] + self.mod[last]) - (self.prelim[first] + self.mod[first])
        if abs(place - self.prelim[box]) <= share * span:
            self.prelim[box] = place

    def _separate(
        self, children: Sequence[int], position: int, lowest: list[tuple[int, int]]
    ) -> None:
        here: int | None = children[position - 1]
        there: int | None = children[position]
        assert here is not None
        assert there is not None
        sum_here, sum_there = self.mod[here], self.mod[there]
        rank = len(lowest) - 1
        while here is not None and there is not None:
            while rank > 0 and self.bottom[here] > lowest[rank][0]:
                rank -= 1
            gap = (sum_here + self.prelim[here] + self.right[here]) - (
                sum_there + self.prelim[there] - self.left[there]
            )
            if gap > 0:
                sum_there += gap
                self._move(children, position, lowest[rank][1], gap)
            bottom_here, bottom_there = self.bottom[here], self.bottom[there]
            if bottom_here <= bottom_there:
                following = self.children[here]
                here = following[-1] if following else self.right_thread[here]
                if here is not None:
                    sum_here += self.mod[here]
            if bottom_here >= bottom_there:
                following = self.children[there]
                there = following[0] if following else self.left_thread[there]
                if there is not None:
                    sum_there += self.mod[there]
        if here is None and there is not None:
            self._thread_left(children, position, there, sum_there)
        elif here is not None and there is None:
            self._thread_right(children, position, here, sum_here)

    def _move(self, children: Sequence[int], position: int, other: int, gap: float) -> None:
        box = children[position]
        self.mod[box] += gap
        self.mod_left[box] += gap
        self.mod_right[box] += gap
        if other != position - 1:
            parts = position - other
            self.shift[children[other + 1]] += gap / parts
            self.shift[box] -= gap / parts
            self.change[box] -= gap - gap / parts

    def _thread_left(
        self, children: Sequence[int], position: int, to: int, sum_there: float
    ) -> None:
        first, box = children[0], children[position]
        end = self.extreme_left[first]
        self.left_thread[end] = to
        difference = (sum_there - self.mod[to]) - self.mod_left[first]
        self.mod[end] += difference
        self.prelim[end] -= difference
        self.extreme_left[first] = self.extreme_left[box]
        self.mod_left[first] = self.mod_left[box]

    def _thread_right(
        self, children: Sequence[int], position: int, to: int, sum_here: float
    ) -> None:
        box, before = children[position], children[position - 1]
        end = self.extreme_right[box]
        self.right_thread[end] = to
        difference = (sum_here - self.mod[to]) - self.mod_right[box]
        self.mod[end] += difference
        self.prelim[end] -= difference
        self.extreme_right[box] = self.extreme_right[before]
        self.mod_right[box] = self.mod_right[before]

    def _add_up(self) -> list[float]:
        sums = [0.0] * len(self.children)
        found = [0.0] * len(self.children)
        for box, children in enumerate(self.children):
            sums[box] += self.mod[box]
            found[box] = self.prelim[box] + sums[box]
            step = total = 0.0
            for child in children:
                step += self.shift[child]
                total += step + self.change[child]
                self.mod[child] += total
                sums[child] = sums[box]
        return found
