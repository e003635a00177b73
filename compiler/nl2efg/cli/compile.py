"""``nl2efg compile``: the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nl2efg.cli.options import model_options
from nl2efg.cli.parameters import Settings, settings
from nl2efg.cli.terminal import print_json
from nl2efg.errors import NotFoundError

if TYPE_CHECKING:
    from nl2efg.cli.keeping import Keeping
    from nl2efg.models import Model
    from nl2efg.models.flags import ModelFlags
    from nl2efg.pipeline import Compilation

NEAR = 0.8
"""How alike the names of two files are, of 1, for one to be the other misspelt."""

MIN_WORDS = 5
"""An argument of so many words that names no file is meant as a description."""


@model_options()
def compile_command(
    source: Annotated[
        str, typer.Argument(metavar="FILE|-|NAME", help="a text, '-' for stdin, or a bundled game")
    ],
    flags: ModelFlags,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="folder to write; default NAME.nl2efg in this folder"),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="print compilation.json on stdout, and nothing else")
    ] = False,
    samples: Annotated[
        int, typer.Option(min=1, help="compile N times and take the game that most agree on")
    ] = 1,
    rounds: Annotated[int, typer.Option(min=0, help="repairs at most")] = 3,
    method: Annotated[
        str,
        typer.Option(
            help="sketch: who knows what, then the program; tree-first: the tree, then what is "
            "known at each node; mixed: in turn, sample by sample"
        ),
    ] = "sketch",
    sketch: Annotated[bool, typer.Option(help="read the information structure first")] = True,
    code: Annotated[
        bool, typer.Option(help="without: read the game from the sketch, and run no code")
    ] = True,
    ask: Annotated[bool, typer.Option("--ask", help="ask me what the text leaves open")] = False,
    critic: Annotated[
        bool, typer.Option("--critic", help="let the model read the built game back")
    ] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="put questions about the built game to a reader of the text alone"
        ),
    ] = False,
    verifier: Annotated[
        str | None, typer.Option(metavar="MODEL", help="the same, answered by this model")
    ] = None,
    max_nodes: Annotated[
        int, typer.Option(min=1, help="nodes that the game may have; larger ones are refused")
    ] = 400_000,
    solve: Annotated[bool, typer.Option(help="look for equilibria")] = True,
    concept: Annotated[str, typer.Option(help="solution concept, as for nl2efg solve")] = "spe",
    everything: Annotated[
        bool | None,
        typer.Option("--all/--one", help="list all equilibria; by default of small games"),
    ] = None,
    budget: Annotated[float, typer.Option(min=0.1, help="seconds for solving")] = 10.0,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="tell 2/3 instead of two times in three")
    ] = False,
    given: Settings = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="ask anew, although replies to this text are kept")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="no progress on stderr")] = False,
) -> None:
    """Compile a game told in words: find who knows what, build it, check it, solve it, draw it.

    Example: [bold]nl2efg kuhn_poker[/bold], or [bold]nl2efg story.txt --samples 5[/bold].

    The word "compile" may be left out. Stopped at any time, the same command goes on; replies are
    kept in a cache, so that the same text compiled again costs nothing.
    """
    text, name = read_source(source)
    folder = output or Path(f"{name}.nl2efg")
    from nl2efg.cli.asking import Asking, can_ask
    from nl2efg.cli.keeping import Keeping
    from nl2efg.cli.models import models_for
    from nl2efg.cli.progress import reporting

    values = settings(given)
    models = models_for(text, flags, verifier=verifier, quiet=quiet)
    keeping = Keeping(folder, fresh=fresh)
    models = [keeping.of(model) for model in models]
    reader = models.pop() if verifier else None
    asking = Asking(keeping.unfinished.place, text) if ask and can_ask() else None
    talks = asking is not None or flags.paste  # a spinner would draw over what the person types
    with reporting(quiet, plain_lines=talks) as progress:
        options = {
            "samples": samples,
            "rounds": rounds,
            "method": method,
            "sketch": sketch,
            "code": code,
            "critic": critic,
            "verify": verify,
            "verifier": reader,
            "max_nodes": max_nodes,
            "solve": solve,
            "solve_budget": budget,
            "concept": concept,
            "all_equilibria": everything,
            "values": values,
            "ask": asking,
            "progress": progress,
        }
        made = _compile_and_write(text, name, models, options, keeping)
    if json:
        print_json(made.record.model_dump(mode="json"))
        return
    from nl2efg.cli.summary import print_summary

    print_summary(made.record, made.solution, folder, numbers=numbers)


def _compile_and_write(
    text: str, name: str, models: Sequence[Model], options: dict[str, Any], keeping: Keeping
) -> Compilation:
    from nl2efg.pipeline import compile
    from nl2efg.revision.recompiled import beside_the_last

    with keeping.through() as came:
        compilation = compile(text, model=models, name=name, came=came, **options)
        compilation = beside_the_last(compilation, keeping.folder)
        options["progress"]("drawing and writing the files")
        compilation.write(keeping.folder)
    return compilation


def read_source(source: str) -> tuple[str, str]:
    """The description that an argument names, and a name for its files.

    Raises:
        DescriptionError: the file is no text.
        NotFoundError: it is neither a file nor a bundled game.
    """
    from nl2efg.pipeline.descriptions import MAX_BYTES, decode_description, read_description

    if source == "-":
        return decode_description(sys.stdin.buffer.read(MAX_BYTES), "stdin"), "game"
    path = Path(source)
    if os.path.exists(path):
        return read_description(path), path.stem
    if len(source.split()) >= MIN_WORDS:
        raise NotFoundError(
            f"there is no file {source[:40]}…; a description itself is no argument",
            hint="put it into a file, or pass it on: echo '…' | nl2efg -",
        )
    from nl2efg.pipeline.examples import example

    try:
        found = example(source)
    except NotFoundError as error:
        if near := _near(path):
            error.hint = f"did you mean {near}?"
        raise
    return found.text, found.name


def _near(path: Path) -> Path | None:
    """The file whose name is nearly that of one that is not there."""
    from difflib import get_close_matches

    try:
        near = get_close_matches(path.name, os.listdir(path.parent), 1, NEAR)
    except OSError:
        return None
    return path.with_name(near[0]) if near and path.suffix else None
