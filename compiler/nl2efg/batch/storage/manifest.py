"""What a run folder is about, and the keys of its units."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nl2efg.batch.corpus import Unit
from nl2efg.errors import UserError
from nl2efg.frontend import prompts_sha256
from nl2efg.storage import open_regular, unwritable, write_whole
from nl2efg.text import load_json

MANIFEST = "manifest.json"
MAX_MANIFEST = 16 * 2**20
LAYOUT = 1
"""Of run folders; a folder with another one is refused."""


@cache
def code_sha256() -> str:
    """One hash over nl2efg's own modules and data: results of different code are not mixed."""
    home = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for file in sorted(home.rglob("*")):
        if file.suffix in (".py", ".toml", ".json", ".txt"):
            digest.update(file.relative_to(home).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def make_manifest(inputs: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest of a run.

    Args:
        inputs: the corpus: its kind, number of units and fingerprint.
        settings: all that results depend on: model, parameters, options.
    """
    return {
        "layout": LAYOUT,
        "inputs": dict(inputs),
        "settings": dict(settings),
        "versions": code_versions(),
    }


def code_versions() -> dict[str, str]:
    """What of this machine's nl2efg results depend on."""
    return {
        "nl2efg": version("nl2efg"),
        "code_sha256": code_sha256(),
        "prompts_sha256": prompts_sha256(),
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run.

    Raises:
        UserError: it cannot be read.
    """
    file = folder / MANIFEST
    try:
        with open_regular(file) as opened:
            found = load_json(opened.read(MAX_MANIFEST))
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file} is damaged: {error}") from None
    if not isinstance(found, dict):
        raise UserError(f"{file} is damaged: it is no object")
    return found


def keep_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a new run, or hold it against that of a run to be continued.

    Raises:
        UserError: the folder is another run's, and what differs; or it cannot be written.
    """
    file = folder / MANIFEST
    try:
        if file.is_file():
            _compare(folder, read_manifest(folder), manifest)
            return
        if folder.exists() and any(entry.name[0] != "." for entry in folder.iterdir()):
            raise UserError(
                f"{folder} exists and is no run folder; nothing was written",
                hint="name another folder with --output",
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise unwritable(folder, error, hint="name another with --output") from None


def _compare(folder: Path, kept: Any, manifest: dict[str, Any]) -> None:
    changed = differences(kept, manifest)
    if changed:
        raise UserError(
            f"{folder} holds another run: {'; '.join(changed)}",
            hint="take the same texts and settings to continue it, or another --output",
        )


def differences(kept: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[str]:
    """What two manifests differ by, in words; nothing if they are of one run.

    A corpus of the same texts is the same one, whatever its file is called now.

    Args:
        kept: as it was read from a run folder.
        manifest: of the run that is to be continued there.
    """
    old, new = _flat(kept), _flat(manifest)
    for entries in (old, new):
        entries.pop("inputs.name", None)
    return [
        "the texts are not those it was begun with"
        if name == "inputs.sha256"
        else f"{name} was {old.get(name)!r}, is {new.get(name)!r}"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict):
            found.update({f"{name}.{inner}": entry for inner, entry in value.items()})
        else:
            found[name] = value
    # As JSON gives them back: tuples are lists.
    return {name: json.loads(json.dumps(value)) for name, value in found.items()}


def unit_key(manifest: Mapping[str, Any], unit: Unit) -> str:
    """The key of a unit of work: equal only where the same is done to the same.

    A hash of name, text, reply, prompts, model, parameters and code. Samples of one text are one
    unit, for their consensus is; their numbers are in the keys of their calls.
    """
    about = [manifest["settings"], manifest["versions"], unit.id, unit.text, unit.reply]
    if unit.problem:
        about += [unit.position, unit.problem]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:32]
