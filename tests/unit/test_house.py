"""The shape of the code: imports without cycles, and nothing that is too long."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import networkx
import pytest

PACKAGE = Path(__file__).parents[2] / "compiler/nl2efg"
TESTS = Path(__file__).parents[1]
FILES = {
    ".".join(("nl2efg", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): file
    for file in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in FILES.items()}
MAX_SHARE = 0.12
MAX_MODULE, MAX_FUNCTION, MAX_PARAMETERS = 500, 60, 12
COMMANDS = {
    "nl2efg.cli.batch:batch",
    "nl2efg.cli.compile:compile_command",
    "nl2efg.cli.evaluate:evaluate",
    "nl2efg.cli.set_game:set_command",
    "nl2efg.cli.sweep:sweep_command",
    "nl2efg.models.choice:choose_model",
}
"""Functions with a parameter for each flag of a command."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines(name: str) -> int:
    """Lines of a module."""
    return FILES[name].read_text(encoding="utf-8").count("\n")


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker looks at."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            if ast.unparse(child.test).startswith("not "):
                yield from runtime_nodes(child)
            continue
        yield child
        yield from runtime_nodes(child)


def home_of(package: str, name: str) -> str:
    """The module that a name is taken from when it is imported from a package."""
    if f"{package}.{name}" in FILES:
        return f"{package}.{name}"
    if FILES[package].name != "__init__.py":
        return package
    homes = getattr(importlib.import_module(package), "_HOMES", {})
    return home_of(f"{package}.{homes[name]}", name) if name in homes else package


def imports(name: str) -> Iterator[str]:
    """Modules of the package that a module imports when it runs, inside functions too."""
    for node in runtime_nodes(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom) and node.module in FILES:
            for alias in node.names:
                yield home_of(node.module, alias.name)


def test_no_import_cycles_functions_included() -> None:
    graph = networkx.DiGraph()
    graph.add_edges_from((name, other) for name in FILES for other in imports(name))
    parts = [found for found in networkx.strongly_connected_components(graph) if len(found) > 1]
    assert parts == []


def test_nothing_below_imports_the_facade() -> None:
    guilty = [name for name in FILES if name != "nl2efg" and "nl2efg" in set(imports(name))]
    assert guilty == []


def test_no_package_is_too_large() -> None:
    share: Counter[str] = Counter()
    for name in FILES:
        share[name.split(".")[1] if "." in name else name] += lines(name)
    whole = share.total()
    assert [name for name, count in share.items() if count > MAX_SHARE * whole] == []


def test_no_module_is_too_long() -> None:
    assert {name: lines(name) for name in FILES if lines(name) > MAX_MODULE} == {}
    tests = {
        str(file.relative_to(TESTS)): file.read_text(encoding="utf-8").count("\n")
        for file in TESTS.rglob("*.py")
    }
    assert {name: count for name, count in tests.items() if count > MAX_MODULE} == {}


def functions() -> Iterator[tuple[str, Function]]:
    """Every function and method, with the name of its module."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{name}:{node.name}", node


def test_no_function_is_too_long() -> None:
    found = {
        name: (node.end_lineno or 0) - node.lineno + 1
        for name, node in functions()
        if (node.end_lineno or 0) - node.lineno + 1 - docstring_lines(node) > MAX_FUNCTION
        and name not in COMMANDS
    }
    assert found == {}


def docstring_lines(node: Function) -> int:
    """Lines of a function's docstring."""
    first = node.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return (first.end_lineno or 0) - first.lineno + 1 if told else 0


def test_no_function_takes_too_many_parameters() -> None:
    found = {
        name: count
        for name, node in functions()
        if (count := len(node.args.args) + len(node.args.kwonlyargs)) > MAX_PARAMETERS
        and name not in COMMANDS
    }
    assert found == {}


@pytest.mark.parametrize("word", ["sleep", "perf_counter", "monotonic", "time.time"])
def test_no_test_asserts_a_time(word: str) -> None:
    tests = TESTS
    guilty = [
        f"{file.relative_to(tests)}: {line.strip()}"
        for file in sorted(tests.rglob("test_*.py"))
        if file != Path(__file__)
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.match(rf"\s*assert\b.*{re.escape(word)}.*<", line)
    ]
    assert guilty == []
