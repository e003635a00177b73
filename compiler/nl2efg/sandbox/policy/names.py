"""Names in text: attributes reached by ``getattr``, ``attrgetter`` or a format pattern."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterable
from string import Formatter

from nl2efg.sandbox.policy.rules import DUNDERS, INNER_ATTRIBUTES

_MAIN = "__main__"


def is_dunder(name: str) -> bool:
    """Whether a name is one of the interpreter's own."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def leads_inward(name: str) -> bool:
    """Whether the attribute of this name is private, or leads out of the game."""
    plain = unicodedata.normalize("NFKC", name)
    private = plain.startswith("_") and plain.strip("_") != "" and plain not in DUNDERS
    return private or plain in INNER_ATTRIBUTES


def is_plain(pattern: str, depth: int = 2) -> bool:
    """Whether a format pattern reads no attribute that leads inward."""
    try:
        fields = list(Formatter().parse(pattern))
    except ValueError:
        return True  # it will fail when it is used
    return all(
        not any(map(leads_inward, (name or "").replace("[", ".").split(".")[1:]))
        and (not spec or (depth > 0 and is_plain(spec, depth - 1)))
        for _, name, spec, _ in fields
    )


def texts(tree: ast.AST) -> list[str]:
    """Every text that a program spells out."""
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != _MAIN
    ]


def any_leads_inward(spelled: Iterable[str]) -> bool:
    """Whether one of these texts may be, or begin, the name of an attribute that leads inward."""
    return any(text.isidentifier() and leads_inward(text) for text in spelled)
