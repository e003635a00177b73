"""The Model port and its adapters."""

from nl2efg.llm.port import Message, Model, Reply, Request

__all__ = ["Message", "Model", "Reply", "Request"]
