"""Packages that are also their main function: ``nl2efg.solve(tree)`` and ``nl2efg.solve.Solution``.

Importing any part of such a package binds its module to the name in :mod:`nl2efg`; were that name
a function, it would depend on what was imported first.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


def make_callable(package: str, function: str) -> None:
    """Let a call of a package be a call of one of its functions.

    Args:
        package: the package's ``__name__``.
        function: name of the function, looked up when the package is called.
    """

    class CallablePackage(ModuleType):
        def __call__(self, *arguments: Any, **named: Any) -> Any:
            return getattr(self, function)(*arguments, **named)

    sys.modules[package].__class__ = CallablePackage
