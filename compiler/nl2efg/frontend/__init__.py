"""The stages: a prompt in, a typed result out.

Names are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import names_when_used

if TYPE_CHECKING:
    from nl2efg.frontend.codegen import write_code
    from nl2efg.frontend.critique import ask_critic, read_critique
    from nl2efg.frontend.information import Answers, Heard, Reading, read_information
    from nl2efg.frontend.json_reply import JsonReplyError, parse_json
    from nl2efg.frontend.prompts import prompts_sha256, render
    from nl2efg.frontend.repair import repair_code

__all__ = [
    "Answers",
    "Heard",
    "JsonReplyError",
    "Reading",
    "ask_critic",
    "parse_json",
    "prompts_sha256",
    "read_critique",
    "read_information",
    "render",
    "repair_code",
    "write_code",
]

_HOMES = {
    "Answers": "information",
    "Heard": "information",
    "JsonReplyError": "json_reply",
    "Reading": "information",
    "ask_critic": "critique",
    "parse_json": "json_reply",
    "prompts_sha256": "prompts",
    "read_critique": "critique",
    "read_information": "information",
    "render": "prompts",
    "repair_code": "repair",
    "write_code": "codegen",
}


__getattr__ = names_when_used(__name__, _HOMES)
