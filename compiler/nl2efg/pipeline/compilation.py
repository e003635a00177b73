"""The compilation that a caller gets, and its record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, overload

from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.pipeline.folder import write_folder
from nl2efg.schema.diagnostics import Diagnostic
from nl2efg.schema.record import CompilationRecord
from nl2efg.text import counted

if TYPE_CHECKING:
    from nl2efg.drawing.notebook import Explorer
    from nl2efg.drawing.view import ViewOptions
    from nl2efg.families import GameFamily
    from nl2efg.solving import Equilibrium, Solution

    Shown = int | Equilibrium | BehaviourProfile | None


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
        """pygambit code that rebuilds the game.

        It is for the installed pygambit, unless a person wrote it: then it is as it was written.
        """
        if self.record.revision is not None and self.record.revision.program:
            return self.record.revision.program
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

    @overload
    def draw(
        self, file: None = None, *, equilibrium: Shown = 1, **view: Unpack[ViewOptions]
    ) -> str: ...

    @overload
    def draw(
        self, file: str | PathLike[str], *, equilibrium: Shown = 1, **view: Unpack[ViewOptions]
    ) -> Path: ...

    def draw(
        self,
        file: str | PathLike[str] | None = None,
        *,
        equilibrium: Shown = 1,
        **view: Unpack[ViewOptions],
    ) -> str | Path:
        """Draw the game.

        Args:
            file: where to; its ending says what: svg, html, tex, png, pdf, dot, graphml, ef.
            equilibrium: which one to lay over it: its number as the command line counts, from 1,
                or the equilibrium or profile itself; None for none.
            view: as :func:`nl2efg.draw_svg` takes it.

        Returns:
            The SVG text, or the file that was written.

        Raises:
            UserError: there is no such equilibrium, the ending is unknown, or the file cannot be
                written.
        """
        from nl2efg.drawing.picture_files import UNMARKED, format_of, picture_bytes, write_picture

        shown = self._profile(equilibrium)
        ending = "svg" if file is None else format_of(Path(file))
        content = picture_bytes(
            self.tree,
            ending,
            record=self.record,
            profiles=[found.profile for found in self.equilibria],
            shown=None if ending in UNMARKED else shown,
            view=view,
        )
        return content.decode() if file is None else write_picture(content, Path(file))

    def _profile(self, equilibrium: Shown) -> BehaviourProfile | None:
        found = self.equilibria
        if equilibrium is None or (equilibrium == 1 and not found):
            return None
        if not isinstance(equilibrium, int):
            held = getattr(equilibrium, "profile", equilibrium)
            return held if isinstance(held, BehaviourProfile) else None
        if not 1 <= equilibrium <= len(found):
            raise UserError(
                f"there is no equilibrium {equilibrium}; the list has "
                f"{counted(len(found), 'equilibrium', 'equilibria')}",
                hint="they count from 1",
            )
        return found[equilibrium - 1].profile

    def report(self) -> str:
        """The report: one HTML page that works offline."""
        from nl2efg.drawing import draw_html

        profiles = [found.profile for found in self.equilibria]
        return draw_html(self.tree, self.record, profiles, code=self.code)

    def explore(self, height: int = 760) -> Explorer:
        """The report as a notebook shows it inside a cell.

        Args:
            height: of the frame, in pixels.
        """
        from nl2efg.drawing.notebook import Explorer

        return Explorer(self.report(), height)

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

    def write(self, folder: str | PathLike[str]) -> Path:
        """Write the folder that the command line writes: game, code, picture, report, record.

        Args:
            folder: where to; an earlier compilation there becomes an earlier version of it.

        Raises:
            UserError: the folder exists and is no compilation's, or cannot be written.
        """
        return write_folder(self.record, self.files(), Path(folder))

    @classmethod
    def load(cls, folder: str | PathLike[str]) -> Compilation:
        """A compilation that was written; its equilibria are certified anew.

        Args:
            folder: the folder, or its ``compilation.json``.

        Raises:
            UserError: there is none, or its record does not fit its game.
        """
        from nl2efg.pipeline.loading import read_compiled, restored_solution

        tree, record = read_compiled(Path(folder))
        if record is None and not Path(folder).exists():  # only a bundled game is no file
            raise UserError(
                f"{folder} is a bundled game, not a compilation",
                hint=f"`nl2efg {folder}` compiles its text into the folder {folder}.nl2efg",
            )
        if record is None:
            raise UserError(
                f"{folder} is a game, not a compilation",
                hint="`nl2efg set` changes it; in Python nl2efg.load_game reads it",
            )
        return cls(tree, record, restored_solution(tree, record))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": self.draw(), "text/plain": repr(self)}
