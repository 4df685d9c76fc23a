"""Addresses that cannot be listened on."""

import pytest

from standalone.listener import listen


def test_a_host_that_does_not_exist_is_named_with_the_system_s_reason():
    with pytest.raises(OSError, match=r"^no-such-host\.invalid:1956: (?!Unknown)[^(]+$"):
        listen("no-such-host.invalid", 1956)


def test_an_address_of_another_machine_is_named_once():
    # A block for documentation, which nobody has (RFC 5737).
    with pytest.raises(OSError, match=r"^192\.0\.2\.1:1956: Cannot assign requested address$"):
        listen("192.0.2.1", 1956)
