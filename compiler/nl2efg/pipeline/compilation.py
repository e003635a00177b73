"""The compilation that a caller gets, and its record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nl2efg.game import GameTree
from nl2efg.pipeline.folder import write_folder
from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.record import CompilationRecord

if TYPE_CHECKING:
    from nl2efg.families import GameFamily
    from nl2efg.solving import Equilibrium, Solution


@dataclass(frozen=True, repr=False)
class Compilation:
    """A compiled game, with everything that led to it.

    Args:
        tree: the game.
        record: the schema of ``compilation.json``.
        solution: what the solver found; None if it was not asked.
    """

    tree: GameTree
    record: CompilationRecord
    solution: Solution | None = None

    def __repr__(self) -> str:
        return f"<Compilation {self.name!r} of {self.tree!r}, {len(self.equilibria)} equilibria>"

    @property
    def name(self) -> str:
        """The name that its files go under."""
        return self.record.name

    @property
    def text(self) -> str:
        """The description."""
        return self.record.text

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was found in the game, and in the text about it."""
        return self.record.diagnostics

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the text leaves open, with what was assumed."""
        return self.record.assumptions

    @property
    def equilibria(self) -> tuple[Equilibrium, ...]:
        """Certified equilibria; empty if the game was not solved."""
        return self.solution.equilibria if self.solution else ()

    @property
    def efg(self) -> str:
        """The game as .efg text."""
        return self.record.efg or ""

    @cached_property
    def family(self) -> GameFamily | None:
        """The family that the game is one of, if the description has letters."""
        from nl2efg.sandbox import family_of

        return family_of(self.tree)

    @cached_property
    def code(self) -> str:
        """pygambit code for the installed pygambit that rebuilds the game."""
        from nl2efg.gambit.code.program import to_code

        return to_code(self.tree)

    @cached_property
    def game(self) -> Any:
        """The game as a ``pygambit.Game``."""
        from nl2efg.gambit import to_gambit

        return to_gambit(self.tree)

    @cached_property
    def graph(self) -> Any:
        """The game as a ``networkx.DiGraph``; see :func:`nl2efg.formats.to_networkx`."""
        from nl2efg.formats.networkx_graph import to_networkx

        return to_networkx(self.tree)

    def draw(self, equilibrium: int | None = 0, **options: Any) -> str:
        """The tree as SVG.

        Args:
            equilibrium: which one to lay over it, from 0; None for none.
            options: as :func:`nl2efg.draw_svg`.
        """
        from nl2efg.drawing import draw_svg

        found = self.equilibria
        shown = None if equilibrium is None or not found else found[equilibrium].profile
        return draw_svg(self.tree, profile=shown, **options)

    def report(self) -> str:
        """The report: one HTML page that works offline."""
        from nl2efg.drawing import draw_html

        return draw_html(self.tree, self.record, [found.profile for found in self.equilibria])

    def files(self) -> dict[str, str]:
        """The game in its forms, by file name: .efg, pygambit code, picture and report."""
        found = {
            "game.efg": self.efg,
            "game.py": self.code,
            "tree.svg": self.draw(),
            "report.html": self.report(),
        }
        if self.record.examination is not None:
            found["exam.json"] = self.record.examination.model_dump_json(indent=1) + "\n"
        return found

    def save(self, folder: str | Path) -> Path:
        """Write the folder that the command line writes; see :func:`write_folder`."""
        return write_folder(self.record, self.files(), Path(folder))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.draw(), "text/plain": repr(self)}
