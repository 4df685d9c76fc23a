"""The machine itself, as a host."""

from urllib.parse import urlsplit

HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
"""The names under which a machine reaches itself."""


def is_loopback(url: str) -> bool:
    """Whether a URL, if there is one, is of this machine.

    Raises:
        ValueError: it is no URL.
    """
    return urlsplit(url).hostname in HOSTS
