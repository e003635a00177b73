"""The prompts and fixtures that nl2efg ships: in the wheel, or in the checkout beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def shipped(folder: str) -> Path:
    """The folder ``prompts`` or ``fixtures``, wherever this installation keeps it.

    A wheel holds them under ``nl2efg/_shipped``; an editable install finds them at the top of
    the checkout.

    Raises:
        FileNotFoundError: the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_shipped" / folder, package.parents[1] / folder):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"nl2efg's {folder} folder is missing; reinstall nl2efg")
