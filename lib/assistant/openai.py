"""Assistants behind OpenAI's chat completions: Vertex AI, Gemini, or any compatible server."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from lib.assistant.caller import Call, Caller
from lib.assistant.completion import read
from lib.assistant.diagnosis import check_status, explained
from lib.assistant.endpoint import Endpoint
from lib.assistant.exchange import EVENTS, Reply
from lib.assistant.hearing import Hearing, Openers
from lib.assistant.pieces import CompletionPieces
from lib.assistant.streams import Document, Streams
from lib.assistant.unsaid import UnsaidThinking
from lib.errors import AssistantEmptyError, AssistantError, ConfigurationError
from lib.model import Answer, Assistant, Question
from lib.ports.listener import Listener

if TYPE_CHECKING:  # most questions have no pictures
    from lib.assistant.sight import Sight

_OPENERS: Openers = {EVENTS: CompletionPieces}
_NUMBERS: Mapping[str, Callable[[str], float]] = {
    "temperature": float,
    "top_p": float,
    "max_tokens": int,
}


class OpenAIAssistant:
    """Implements the assistant port; see ``Caller`` for the arguments.

    An assistant's settings: ``model`` (needed), ``url`` (the base, up to ``/v1``),
    ``api_key_env``, ``auth`` (``google`` for an access token, as Vertex AI wants it),
    ``system_prompt``, ``temperature``, ``top_p``, ``max_tokens``; ``pictures`` says whether the
    model sees any, which is tried otherwise.
    """

    def __init__(
        self, endpoint: Endpoint, *, timeout: float = 110.0, secret: Callable[[str], str]
    ) -> None:
        self._caller = Caller(endpoint, timeout, secret)
        self._streams = Streams()
        self._unsaid = UnsaidThinking()

    def ask(self, assistant: Assistant, question: Question, listener: Listener) -> Answer:
        """Ask once and return the complete answer; see the port."""
        listener.stop.check()
        document = _document(assistant, question)
        hearing = Hearing(listener, _OPENERS, thinks_unsaid=assistant in self._unsaid)
        call = self._caller.begin(assistant, hearing)
        reply, unseen = self._asked(call, document, question)
        check_status(reply, assistant)
        try:
            completion = read(reply)
        except AssistantError as error:
            raise explained(error, reply, assistant) from None
        from lib.assistant.thinking import separate  # noqa: PLC0415 - loaded while it is awaited

        text, thinking = separate(completion.text)
        self._unsaid.learn(assistant, completion.text, thinking)
        if not text.strip():
            raise AssistantEmptyError("nothing but thinking")
        thought = "\n".join(filter(None, (completion.thinking.strip(), thinking)))
        return Answer(text, thought, completion.tokens, unseen)

    def _asked(self, call: Call, document: Document, question: Question) -> tuple[Reply, int]:
        """The reply, and of how many pictures it does not know."""
        server = call.endpoint.url

        def put(document: Document) -> Reply:
            return self._streams.ask(partial(call.post, "/chat/completions"), document, server)

        if not question.pictures:
            return put(document), 0
        return self._sight.ask(put, document, question, call.assistant, server)

    @cached_property
    def _sight(self) -> "Sight":
        from lib.assistant.sight import Sight  # noqa: PLC0415 - most questions have no pictures

        return Sight()


def _document(assistant: Assistant, question: Question) -> dict[str, Any]:
    settings = assistant.settings
    if not settings.get("model"):
        raise ConfigurationError(
            f"assistant {assistant.id}: no model is set: ASSISTANT_MODEL, or the assistant's own; "
            "or ASSISTANT_BACKEND=vac, if it is no OpenAI-compatible one"
        )
    prompt = "\n\n".join(filter(None, (settings.get("system_prompt"), _wish(question))))
    system = [{"role": "system", "content": prompt}] if prompt else []
    document: dict[str, Any] = {
        "model": settings["model"],
        "messages": [*system, *_history(question), {"role": "user", "content": question.text}],
    }
    for name, kind in _NUMBERS.items():
        if name in settings:
            document[name] = _number(assistant, name, kind)
    return document


def _wish(question: Question) -> str:
    # One system message: some models' templates refuse a second one.
    return f"The user wants to be answered in {question.language}." if question.language else ""


def _number(assistant: Assistant, name: str, kind: Callable[[str], float]) -> float:
    try:
        return kind(assistant.settings[name])
    except ValueError:
        raise ConfigurationError(f"assistant {assistant.id}: {name} is not a number") from None


def _history(question: Question) -> list[dict[str, str]]:
    return [
        message
        for pair in question.history
        for message in (
            {"role": "user", "content": pair.question},
            {"role": "assistant", "content": pair.answer},
        )
    ]
