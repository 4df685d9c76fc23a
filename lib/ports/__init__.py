"""The edges as the use cases see them, one port a file."""
