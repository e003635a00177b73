"""A folder whose ``game.py`` or ``game.efg`` a person edited, made whole again."""

from __future__ import annotations

import os
import warnings
from os import PathLike
from pathlib import Path

from nl2efg.comparison import compare
from nl2efg.errors import CompilationError, FormatError, ReadingWarning, UserError
from nl2efg.formats import load_game, read_efg
from nl2efg.game import GameTree
from nl2efg.pipeline import Compilation
from nl2efg.pipeline.folder import RECORD_FILE, changing, read_record, write_folder
from nl2efg.pipeline.options import Options
from nl2efg.pipeline.versions import EDITABLE, edited_files, read_history
from nl2efg.revision.next_version import Program, Solving, revised
from nl2efg.sandbox import build
from nl2efg.sandbox.limits import Limits
from nl2efg.schema.diagnostics import Severity
from nl2efg.schema.record import CompilationRecord
from nl2efg.storage import open_regular

PROGRAM, GAME = EDITABLE
FORMS = (*EDITABLE, "tree.svg", "report.html")
"""The files of a folder that show its game."""

_NOT_RUN = ("B107", "B318")
"""What is found where a game is taken from a program that Python cannot run to its end."""

MAX_PROGRAM = 4_000_000
"""Bytes of an edited program that are read."""

MAX_NODES = 10_000_000
"""Nodes that any program may build."""

MAX_EDITED = 256 * 2**20
"""Bytes of an edited file that goes along to a new folder."""


def refresh(
    folder: str | PathLike[str], *, use: str = "", solving: Solving | None = None
) -> Compilation | None:
    """Take what a person changed in a folder, and make the rest of its files anew.

    An edited program runs in the sandbox, as a model's does. The version before stays beside it.
    Where nothing was edited, files that are missing are written again, which a ReadingWarning says.

    Args:
        folder: a compilation's.
        use: ``game.py`` or ``game.efg``: the one that counts, where both were edited and are
            different games, or although it seems not to have been edited.
        solving: how the game is solved; by default as it was.

    Returns:
        What is in the folder now; None if nothing was edited.

    Raises:
        UserError: no compilation's folder, both files were edited and differ, or a file with a
            fault; nothing was changed.
        CompilationError: the edited program builds no game, or one with errors, or Python does not
            run it to its end.
    """
    place = Path(folder)
    read_record(place)
    _refuse_read_only(place)
    with changing(place):
        return _refreshed(place, use, solving)


def _refreshed(place: Path, use: str, solving: Solving | None) -> Compilation | None:
    record = read_record(place)
    if use and use not in EDITABLE:
        raise UserError(f"{use!r} is neither {PROGRAM} nor {GAME}")
    changed = _edited(place, record.efg or "")
    edited = (use,) if use else changed
    if not edited:
        _write_missing(place, record)
        return None
    found: dict[str, tuple[GameTree, Program]] = {
        name: _built(place / name, _limits(record))
        if name == PROGRAM
        else (load_game(place / name), Program())
        for name in edited
    }
    tree, program = found[edited[0]]
    if (
        not changed
        and solving in (None, Solving())
        and record.efg
        and not compare(tree, read_efg(record.efg), "identical").difference
    ):
        _write_missing(place, record)
        return None
    if len(found) > 1:
        other = found[edited[1]][0]
        differs = compare(tree, other, "identical").difference
        if differs:
            raise UserError(
                f"{place}: {PROGRAM} (A) and {GAME} (B) were both edited, and are different games: "
                f"{differs}",
                hint=f"say which one counts: nl2efg refresh {place} --from {PROGRAM}",
            )
    made = revised(
        Compilation.load(place),
        tree,
        how="edited by hand",
        words=", ".join(edited),
        program=program,
        solving=solving,
    )
    made.write(place)
    return made


def _write_missing(place: Path, record: CompilationRecord) -> None:
    """Write a folder's files again where one is missing; its version stays the current one."""
    missing = [name for name in FORMS if not os.path.lexists(place / name)]
    if record.efg is None or not missing:
        return
    found, history = Compilation.load(place), read_history(place)
    take = history.current if history is not None else 1
    write_folder(found.record, found.files(), place, take=take)
    warnings.warn(
        f"{place}: missing and written again: {', '.join(missing)}",
        ReadingWarning,
        stacklevel=3,
    )


def own_folder(folder: str | PathLike[str], output: str | PathLike[str]) -> Path:
    """Make a compilation that is only read, such as a game of a run, a folder of its own.

    Files of it that a person edited come along as they are, to be taken there.

    Args:
        folder: of any compilation; it stays as it is.
        output: the new folder.

    Raises:
        UserError: there is no compilation, or the new folder's place is taken.
    """
    source, target = Path(folder), Path(output)
    found = Compilation.load(source)
    if os.path.lexists(target):
        raise UserError(f"{target} exists; nothing was overwritten", hint="name another --output")
    found.write(target)
    for name in _edited(source, found.efg):
        _copy(source / name, target / name)
    return target


def _copy(file: Path, copied: Path) -> None:
    """Copy an edited file of a folder that may be somebody else's, where it is no link."""
    try:
        with open_regular(file, follow=False) as opened:
            content = opened.read(MAX_EDITED + 1)
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_EDITED:
        raise UserError(f"{file} is longer than {MAX_EDITED:,} bytes")
    copied.write_bytes(content)


def whole(folder: str | PathLike[str]) -> Compilation:
    """The compilation in a folder whose files agree.

    Args:
        folder: a compilation's.

    Raises:
        UserError: no compilation's folder, or a file was edited by hand and would be lost.
    """
    found = Compilation.load(folder)
    _refuse_read_only(Path(folder))
    if edited := _edited(Path(folder), found.efg):
        raise UserError(
            f"{folder}: {' and '.join(edited)} was edited by hand and is not taken yet",
            hint=f"take it first: nl2efg refresh {folder}",
        )
    return found


def _refuse_read_only(place: Path) -> None:
    """Say of a folder with a packed record that it is read, and not changed.

    Raises:
        UserError: it is an earlier version, a game's folder of a run, or a record's file.
    """
    if not (place / RECORD_FILE).is_file():
        raise UserError(
            f"{place} is an earlier version, or a game of a run: it is read, and not changed",
            hint=f"`nl2efg refresh {place} -o NEW.nl2efg` makes it a folder of its own; "
            "`nl2efg versions FOLDER --take N` makes a version the current one",
        )


def _edited(place: Path, efg: str) -> tuple[str, ...]:
    """The edited files; of a folder without a history the game that is not the record's."""
    if read_history(place) is not None:
        return edited_files(place)
    try:
        with open_regular(place / GAME) as file:
            # More than the record's game has is another game, whatever it is.
            written = file.read(4 * len(efg) + 1)
    except OSError:
        return ()
    return () if written.decode("utf-8", "replace") == efg else (GAME,)


def _limits(record: CompilationRecord) -> Limits:
    """What an edited program may take: as in a compile, and more where the game is larger."""
    nodes = record.facts.nodes if record.facts else 0
    return Limits.for_nodes(min(max(Options().max_nodes, 2 * nodes), MAX_NODES))


def _built(file: Path, limits: Limits) -> tuple[GameTree, Program]:
    try:
        with open_regular(file) as opened:
            content = opened.read(MAX_PROGRAM + 1)
        code = content.decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"no text in UTF-8: {error.reason}", source=str(file)) from None
    if len(content) > MAX_PROGRAM:
        raise UserError(f"{file} is longer than {MAX_PROGRAM:,} bytes, and no program")
    built = build(code, limits)
    if built.tree is None or not built.ok:
        worst = [each for each in built.diagnostics if each.severity is Severity.ERROR]
        raise CompilationError(
            f"{file} builds no game without errors: "
            + "; ".join(str(each) for each in worst[:3] or built.diagnostics[:3]),
            hint=f"nothing was changed; mend {file.name} and refresh again",
        )
    broken = [each for each in built.diagnostics if each.code in _NOT_RUN]
    if broken:
        raise CompilationError(
            f"{file}: Python does not run it to its end: {broken[0]}",
            hint=f"nothing was changed; mend {file.name} and refresh again",
        )
    return built.tree, Program(code, built.lines, by_hand=True, found=built.diagnostics)
