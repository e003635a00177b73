"""The policy: what generated code may say, read from its syntax tree before it runs.

It is there for the message ("line 7: the code opens a file; a game needs none"), which goes back
to the model. It is no wall: what slips through meets the locks of :mod:`nl2efg.build.worker_child`.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from string import Formatter

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


def check(code: str) -> tuple[Diagnostic, ...]:
    """What the code may not say; nothing if it may run.

    Args:
        code: Python. Code that cannot be parsed passes: running it gives the better message.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found: dict[tuple[str, str, int | None], Diagnostic] = {}
    for finding in _Reading(tree).findings():
        found.setdefault((finding.code, finding.message, finding.line), finding)
        if len(found) == _MOST:
            break
    return tuple(sorted(found.values(), key=lambda finding: finding.line or 0))


class _Reading:
    """One reading of a program: first what its names stand for, then what it does with them."""

    def __init__(self, tree: ast.AST) -> None:
        self._nodes = list(ast.walk(tree))
        self._modules: dict[str, str] = {}
        self._constants: dict[str, list[str | None]] = {}
        self._own_attributes: set[str] = set()
        for node in self._nodes:
            self._learn(node)

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                known = alias.name if alias.asname else alias.name.split(".")[0]
                self._modules[alias.asname or known] = known
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in MODULES:
                    self._modules[alias.asname or alias.name] = inner
        elif isinstance(node, ast.Assign):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            text = value if isinstance(value, str) else None
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._constants.setdefault(target.id, []).append(text)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            self._own_attributes.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self._own_attributes.add(node.target.id)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self._own_attributes.add(node.attr)

    def findings(self) -> Iterator[Diagnostic]:
        """Everything that the code may not say."""
        for node in self._nodes:
            yield from self._dunders(node)
            match node:
                case ast.Import():
                    for alias in node.names:
                        yield from _imported(alias.name, node)
                case ast.ImportFrom():
                    yield from self._imported_names(node)
                case ast.Name(ctx=ast.Load()):
                    yield from self._name(node)
                case ast.Attribute():
                    yield from self._attribute(node)
                case ast.Call():
                    yield from _attribute_call(node)
                case _:
                    pass

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
        does = WHAT_NAMES_DO.get(node.id)
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

    def _dunders(self, node: ast.AST) -> Iterator[Diagnostic]:
        for name in _identifiers(node):
            plain = unicodedata.normalize("NFKC", name)
            if not _is_dunder(plain) or plain in DUNDER_METHODS or plain == "__future__":
                continue
            if plain == "__class__" and self._asks_for_its_name(node):
                continue
            yield _finding("X103", f"the code uses `{plain}`, a name of the interpreter", node)

    def _asks_for_its_name(self, node: ast.AST) -> bool:
        """Whether ``x.__class__`` stands in ``x.__class__.__name__``."""
        return any(
            isinstance(outer, ast.Attribute) and outer.value is node and outer.attr == "__name__"
            for outer in self._nodes
        )


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


def _identifiers(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        return
    for _, value in ast.iter_fields(node):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))


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
