"""The signs with which models wrap what they do not say to people: one table, with its sources.

Names are written as models write them in ``<name>...</name>``; ``_`` may be missing, or another
sign. The same names count in every other form of brackets; see ``lib.assistant.signs``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, auto


class Kind(IntEnum):
    """What becomes of what stands inside: thinking is kept apart, calls of tools are dropped."""

    THINKING = auto()
    CALL = auto()
    ANSWER = auto()
    """Around what is said: only the signs themselves go."""
    START = auto()
    """Begins a message of a conversation, perhaps with the word for who speaks."""
    END = auto()
    """Ends a message of a conversation."""
    CHANNEL = auto()
    """Begins the name of a channel."""
    STRIKE = auto()
    """``<s>``: begins what is struck out; its partner alone ends a text."""
    SIGN = auto()
    """Stands for itself."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """Names of one kind and where they are documented."""

    kind: Kind
    names: tuple[str, ...]
    source: str


WRAPPINGS = (
    Wrapping(
        Kind.THINKING,
        ("thinking", "ant_thinking", "reflection"),
        "sunholo's own extractor (assistant API, section 6)",
    ),
    Wrapping(
        Kind.THINKING,
        ("think", "thought"),
        "chat templates of DeepSeek R1, Qwen 3, GLM 4.5, Seed-OSS (seed:think), MiniMax M2; "
        "[THINK] of Mistral's Magistral; ◁think▷ of Kimi-VL; <|begin_of_thought|> of Sky-T1; "
        "<|START_THINKING|> of Cohere's Command A; Gemini's <thought>",
    ),
    Wrapping(
        Kind.THINKING,
        ("reasoning", "scratchpad", "analysis", "inner_monologue"),
        "prompts of agent frameworks, which ask for these tags; Granite's chat template",
    ),
    Wrapping(
        Kind.THINKING,
        (
            "thoughts",
            "inner_thoughts",
            "internal_monologue",
            "thought_process",
            "thinking_process",
            "chain_of_thought",
            "reasoning_content",
        ),
        "the same, as prompts and servers vary them",
    ),
    Wrapping(
        Kind.CALL,
        (
            "tool_call",
            "tool_calls",
            "tool_response",
            "tool_responses",
            "tool_output",
            "tool_outputs",
            "tool_calls_section",
            "tool_call_argument",
            "python_tag",
        ),
        "chat templates of Qwen, Hermes, GLM, MiniMax (minimax:tool_call), DeepSeek, Kimi K2, "
        "Gemma 4, Llama 3.1",
    ),
    Wrapping(
        Kind.CALL,
        (
            "function_call",
            "function_calls",
            "invoke",
            "function_result",
            "function_results",
            "tool_use",
            "tool_result",
            "tool_results",
            "function_response",
            "function",
        ),
        "Anthropic's prompts for tools; DeepSeek V3.2 (DSML); Llama and Qwen Coder (<function=f>)",
    ),
    Wrapping(
        Kind.CALL,
        ("tool_code", "longcat_tool_call", "action"),
        "Gemini's <tool_code>, LongCat's calls, <|START_ACTION|> of Cohere's Command A",
    ),
    Wrapping(
        Kind.CALL,
        ("python", "tools"),
        "Llama 4 (<|python_start|>), Apertus (<|tools_prefix|>)",
    ),
    Wrapping(Kind.THINKING, ("inner",), "Apertus (<|inner_prefix|>)"),
    Wrapping(Kind.THINKING, ("cot_budget_reflect",), "Seed-OSS (<seed:cot_budget_reflect>)"),
    Wrapping(
        Kind.THINKING,
        ("details",),
        'Open WebUI: <details type="reasoning">; any other <details> is HTML',
    ),
    Wrapping(Kind.CALL, ("grok:render",), "xAI's Grok: a card that only its own page shows"),
    Wrapping(
        Kind.ANSWER, ("final", "final_answer", "answer"), "DeepSeek R1's prompt; Hunyuan; agents"
    ),
    Wrapping(
        Kind.START,
        ("im_start", "start_header_id", "start_of_turn", "turn", "start_of_role", "start", "begin"),
        "ChatML, Llama 3, Gemma, Gemma 4, Granite, OpenAI's harmony format, Solar",
    ),
    Wrapping(
        Kind.START,
        ("assistant", "user", "system", "human", "observation", "tool"),
        "Phi, GLM, Zephyr, DeepSeek: <|user|> names who speaks and begins a message",
    ),
    Wrapping(
        Kind.END,
        (
            "im_end",
            "eot_id",
            "eom_id",
            "end_of_turn",
            "end_of_text",
            "end_of_sentence",
            "end_of_utterance",
            "end",
            "return",
            "call",
            "endoftext",
        ),
        "the same, DeepSeek, Phi, GPT-2",
    ),
    Wrapping(Kind.CHANNEL, ("channel",), "OpenAI's harmony format; Gemma 4"),
    Wrapping(Kind.STRIKE, ("s",), "SentencePiece's </s> (Llama 2, Mistral); HTML's <s>"),
)

IN_TAGS = frozenset({Kind.THINKING, Kind.CALL, Kind.ANSWER, Kind.STRIKE})
"""The kinds that count as ``<name>``; the others need a bar, but for those of ``TURN_TAGS``."""

TURN_TAGS = ("start_of_turn", "end_of_turn", "end_of_utterance")
NO_TAGS = frozenset({"action", "inner", "python", "python_tag", "tools", "turn"})
"""Words of their own: as ``<action>`` they may be anybody's."""

SPEAKERS = frozenset({"assistant", "model", "ai", "bot"})
OTHERS = frozenset(
    {"user", "human", "system", "developer", "tool", "function", "ipython", "observation"}
    | {"environment"}
)
CHANNELS = frozenset({"analysis", "commentary", "thought", "thoughts", "thinking", "reasoning"})
"""Names of channels that are not said; ``final`` is."""

EDGES = ("<bos>", "<eos>", "<pad>", "[inst]", "[/inst]", "<<sys>>", "<</sys>>")
"""Signs that go only where a text begins or ends: in the middle somebody may talk about them.

Sources: Gemma, the chat templates of Llama 2 and Mistral.
"""

_APART = re.compile(r"[\s_\u2581-]+")


def normal(name: str) -> str:
    """The name as the table has it: small letters, nothing between them."""
    return _APART.sub("", name).lower()


KINDS: Mapping[str, Kind] = {
    normal(name): wrapping.kind for wrapping in WRAPPINGS for name in wrapping.names
}


def _tag_names() -> str:
    named = [name for one in WRAPPINGS if one.kind in IN_TAGS for name in one.names]
    names = {*named, *TURN_TAGS} - NO_TAGS
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    beginnings = "".join(sorted({name[0] for name in names}))
    return f"(?=[{beginnings}])(?:{'|'.join(longest_first)})".replace("_", "[_-]?")


TAG_NAMES = _tag_names()
"""A regular expression for the names that count as ``<name>``."""
