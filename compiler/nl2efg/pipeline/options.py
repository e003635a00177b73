"""What a caller may choose about a compilation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from nl2efg.errors import UserError
from nl2efg.models import Model
from nl2efg.schema.sketch import SketchAssumption

if TYPE_CHECKING:
    from nl2efg.pipeline.attempts import Sample

Ask = Callable[[Sequence[SketchAssumption]], Sequence[tuple[str, str]]]
"""Puts open points to the author; returns the questions that were answered, with the answers."""

Progress = Callable[[str], None]
"""Told in a few words what is being done."""

Came = Callable[["Sample"], None]
"""Told of a sample to which something came."""


Method = Literal["sketch", "tree-first", "mixed"]
METHODS: tuple[Method, ...] = ("sketch", "tree-first", "mixed")


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Options:
    """How to compile.

    Args:
        samples: independent compilations per model, from 1; the largest class of equivalent games
            is taken.
        rounds: repairs at most, from 0.
        method: ``sketch`` reads who knows what, then writes the program; ``tree-first`` writes the
            tree as if everybody saw everything and then asks, node by node, what a player knows;
            ``mixed`` takes them in turn, sample by sample.
        sketch: whether to run stage 1.
        code: whether a program may be asked for and run; without, the sketch is read as a game, and
            its letters stand for the values that were worked with. Where code cannot be isolated,
            none is run, whatever is said here.
        check: whether to check each game against the text and the sketch, and repair by it.
        critic: whether a model call compares the description with the game read back.
        verify: whether the built game is put to the examination, and repaired by it; and what the
            text leaves open is asked of a second reader.
        verifier: who answers it; by default the model that wrote the program.
        max_nodes: nodes that the game may have, from 1; a larger one is said to be too large.
        solve: whether to look for equilibria.
        solve_budget: seconds for that.
        concept: the solution concept, as :func:`nl2efg.solve` takes it.
        all_equilibria: whether all are listed; None lists them for small games.
        values: of the game's parameters, by symbol, in the place of those that were worked with.
        ask: puts what stage 1 found open to the author before stage 2.
        cache: whether replies are kept in the user's cache, so that the same text compiled again by
            the same model costs nothing; the command line has its own ``--fresh``.
        progress: told what is being done.
        came: told of each sample whenever a reply, a sketch or a program came to it.
    """

    samples: int = 1
    rounds: int = 3
    method: Method = "sketch"
    sketch: bool = True
    code: bool = True
    check: bool = True
    critic: bool = False
    verify: bool = False
    verifier: Model | None = None
    max_nodes: int = 400_000
    solve: bool = True
    solve_budget: float = 10.0
    concept: str = "spe"
    all_equilibria: bool | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    ask: Ask | None = None
    cache: bool = False
    progress: Progress = _silent
    came: Came | None = None

    @property
    def verifies(self) -> bool:
        """Whether a game is examined, by whomever."""
        return self.verify or self.verifier is not None


class CompileOptions(TypedDict, total=False):
    """The fields of :class:`Options`, as keyword arguments: a type checker knows them."""

    samples: int
    rounds: int
    method: Method
    sketch: bool
    code: bool
    check: bool
    critic: bool
    verify: bool
    verifier: Model | None
    max_nodes: int
    solve: bool
    solve_budget: float
    concept: str
    all_equilibria: bool | None
    values: Mapping[str, str]
    ask: Ask | None
    cache: bool
    progress: Progress
    came: Came | None


def make_options(**given: Any) -> Options:
    """Options by name.

    Raises:
        UserError: one that does not exist, or is out of its range.
    """
    known = [each.name for each in fields(Options)]
    for name in given:
        if name not in known:
            raise UserError(f"there is no option {name!r}", hint=f"there are {', '.join(known)}")
    options = Options(**given)
    for name, least in (("samples", 1), ("rounds", 0), ("max_nodes", 1), ("solve_budget", 0.001)):
        if getattr(options, name) < least:
            raise UserError(f"{name} must be at least {least}, not {getattr(options, name)}")
    if options.concept != Options().concept:
        from nl2efg.solving.concepts import refuse_unknown

        refuse_unknown(options.concept)  # before a model is paid for the game
    if options.method not in METHODS:
        raise UserError(
            f"there is no method {options.method!r}", hint=f"choose one of {', '.join(METHODS)}"
        )
    if not options.code and (options.method != "sketch" or not options.sketch):
        raise UserError(
            "without code the game is read from the sketch",
            hint="leave out --no-sketch and --method, or let code run",
        )
    return options
