"""The filter of system calls, as bytes."""

from __future__ import annotations

import pytest

from nl2efg.sandbox.isolation.seccomp import filter_program


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_refuses_by_default_and_fits_the_kernel(machine: str) -> None:
    program = filter_program(machine)
    assert program is not None
    assert len(program) % 8 == 0
    assert len(program) // 8 < 4096
    assert program[-8:] == bytes((6, 0, 0, 0, 1, 0, 5, 0))  # return ERRNO | EPERM


def test_an_unknown_machine_has_no_filter() -> None:
    assert filter_program("pdp11") is None
