"""What linear programs and sparse systems both ask of HiGHS."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

Entry = tuple[int, int, float]
"""Column, row and value."""


def quiet_solver() -> tuple[Any, Any]:
    """highspy, and a solver of one thread that prints nothing."""
    highspy: Any = import_module("highspy")

    class QuietHighs(highspy.Highs):  # type: ignore[misc]
        def enableCallbacks(self) -> None:
            # The first call of the library prints a banner on the process's stdout. From 1.12 on
            # that call is this one, made by the constructor, so the option must be set before it.
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()

    solver = QuietHighs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return highspy, solver


def program_of(highspy: Any, entries: Iterable[Entry], rows: int, columns: int) -> Any:
    """A program with these coefficients; costs and bounds are the caller's."""
    import numpy as np

    ordered = sorted(entries)
    counts = np.bincount([column for column, _, _ in ordered], minlength=columns)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = columns, rows
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    program.a_matrix_.index_ = np.array([row for _, row, _ in ordered], dtype=np.int32)
    program.a_matrix_.value_ = np.array([value for _, _, value in ordered])
    return program
