"""The prompts: Jinja templates in ``prompts/``."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from nl2efg.resources import shipped


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Prompts are plain text for a model, so nothing is escaped for HTML.
    return Environment(
        loader=FileSystemLoader(shipped("prompts")),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
    )


def render(template: str, **values: Any) -> str:
    """A template of ``prompts/`` with its values; an unknown value is an error, not a blank."""
    return str(_environment().get_template(f"{template}.j2").render(**values)).strip()


@cache
def prompts_sha256() -> str:
    """One hash over all templates, to tell which prompts a compilation was made with."""
    digest = hashlib.sha256()
    for file in sorted(shipped("prompts").glob("*.j2")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
