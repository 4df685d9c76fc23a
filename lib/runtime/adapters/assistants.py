"""The clients of assistants, by the protocol they speak."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.assistant.endpoint import Endpoint
    from lib.model import Assistant
    from lib.ports.assistant import AssistantClient
    from lib.ports.media_store import MediaStore


def vac(config: Config, media_store: "Callable[[], MediaStore | None]") -> "AssistantClient":
    """Assistants that speak the assistant API."""
    from lib.assistant.vac import VacAssistant

    settings = config.assistant
    return VacAssistant(
        _endpoint(config),
        path=settings.path,
        timeout=settings.timeout,
        secret=settings.secret,
        media_store=media_store,
    )


def openai(config: Config) -> "AssistantClient":
    """Assistants that speak OpenAI's chat completions."""
    from lib.assistant.openai import OpenAIAssistant

    settings = config.assistant
    return OpenAIAssistant(_endpoint(config), timeout=settings.timeout, secret=settings.secret)


def undescribed(config: Config) -> "Assistant":
    """The assistant at the gateway's own URL, of which no catalogue tells anything."""
    from lib.conversation.access import undescribed

    settings = config.assistant
    told = {"model": settings.model} if settings.model else {}
    return undescribed(settings.default_id, settings.backend, told)


def _endpoint(config: Config) -> "Endpoint":
    """Return where assistants are that name no place of their own."""
    from lib.assistant.endpoint import Endpoint

    settings = config.assistant
    return Endpoint(settings.url, settings.auth, settings.api_key)
