"""JSON schemas in the dialect that structured output wants."""

from __future__ import annotations

from typing import Any


def strict_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that servers can hold a model to, word by word.

    Strict mode wants every object closed and every property required, and knows no defaults
    (OpenAI, "Structured model outputs", section "Supported schemas"). A property with a default
    becomes a required one: the model states it.

    Args:
        schema: as pydantic writes it; left as it is.
    """
    found: dict[str, Any] = _strict(schema)
    return found


def _strict(part: Any) -> Any:
    # Schemas are a few levels deep, and ours: recursion is safe here.
    if isinstance(part, list):
        return [_strict(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return {"$ref": part["$ref"]}
    found: dict[str, Any] = {}
    for key, value in part.items():
        if key in ("properties", "$defs"):
            found[key] = {name: _strict(inner) for name, inner in value.items()}
        elif key not in ("default", "title"):
            found[key] = _strict(value)
    if "properties" in found:
        found["required"] = list(found["properties"])
        found["additionalProperties"] = False
    return found
