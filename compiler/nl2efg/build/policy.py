"""The policy: what generated code may say, read from its syntax tree before it runs.

It is there for the message ("line 7: the code opens a file; a game needs none"), which goes back
to the model. It is no wall: what slips through meets the locks of :mod:`nl2efg.build.worker_child`.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from string import Formatter
from typing import Any

from nl2efg.build.policy_rules import (
    ATTRIBUTE_FUNCTIONS,
    DUNDER_METHODS,
    INNER_ATTRIBUTES,
    MODULES,
    PUBLIC_UNDERSCORES,
    WHAT_MODULES_DO,
    WHAT_NAMES_DO,
)
from nl2efg.diagnostics import Diagnostic, Severity

_MOST = 20
_FORMATTING = ("format", "format_map")
_OF_INTEREST = (
    ast.AnnAssign, ast.Assign, ast.Attribute, ast.Call, ast.ClassDef, ast.FunctionDef, ast.Import,
    ast.ImportFrom, ast.Name,
)  # fmt: skip


def check(tree: ast.Module) -> tuple[Diagnostic, ...]:
    """What a program may not say; nothing if it may run.

    Args:
        tree: its syntax tree.
    """
    found: dict[tuple[str, str, int | None], Diagnostic] = {}
    for finding in _Reading(tree).findings():
        found.setdefault((finding.code, finding.message, finding.line), finding)
        if len(found) == _MOST:
            break
    return tuple(sorted(found.values(), key=lambda finding: finding.line or 0))


class _Reading:
    """One reading of a program: first what its names stand for, then what it does with them."""

    def __init__(self, tree: ast.Module) -> None:
        self._identifiers: list[tuple[str, ast.AST]] = []
        self._nodes: dict[type[ast.AST], list[Any]] = {kind: [] for kind in _OF_INTEREST}
        self._sort(tree)
        self._modules: dict[str, str] = {}
        self._constants: dict[str, list[str | None]] = {}
        self._learn_modules()
        self._learn_constants()
        self._own_attributes = self._attributes_of_its_own()
        self._only_named = {
            node.value for node in self._nodes[ast.Attribute] if node.attr == "__name__"
        }

    def _sort(self, tree: ast.Module) -> None:
        """Every node that matters by its kind, and every identifier with its node.

        By hand, as ``ast.walk`` takes five times as long.
        """
        nodes: list[ast.AST] = [tree]
        for node in nodes:  # it grows on the way
            kind = type(node)
            if kind is ast.Constant:
                continue
            if kind in self._nodes:
                self._nodes[kind].append(node)
            for name in kind._fields:
                value = getattr(node, name, None)
                if type(value) is str:
                    self._identifiers.append((value, node))
                elif type(value) is list:
                    for item in value:
                        if isinstance(item, ast.AST):
                            nodes.append(item)
                        elif type(item) is str:
                            self._identifiers.append((item, node))
                elif isinstance(value, ast.AST) and value._fields:
                    nodes.append(value)

    def _learn_modules(self) -> None:
        for node in self._nodes[ast.Import]:
            for alias in node.names:
                known = alias.name if alias.asname else alias.name.split(".")[0]
                self._modules[alias.asname or known] = known
        for node in self._nodes[ast.ImportFrom]:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in MODULES:
                    self._modules[alias.asname or alias.name] = inner

    def _learn_constants(self) -> None:
        for node in self._nodes[ast.Assign]:
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            text = value if isinstance(value, str) else None
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._constants.setdefault(target.id, []).append(text)

    def _attributes_of_its_own(self) -> set[str]:
        defined = (*self._nodes[ast.FunctionDef], *self._nodes[ast.ClassDef])
        fields = (node.target for node in self._nodes[ast.AnnAssign])
        return {
            *(node.name for node in defined),
            *(field.id for field in fields if isinstance(field, ast.Name)),
            *(node.attr for node in self._nodes[ast.Attribute] if isinstance(node.ctx, ast.Store)),
        }

    def findings(self) -> Iterator[Diagnostic]:
        """Everything that the code may not say."""
        yield from self._dunders()
        for node in self._nodes[ast.Import]:
            for alias in node.names:
                yield from _imported(alias.name, node)
        for node in self._nodes[ast.ImportFrom]:
            yield from self._imported_names(node)
        for node in self._nodes[ast.Name]:
            yield from self._name(node)
        for node in self._nodes[ast.Attribute]:
            yield from self._attribute(node)
        for node in self._nodes[ast.Call]:
            yield from _attribute_call(node)

    def _imported_names(self, node: ast.ImportFrom) -> Iterator[Diagnostic]:
        if node.level or not node.module:
            yield _finding("X101", "the code imports from a package of its own; it has none", node)
            return
        refused = list(_imported(node.module, node))
        yield from refused
        allowed = MODULES.get(node.module)
        if refused or allowed is None:
            return
        for alias in node.names:
            if alias.name not in allowed and alias.name != "*":
                yield _unneeded(f"{node.module}.{alias.name}", node)

    def _name(self, node: ast.Name) -> Iterator[Diagnostic]:
        does = WHAT_NAMES_DO.get(node.id) if isinstance(node.ctx, ast.Load) else None
        if does and node.id not in self._constants and node.id not in self._own_attributes:
            yield _finding("X102", f"the code {does} (`{node.id}`); a game needs none of that",
                           node)  # fmt: skip

    def _attribute(self, node: ast.Attribute) -> Iterator[Diagnostic]:
        name = node.attr
        module = self._module_of(node.value)
        if module in MODULES:
            allowed = MODULES[module]
            inner = f"{module}.{name}"
            if name.startswith("_") or (allowed is not None and name not in allowed):
                if inner not in MODULES and name not in DUNDER_METHODS:
                    yield _unneeded(inner, node)
                return
        if name in INNER_ATTRIBUTES:
            yield _finding("X104", f"the code uses `.{name}`, which leads out of the game", node)
        elif name in _FORMATTING and not self._formats_plainly(node):
            yield _finding("X105", "the code formats with a pattern that may read attributes", node,
                           "use an f-string")  # fmt: skip
        elif name.startswith("_") and not _is_dunder(name) and not self._is_own(node):
            yield _finding("X103", f"the code uses the private attribute `{name}`", node)

    def _module_of(self, node: ast.expr) -> str | None:
        """The module an expression names, as far as its spelling tells."""
        if isinstance(node, ast.Name):
            return self._modules.get(node.id)
        if isinstance(node, ast.Attribute):
            inner = f"{self._module_of(node.value)}.{node.attr}"
            return inner if inner in MODULES else None
        return None

    def _is_own(self, node: ast.Attribute) -> bool:
        return node.attr in self._own_attributes or node.attr in PUBLIC_UNDERSCORES

    def _formats_plainly(self, node: ast.Attribute) -> bool:
        patterns: list[str | None] = [None]
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            patterns = [node.value.value]
        elif isinstance(node.value, ast.Name):
            patterns = self._constants.get(node.value.id, [None])
        return all(pattern is not None and _is_plain(pattern) for pattern in patterns)

    def _dunders(self) -> Iterator[Diagnostic]:
        for name, node in self._identifiers:
            plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
            if not _is_dunder(plain) or plain in DUNDER_METHODS or plain == "__future__":
                continue
            if plain == "__class__" and node in self._only_named:
                continue  # x.__class__.__name__
            yield _finding("X103", f"the code uses `{plain}`, a name of the interpreter", node)


def _imported(name: str, node: ast.AST) -> Iterator[Diagnostic]:
    if name in MODULES or name.split(".")[0] in ("pygambit", "gambit"):
        return
    top = name.split(".")[0]
    for does, modules in WHAT_MODULES_DO.items():
        if top in modules.split():
            yield _finding("X101", f"the code imports `{name}`, which {does}; a game needs none of "
                           "that", node, "remove the import")  # fmt: skip
            return
    yield _finding("X101", f"the code imports `{name}`, which a game does not need", node,
                   "use pygambit, fractions, itertools, math or numpy")  # fmt: skip


def _attribute_call(node: ast.Call) -> Iterator[Diagnostic]:
    """``getattr`` and its kin: with a constant public name they are no more than a dot."""
    if not isinstance(node.func, ast.Name) or node.func.id not in ATTRIBUTE_FUNCTIONS:
        return
    name = node.args[1] if len(node.args) > 1 else None
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        yield _finding("X102", f"the code computes the name of an attribute (`{node.func.id}`)",
                       node, "write the attribute with a dot")  # fmt: skip
        return
    plain = unicodedata.normalize("NFKC", name.value)
    if plain.startswith("_") or plain in INNER_ATTRIBUTES or plain in _FORMATTING:
        yield _finding("X103", f"the code reaches for the attribute `{plain[:60]}`", node)


def _is_dunder(name: str) -> bool:
    return name.startswith("__")


def _is_plain(pattern: str, depth: int = 2) -> bool:
    """Whether a format pattern reads no attribute and no item."""
    try:
        fields = list(Formatter().parse(pattern))
    except ValueError:
        return True  # it will fail when it is used
    return all(
        not set(name or "") & set(".[") and (not spec or (depth > 0 and _is_plain(spec, depth - 1)))
        for _, name, spec, _ in fields
    )


def _unneeded(name: str, node: ast.AST) -> Diagnostic:
    return _finding("X101", f"the code uses `{name}`, which a game does not need", node)


def _finding(code: str, message: str, node: ast.AST, fix: str | None = None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, line=getattr(node, "lineno", None), fix=fix)
