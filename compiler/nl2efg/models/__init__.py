"""The Model port and its adapters: ``openai``, ``recorded`` and ``paste``.

Importing this imports no SDK: an adapter is imported when it is chosen.
"""

from nl2efg.models.choice import choose_model
from nl2efg.models.port import Message, Model, Reply, Request
from nl2efg.models.scripted import ScriptedModel

__all__ = ["Message", "Model", "Reply", "Request", "ScriptedModel", "choose_model"]
