"""Which account and number the data belong to."""

from lib.ports.documents import Documents, Key, Write
from lib.storage.fields import text

_OWNER = Key("whatsapp_settings", "owner")


def owner(documents: Documents) -> tuple[str, str] | None:
    """Return the account and the number that the data belong to; None before it was said."""
    stored = documents.read([_OWNER]).get(_OWNER)
    if stored is None:
        return None
    return text(stored.document.get("account")), text(stored.document.get("number"))


def own(account: str, number: str, documents: Documents) -> None:
    """Let the data belong to this account and number from now on."""
    documents.replace([Write(_OWNER, {"account": account, "number": number})], durable=True)
