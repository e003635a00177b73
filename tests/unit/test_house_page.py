"""The pages for contributors name what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PAGES = {
    TOP / "compiler/README.md": (TOP / "compiler/nl2efg", TOP, TOP / "compiler"),
    TOP / ".github/CONTRIBUTING.md": (TOP, TOP / "compiler/nl2efg"),
    TOP / ".github/SECURITY.md": (TOP,),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`([\w./]+(?:/|\.(?:py|toml|md|json)))`", page.read_text())
    named = [name for name in named if name not in ("compilation.json", "efg")]
    missing = [
        name
        for name in named
        if not any((folder / name.removeprefix("nl2efg/")).exists() for folder in PAGES[page])
        and not any((folder / name).exists() for folder in PAGES[page])
    ]
    assert missing == []


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(((?!http)[^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), (page.name, target)


def test_every_room_is_on_the_page() -> None:
    text = (TOP / "compiler/README.md").read_text()
    rooms = [
        folder.name
        for folder in (TOP / "compiler/nl2efg").iterdir()
        if (folder / "__init__.py").exists()
    ]
    assert [room for room in rooms if f"{room}/" not in text] == []


def test_functions_that_are_to_be_copied_exist() -> None:
    text = (TOP / "compiler/README.md").read_text()
    for name, file in re.findall(r"`(\w+)` (?:of|in) `([\w/]+\.py)`", text):
        home = TOP if file.startswith("tests/") else TOP / "compiler/nl2efg"
        source = (home / file).read_text()
        assert re.search(rf"\b{name}\b", source), (name, file)
