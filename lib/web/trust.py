"""Who is trusted over TLS: read once in a process, for all its clients.

To read it costs more than a turn; see decision 0035.
"""

import errno
import ssl
import threading
from functools import cache

from lib.shortage import has_descriptors
from lib.web.sockets import TlsDeadlineSocket

_lock = threading.Lock()


def trusted() -> ssl.SSLContext:
    """Return what the system trusts (SSL_CERT_FILE is obeyed), or certifi where it names none.

    Raises:
        OSError: there is no descriptor to read it with.
    """
    with _lock:
        return _read(ssl.get_default_verify_paths())


@cache
def _read(_paths: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = TlsDeadlineSocket
    if not context.cert_store_stats()["x509"]:
        if not has_descriptors():
            # Files that could not be opened are passed over in silence: this must not be kept.
            raise OSError(errno.EMFILE, "no certificates could be read")
        _trust_certifi(context)
    return context


def _trust_certifi(context: ssl.SSLContext) -> None:
    # The system has no certificates in one file, as on some Macs.
    try:
        import certifi  # noqa: PLC0415 - seldom needed, and perhaps not there
    except ImportError:
        return
    context.load_verify_locations(certifi.where())
