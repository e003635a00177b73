"""What a worker's children allocate lies side by side once the holes between objects are taken."""

from __future__ import annotations

import sys

import pytest

from nl2efg.sandbox.worker.heap import take_holes

POOL = 1 << 14


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="about CPython's allocator")
@pytest.mark.parametrize("size", [64, 208, 512])
def test_new_objects_share_pools_however_scattered_the_holes_are(size: int) -> None:
    def make(count: int) -> list[bytes]:
        return [bytes(size - sys.getsizeof(b"")) for _ in range(count)]

    per_pool = POOL // size
    there = make(200 * per_pool)
    del there[:: per_pool // 2]  # some two holes in each pool

    def pools() -> int:
        return len({id(one) // POOL for one in make(100)})

    scattered = pools()
    held = take_holes()
    assert pools() <= 100 // (per_pool - 1) + 2 < scattered
    assert sum(map(sys.getsizeof, held)) < 100 << 20
