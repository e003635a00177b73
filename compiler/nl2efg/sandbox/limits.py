"""What a job may use."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.errors import UserError

MIB = 1 << 20
MAX_CODE_BYTES = MIB
MAX_PLAYERS = 1000  # what is computed for every player at every node must stay within memory
MAX_LABEL = 1000  # characters, as of a title
MAX_COMMENT = MIB  # it may list labels
_RESULT_PER_NODE, _TEXT_PER_NODE, _PAYOFFS_PER_NODE, _SPARE = 80, 200, 4, 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one job. Each ends the job with a diagnostic that names it.

    Args:
        wall: seconds from the start of the job to its end.
        cpu: seconds of computing; the kernel counts whole seconds, so it is rounded up.
        memory: bytes that the job may take beyond what the loaded interpreter has.
        nodes: nodes of the tree. The bounds on the rest of the game grow with it.
        output: bytes that the code may print, stdout and stderr together.

    Raises:
        UserError: a limit is not positive, or beyond what the channel can carry.
    """

    wall: float = 10.0
    cpu: float = 5.0
    memory: int = 512 * MIB
    nodes: int = 200_000
    output: int = 256 * 1024

    def __post_init__(self) -> None:
        largest = {"wall": 86_400, "cpu": 86_400, "memory": 1 << 40, "nodes": 10**7,
                   "output": 64 * MIB}  # fmt: skip
        for name, most in largest.items():
            if not 0 < getattr(self, name) <= most:
                raise UserError(
                    f"limit {name} is {getattr(self, name)}, not above 0 and at most {most}"
                )

    @classmethod
    def for_nodes(cls, nodes: int) -> Limits:
        """Limits that let a program build so many nodes, as far as was measured.

        A tree of 524,287 nodes took 673 MB and 5 seconds of computing.

        Raises:
            UserError: there are fewer than one or more than ten million.
        """
        usual = cls()
        extra = max(0, nodes - usual.nodes)
        return cls(
            wall=usual.wall + extra / 10_000,
            cpu=usual.cpu + extra / 20_000,
            memory=usual.memory + extra * 2_000,
            nodes=nodes,
        )

    @property
    def payoffs(self) -> int:
        """Payoffs that a game may have in all its outcomes."""
        return _PAYOFFS_PER_NODE * self.nodes + _SPARE

    @property
    def result(self) -> int:
        """Bytes in which a job may hand back its game."""
        return MIB + _RESULT_PER_NODE * self.nodes

    @property
    def text(self) -> int:
        """Characters that a game may take as the text of a file.

        There the labels and payoffs of a node are written out however many nodes share them.
        """
        return MIB + _TEXT_PER_NODE * self.nodes
