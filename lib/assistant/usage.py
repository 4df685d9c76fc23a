"""What an answer took, as servers of chat completions tell it.

Source: OpenAI's "Chat Completions", ``usage``: in a whole reply, or in the last event of a stream,
which has no choices, where ``stream_options.include_usage`` asks for it. Some servers (vLLM) tell
it in every event, so far.
"""

from typing import Any, TypeGuard

from lib.model import TokenUsage

_MOST = 10**9


def tokens_of(document: Any) -> TokenUsage | None:
    """Return the tokens that a reply or an event tells of; None if it tells of none."""
    usage = document.get("usage") if isinstance(document, dict) else None
    if not isinstance(usage, dict):
        return None
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return TokenUsage(prompt, completion) if _is_count(prompt) and _is_count(completion) else None


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST
