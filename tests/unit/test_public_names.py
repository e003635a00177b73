"""What ``import nl2efg`` gives is what is documented, and every part of it says what it takes."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nl2efg

TOP = Path(__file__).parents[2]
README = TOP / "README.md"
REFERENCE = TOP / "compiler/docs/library.md"
ALIASES = {"GameLike", "__version__", "errors"}


def exported() -> Iterator[tuple[str, Any]]:
    """Exported functions and classes, and the public methods of these classes."""
    for name in sorted(set(nl2efg.__all__) - ALIASES):
        value = getattr(nl2efg, name)
        yield name, value
        if inspect.isclass(value):
            for method, held in vars(value).items():
                function = getattr(held, "__func__", held)
                if not method.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{method}", function


def test_all_is_what_the_reference_documents() -> None:
    documented = re.findall(r"^### `nl2efg\.(\w+)` { #nl2efg\.\1 }$", REFERENCE.read_text(), re.M)
    assert sorted(documented) == sorted(nl2efg.__all__)
    assert len(set(documented)) == len(documented)


def test_every_name_loads_and_is_listed() -> None:
    for name in nl2efg.__all__:
        assert getattr(nl2efg, name) is not None
    assert set(nl2efg.__all__) <= set(dir(nl2efg))
    with pytest.raises(AttributeError, match="sovle"):
        _ = nl2efg.sovle  # type: ignore[attr-defined]


def test_the_readme_needs_no_other_import() -> None:
    for block in re.findall(r"```python\n(.*?)```", README.read_text(), re.S):
        assert "from nl2efg" not in block
        assert set(re.findall(r"\bnl2efg\.(\w+)", block)) <= set(nl2efg.__all__)


@pytest.mark.parametrize(("name", "function"), [pytest.param(*e, id=e[0]) for e in exported()])
def test_arguments_are_documented(name: str, function: Any) -> None:
    signature = inspect.signature(function)
    arguments = [each for each in signature.parameters if each not in ("self", "cls", "args")]
    if name == "Model" or not arguments:  # a protocol is not called
        return
    told = (inspect.getdoc(function) or "").partition("Args:")[2]
    assert [each for each in arguments if not re.search(rf"\b{each}\b", told)] == []


def modules_with_examples() -> list[str]:
    """Modules below the package whose docstrings hold examples."""
    package = TOP / "compiler/nl2efg"
    return [
        ".".join(file.relative_to(package.parent).with_suffix("").parts)
        for file in sorted(package.rglob("*.py"))
        if re.search(r"^ *>>> ", file.read_text(encoding="utf-8"), re.M)
    ]


def test_the_calls_that_a_user_makes_first_have_examples() -> None:
    first = "TreeBuilder as_tree check compare describe draw example solve verify write_efg"
    without = [name for name in first.split() if ">>>" not in (getattr(nl2efg, name).__doc__ or "")]
    assert without == []
    assert ">>>" in (nl2efg.compile.__doc__ or "")


@pytest.mark.parametrize(
    "module", [name for name in modules_with_examples() if name != "nl2efg.pipeline.compiler"]
)
def test_examples_in_docstrings_hold(module: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(module))
    assert tried
    assert not failed
