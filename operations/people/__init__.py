"""``make people``: who writes to the gateway, and what an operator does about them.

Each subcommand is a module with a ``SUBCOMMAND``; ``__main__`` has the table of them.
"""
