"""What the application and the worker's parent say to each other over their socket.

One request, one answer. A request is a job's layers, limits and code; an answer how the job ended,
what it printed and the bytes it handed back. The first frame is the worker's report about itself.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from nl2efg.sandbox.limits import Limits
from nl2efg.sandbox.protocol.pages import Pages

_HELLO = struct.Struct("<4sIII")
_HELLO_MAGIC = b"NL2E"
_REQUEST = struct.Struct("<IddQIII")
_ANSWER = struct.Struct("<BiddQII")
_CHUNK = 1 << 20

Told = bytes | memoryview
"""In the worker, a view of pages: what is of one job must not stay in the heap for the next."""


class Layer(IntFlag):
    """What stands between the code and the machine. Tests switch single ones off."""

    POLICY = 1
    USER = 2
    LIMITS = 4
    LANDLOCK = 8
    SECCOMP = 16
    SEATBELT = 32
    NAMESPACES = 64

    @property
    def word(self) -> str:
        """The name for people."""
        return (self.name or str(self.value)).lower()


class End(IntEnum):
    """How a job ended."""

    RESULT = 0  # with an authentic result
    SILENT = 1  # without any
    FORGED = 2  # with bytes on the result pipe that are no authentic result
    OVERSIZED = 3
    WALL = 4
    CPU = 5
    OUTPUT = 6
    UNSEALED = 7  # the child could not lock itself down, and ran nothing


@dataclass(frozen=True, slots=True)
class Hello:
    """What a started worker says of itself.

    Args:
        layers: layers that were tried in a child of this worker, and held.
        threads: its threads; one, unless a library started more.
        pid: its process id, as it sees it.
    """

    layers: Layer
    threads: int
    pid: int


@dataclass(frozen=True, slots=True)
class Request:
    """One job."""

    layers: Layer
    limits: Limits
    code: Told


@dataclass(frozen=True, slots=True)
class Answer:
    """How a job ended.

    Args:
        end: in which way.
        status: exit status of the child; -N after signal N.
        wall, cpu: seconds.
        memory: most bytes that the child had in memory at once.
        output: what it printed.
        result: the authentic result, or nothing.
    """

    end: End
    status: int
    wall: float
    cpu: float
    memory: int
    output: Told
    result: Told


def send_hello(stream: socket.socket, hello: Hello) -> None:
    """The worker's first frame."""
    stream.sendall(_HELLO.pack(_HELLO_MAGIC, hello.layers, hello.threads, hello.pid))


def receive_hello(stream: socket.socket) -> Hello:
    """The worker's first frame.

    Raises:
        EOFError: the worker ended.
        ValueError: something else answered.
    """
    magic, layers, threads, pid = _HELLO.unpack(_receive(stream, _HELLO.size))
    if magic != _HELLO_MAGIC:
        raise ValueError("no worker answered")
    return Hello(Layer(layers), threads, pid)


def request_frame(request: Request) -> bytes:
    """A job as bytes."""
    own = request.limits
    head = _REQUEST.pack(
        request.layers, own.wall, own.cpu, own.memory, own.nodes, own.output, len(request.code)
    )
    return head + bytes(request.code)


def receive_request(stream: socket.socket) -> Request:
    """The next job; its code is a view of pages of its own.

    Raises:
        EOFError: the other side is gone.
    """
    layers, wall, cpu, memory, nodes, output, size = _REQUEST.unpack(
        _receive(stream, _REQUEST.size)
    )
    code = Pages(size)
    code.receive(stream, size)
    return Request(Layer(layers), Limits(wall, cpu, memory, nodes, output), code.view())


def send_answer(stream: socket.socket, answer: Answer) -> None:
    """Say how the job ended."""
    head = _ANSWER.pack(
        answer.end, answer.status, answer.wall, answer.cpu, answer.memory,
        len(answer.output), len(answer.result),
    )  # fmt: skip
    for part in (head, answer.output, answer.result):
        stream.sendall(part)


def receive_answer(stream: socket.socket, limits: Limits) -> Answer:
    """How the job ended.

    Args:
        limits: of the job.

    Raises:
        EOFError: the worker ended.
        ValueError: it says what cannot be.
        TimeoutError: it says nothing within the socket's timeout.
    """
    end, status, wall, cpu, memory, printed, size = _ANSWER.unpack(_receive(stream, _ANSWER.size))
    if printed > limits.output or size > limits.result:
        raise ValueError("an answer beyond every limit")
    return Answer(
        End(end),
        status,
        wall,
        cpu,
        memory,
        _receive(stream, printed),
        _receive(stream, size),
    )


def _receive(stream: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        chunk = stream.recv(min(_CHUNK, size - len(parts)))
        if not chunk:
            raise EOFError("the other side is gone")
        parts += chunk
    return bytes(parts)
