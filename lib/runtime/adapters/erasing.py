"""What forgets people, of a process: in its stores, in what is kept and queued, and at Twilio."""

from typing import TYPE_CHECKING

from lib.runtime.adapters import now
from lib.settings import roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from lib.queue.local import LocalQueue
    from lib.runtime.adapters import Adapters
    from lib.settings.people import PeopleSettings
    from lib.turn.eraser import Eraser, Tell


def go_on(erasure_id: str, adapters: "Adapters", queue: "Callable[[], LocalQueue] | None") -> bool:
    """Go on with an erasure, without an id with all that are due; whether all of it is done.

    ``queue`` gives the one of this machine, where there is one.

    Raises:
        GatewayError: something did not get on; to be tried again.
    """
    if not erasure_id and not adapters.stores().erasures.due(now(), 1):
        return True
    from lib.turn.erasing import erase, erase_due

    tools = eraser(adapters, queue)
    return erase(erasure_id, tools) if erasure_id else erase_due(tools)


def eraser(adapters: "Adapters", queue: "Callable[[], LocalQueue] | None") -> "Eraser":
    """Return what forgets people.

    Raises:
        ConfigurationError: it cannot log in at Twilio.
    """
    from lib.runtime.adapters.twilio import login
    from lib.turn.eraser import Eraser
    from lib.twilio.message_records import TwilioRecords

    roles.require("erasing", adapters.config, local=adapters.local)
    twilio = adapters.config.twilio
    storage = adapters.sqlite() if adapters.local else adapters.firestore()
    return Eraser(
        documents=storage.documents,
        stores=adapters.stores(),
        records=TwilioRecords(*login(twilio), twilio.account_sid, twilio.api_base_url),
        clock=now,
        media=adapters.media_store(),
        exports=adapters.kept_media().exports,
        purge=queue().purge if queue else None,
        tell=_teller(adapters.config.people),
    )


def _teller(settings: "PeopleSettings") -> "Tell | None":
    if not settings.forget_url:
        return None
    from lib.handover.webhook import HandoverWebhook

    return HandoverWebhook(settings.forget_url, settings.forget_key).post
