"""The policy: what generated code may say, read from its syntax tree before it runs.

It is there for the message ("line 7: the code opens a file; a game needs none"), which goes back
to the model. It is no wall: what slips through meets the locks of
:mod:`nl2efg.sandbox.worker.child`.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from nl2efg.sandbox.policy.names import any_leads_inward, is_dunder, is_plain, leads_inward, texts
from nl2efg.sandbox.policy.rules import (
    ATTRIBUTE_FUNCTIONS,
    ATTRIBUTE_GETTERS,
    DUNDERS,
    INNER_ATTRIBUTES,
    MODULE_DUNDERS,
    MODULES,
    PUBLIC_UNDERSCORES,
    REFUSED_OF_MODULES,
    WHAT_MODULES_DO,
    WHAT_NAMES_DO,
)
from nl2efg.schema.diagnostics import Diagnostic, Severity

_MAX_COUNT = 20
_FORMATTING = ("format", "format_map")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDERS = (*_DEFINITIONS, ast.arg, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)
_OF_INTEREST = (
    ast.Assign, ast.Attribute, ast.Call, ast.Import, ast.ImportFrom, ast.MatchClass, ast.Name,
)  # fmt: skip


def check(tree: ast.Module) -> tuple[Diagnostic, ...]:
    """What a program may not say; nothing if it may run.

    Args:
        tree: its syntax tree.
    """
    found: dict[tuple[str, str, int | None], Diagnostic] = {}
    for finding in _Reading(tree).findings():
        found.setdefault((finding.code, finding.message, finding.line), finding)
        if len(found) == _MAX_COUNT:
            break
    return tuple(sorted(found.values(), key=lambda finding: finding.line or 0))


class _Reading:
    """One reading of a program: first what its names stand for, then what it does with them."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._identifiers: list[tuple[str, ast.AST]] = []
        self._nodes: dict[type[ast.AST], list[Any]] = {kind: [] for kind in _OF_INTEREST}
        self._sort(tree)
        self._modules: dict[str, str] = {}
        self._learn_modules()

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

    @cached_property
    def _plain_names(self) -> dict[str, bool]:
        """Names that are bound to texts and nothing else, and whether all of these are plain."""
        found: dict[str, bool] = {}
        others = set()
        for node in self._nodes[ast.Assign]:
            text = node.value.value if isinstance(node.value, ast.Constant) else None
            for target in node.targets:
                if not isinstance(target, ast.Name):
                    continue
                if isinstance(text, str):
                    found[target.id] = found.get(target.id, True) and is_plain(text)
                else:
                    others.add(target.id)
        return {name: plain for name, plain in found.items() if name not in others}

    @cached_property
    def _bound(self) -> set[str]:
        """Every name that the program gives to something of its own."""
        imports = (*self._nodes[ast.Import], *self._nodes[ast.ImportFrom])
        return {
            *(name for name, node in self._identifiers if isinstance(node, _BINDERS)),
            *(node.id for node in self._nodes[ast.Name] if isinstance(node.ctx, ast.Store)),
            *(alias.asname or alias.name for node in imports for alias in node.names),
        }

    @cached_property
    def _own_attributes(self) -> set[str]:
        stored = (node for node in self._nodes[ast.Attribute] if isinstance(node.ctx, ast.Store))
        return {*self._bound, *PUBLIC_UNDERSCORES, *(node.attr for node in stored)}

    @cached_property
    def _methods(self) -> set[str]:
        return {name for name, node in self._identifiers if isinstance(node, _DEFINITIONS)}

    @cached_property
    def _called(self) -> set[ast.expr]:
        return {node.func for node in self._nodes[ast.Call]}

    @cached_property
    def _texts(self) -> list[str]:
        return texts(self._tree)

    @cached_property
    def _a_text_leads_inward(self) -> bool:
        return any_leads_inward(self._texts)

    @cached_property
    def _texts_are_plain(self) -> bool:
        return all(map(is_plain, self._texts))

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
            yield from self._attribute_call(node)
        for node in self._nodes[ast.MatchClass]:
            for name in node.kwd_attrs:
                yield from self._reached(name, node)

    def _imported_names(self, node: ast.ImportFrom) -> Iterator[Diagnostic]:
        if node.level or not node.module:
            yield _finding("X101", "the code imports from a package of its own; it has none", node)
            return
        refused = list(_imported(node.module, node))
        yield from refused
        if refused or node.module not in MODULES:
            return
        for alias in node.names:
            if alias.name != "*" and not _is_offered(node.module, alias.name):
                yield _unneeded(f"{node.module}.{alias.name}", node)

    def _name(self, node: ast.Name) -> Iterator[Diagnostic]:
        name = node.id
        does = WHAT_NAMES_DO.get(name)
        if does:
            if isinstance(node.ctx, ast.Load) and name not in self._bound:
                yield _finding("X102", f"the code {does} (`{name}`); a game needs none of that",
                               node)  # fmt: skip
        elif name in ATTRIBUTE_FUNCTIONS and node not in self._called and name not in self._bound:
            yield _finding("X102", f"the code hands `{name}` on, by which it can compute the name "
                           "of an attribute", node, f"call `{name}` itself")  # fmt: skip

    def _attribute(self, node: ast.Attribute) -> Iterator[Diagnostic]:
        name = node.attr
        module = self._module_of(node.value)
        if module in MODULES:
            inner = f"{module}.{name}"
            if not _is_offered(module, name) and inner not in MODULES:
                if name not in MODULE_DUNDERS:
                    yield _unneeded(inner, node)
                return
        if name in _FORMATTING:
            if not self._formats_plainly(node):
                yield _finding("X105", "the code formats with a pattern that reads inner "
                               "attributes", node, "use an f-string")  # fmt: skip
        else:
            yield from self._reached(name, node)

    def _reached(self, name: str, node: ast.AST) -> Iterator[Diagnostic]:
        """An attribute that code reads or writes; names of the interpreter are looked at apart."""
        if name in INNER_ATTRIBUTES:
            yield _finding("X104", f"the code uses `.{name}`, which leads out of the game", node)
        elif name.startswith("_") and not is_dunder(name) and name not in self._own_attributes:
            yield _finding("X103", f"the code uses the private attribute `{name[:60]}`", node)

    def _module_of(self, node: ast.expr) -> str | None:
        """The module an expression names, as far as its spelling tells."""
        if isinstance(node, ast.Name):
            return self._modules.get(node.id)
        if isinstance(node, ast.Attribute):
            inner = f"{self._module_of(node.value)}.{node.attr}"
            return inner if inner in MODULES else None
        return None

    def _formats_plainly(self, node: ast.Attribute) -> bool:
        """Whether a pattern is plain: as far as it is known, else whether every text is."""
        if node.attr in self._methods:
            return True
        value = node.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return is_plain(value.value)
        known = self._plain_names.get(value.id) if isinstance(value, ast.Name) else None
        return self._texts_are_plain if known is None else known

    def _attribute_call(self, node: ast.Call) -> Iterator[Diagnostic]:
        """``getattr`` and its kin: with a constant public name they are no more than a dot."""
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", None)
        if name in ATTRIBUTE_FUNCTIONS and isinstance(function, ast.Name):
            asked = node.args[1:2]
        elif name in ATTRIBUTE_GETTERS:
            asked = node.args if name == "attrgetter" else node.args[:1]
        else:
            return
        for one in asked:
            known = one.value if isinstance(one, ast.Constant) else None
            if not isinstance(known, str):
                if self._a_text_leads_inward:
                    yield _finding("X102", f"the code computes the name of an attribute (`{name}`)",
                                   node, "write the attribute with a dot")  # fmt: skip
            elif known not in self._own_attributes and any(map(leads_inward, known.split("."))):
                yield _finding("X103", f"the code reaches for the attribute `{known[:60]}`", node)

    def _dunders(self) -> Iterator[Diagnostic]:
        for name, node in self._identifiers:
            plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
            if is_dunder(plain) and plain not in DUNDERS and plain != "__future__":
                yield _finding("X103", f"the code uses `{plain}`, a name of the interpreter", node)


def _is_offered(module: str, name: str) -> bool:
    """Whether a program may use this name of a module that it may import."""
    offered = MODULES[module]
    if offered is not None:
        return name in offered
    return not name.startswith("_") and name not in REFUSED_OF_MODULES.get(module, ())


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


def _unneeded(name: str, node: ast.AST) -> Diagnostic:
    return _finding("X101", f"the code uses `{name}`, which a game does not need", node)


def _finding(code: str, message: str, node: ast.AST, fix: str | None = None) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, line=getattr(node, "lineno", None), fix=fix)
