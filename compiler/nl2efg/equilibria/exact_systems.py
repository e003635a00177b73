"""Exact solutions of sparse integer systems, by lifting a floating-point inverse.

Each step computes the residual exactly in integers and corrects the solution by some thirty bits;
the result is read as fractions over one common denominator and verified. This is the
numeric-symbolic method of Wan (2006, J. Symbolic Computation 41, p. 621).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import sub
from typing import Any

from nl2efg.equilibria.deadline import is_late
from nl2efg.equilibria.highs import Entry, program_of, quiet_solver

SparseRow = dict[int, int]
Solve = Callable[[Any], Any]
"""From right-hand sides to the solution, as numpy flat."""

STEP_BITS = 30
MAX_SIZE = 20_000
"""Most unknowns."""
DENSE = 100
"""Up to so many a dense inverse is quicker than sparse factors."""
WORD_BITS = 63
"""Of a machine's signed integer."""
FLOAT_BITS = 1000
"""So long an integer is surely no overflow as a float."""


def solve_exactly(
    rows: Sequence[SparseRow], right: Sequence[int], size: int
) -> list[Fraction] | None:
    """The one solution of a square system, or None.

    Args:
        rows: the nonzero coefficients of each equation.
        right: the right-hand sides.
        size: the number of unknowns.

    Returns:
        None if the system is not square or is singular to working precision, if it has more than
        ``MAX_SIZE`` unknowns, or if time runs out.
    """
    if len(rows) != size or size > MAX_SIZE or not all(rows) or is_late():
        return None
    try:
        inverse = _Inverse(rows, size)
    except ArithmeticError:
        return None
    product = _Product(rows)
    approximation = [0] * size
    residual = list(right)
    bits = 0
    bound = max(*inverse.row_unit, *(abs(value).bit_length() for value in right))
    bound += size.bit_length() + STEP_BITS
    next_reading = 2 * STEP_BITS
    enough = 4 * _answer_bits(rows, right) + 8 * STEP_BITS
    while not is_late():
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
            (rest << STEP_BITS) - less
            for rest, less in zip(residual, product.times(step), strict=True)
        ]
        if max(map(abs, residual)).bit_length() > bound or bits > 2 * enough:
            return None
        if bits >= next_reading:
            found = _read(approximation, bits)
            if found is not None and _solves(rows, right, *found):
                numbers, denominator = found
                return [Fraction(number, denominator) for number in numbers]
            if bits >= enough:  # no solution has so long a numerator: rounding led astray
                return None
            next_reading = min(2 * bits, enough)
    return None


def _answer_bits(rows: Sequence[SparseRow], right: Sequence[int]) -> int:
    """How long numerators and denominators of the solution can be, by Hadamard's inequality."""
    lengths = [sum(c * c for c in row.values()).bit_length() // 2 + 1 for row in rows]
    return sum(lengths) + max(abs(value) for value in right).bit_length()


class _Product:
    """Exact products of the system with integers."""

    def __init__(self, rows: Sequence[SparseRow]) -> None:
        import numpy as np

        self._rows = [tuple(row.items()) for row in rows]
        widest = max(map(len, self._rows)).bit_length()
        self._bits = max(abs(c) for row in rows for c in row.values()).bit_length() + widest
        if self._bits < WORD_BITS:
            self._starts = np.cumsum([0, *map(len, self._rows[:-1])])
            self._places = np.array([j for row in self._rows for j, _ in row])
            self._entries = np.array([c for row in self._rows for _, c in row], dtype=np.int64)

    def times(self, vector: Sequence[int]) -> list[int]:
        """The product with a vector; in machine words where none can overflow."""
        import numpy as np

        if self._bits + max(map(int.bit_length, vector)) < WORD_BITS:
            terms = self._entries * np.array(vector, dtype=np.int64)[self._places]
            products: list[int] = np.add.reduceat(terms, self._starts).tolist()
            return products
        return [sum([c * vector[j] for j, c in row]) for row in self._rows]


class _Inverse:
    """The system in floating point, rows and columns balanced, ready to be solved for many sides.

    Raises:
        ArithmeticError: it is singular to working precision or out of balance.
    """

    def __init__(self, rows: Sequence[SparseRow], size: int) -> None:
        import numpy as np

        units = [max(abs(c) for c in row.values()).bit_length() for row in rows]
        peaks = [-(10**9)] * size
        for row, unit in zip(rows, units, strict=True):
            for j, c in row.items():
                peaks[j] = max(peaks[j], abs(c).bit_length() - unit)
        if min(peaks) < -1000:
            raise ArithmeticError("a column is empty or out of balance")
        entries = [
            (j, i, scaled_float(c, -units[i] - peaks[j]))
            for i, row in enumerate(rows)
            for j, c in row.items()
        ]
        self.row_unit = units
        self.column_unit = np.array(peaks)
        make = _dense if size <= DENSE else _sparse
        self.solve = make(entries, size)


def _dense(entries: Sequence[Entry], size: int) -> Solve:
    import numpy as np

    matrix = np.zeros((size, size))
    for j, i, value in entries:
        matrix[i, j] = value
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError as error:
        raise ArithmeticError(str(error)) from None
    return lambda right: inverse @ right


def _sparse(entries: Sequence[Entry], size: int) -> Solve:
    """HiGHS factorises the basis of a program whose columns are free and all basic."""
    import numpy as np

    highspy, solver = quiet_solver()
    solver.setOptionValue("presolve", "off")
    program = program_of(highspy, entries, size, size)
    program.col_cost_ = program.row_lower_ = program.row_upper_ = np.zeros(size)
    program.col_lower_ = np.full(size, -highspy.kHighsInf)
    program.col_upper_ = np.full(size, highspy.kHighsInf)
    solver.passModel(program)
    basis = highspy.HighsBasis()
    basis.col_status = [highspy.HighsBasisStatus.kBasic] * size
    basis.row_status = [highspy.HighsBasisStatus.kLower] * size
    basis.valid = True
    solver.setBasis(basis)
    solver.run()
    _, order = solver.getBasicVariables()
    if min(order) < 0:  # a row took the place of a column that depends on others
        raise ArithmeticError("the system is singular")

    def solve(right: Any) -> Any:
        _, found = solver.getBasisSolve(right)
        answer = np.empty(size)
        answer[order] = found
        return answer

    return solve


def scaled_float(number: int, shift: int) -> float:
    """``number * 2**shift`` for integers of any size."""
    extra = max(number.bit_length() - 64, 0)
    return float((number >> extra) * 2.0 ** max(shift + extra, -1000))


def _correction(inverse: _Inverse, residual: Sequence[int]) -> list[int] | None:
    """The solution for a residual, times ``2**STEP_BITS``, rounded."""
    import numpy as np

    lengths = list(map(int.bit_length, residual))
    peak = max(map(sub, lengths, inverse.row_unit))
    extra = max(max(lengths) - FLOAT_BITS, 0)
    high = [value >> extra for value in residual] if extra else residual
    scaled = np.ldexp(np.array(high, dtype=float), extra - peak - np.array(inverse.row_unit))
    with np.errstate(over="ignore"):  # whatever is not finite is no correction
        answer = np.ldexp(inverse.solve(scaled), STEP_BITS + peak - inverse.column_unit)
    if not np.isfinite(answer).all():
        return None
    return list(map(int, np.rint(answer).tolist()))


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
