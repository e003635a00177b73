"""Rows of Parquet files, read by a process of their own that may take so much memory.

A page of a few bytes unfolds to whatever its header says, one value may stand for millions, and a
file that is damaged in the right place ends the process that reads it. So another process reads,
and hands over rows whose sizes it has looked at first.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

from nl2efg.batch.tables import column_of
from nl2efg.errors import UserError
from nl2efg.json_lines import read_json_lines
from nl2efg.own_python import own_python

MAX_MEMORY = 2 * 2**30
"""Bytes of address space of the process that reads."""

ROWS = 16
"""Rows that are unfolded at once."""


def read_parquet(
    path: Path, columns: Sequence[str], most: int, need: Callable[[list[str]], None]
) -> Iterator[tuple[dict[str, Any], str]]:
    """The rows of a Parquet file, each with why it cannot be used, which is empty if it can.

    Args:
        path: the file.
        columns: those that are wanted, where the file has them.
        most: bytes of one text; of a longer one it is only said that it is.
        need: called with the names of all columns; raises if one is missing.

    Raises:
        UserError: the file cannot be read, or pyarrow is missing.
    """
    if find_spec("pyarrow") is None:
        raise UserError(f"{path}: Parquet needs pyarrow", hint="pip install 'nl2efg[parquet]'")
    # Entries of one row: at most three texts, each of which JSON may write six times as long.
    longest = 6 * most * max(1, len(columns)) + 10_000
    asked = [str(path), str(most), *filter(None, columns)]
    command = own_python("from nl2efg.batch.parquet import main; main()", *asked)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"ARROW_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            for number, line in enumerate(read_json_lines(process.stdout, longest)):
                if number == 0:
                    need(line.data["columns"])
                else:
                    yield line.data.get("row", {}), line.data.get("problem", "") or line.problem
            said = process.stderr.read().decode(errors="replace").strip()
            if process.wait():
                last = (
                    said.splitlines()[-1] if said else f"its reader ended with {process.returncode}"
                )
                raise UserError(f"{path} cannot be read: {last}")
        finally:
            process.kill()


def main() -> None:
    """The process that reads: path, bytes of one text and columns are its arguments."""
    path, most, columns = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    try:
        for entry in _entries(path, most, columns):
            print(json.dumps(entry))
    except BrokenPipeError:
        sys.exit(1)
    except MemoryError:
        sys.exit(f"it takes more than {MAX_MEMORY >> 30} GiB to unfold")
    except Exception as error:  # noqa: BLE001  a damaged file raises whatever it likes
        told = str(error).strip().splitlines()
        sys.exit(told[0] if told else type(error).__name__)


def _entries(path: str, most: int, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    import pyarrow
    from pyarrow import parquet

    pyarrow.set_cpu_count(1)
    # Without their sums, damaged pages may read as other texts.
    with parquet.ParquetFile(path, pre_buffer=False, page_checksum_verification=True) as file:
        names = file.schema_arrow.names
        yield {"columns": names}
        meant = {column_of(name, names) for name in columns}
        wanted = [name for name in names if name in meant]
        if not wanted:
            return
        for batch in file.iter_batches(ROWS, columns=wanted, use_threads=False):
            for number in range(batch.num_rows):
                row, problem = {}, ""
                for name in wanted:
                    value = batch.column(name)[number]
                    size = _size(value)
                    if size > most:
                        problem = f"has {size:,} bytes in {name!r}, more than {most:,}"
                        continue
                    try:
                        row[name] = _plain(value.as_py())
                    except UnicodeDecodeError:
                        problem = f"is not UTF-8 in {name!r}"
                yield {"row": row, "problem": problem} if problem else {"row": row}


def _size(value: Any) -> int:
    """Bytes of a text or a list, without unfolding it."""
    buffer = getattr(value, "as_buffer", None)
    if buffer is None or not value.is_valid:
        return 0
    return int(buffer().size)


def _plain(value: Any) -> Any:
    """As JSON has it; dates and the like are their texts, and what is no text or number nothing.

    Raises:
        UnicodeDecodeError: bytes that are no text; some write texts as bytes.
    """
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Decimal) and value.is_finite():
        return str(int(value)) if value == value.to_integral_value() else f"{value:f}"
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else None
