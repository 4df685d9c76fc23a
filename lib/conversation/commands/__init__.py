"""Commands: messages that start with a slash and are answered by the gateway itself.

``table`` has all of them, and each group of commands is a module.
"""
