"""Exact solutions of sparse integer systems, by lifting a floating-point inverse.

Each step computes the residual exactly in integers and corrects the solution by some thirty bits;
the result is read as fractions over one common denominator and verified. This is the
numeric-symbolic method of Wan (2006, J. Symbolic Computation 41, p. 621).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from time import perf_counter

SparseRow = dict[int, int]

STEP_BITS = 30
LARGEST = 2000
"""Most unknowns: the inverse is dense."""


def solve_exactly(
    rows: Sequence[SparseRow], right: Sequence[int], size: int, deadline: float
) -> list[Fraction] | None:
    """The one solution of a square system, or None.

    Args:
        rows: the nonzero coefficients of each equation.
        right: the right-hand sides.
        size: the number of unknowns.
        deadline: on the clock of :func:`time.perf_counter`.

    Returns:
        None if the system is not square or is singular to working precision, if it has more than
        ``LARGEST`` unknowns, or if time runs out.
    """
    if len(rows) != size or size > LARGEST or not all(rows) or perf_counter() > deadline:
        return None
    inverse = _inverse(rows, size)
    if inverse is None:
        return None
    entries = [tuple(row.items()) for row in rows]
    approximation = [0] * size
    residual = list(right)
    bits = 0
    bound = max(*inverse.row_unit, *(abs(value).bit_length() for value in right))
    bound += size.bit_length() + STEP_BITS
    next_reading = 2 * STEP_BITS
    while perf_counter() < deadline:
        if not any(residual):
            return [Fraction(value, 1 << bits) for value in approximation]
        step = _correction(inverse, residual)
        if step is None:
            return None
        approximation = [
            (value << STEP_BITS) + more for value, more in zip(approximation, step, strict=True)
        ]
        bits += STEP_BITS
        residual = [
            (rest << STEP_BITS) - sum([c * step[j] for j, c in row])
            for rest, row in zip(residual, entries, strict=True)
        ]
        if max(map(abs, residual)).bit_length() > bound:
            return None
        if bits >= next_reading:
            found = _read(approximation, bits)
            if found is not None and _solves(rows, right, *found):
                numbers, denominator = found
                return [Fraction(number, denominator) for number in numbers]
            next_reading = 2 * bits
    return None


class _Inverse:
    """A floating-point inverse of a system whose rows and columns are balanced."""

    def __init__(self, rows: Sequence[SparseRow], size: int) -> None:
        import numpy as np

        self.row_unit = [max(abs(c) for c in row.values()).bit_length() for row in rows]
        peaks = [-(10**9)] * size
        for row, unit in zip(rows, self.row_unit, strict=True):
            for j, c in row.items():
                peaks[j] = max(peaks[j], abs(c).bit_length() - unit)
        if min(peaks) < -1000:
            raise ArithmeticError("a column is empty or out of balance")
        self.column_unit = peaks
        matrix = np.zeros((size, size))
        for i, row in enumerate(rows):
            for j, c in row.items():
                matrix[i, j] = scaled_float(c, -self.row_unit[i] - peaks[j])
        self.matrix = np.linalg.inv(matrix)


def scaled_float(number: int, shift: int) -> float:
    """``number * 2**shift`` for integers of any size."""
    extra = max(number.bit_length() - 64, 0)
    return float((number >> extra) * 2.0 ** max(shift + extra, -1000))


def _inverse(rows: Sequence[SparseRow], size: int) -> _Inverse | None:
    import numpy as np

    try:
        inverse = _Inverse(rows, size)
    except (np.linalg.LinAlgError, ArithmeticError):
        return None
    return inverse if np.isfinite(inverse.matrix).all() else None


def _correction(inverse: _Inverse, residual: Sequence[int]) -> list[int] | None:
    """The solution for a residual, times ``2**STEP_BITS``, rounded."""
    import numpy as np

    peak = max(
        value.bit_length() - unit for value, unit in zip(residual, inverse.row_unit, strict=True)
    )
    scaled = np.array(
        [
            scaled_float(value, -unit - peak)
            for value, unit in zip(residual, inverse.row_unit, strict=True)
        ]
    )
    answer = inverse.matrix @ scaled
    if not np.isfinite(answer).all():
        return None
    found = []
    for value, unit in zip(answer.tolist(), inverse.column_unit, strict=True):
        mantissa = int(value * 2.0**53)
        shift = STEP_BITS + peak - unit - 53
        if shift >= 0:
            found.append(mantissa << shift)
        else:
            found.append((mantissa + (1 << (-shift - 1))) >> -shift)
    return found


def _read(approximation: Sequence[int], bits: int) -> tuple[list[int], int] | None:
    """The approximation as fractions over a common denominator, if such can be read."""
    limit = 1 << (bits // 2 - 2)
    half = 1 << (bits - 1)
    denominator = 1
    parts: list[tuple[int, int]] = []  # numerators, and the common denominator at the time
    for value in approximation:
        scaled = value * denominator
        near = (scaled + half) >> bits
        if abs(scaled - (near << bits)) >= denominator << 16:
            guess = Fraction(scaled, 1 << bits).limit_denominator(limit // denominator or 1)
            near = guess.numerator
            denominator *= guess.denominator
            error = abs(scaled * guess.denominator - (near << bits))
            if denominator > limit or error >= denominator << 16:
                return None
        parts.append((near, denominator))
    return [number * (denominator // of) for number, of in parts], denominator


def _solves(
    rows: Sequence[SparseRow], right: Sequence[int], numbers: Sequence[int], denominator: int
) -> bool:
    return all(
        sum([c * numbers[j] for j, c in row.items()]) == value * denominator
        for row, value in zip(rows, right, strict=True)
    )
