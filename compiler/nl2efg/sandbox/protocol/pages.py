"""Memory for what belongs to one job: pages of its own, given back to the system with the job.

What is freed on the heap stays there to be read: by a program that asks for memory and looks at it
before it writes (``numpy.empty``), where a later job is a fork of this process.
"""

from __future__ import annotations

import mmap
import os
import socket

_CHUNK = 1 << 16


class Pages:
    """Bytes outside of the heap, which grow at their end.

    No copy of them is made in the heap either, so they are written from a descriptor or a socket
    and read through a view. They are gone when the last view of them is.

    Args:
        room: bytes to make room for at first.
    """

    def __init__(self, room: int = _CHUNK) -> None:
        self._map = _mapped(room)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def view(self, start: int = 0) -> memoryview:
        """The bytes from ``start`` on, as they are now."""
        return memoryview(self._map)[start : self._size]

    def read(self, descriptor: int) -> int:
        """Append what there is to be read, 64 KiB at most; says how many bytes, 0 at the end.

        Raises:
            OSError: it cannot be read, or there is nothing yet and it does not wait.
        """
        if self._size + _CHUNK > len(self._map):
            larger = _mapped(2 * (self._size + _CHUNK))
            memoryview(larger)[: self._size] = self.view()
            self._map = larger
        count = os.readv(descriptor, [memoryview(self._map)[self._size : self._size + _CHUNK]])
        self._size += count
        return count

    def receive(self, stream: socket.socket, size: int) -> None:
        """Fill the room with ``size`` bytes of a stream.

        Raises:
            EOFError: the other side is gone.
        """
        while self._size < size:
            count = stream.recv_into(memoryview(self._map)[self._size : size])
            if not count:
                raise EOFError("the other side is gone")
            self._size += count

    def cut(self, size: int) -> None:
        """Keep the first ``size`` bytes at most."""
        self._size = min(self._size, size)


def _mapped(size: int) -> mmap.mmap:
    return mmap.mmap(-1, max(size, 1), flags=mmap.MAP_PRIVATE | mmap.MAP_ANON)
