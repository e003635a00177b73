"""Notebooks become pages when the site is built: a hook of MkDocs.

A notebook is kept without outputs, so that a change of it can be read and no output is older than
the code. Building the site runs each one, offline, and an error in a cell ends the build. Beside
its page lies the notebook itself, to download.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path, PurePosixPath

import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient
from nbconvert import MarkdownExporter

TIMEOUT = 120  # seconds for a cell


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page, and its pictures, for each notebook."""
    for file in list(files):
        if file.src_uri.endswith(".ipynb"):
            for name, content in pages(Path(file.abs_src_path or ""), file.src_uri).items():
                files.append(File.generated(config, name, content=content))
    return files


def pages(notebook: Path, address: str) -> dict[str, str | bytes]:
    """The page of a notebook and its pictures, by address.

    Raises:
        CellExecutionError: a cell fails.
    """
    place = PurePosixPath(address)
    text, resources = MarkdownExporter().from_notebook_node(
        executed(notebook), {"unique_key": place.stem, "output_files_dir": f"{place.stem}_files"}
    )
    found: dict[str, str | bytes] = {
        str(place.parent / name): content for name, content in resources["outputs"].items()
    }
    title, _, rest = text.lstrip().partition("\n")
    download = f"\n[The notebook itself]({place.name}), to run and to change.\n"
    found[str(place.with_suffix(".md"))] = f"{title}\n{download}{rest}"
    return found


def executed(notebook: Path) -> nbformat.NotebookNode:
    """A notebook with its outputs, run in an empty folder.

    Raises:
        CellExecutionError: a cell fails.
    """
    found = nbformat.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory() as place:
        NotebookClient(
            found,
            timeout=TIMEOUT,
            resources={"metadata": {"path": place}},
            kernel_name="python3",
        ).execute(env=os.environ | {"IPYTHONDIR": place, "COLUMNS": "100"})
    return found
