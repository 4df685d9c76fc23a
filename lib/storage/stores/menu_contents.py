"""Which of Twilio's contents each form of menu is sent with. It holds nothing of anybody."""

from lib.errors import StoreError
from lib.ports.documents import Documents, Key
from lib.storage.fields import text

_MENUS = Key("whatsapp_settings", "menus")
_MOST_TRIES = 5


def find(documents: Documents, form: str) -> str:
    """Return the id of a form's content; empty if none is known."""
    stored = documents.read([_MENUS]).get(_MENUS)
    return text(stored.document.get(form)) if stored else ""


def keep(documents: Documents, form: str, content: str) -> None:
    """Keep the id of a form's content beside those of the others; the last one counts.

    Raises:
        StoreError: it is not kept, or others were kept all the time.
    """
    stored = documents.read([_MENUS]).get(_MENUS)
    for _ in range(_MOST_TRIES):
        revision = stored.revision if stored else None
        stored, ours = documents.write_if(_MENUS, {form: content}, revision)
        if ours:
            return
    raise StoreError("too many contents at once")
