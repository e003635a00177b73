"""The application: its commands, the main job without a command's name, and the exit codes."""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_group

from nl2efg.cli.encoding_option import with_encoding
from nl2efg.cli.games_of_runs import by_their_folders
from nl2efg.cli.garbage import rare_collections
from nl2efg.cli.options import words_in_one
from nl2efg.cli.parameters import is_compilation
from nl2efg.cli.terminal import StdoutError, complain, note, ready_streams
from nl2efg.errors import Nl2efgError, NotFoundError, ReadingWarning, StorageError

COMMANDS: dict[str, str] = {
    "compile": "compile:compile_command",
    "edit": "edit:edit_command",
    "set": "set_game:set_command",
    "refresh": "refresh:refresh_command",
    "versions": "versions:versions",
    "build": "build:build_command",
    "check": "check:check",
    "describe": "describe:describe",
    "show": "show:show",
    "draw": "draw:draw",
    "diff": "diff:diff",
    "solve": "solve:solve",
    "verify": "verify:verify",
    "sweep": "sweep:sweep_command",
    "play": "play:play",
    "simulate": "simulate:simulate",
    "code": "code:code",
    "eval": "evaluate:evaluate",
    "batch": "batch:batch",
    "export": "export:export",
    "waves": "waves:waves",
    "record": "record:record",
    "examples": "examples:examples",
    "explain": "explain:explain",
    "models": "services:models",
    "cache": "cache:cache",
    "mcp": "mcp_command:mcp",
    "doctor": "doctor:doctor",
}
"""Command name to ``module:function`` below ``nl2efg.cli``; loaded when it is called or listed.

The help lists them in this order: from a text to a game, what is done with one, corpora, the rest.
"""

READERS = frozenset(COMMANDS) - {
    "cache",
    "doctor",
    "models",
    "explain",
    "examples",
    "mcp",
    "record",
    "versions",
}
"""The commands that read files of people's, which may be in any encoding."""

MAIN_JOB, REFRESH = "compile", "refresh"

SEVERAL_WORDS = {
    "edit": {"--answer": "QUESTION ANSWER"},
    "set": {
        "--payoff": "HISTORY PLAYER VALUE",
        "--probability": "HISTORY ACTION VALUE",
        "--join": "HISTORY HISTORY",
        "--rename": "OLD NEW",
    },
}
"""Options that take several words and may be repeated, by command."""

NEAR = 0.75
"""How alike a word and a command are, of 1, for one to be the other misspelt."""


class CommandGroup(TyperGroup):
    """The commands; each is imported when it is called, or when all are listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command, imported now.

        Args:
            ctx: of the call.
            cmd_name: its name; None comes back where there is none of that name.
        """
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        alone = _typer()
        alone.callback()(lambda: None)  # a group, however few its commands
        called = getattr(import_module(f"nl2efg.cli.{module}"), function)
        named = alone.command(cmd_name, help=in_paragraphs(called.__doc__ or ""))
        named(with_encoding(called) if cmd_name in READERS else called)
        return get_group(alone).commands[cmd_name]


def in_paragraphs(docstring: str) -> str:
    """A docstring whose paragraphs are one line each, so that help fits terminals of any width.

    Args:
        docstring: its paragraphs are parted by empty lines; an indented one stays as it is.
    """
    parts = cleandoc(docstring).split("\n\n")
    return "\n\n".join(
        part if part.startswith(" ") else " ".join(part.split("\n")) for part in parts
    )


def _typer(**options: Any) -> typer.Typer:
    return typer.Typer(
        name="nl2efg",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        **options,
    )


def application() -> typer.Typer:
    """The Typer application with every command."""
    app = _typer(cls=CommandGroup)

    @app.callback()
    def root(
        version: Annotated[
            bool, typer.Option("--version", callback=_print_version, help="show the version")
        ] = False,
    ) -> None:
        """A compiler from natural language to extensive-form games.

        [bold]nl2efg FILE[/bold] compiles a text, [bold]nl2efg NAME[/bold] a bundled game,
        [bold]nl2efg -[/bold] what comes on stdin; [bold]nl2efg FOLDER[/bold] takes what you
        changed in a folder that it wrote.

        Exit codes: 0 done; 1 no game came out, or a check failed; 2 your mistake;
        3 the model service; 4 undecided; 5 a batch is answered later; 130 interrupted.
        """

    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"nl2efg {version('nl2efg')}")
        raise typer.Exit


def with_main_job(arguments: Sequence[str]) -> list[str]:
    """Put the main job's name in front where the first word is no command.

    ``nl2efg kuhn_poker --json`` is ``nl2efg compile kuhn_poker --json``; of a compilation's folder
    the main job is to refresh it.

    Raises:
        NotFoundError: the first word is a command misspelt.
    """
    found = list(arguments)
    if found and found[0] not in COMMANDS and found[0] not in ("--help", "-h", "--version"):
        _refuse_misspelt(found[0])
        found.insert(0, REFRESH if _is_compiled(found[0]) else MAIN_JOB)
    return found


def _is_compiled(word: str) -> bool:
    return os.path.isdir(word) and is_compilation(word)


def _look_at_folders(arguments: Sequence[str]) -> None:
    """Put folders back that a killed command left aside; say which hold files that do not agree."""
    for word in arguments[1:]:
        head, name = os.path.split(word.rstrip("/"))
        if name and not os.path.exists(word) and os.path.isdir(f"{head or '.'}/.{name}.replaced"):
            from nl2efg.pipeline.folder import recover_folder

            recover_folder(Path(head, name))
    if not arguments or arguments[0] in (REFRESH, MAIN_JOB, "set", "edit", "versions"):
        return
    for word in arguments[1:]:
        if _is_compiled(word):
            from nl2efg.pipeline.loading import told_edits

            if words := told_edits(word):
                note(f"nl2efg: {words}")
        elif not os.path.exists(word) and _is_compiled(f"{word}.nl2efg"):
            from nl2efg.pipeline.examples import is_bundled

            if is_bundled(word):
                note(
                    f"nl2efg: {word} is the bundled game's reference, whose names may be others; "
                    f"{word}.nl2efg is what its text was compiled to"
                )


def _refuse_misspelt(word: str) -> None:
    """Say which command is meant by a word that is nearly one.

    Raises:
        NotFoundError: it is near a command, and no file and no bundled game has this name.
    """
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), COMMANDS, 1, NEAR)
    if not near or os.path.exists(word):
        return
    from nl2efg.pipeline.examples import examples

    names = [bundled.name for bundled in examples()]
    if word in names or get_close_matches(word.lower(), [*names, near[0]], 1, NEAR) != near:
        return
    raise NotFoundError(f"there is no command {word}", hint=f"did you mean nl2efg {near[0]}?")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    Exit codes: 0 done; 1 no game came out, or a check failed; 2 the user's mistake; 3 the model
    service; 4 undecided (``diff``); 130 interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    ready_streams()
    stdout = sys.stdout
    try:
        with _reading_warnings_as_notes(), rare_collections():
            words = with_main_job(by_their_folders(given))
            _look_at_folders(words)
            if words and words[0] in SEVERAL_WORDS:
                words = words_in_one(words, SEVERAL_WORDS[words[0]])
            application()(words, prog_name="nl2efg")
    except SystemExit:
        # typer replaces stdout, and leaves with 1, when a reader such as `head` has gone.
        if sys.stdout is stdout:
            raise
    except Nl2efgError as error:
        complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except StdoutError as error:
        _refuse_stdout(error)
    finally:
        _let_go_of_stdout()


@contextmanager
def _reading_warnings_as_notes() -> Iterator[None]:
    """What had to be read into a file is said in a line, without Python's frame around it."""
    shown = warnings.showwarning

    def show(message: Any, category: type[Warning], *place: Any, **more: Any) -> None:
        if issubclass(category, ReadingWarning):
            note(f"nl2efg: {message}")
        else:
            shown(message, category, *place, **more)

    warnings.showwarning = show
    try:
        yield
    finally:
        warnings.showwarning = shown


def _let_go_of_stdout() -> None:
    """Write out what is left. A reader that has seen enough, such as ``head``, is no failure."""
    try:
        sys.stdout.flush()
    except StdoutError as error:
        _refuse_stdout(error)
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # the latter on Windows
            raise
        _lose_stdout()


def _refuse_stdout(error: OSError) -> NoReturn:
    _lose_stdout()
    complain(f"stdout cannot be written: {error.strerror}", "make room, or name another place")
    sys.exit(StorageError.exit_code)


def _lose_stdout() -> None:
    """Let what is left go nowhere: Python flushes once more at its end, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
