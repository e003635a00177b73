"""Shapes of replies that services document, one mode each, and what nl2efg must do with each.

A mode is named after the service that documents it. It is a script for
:class:`tests.fakes.openai_server.FakeService`: what the service answers to the first calls, and to
all further ones. ``Must`` says what has to come of it; ``tests/integration/test_service_modes.py``
holds nl2efg to the whole table.
"""

from __future__ import annotations

import gzip
import json
from typing import Any

from nl2efg.errors import (
    AuthenticationError,
    RefusalError,
    ReplyError,
)
from tests.fakes.mode_steps import (
    BAD,
    CUT,
    FAILED,
    GONE,
    KEYLESS,
    RETRY_INFO,
    Mode,
    Must,
    again,
    chunked,
    counts,
    delta,
    error,
    events,
    fails,
    goes_on,
    limit,
    ok,
    refusing,
    usage,
)
from tests.fakes.openai_server import (
    Step,
    choose,
    completion,
    half,
    raw,
    status,
    text,
)

_STREAMS: dict[str, tuple[tuple[Step, ...], Must]] = {
    "openai: a stream with usage at its end": (
        (events(delta("h"), delta("i"), delta(None, "stop"), usage(5, 2)),),
        Must(tokens=(5, 2)),
    ),
    "openai: obfuscation and an empty first piece": (
        (events(delta("", obfuscation="x"), delta("hi", "stop"), usage(5, 2)),),
        Must(tokens=(5, 2)),
    ),
    "openrouter: comments while the model is queued": (
        (events(delta("hi", "stop"), comment="OPENROUTER PROCESSING"),),
        Must(),
    ),
    "openrouter: an error in the midst of a stream": again(
        events(delta("h"), {"error": {"code": 502, "message": "Provider disconnected"},
                            "choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]})
    ),
    "xai: usage in every event": (
        (events(delta("h", usage={"prompt_tokens": 5, "completion_tokens": 1}),
                delta("i", "stop", usage={"prompt_tokens": 5, "completion_tokens": 2})),),
        Must(tokens=(5, 2)),
    ),
    "moonshot: usage inside the choice": (
        (events({"choices": [{"index": 0, "delta": {"content": "hi"}, "finish_reason": "stop",
                              "usage": {"prompt_tokens": 5, "completion_tokens": 2}}]}),),
        Must(tokens=(5, 2)),
    ),
    "deepseek: thoughts before the answer": (
        (events(delta(None, delta={"reasoning_content": "hm"}), delta("hi", "stop")),),
        Must(),
    ),
    "openrouter: thoughts before the answer": (
        (events(delta(None, delta={"reasoning": "hm"}), delta("hi", "stop")),),
        Must(),
    ),
    "mistral: content in parts, thoughts among them": (
        (events(delta(None, delta={"content": [{"type": "thinking", "thinking": []},
                                               {"type": "text", "text": "hi"}]}),
                delta(None, "stop")),),
        Must(),
    ),
    "llama.cpp: no [DONE] after the finish reason": (
        (events(delta("hi"), delta(None, "stop"), end=False),),
        Must(),
    ),
    "ollama: [DONE] without a finish reason": ((events(delta("hi")),), Must()),
    "vllm: an error as an event": again(
        events({"error": {"message": "EngineCore died", "type": "InternalServerError",
                          "code": 500}}, end=False)
    ),
    "lmstudio: an error as text": again(events({"error": "model crashed"}, end=False)),
    "gateway: a whole message in one event": (
        (events({"choices": [{"index": 0, "message": {"content": "hi"},
                              "finish_reason": "stop"}]}),),
        Must(),
    ),
    "gateway: a stream cut in the midst": again(
        events(delta("h"), end=False, close=True)
    ),
    "gateway: a stream that ends without an end": again(events(delta("h"), end=False)),
    "gateway: JSON though a stream was asked for": ((text("hi"),), Must()),
    "gateway: a stream called JSON": (
        (raw(b'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\n'),),
        Must(),
    ),
    "gateway: an event that is no JSON": fails(
        events(b"{oops"), FAILED, "no chat completion"
    ),
    "gateway: a refusal in pieces": fails(
        events(
            delta(None, delta={"refusal": "I "}), delta(None, "stop", delta={"refusal": "won't"})
        ),
        RefusalError,
        "I won't",
    ),
    "azure: a first event with filter results and no choice": (
        (events({"choices": [], "prompt_filter_results": []}, delta("hi", "stop")),),
        Must(),
    ),
}  # fmt: skip

_LIMITS: dict[str, tuple[tuple[Step, ...], Must]] = {
    "openai: retry-after-ms": limit(1.5, status(429, "slow", retry_after_ms="1500")),
    "anthropic: retry-after in seconds": limit(17, status(429, "slow", retry_after="17")),
    "gateway: Retry-After as a duration": limit(2, status(429, "slow", retry_after="2s")),
    "gemini: RetryInfo in a list": limit(27, error(429, RETRY_INFO)),
    "gemini: the wait in words": limit(27.5, status(429, "Please retry in 27.5s.")),
    "openai: the wait in words": limit(
        1.898, status(429, "Rate limit reached for m. Please try again in 1.898s. Visit …")
    ),
    "openai: the wait in words, in milliseconds": limit(
        0.5, status(429, "Rate limit reached. Please try again in 250ms.")
    ),
    "groq: the wait in words, minutes too": limit(
        424.5, status(429, "Rate limit reached for model. Please try again in 7m4.5s.")
    ),
    "openai: x-ratelimit-reset of what is spent": limit(
        62,
        status(
            429,
            "slow",
            x_ratelimit_remaining_requests="0",
            x_ratelimit_reset_requests="1m2s",
            x_ratelimit_remaining_tokens="90",
            x_ratelimit_reset_tokens="6s",
        ),
    ),
    "groq: x-ratelimit-reset-tokens alone": limit(
        7.66, status(429, "slow", x_ratelimit_reset_tokens="7.66s")
    ),
    "anthropic: overloaded": again(
        error(529, {"error": {"type": "overloaded_error", "message": "Overloaded"}})
    ),
    "openrouter: a limit of the provider inside a 200": again(
        ok(error={"code": 429, "message": "Provider returned error",
                  "metadata": {"raw": "m is temporarily rate-limited upstream"}})
    ),
    "llama.cpp: still loading": again(
        error(503, {"error": {"code": 503, "message": "Loading model",
                              "type": "unavailable_error"}})
    ),
    "huggingface: a cold start": again(error(503, {"error": "Model m is currently loading",
                                                    "estimated_time": 20.0})),
    "mistral: a limit without a word on the wait": again(
        error(429, {"object": "error", "message": "Requests rate limit exceeded", "type":
                    "rate_limited", "code": "1300"})
    ),
    "cloudflare: 520 in HTML": again(raw(b"<html>unknown error</html>", 520)),
    "nginx: 502 in HTML": again(raw(b"<html>Bad Gateway</html>", 502, content_type="text/html")),
    "nginx: 504 in HTML": again(raw(b"<html>Time-out</html>", 504, content_type="text/html")),
    "openai: credit used up": fails(
        status(429, "You exceeded your current quota, please check your plan", kind=
               "insufficient_quota", error_code="insufficient_quota"), FAILED, "no credit left"
    ),
    "deepseek: credit used up": fails(
        status(402, "Insufficient Balance"), FAILED, "no credit left"
    ),
    "anthropic: credit used up": fails(
        error(400, {"error": {"type": "invalid_request_error", "message":
                              "Your credit balance is too low to access the API"}}),
        FAILED,
        "no credit left",
    ),
    "groq: larger than a minute's allowance": fails(
        status(413, "Request too large for model `m` on tokens per minute (TPM): Limit 6000"),
        FAILED,
        "in a minute",
    ),
    "openai: a pause longer than one call may take": fails(
        status(429, "slow", retry_after="86400"), FAILED, "asks to wait 86400 s"
    ),
}  # fmt: skip

_FINISHES: dict[str, tuple[tuple[Step, ...], Must]] = {
    "openai: length": goes_on(text("h", finish="length")),
    "gemini: MAX_TOKENS": goes_on(text("h", finish="MAX_TOKENS")),
    "openai: length in a stream": goes_on(events(delta("h"), delta(None, "length"))),
    "openai: length, all of it for thoughts": fails(
        completion({"content": ""}, finish="length"), CUT, "token limit"
    ),
    "openai: length, whatever it is asked": (
        (text("h", finish="length"),),
        Must(None, CUT, "token limit", calls=9),
    ),
    "mistral: model_length": fails(text("h", finish="model_length"), CUT, "context was full"),
    "watsonx: time_limit": goes_on(text("h", finish="time_limit")),
    "openai: content_filter": fails(text("h", finish="content_filter"), RefusalError, "filter"),
    "gemini: SAFETY": fails(text("h", finish="SAFETY"), RefusalError, "filter"),
    "gemini: RECITATION": fails(text("", finish="RECITATION"), RefusalError, "filter"),
    "gemini: content_filter with its reason": fails(
        text("", finish="content_filter: RECITATION"), RefusalError, "filter"
    ),
    "gemini: PROHIBITED_CONTENT": fails(
        text("", finish="PROHIBITED_CONTENT"), RefusalError, "filter"
    ),
    "zhipu: sensitive": fails(text("", finish="sensitive"), RefusalError, "filter"),
    "bedrock: guardrail_intervened": fails(
        text("", finish="guardrail_intervened"), RefusalError, "filter"
    ),
    "anthropic: refusal": fails(text("", finish="refusal"), RefusalError, "filter"),
    "openai: a refusal": fails(completion({"refusal": "I cannot"}), RefusalError, "I cannot"),
    "deepseek: insufficient_system_resource": again(
        text("h", finish="insufficient_system_resource")
    ),
    "openrouter: error": again(text("h", finish="error")),
    "zhipu: network_error": again(text("h", finish="network_error")),
    "vllm: abort": again(text("h", finish="abort")),
    "gemini: MALFORMED_FUNCTION_CALL": again(text("", finish="MALFORMED_FUNCTION_CALL")),
    "gemini: OTHER": again(text("", finish="OTHER")),
    "gateway: eos": ((text("hi", finish="eos"),), Must()),
    "anthropic: end_turn": ((text("hi", finish="end_turn"),), Must()),
    "gateway: no finish reason": ((text("hi", finish=None),), Must()),
    "deepseek: an empty reply now and then": again(text("")),
    "gateway: thoughts and no answer": again(
        completion({"content": "", "reasoning_content": "hm"})
    ),
    "gateway: always empty": ((text(""),), Must(None, ReplyError, "is empty", calls=3)),
    "gateway: a tool call": fails(
        completion({"content": None, "tool_calls": [{"id": "1", "type": "function"}]}),
        ReplyError,
        "a tool call",
    ),
}  # fmt: skip

_INSIDE: dict[str, tuple[tuple[Step, ...], Must]] = {
    "openrouter: 502 inside a 200": again(
        ok(error={"code": 502, "message": "Provider returned error"})
    ),
    "openrouter: an error inside the choice": again(
        ok(choices=[{"index": 0, "message": {"content": ""}, "finish_reason": "error",
                     "error": {"code": 502, "message": "upstream"}}])
    ),
    "openrouter: moderation inside a 200": fails(
        ok(error={"code": 403, "message": "Input was flagged by moderation"}),
        RefusalError,
        "flagged",
    ),
    "openrouter: a wrong key inside a 200": fails(
        ok(error={"code": 401, "message": "No auth credentials found"}),
        AuthenticationError,
        "No auth credentials",
    ),
    "lmstudio: an error as text inside a 200": again(ok(error="Model unloaded")),
    "minimax: no choices": fails(ok(choices=None, base_resp={"status_code": 1000}), FAILED,
                                  "no chat completion"),
    "captive portal: a page": fails(
        raw(b"<html>sign in</html>", content_type="text/html"), FAILED, "sign in"
    ),
    "gateway: nested JSON": fails(raw(b"[" * 200_000), FAILED, "no chat completion"),
    "gateway: a list with one completion": (
        (lambda _, handler: handler.answer(200, [{"choices": [{"message": {"content": "hi"}}]}]),),
        Must(),
    ),
}  # fmt: skip

_BODY = b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}}]}'
_EVENTS = b"".join(
    b"data: " + json.dumps(event).encode() + b"\n\n" for event in (delta("h"), delta("i"))
)
_STREAM = {"content_type": "text/event-stream"}

_BODIES_CUT: dict[str, tuple[tuple[Step, ...], Must]] = {
    "proxy: a body shorter than its length": again(half),
    "proxy: a chunked body without its last chunk": again(chunked(_BODY[:40], end=False)),
    "proxy: a body cut in the midst, with the length of what is left": again(raw(_BODY[:-20])),
    "proxy: a body without its last brace": again(raw(_BODY[:-1])),
    "proxy: a chunked body cut in the midst, and ended": again(chunked(_BODY[:40])),
    "proxy: no body": again(raw(b"")),
    "proxy: a compressed body without its end": again(
        raw(gzip.compress(_BODY)[:-6], content_encoding="gzip")
    ),
    "proxy: a stream without its last events": again(raw(_EVENTS, **_STREAM)),
    "proxy: a stream cut within an event": again(raw(_EVENTS[:-20], **_STREAM)),
    "proxy: a compressed stream without its end": again(
        raw(gzip.compress(_EVENTS)[:-6], content_encoding="gzip", **_STREAM)
    ),
    "proxy: a stream without an event": again(raw(b"", **_STREAM)),
    "proxy: a stream called JSON, without its end": again(raw(_EVENTS)),
    "proxy: bodies that are always cut": ((raw(_BODY[:-20]),), Must(None, FAILED, "broke",
                                                                    calls=6)),
}  # fmt: skip

_MESSAGES: dict[str, tuple[tuple[Step, ...], Must]] = {
    "openai: context_length_exceeded": fails(
        status(400, "This model's maximum context length is 8192 tokens", error_code=
               "context_length_exceeded"), FAILED, "too long"
    ),
    "llama.cpp: exceed_context_size_error": fails(
        error(400, {"error": {"code": 400, "type": "exceed_context_size_error", "n_ctx": 4096,
                              "message": "request (5000 tokens) exceeds the available context "
                                         "size (4096 tokens), try increasing it"}}),
        FAILED,
        "-c",
    ),
    "vllm: the prompt is longer than the context": fails(
        error(400, {"object": "error", "type": "BadRequestError", "code": 400, "message":
                    "The decoder prompt (length 5000) is longer than the maximum model length of "
                    "4096."}),
        FAILED,
        "--max-model-len",
    ),
    "gemini: the input is too long": fails(
        error(400, [{"error": {"code": 400, "message": "The input token count (2000000) exceeds "
                               "the maximum number of tokens allowed (1048576).", "status":
                               "INVALID_ARGUMENT"}}]), FAILED, "too long"
    ),
    "anthropic: prompt is too long": fails(
        status(400, "prompt is too long: 250000 tokens > 200000 maximum"), FAILED, "too long"
    ),
    "openai: an unknown model": fails(
        status(404, "The model `m` does not exist", error_code="model_not_found"), GONE, "m-near"
    ),
    "deepseek: an unknown model as 400": fails(status(400, "Model Not Exist"), GONE, "m-near"),
    "openrouter: an unknown model as 400": fails(
        error(400, {"error": {"code": 400, "message": "m is not a valid model ID"}}), GONE, "m-near"
    ),
    "mistral: an unknown model": fails(
        error(400, {"object": "error", "message": "Invalid model: m", "type": "invalid_model",
                    "code": "1500"}), GONE, "m-near"
    ),
    "groq: a model that has gone": fails(
        status(400, "The model `m` has been decommissioned and is no longer supported"), GONE,
        "m-near",
    ),
    "ollama: a model that was not pulled": fails(
        status(404, 'model "m" not found, try pulling it first'), GONE, "m-near"
    ),
    "gemini: a wrong key as 400, in a list": fails(
        error(400, KEYLESS), AuthenticationError, "API key not valid"
    ),
    "xai: a wrong key as 400": fails(
        error(400, {"code": "Client specified an invalid argument", "error":
                    "Incorrect API key provided: xa***. You can obtain one …"}),
        AuthenticationError,
        "Incorrect API key",
    ),
    "azure: a wrong key": fails(
        error(401, {"error": {"code": "401", "message": "Access denied due to invalid subscription "
                              "key"}}), AuthenticationError, "Access denied"
    ),
    "openai: a region that may not": fails(
        status(403, "Country, region, or territory not supported"), AuthenticationError, "may not"
    ),
    "fastapi: what is wrong with a field": fails(
        error(422, {"detail": [{"loc": ["body", "x"], "msg": "extra fields not permitted"}]}),
        FAILED,
        "body.x: extra fields",
    ),
    "azure: the content filter": fails(
        status(400, "The response was filtered due to the prompt triggering Azure OpenAI's content "
               "management policy", error_code="content_filter"), RefusalError, "filtered"
    ),
    "deepseek: Content Exists Risk": fails(
        status(400, "Content Exists Risk"), RefusalError, "filter"
    ),
    "any: another address": fails(
        raw(b"", 302, Location="http://127.0.0.1:9/v1"), FAILED, "key does not follow"
    ),
}  # fmt: skip

_COSTS: dict[str, tuple[tuple[Step, ...], Must]] = {
    "openai: thoughts inside the completion": counts(
        {"prompt_tokens": 5, "completion_tokens": 50, "total_tokens": 55,
         "completion_tokens_details": {"reasoning_tokens": 40}}, 5, 50
    ),
    "xai: thoughts beside the completion": counts(
        {"prompt_tokens": 5, "completion_tokens": 10, "total_tokens": 115,
         "completion_tokens_details": {"reasoning_tokens": 100}}, 5, 110
    ),
    "gemini: thoughts in the total alone": counts(
        {"prompt_tokens": 5, "completion_tokens": 10, "total_tokens": 115}, 5, 110
    ),
    "gateway: thoughts outside, and no total": counts(
        {"prompt_tokens": 5, "completion_tokens": 10,
         "completion_tokens_details": {"reasoning_tokens": 100}}, 5, 110
    ),
    "litellm: Anthropic's caches beside the prompt": counts(
        {"prompt_tokens": 5, "completion_tokens": 2, "cache_read_input_tokens": 100,
         "cache_creation_input_tokens": 20}, 125, 2
    ),
    "gateway: tokens that are no numbers": ((text("hi", usage={"prompt_tokens": "7"}),), Must()),
    "gateway: no usage": ((text("hi", usage={}),), Must()),
}  # fmt: skip

_PRICED: dict[str, tuple[dict[str, Any], float]] = {
    "openrouter: its own cost": ({"prompt_tokens": 5, "completion_tokens": 2, "cost": 0.25}, 0.25),
    "openrouter: its fee and the provider's price": (
        {"prompt_tokens": 5, "completion_tokens": 2, "cost": 0.25, "is_byok": True,
         "cost_details": {"upstream_inference_cost": 0.5}}, 0.75
    ),
    "xai: its own cost in ticks": (
        {"prompt_tokens": 5, "completion_tokens": 2, "cost_in_usd_ticks": 2 * 10**9}, 0.2
    ),
    "openai: a part of the prompt from a cache": (
        {"prompt_tokens": 10, "completion_tokens": 1,
         "prompt_tokens_details": {"cached_tokens": 8}}, 2 * 1 + 8 * 0.25 + 2
    ),
    "deepseek: a part of the prompt from a cache": (
        {"prompt_tokens": 10, "completion_tokens": 1, "prompt_cache_hit_tokens": 8},
        2 * 1 + 8 * 0.25 + 2,
    ),
    "litellm: a part of the prompt written to a cache": (
        {"prompt_tokens": 2, "completion_tokens": 1, "cache_read_input_tokens": 0,
         "cache_creation_input_tokens": 8}, 2 * 1 + 8 * 3 + 2
    ),
}  # fmt: skip

_REFUSING: tuple[tuple[str, Step, Must, dict[str, Any]], ...] = (
    ("openai: temperature", refusing("temperature", 400, "Unsupported value: 'temperature'"),
     Must(calls=2, lacks="temperature"), {"temperature": 0.5}),
    ("openai: max_tokens", refusing("max_tokens", 400, "Unsupported parameter: 'max_tokens'. Use "
     "'max_completion_tokens' instead."), Must(calls=2, has="max_completion_tokens"),
     {"reply_tokens": 9}),
    ("openai: streaming before the organisation is verified", refusing("stream", 400,
     "Your organization must be verified to stream this model.", param="stream"),
     Must(calls=2, lacks="stream"), {}),
    ("qwen: streaming only", choose(lambda got: events(delta("hi", "stop")) if "stream" in got.body
     else status(400, "This model only support stream mode, please enable the stream parameter")),
     Must(calls=2, has="stream"), {"stream": False}),
    ("mistral: stream_options", refusing("stream_options", 422, "Extra inputs are not permitted: "
     "stream_options"), Must(calls=2, lacks="stream_options"), {}),
    ("groq: reasoning_effort", refusing("reasoning_effort", 400, "`reasoning_effort` is not "
     "supported with this model"), Must(calls=2, lacks="reasoning_effort"), {"effort": "low"}),
    ("gemma: no system role", choose(lambda got: text("hi") if got.body["messages"][0]["role"] ==
     "user" else status(400, "Developer instruction is not enabled for models/gemma")),
     Must(calls=2), {}),
    ("vllm: roles must alternate", choose(lambda got: text("hi") if got.body["messages"][0]["role"]
     == "user" else status(400, "Conversation roles must alternate user/assistant")),
     Must(calls=2), {}),
)  # fmt: skip

_SCHEMAS: dict[str, tuple[Step, int]] = {
    "deepseek: json_object only": (
        choose(lambda got: text("hi") if got.body.get("response_format", {}).get("type") !=
               "json_schema" else status(400, "This response_format type is unavailable now")), 2
    ),
    "groq: json_validate_failed": (
        refusing("response_format", 400, "Failed to generate JSON. Please adjust your prompt.",
                 error_code="json_validate_failed"), 3
    ),
    "gemini: an invalid argument for a schema": (
        choose(lambda got: error(400, BAD) if "response_format" in got.body else text("hi")), 3
    ),
    "llama.cpp: a schema as 500": (
        refusing("response_format", 500, "failed to parse grammar"), 3
    ),
    "lmstudio: json_object refused": (
        choose(lambda got: text("hi") if "response_format" not in got.body else error(
            400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})), 3
    ),
}  # fmt: skip


def modes() -> list[Mode]:
    """The whole table."""
    plain = (_STREAMS, _LIMITS, _FINISHES, _INSIDE, _BODIES_CUT, _MESSAGES, _COSTS)
    found = [Mode(name, *entry) for table in plain for name, entry in table.items()]
    found += [
        Mode(name, (text("hi", usage=counted),), Must(cost=cost))
        for name, (counted, cost) in _PRICED.items()
    ]
    found += [Mode(name, (step,), must, more) for name, step, must, more in _REFUSING]
    found += [
        Mode(name, (step,), Must(calls=calls), schema=True)
        for name, (step, calls) in _SCHEMAS.items()
    ]
    return found
