"""The stages: a prompt in, a typed result out."""

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
