"""Assistants and permissions, as operators write them."""
