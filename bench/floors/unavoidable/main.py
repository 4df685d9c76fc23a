"""Hello with every package that answering a message takes, as its makers ship them."""

import functions_framework
import google.cloud.firestore_v1
import pyromark
import regex
import requests
import twilio.rest
from flask import Request

# The SDK imports the resource behind this name only when it is touched.
_MESSAGES = twilio.rest.Client("AC", "token").messages
_USED = (google.cloud.firestore_v1, pyromark, regex, requests)


@functions_framework.http
def unavoidable(request: Request) -> str:
    """Answer at once."""
    request.get_data()
    return "hello"
