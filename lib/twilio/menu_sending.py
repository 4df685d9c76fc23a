"""Sending a menu, or finding that its text is to be sent instead."""

import time
from typing import Protocol

from lib.errors import (
    SendConfigurationError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    SendUnreachableError,
)
from lib.model import Menu
from lib.twilio.menu_contents import MenuContents
from lib.twilio.menu_form import form_of


class _Create(Protocol):
    def __call__(self, *, content_sid: str, content_variables: str) -> str: ...


def send_menu(menu: Menu, contents: MenuContents, create: _Create) -> str:
    """Send a menu and return its SID; empty where the text is to be sent, at once.

    That is where Twilio surely took no menu and nothing speaks against the person.

    Raises:
        SendUnreachableError, SendInDoubtError: as with any chunk.
        SendRetryableError: the same, or it is too late to begin; it will not be again.
    """
    latest = time.monotonic() + contents.patience
    form, may_work = form_of(menu), True
    while form and may_work and (content := contents.content_of(form)):
        _require_time(latest)
        try:
            return create(content_sid=content, content_variables=form.variables)
        except SendUnreachableError:
            raise
        except (SendPermanentError, SendTooLongError, SendConfigurationError) as error:
            may_work = contents.refused(form, content, error)
    _require_time(latest)
    return ""


def _require_time(latest: float) -> None:
    if time.monotonic() > latest:
        raise SendRetryableError("a menu took too long to be prepared")
