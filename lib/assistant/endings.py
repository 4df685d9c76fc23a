"""The words that end a completion, where they mean that it is none.

Whatever else ends a reply that could be read as a whole, or nothing at all, ends an answer: servers
have many words for that (``stop``, ``STOP``, ``end_turn``, ``MAX_TOKENS``, ``eos``, null).
"""

import re
from collections.abc import Mapping
from typing import Any

_FAILURES: Mapping[str, str] = {
    "error server_error internal_error failed failure": "vLLM, Mistral, OpenRouter, Cohere",
    "network_error": "Zhipu's GLM, Moonshot",
    "abort aborted cancel cancelled canceled user_cancel interrupted": "vLLM, SGLang, Cohere",
    "timeout timed_out": "Cohere",
    "insufficient_system_resource": "DeepSeek",
    "malformed_function_call unexpected_tool_call": "Gemini",
}
_FILTERED: Mapping[str, str] = {
    "content_filter": "OpenAI, Azure, Mistral",
    "content_filtered guardrail_intervened": "Amazon Bedrock",
    "sensitive": "Zhipu's GLM",
    "safety recitation blocklist prohibited_content spii image_safety": "Gemini",
    "error_toxic": "Cohere",
    "content_policy_violation moderation_blocked responsible_ai_policy_violation": "OpenAI, Azure",
    "data_inspection_failed": "Alibaba's Qwen",
    "blocked moderation": "others",
}
_REFUSED = "refusal"  # Anthropic's word: what was said until then is the refusal
_LETTERS = re.compile(r"[^a-z]")


def _normal(word: str) -> str:
    """The word as it is compared, without the detail that some add behind a colon."""
    return _LETTERS.sub("", word.partition(":")[0].lower())


def _words(table: Mapping[str, str]) -> frozenset[str]:
    return frozenset(_normal(word) for words in table for word in words.split())


_FILTERED_WORDS = _words(_FILTERED)
_FAILURE_WORDS = _words(_FAILURES) | _FILTERED_WORDS


def is_failure(word: Any) -> bool:
    """Whether a completion that ends with this word is no answer, whatever text it has."""
    return isinstance(word, str) and _normal(word) in _FAILURE_WORDS


def is_declined(word: Any) -> bool:
    """Whether somebody did not want this to be answered: a filter, or the model."""
    return isinstance(word, str) and _normal(word) in _FILTERED_WORDS | {_REFUSED}
