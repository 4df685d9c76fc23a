"""Addresses that cannot be listened on."""

import errno
import socket

import pytest

from standalone.sockets import listen


def test_a_host_that_does_not_exist_is_named_with_the_system_s_reason():
    with pytest.raises(
        OSError, match=r"^no-such-host\.invalid:1956: (?!Unknown)[^(]+; set HOST to"
    ):
        listen("no-such-host.invalid", 1956)


def test_an_address_of_another_machine_is_named_once():
    # A block for documentation, which nobody has (RFC 5737).
    with pytest.raises(
        OSError, match=r"^192\.0\.2\.1:1956: Cannot assign requested address; set HOST"
    ):
        listen("192.0.2.1", 1956)


def test_a_port_that_is_taken_or_for_root_only_is_named_with_the_way_out(monkeypatch):
    with listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use; set PORT"):
        listen("127.0.0.1", taken.getsockname()[1])

    def refuse(*_arguments, **_named):
        raise PermissionError(errno.EACCES, "Permission denied")

    # Root, and some systems, may have every port.
    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(OSError, match="80: Permission denied; set PORT to one above 1023"):
        listen("127.0.0.1", 80)
