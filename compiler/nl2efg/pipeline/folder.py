"""The folder that a compilation is written to."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from glob import escape
from pathlib import Path

from pydantic import ValidationError

from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.formats.files import GAME_FILE, VERSIONS
from nl2efg.pipeline import persons_files, versions
from nl2efg.pipeline.transcript import TRANSCRIPT, write_text, write_transcript
from nl2efg.schema.record import CompilationRecord
from nl2efg.storage import alone_in, open_regular

RECORD_FILE = versions.RECORD_FILE
PACKED_RECORD = versions.PACKED_RECORD
"""The same with gzip, as the games of a run have it."""

UNFINISHED = "unfinished"
"""The folder inside, for what came so far of a compilation that is under way."""

PATIENCE = 30.0
"""Seconds that a compilation waits to be written while another command changes its folder."""

ABANDONED = 3600.0
"""Seconds after which a folder that is not whole yet is nobody's any more."""

MAX_RECORD = 256 << 20
"""Bytes of a record, unpacked; one of 100,000 nodes has a tenth of it."""


def read_record(path: Path) -> CompilationRecord:
    """The record in a file, packed or not, or of a compilation's or game's folder.

    Raises:
        NotFoundError: there is none, or it cannot be read.
        FormatError: it is no record; the message names the field.
    """
    if not os.path.lexists(path):
        recover_folder(path)
    if path.is_dir():
        found = [path / name for name in (RECORD_FILE, PACKED_RECORD) if (path / name).is_file()]
        if not found and (path / UNFINISHED).is_dir():
            raise NotFoundError(
                f"the compilation in {path} is unfinished",
                hint="the command that began it goes on from there",
            )
        if not found:
            raise _without_record(path)
        path = found[0]
    try:
        with open_regular(path) as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(MAX_RECORD + 1)
        if len(content) > MAX_RECORD:
            raise FormatError(f"longer than {MAX_RECORD:,} bytes", source=str(path))
        return CompilationRecord.model_validate_json(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(f"damaged: {error}", source=str(path)) from None
    except OSError as error:
        raise NotFoundError(f"cannot read {path}: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise FormatError(
            f"no record of a compilation: {field or 'the file'}: {first['msg']}",
            source=str(path),
            hint="name the compilation.json that nl2efg compile wrote",
        ) from None


def _without_record(folder: Path) -> NotFoundError:
    """What is said of a folder without a record, with what is left where one was deleted."""
    home = folder / VERSIONS
    kept = sorted((int(name) for name in versions.numbers(home)), reverse=True)
    hints = [f"`nl2efg solve {folder}` and others still read its game.efg"]
    if kept:
        hints.append(
            f"`nl2efg refresh {home}/{kept[0]} -o NEW.nl2efg` makes a folder of an earlier version"
        )
    if not (folder / GAME_FILE).is_file():
        hints = hints[1:]
    return NotFoundError(
        f"{folder} holds no {RECORD_FILE}",
        hint="; ".join(hints) or "name a folder that nl2efg wrote",
    )


def check_place(folder: Path) -> None:
    """Refuse a place that holds anything but a compilation, finished or not.

    Raises:
        UserError: nothing may be written there.
    """
    if os.path.isdir(folder):
        held = os.listdir(folder)
        if not held or UNFINISHED in held or os.path.isfile(folder / RECORD_FILE):
            return
    elif not os.path.lexists(folder):
        return
    raise UserError(
        f"{folder} exists and is no compilation's folder; nothing was overwritten",
        hint="name another folder with --output",
    )


def recover_folder(folder: Path) -> None:
    """Put a compilation back that was to be replaced when the program was killed.

    Args:
        folder: a place where a compilation is, or ought to be.

    Raises:
        UserError: it cannot be moved.
    """
    aside = _aside(folder)
    try:
        _remove_leftovers(folder)
        if not os.path.isdir(aside):  # Path.is_dir() raises for names that are too long
            return
        with alone_in(folder, PATIENCE):  # another command may be about to put it back itself
            if not os.path.isdir(aside):
                return
            if folder.exists():
                persons_files.bring_over(aside, folder)
                shutil.rmtree(aside)
            else:
                aside.rename(folder)
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror or error}") from None


def write_folder(
    record: CompilationRecord, files: Mapping[str, str], folder: Path, *, take: int | None = None
) -> Path:
    """Write a compilation: its files, ``compilation.json`` and ``transcript/``.

    The folder is made beside its place and moved there whole, so that a reader never sees half of
    it. An earlier compilation there becomes an earlier version, see
    :mod:`nl2efg.pipeline.versions`; what a person keeps there stays, see
    :mod:`nl2efg.pipeline.persons_files`.

    Args:
        record: what happened.
        files: the game in its forms, by file name; none for a failed compilation, whose record
            holds the games of its attempts.
        folder: where to.
        take: the number of the earlier version that this is.

    Returns:
        The folder.

    Raises:
        UserError: the folder exists and is not a compilation's, or cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with changing(folder, PATIENCE):
            recover_folder(folder)
            _remove_leftovers(folder, age=0.0)  # whoever makes one is alone, as this is
            check_place(folder)
            _replace(folder, record, files, take)
    except OSError as error:
        raise _not_writable(folder, error) from None
    return folder


@contextmanager
def changing(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Read a compilation's folder and write what comes of that, while nobody else changes it.

    Args:
        folder: which one; where it cannot be, what is done with it says so.
        patience: seconds to wait for another command.

    Raises:
        UserError: another command is changing it, or it cannot be written.
    """
    with ExitStack() as held:
        if os.path.isdir(folder.parent):
            try:
                held.enter_context(alone_in(folder, patience))
            except OSError as error:
                raise _not_writable(folder, error) from None
        yield


def _not_writable(folder: Path, error: OSError) -> UserError:
    return UserError(
        f"cannot write {folder}: {error.strerror or error}",
        hint="name a folder that can be written with --output",
    )


def _replace(
    folder: Path, record: CompilationRecord, files: Mapping[str, str], take: int | None
) -> None:
    """Make a folder anew, and let it take the place of the one that is there."""
    aside = _aside(folder)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _fill(made, record, files)
        _continue(folder, made, record, files, take)
        made.chmod(0o755)
        if folder.exists():
            folder.rename(aside)  # killed after this, recover_folder() puts it back
        made.rename(folder)
        if aside.exists():
            persons_files.bring_over(aside, folder)
            shutil.rmtree(aside, ignore_errors=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _continue(
    folder: Path,
    made: Path,
    record: CompilationRecord,
    files: Mapping[str, str],
    take: int | None,
) -> None:
    """Give a folder its history, and the versions before it."""
    old, again = None, False
    if (folder / RECORD_FILE).is_file():
        old = versions.read_history(folder) or versions.first_history()
        again = record.revision is None and _is_compiled_again(folder, record)
    history = versions.continued(old, record.revision, files, again=again, take=take)
    if old is not None:
        edited = versions.edited_files(folder)
        written = _written_forms(folder) if edited else {}
        versions.carry_over(folder, made, history, old, written)
        taken = () if take is not None else _taken_edits(record)
        persons_files.set_aside(folder, made, [name for name in edited if name not in taken])
    write_text(made / versions.HISTORY_FILE, history.model_dump_json(indent=1) + "\n")


def _taken_edits(record: CompilationRecord) -> Sequence[str]:
    """The edited files of which a game came."""
    revision = record.revision
    by_hand = revision is not None and revision.how == "edited by hand"
    return revision.words.split(", ") if revision is not None and by_hand else ()


def _written_forms(folder: Path) -> dict[str, str]:
    """The files of a folder that a person may edit, as they were written."""
    from nl2efg.formats import read_efg
    from nl2efg.gambit.code.program import to_code

    record = read_record(folder)
    if record.efg is None:
        return {}
    program = record.revision.program if record.revision else ""
    forms = {"game.py": program or to_code(read_efg(record.efg)), "game.efg": record.efg}
    return {name: forms[name] for name in versions.EDITABLE}


def _is_compiled_again(folder: Path, record: CompilationRecord) -> bool:
    """Whether a compilation is the one that is there: of the same text, by the same replies."""
    try:
        old = read_record(folder)
    except UserError:
        return False
    return (
        (old.revision is None or old.revision.how == "compiled")
        and (old.text, old.efg) == (record.text, record.efg)
        and [each.reply for each in old.exchanges] == [each.reply for each in record.exchanges]
        and not versions.edited_files(folder)
    )


def _remove_leftovers(folder: Path, age: float = ABANDONED) -> None:
    """Remove what programs that were killed had begun to write beside a folder, and nothing else.

    Args:
        folder: the place.
        age: seconds after which it is nobody's any more.
    """
    if not folder.name or not os.path.isdir(folder.parent):
        return
    for left in folder.parent.glob(f".{escape(folder.name)}-????????"):
        if left.is_symlink() or not left.is_dir() or time.time() - left.stat().st_mtime < age:
            continue
        if persons_files.WRITTEN.issuperset(os.listdir(left)):
            shutil.rmtree(left, ignore_errors=True)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.replaced")


def _fill(folder: Path, record: CompilationRecord, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        write_text(folder / name, content)
    write_text(folder / RECORD_FILE, record.model_dump_json(indent=1) + "\n")
    write_transcript(folder / TRANSCRIPT, record)
