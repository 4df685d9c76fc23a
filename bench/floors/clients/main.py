"""Hello with the clients of Firestore and HTTP only: less than answering a message takes."""

import functions_framework
import google.cloud.firestore_v1
import requests
from flask import Request

_USED = (google.cloud.firestore_v1, requests)


@functions_framework.http
def clients(request: Request) -> str:
    """Answer at once."""
    request.get_data()
    return "hello"
