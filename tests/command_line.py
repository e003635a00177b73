"""The command line run in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from nl2efg.cli import main


@dataclass
class Ran:
    """One run of the command line."""

    code: int
    out: str
    err: str

    @property
    def flowing(self) -> Ran:
        """The same without line breaks."""
        return Ran(self.code, " ".join(self.out.split()), " ".join(self.err.split()))


Run = Callable[..., Ran]


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """Run a command, which may not end in a traceback."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert left.value.code is None or isinstance(left.value.code, int)
    return Ran(left.value.code or 0, out, err)
