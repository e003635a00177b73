"""JSON found in a reply, and what is wrong with it in words a model can act on."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from nl2efg.errors import ReplyError
from nl2efg.text import load_json

Shape = TypeVar("Shape", bound=BaseModel)
_FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)
MAX_PROBLEMS = 12


class JsonReplyError(ReplyError):
    """The reply's JSON is missing or of the wrong shape; ``problems`` lists all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def parse_json(reply: str, shape: type[Shape]) -> Shape:
    """The object of type ``shape`` in a reply: bare, fenced, or in the midst of prose.

    Raises:
        JsonReplyError: there is none, or it does not validate.
    """
    problem = "there is no JSON object in the reply"
    for candidate in _candidates(reply):
        try:
            found = load_json(candidate)
        except (ValueError, RecursionError) as error:
            problem = f"the JSON cannot be read: {error}"
            continue
        if not isinstance(found, dict):
            problem = "the reply's JSON is not an object"
            continue
        try:
            return shape.model_validate(found)
        except ValidationError as error:
            raise JsonReplyError(_in_words(error)) from None
    raise JsonReplyError([problem])


def _candidates(reply: str) -> list[str]:
    """Texts that may be the object, the likeliest first."""
    found = [reply.strip()] if reply.lstrip().startswith("{") else []
    # The last block counts: a model that thinks aloud ends with its answer.
    found += [block.strip() for block in reversed(_FENCE.findall(reply))]
    start, end = reply.find("{"), reply.rfind("}")
    if start < end:
        found.append(reply[start : end + 1])
    return found


def _in_words(error: ValidationError) -> list[str]:
    problems = [
        f"{'.'.join(map(str, entry['loc'])) or 'the object'}: {entry['msg']}"
        for entry in error.errors()
    ]
    if len(problems) > MAX_PROBLEMS:
        problems[MAX_PROBLEMS:] = [f"and {len(problems) - MAX_PROBLEMS} more of the kind"]
    return problems
