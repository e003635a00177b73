"""The engine ``openai-batch``: what the pipeline asks is sent in waves to the OpenAI Batch API.

Limits, prices and behaviour are those of the Batch API's guide and reference
(https://developers.openai.com/api/docs/guides/batch), as they stood in November 2026.
"""

from nl2efg.batch.engines.openai_batch.engine import run_waves
from nl2efg.batch.engines.openai_batch.status import BatchStatus, cancel, look, read_states

__all__ = ["BatchStatus", "cancel", "look", "read_states", "run_waves"]
