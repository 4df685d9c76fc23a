"""Assistants behind the assistant API of Aitana and of sunholo's VACs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lib.assistant.caller import Caller
from lib.assistant.decode import decode
from lib.assistant.diagnosis import check_status, explained
from lib.assistant.endpoint import Endpoint
from lib.assistant.exchange import EVENTS
from lib.assistant.hearing import Hearing, Openers
from lib.assistant.pieces import TextPieces, VacPieces
from lib.assistant.unsaid import UnsaidThinking
from lib.errors import AssistantEmptyError, AssistantError, ConfigurationError
from lib.model import Answer, Assistant, Question
from lib.ports.listener import Listener

if TYPE_CHECKING:  # most questions have no pictures
    from lib.ports.media_store import MediaStore

_MOST_PAIRS = 5
_OPENERS: Openers = {EVENTS: VacPieces, "text/plain": TextPieces, "text/markdown": TextPieces}


class VacAssistant:
    """Implements the assistant port; see ``Caller`` for the arguments.

    ``path`` follows the base URL; an assistant's settings may name another one. Pictures are shown
    to who is said to see them (``pictures``), by addresses in ``media_store``, which may be none.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        path: str = "/vac/assistant/{assistant_id}",
        timeout: float = 110.0,
        secret: Callable[[str], str],
        media_store: "Callable[[], MediaStore | None]" = lambda: None,
    ) -> None:
        self._url = endpoint.url
        self._media_store = media_store
        self._caller = Caller(endpoint, timeout, secret)
        self._path = path
        self._unsaid = UnsaidThinking()

    def ask(self, assistant: Assistant, question: Question, listener: Listener) -> Answer:
        """Ask once and return the complete answer; see the port."""
        listener.stop.check()
        shown: dict[str, Any] = {}
        unseen = 0
        if question.pictures:
            shown = self._shown(assistant, question)
            unseen = 0 if shown else len(question.pictures)
        if unseen:
            from lib.assistant.sight import without_pictures  # noqa: PLC0415 - most have none

            question = without_pictures(question)
        hearing = Hearing(listener, _OPENERS, thinks_unsaid=assistant in self._unsaid)
        call = self._caller.begin(assistant, hearing)
        body = {**_body(question), **shown, **_tools(assistant, question)}
        reply = call.post(self._path_of(assistant), body, _headers(question))
        check_status(reply, assistant)
        try:
            answer = decode(reply)
        except AssistantError as error:
            raise explained(error, reply, assistant) from None
        from lib.assistant.thinking import separate  # noqa: PLC0415 - loaded while it is awaited

        text, thinking = separate(answer)
        self._unsaid.learn(assistant, answer, thinking)
        if not text.strip():
            raise AssistantEmptyError("nothing but thinking")
        return Answer(text, thinking, unseen=unseen)

    def _shown(self, assistant: Assistant, question: Question) -> dict[str, Any]:
        """What a request says of pictures that are kept for the assistant; nothing if none is."""
        store = self._media_store() if assistant.pictures else None
        if store is None:
            return {}
        from lib.assistant.addressed import addressed, fields  # noqa: PLC0415 - most have none

        url = assistant.settings.get("url") or self._url
        pictures = addressed(question, store, url)
        return fields(pictures) if pictures else {}

    def _path_of(self, assistant: Assistant) -> str:
        path = assistant.settings.get("path") or self._path
        if not path.startswith("/"):  # or it would make another host of the URL's
            raise ConfigurationError(f"assistant {assistant.id}: its path starts without a slash")
        return path.replace("{assistant_id}", quote(assistant.id, safe=""))


def _headers(question: Question) -> dict[str, str]:
    return {
        "X-User-ID": _header(question.email),
        "X-Session-ID": _header(question.session_id),
        "X-Message-Source": "whatsapp",
    }


def _body(question: Question) -> dict[str, Any]:
    return {
        "user_input": _input(question),
        "chat_history": _history(question),
        "currentUser": {"email": question.email, "sessionId": question.session_id},
        "selectedItems": [],
        "save_to_history": False,
        "trace_id": question.trace_id,
    }


def _input(question: Question) -> str:
    """What is asked: a VAC has no other place for a wish, and may fail on unknown keys."""
    if not question.language:
        return question.text
    return f"{question.text}\n\n[The user wants to be answered in {question.language}.]"


def _tools(assistant: Assistant, question: Question) -> dict[str, Any]:
    """What says which tools the person may use, to who is said to read that."""
    if question.tools is None or not assistant.send_tools:
        return {}
    return {"emissaryConfig": {"tools": list(question.tools)}}


def _history(question: Question) -> list[dict[str, str]]:
    # Any other name counts as a bot; more than five pairs mix up people in a VAC's cache. It
    # skips a message without text, which would leave half a pair.
    pairs = [one for one in question.history if one.question.strip() and one.answer.strip()]
    return [
        message
        for pair in pairs[-_MOST_PAIRS:]
        for message in (
            {"name": "Human", "content": pair.question},
            {"name": "AI", "content": pair.answer},
        )
    ]


def _header(value: str) -> str:
    return quote(value, safe="+@.-_:")
