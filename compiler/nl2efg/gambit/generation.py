"""Which generation of pygambit is installed, found once, and the adapter for it."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from nl2efg.errors import UserError

if TYPE_CHECKING:
    from nl2efg.gambit.port import Pygambit

GENERATIONS = (16, 17)
"""pygambit's major versions that are known here."""


@cache
def installed_generation() -> int:
    """The major version of the installed pygambit; pygambit itself is not loaded.

    Raises:
        UserError: none is installed, or one of another generation.
    """
    try:
        version = metadata.version("pygambit")
    except metadata.PackageNotFoundError:
        raise UserError("pygambit is not installed", hint="pip install 'pygambit>=16.7'") from None
    major = version.partition(".")[0]
    if not major.isdigit() or int(major) not in GENERATIONS:
        raise UserError(
            f"pygambit {version} is installed, and versions 16.7 to 17 are known",
            hint="pip install 'pygambit>=16.7,<18'",
        )
    return int(major)


@cache
def pygambit_port() -> Pygambit:
    """The adapter for the installed pygambit.

    Raises:
        UserError: as :func:`installed_generation`.
    """
    if installed_generation() == 16:
        from nl2efg.gambit.pygambit16 import Pygambit16

        return Pygambit16()
    from nl2efg.gambit.pygambit17 import Pygambit17

    return Pygambit17()
