"""The stages: a prompt in, a typed result out."""

from nl2efg.stages.codegen import write_code
from nl2efg.stages.critic import ask_critic
from nl2efg.stages.information import Answers, Heard, read_information
from nl2efg.stages.prompts import prompts_sha256, render
from nl2efg.stages.repair import repair_code
from nl2efg.stages.reply import JsonReplyError, parse_json

__all__ = [
    "Answers",
    "Heard",
    "JsonReplyError",
    "ask_critic",
    "parse_json",
    "prompts_sha256",
    "read_information",
    "render",
    "repair_code",
    "write_code",
]
