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
    "malformed_function_call unexpected_tool_call too_many_tool_calls": "Gemini",
    "missing_thought_signature no_image": "Gemini",
}
_FILTERED: Mapping[str, str] = {
    "content_filter": "OpenAI, Azure, Mistral",
    "content_filtered guardrail_intervened": "Amazon Bedrock",
    "sensitive": "Zhipu's GLM",
    "safety recitation blocklist prohibited_content spii language": "Gemini",
    "image_safety image_prohibited_content image_recitation": "Gemini",
    "error_toxic": "Cohere",
    "content_policy_violation moderation_blocked responsible_ai_policy_violation": "OpenAI, Azure",
    "data_inspection_failed": "Alibaba's Qwen",
    "blocked moderation": "others",
}
_REFUSED = "refusal"  # Anthropic's word: what was said until then is the refusal
_LETTERS = re.compile(r"[^a-z]")
# Words made of these mean failure wherever they come from: ERROR_LIMIT, engine_overloaded.
_STEMS = re.compile("error|fail|exception|abort|cancel|overload|unavailable|malformed|interrupt")
_PREFIX = "finishreason"  # as Google's own libraries write every word


def _normal(word: str) -> str:
    """The word as it is compared, without the detail that some add behind a colon."""
    return _LETTERS.sub("", word.partition(":")[0].lower()).removeprefix(_PREFIX)


def _words(table: Mapping[str, str]) -> frozenset[str]:
    return frozenset(_normal(word) for words in table for word in words.split())


_FILTERED_WORDS = _words(_FILTERED)
_FAILURE_WORDS = _words(_FAILURES) | _FILTERED_WORDS


def is_failure(word: Any) -> bool:
    """Whether a completion that ends with this word is no answer, whatever text it has."""
    if not isinstance(word, str):
        return False
    normal = _normal(word)
    return normal in _FAILURE_WORDS or bool(_STEMS.search(normal))


def is_declined(word: Any) -> bool:
    """Whether somebody did not want this to be answered: a filter, or the model."""
    return isinstance(word, str) and _normal(word) in _FILTERED_WORDS | {_REFUSED}
