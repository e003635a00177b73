"""Schemas for structured output."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field

from nl2efg.models.openai.schema import strict_schema
from nl2efg.schema.sketch import Sketch

# OpenAI, "Structured model outputs", "Supported schemas": these keywords are refused or ignored.
REFUSED = {"default", "title", "patternProperties", "unevaluatedProperties", "allOf", "not", "if"}


class Inner(BaseModel):
    default: int = 3
    title: str = "names of properties are no keywords"


class Outer(BaseModel):
    plain: str
    inner: Inner = Field(default_factory=Inner, description="a reference with a description")
    several: list[Inner] | None = None


def objects(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema."""
    if isinstance(part, list):
        for entry in part:
            yield from objects(entry)
    elif isinstance(part, dict):
        yield part
        for key, value in part.items():
            named = key in ("properties", "$defs")
            yield from objects(list(value.values()) if named else value)


def test_objects_are_closed_and_everything_is_required() -> None:
    for schema in (Sketch.model_json_schema(), Outer.model_json_schema()):
        found = list(objects(strict_schema(schema)))
        closed = [part for part in found if part.get("type") == "object"]
        assert closed
        for part in closed:
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
        assert not any(REFUSED & part.keys() for part in found)
        for part in found:
            assert "$ref" not in part or len(part) == 1


def test_properties_may_be_called_like_keywords() -> None:
    inner = strict_schema(Outer.model_json_schema())["$defs"]["Inner"]
    assert list(inner["properties"]) == ["default", "title"]


def test_the_given_schema_is_left_as_it_is() -> None:
    schema = Sketch.model_json_schema()
    before = copy.deepcopy(schema)
    strict_schema(schema)
    assert schema == before
