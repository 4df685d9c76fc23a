"""``make people ARGS="merge KEPT OTHER"``: two sessions of one person become one."""

import sys

from lib.address import mask, parse_address
from lib.conversation.merging import MergeError
from lib.conversation.merging import merge as merge_sessions
from lib.runtime.gateway import Gateway


def merge(kept: str, other: str, gateway: Gateway) -> int:
    """Let all that the other address writes be the kept one's; return the exit code.

    Raises:
        AddressError: one of them is no address.
        StoreError: nothing is merged, or all of it.
    """
    try:
        session = merge_sessions(parse_address(kept), parse_address(other), gateway.stores())
    except MergeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{mask(other)} is {mask(session.contact)} from now on.\n")
    return 0
