"""The least function there is: what the framework alone costs."""

import functions_framework
from flask import Request


@functions_framework.http
def hello(request: Request) -> str:
    """Answer at once, the body read as any function reads it."""
    request.get_data()
    return "hello"
