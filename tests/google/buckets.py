"""Buckets of Cloud Storage, whose API is older than the others, and named otherwise."""

from tests.google.answers import RefusedError


def _name(short):
    return f"projects/_/buckets/{short}"


def make(google, call):
    name = _name(call.body["name"])
    if name in google.resources:
        raise RefusedError(409, "conflict", "Your previous request to create the bucket succeeded")
    google.resources[name] = {"id": call.body["name"], "metageneration": "1", **call.body}
    return google.resources[name]


def get(google, call, short):
    if _name(short) not in google.resources:
        raise RefusedError(404, "notFound", "The specified bucket does not exist.")
    return google.resources[_name(short)]


def patch(google, call, short):
    found = get(google, call, short)
    found.update({key: value for key, value in call.body.items() if value is not None})
    return found


def delete(google, call, short):
    get(google, call, short)
    del google.resources[_name(short)]
    google.policies.pop(_name(short), None)
    return {}


def objects(google, call, short):
    get(google, call, short)
    return {"kind": "storage#objects", "items": []}


def layout(google, call, short):
    found = get(google, call, short)
    return {"bucket": short, "location": found["location"], "locationType": "region"}


def policy(google, call, short):
    get(google, call, short)
    if call.method == "PUT":
        google.policies[_name(short)] = call.body
    return google.policies.get(_name(short), {"kind": "storage#policy", "etag": "AA=="})
