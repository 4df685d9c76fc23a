"""Sockets that listen: connections wait in them until somebody serves."""

import errno
import socket


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections from now on.

    Raises:
        OSError: the address cannot be had; it is named with the way out.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        # Python words it anew, with the address in it; the system's own error came before.
        first = error.__context__ if isinstance(error.__context__, OSError) else error
        raise OSError(f"{host}:{port}: {first.strerror}; {_way_out(first)}") from None


def _way_out(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "set PORT to another one, or end the program that has it"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return "set PORT to one above 1023: those below are for root"
    return "set HOST to an address of this machine, such as 127.0.0.1"


def address(listener: socket.socket) -> str:
    """Return the URL of a socket, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
