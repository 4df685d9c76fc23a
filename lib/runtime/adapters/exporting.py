"""What gives people everything that is kept of them."""

from typing import TYPE_CHECKING

from lib.runtime.adapters import now
from lib.runtime.once import once
from lib.settings.media_urls import media_urls

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.export.export import LinkedExports, Sources
    from lib.model import Conversation, Session
    from lib.ports.exporter import Exporter, Link
    from lib.runtime.adapters import Adapters
    from lib.stopping import Stop


def exporter(adapters: "Adapters") -> "Exporter | None":
    """Return what gives people a link, loaded with the first; None where none would lead here."""
    if media_urls(adapters.config, local=adapters.local).off:
        return None

    def export(
        person: "Conversation", session: "Session", say: "Callable[[str], str]", stop: "Stop"
    ) -> "Link":
        return linked(adapters)(person, session, say, stop)

    return export


@once
def linked(adapters: "Adapters") -> "LinkedExports":
    """Return what makes exports, and puts them where people fetch them."""
    from lib.errors import ConfigurationError
    from lib.export.export import LinkedExports
    from lib.media.kept.addresses import end_of

    store = adapters.kept_media().exports
    if store is None:
        raise ConfigurationError("exports can be put nowhere")
    return LinkedExports(sources(adapters), store, end_of)


def sources(adapters: "Adapters") -> "Sources":
    """Return where everything of people is kept."""
    from lib.export.export import Sources

    return Sources(adapters.stores(), adapters.media_store(), now)
