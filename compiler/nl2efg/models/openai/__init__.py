"""The adapter of OpenAI-compatible services."""
