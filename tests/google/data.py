"""Secrets, Firestore, Pub/Sub and log-based metrics."""

from tests.google.answers import RefusedError, done, masked


def add_version(google, call, secret):
    google.found(secret)
    versions = google.secrets.setdefault(secret, [])
    versions.append(call.body["payload"]["data"])
    name = f"{secret}/versions/{len(versions)}"
    return {"name": name, "state": "ENABLED", "clientSpecifiedPayloadChecksum": True}


def access(google, call, secret, version):
    google.found(secret)
    versions = google.secrets.get(secret, [])
    if not versions:
        raise RefusedError(
            404, "NOT_FOUND", f"Secret Version [{secret}/versions/{version}] not found"
        )
    number = len(versions) if version == "latest" else int(version)
    return {
        "name": f"{secret}/versions/{number}",
        "payload": {"data": versions[number - 1]},
    }


def operation(google, call):
    made = google.rest(call)
    return done(google, made["name"].partition("/databases/")[0] + "/locations/any", made)


def field(google, call, database, rest):
    name = f"{database}/{rest}"
    if call.method == "GET":
        return google.resources.get(
            name, {"name": name, "indexConfig": {"usesAncestorConfig": True}}
        )
    stored = google.resources.setdefault(name, {"name": name})
    for key in call.query["updateMask"].split(","):
        if key == "ttlConfig" and key in call.body:
            stored[key] = {"state": "CREATING"}
        else:
            stored[key] = call.body.get(key, {})
    return done(google, database.partition("/collectionGroups")[0], stored)


def fields(google, call, database, group):
    found = [one for name, one in google.resources.items() if f"{database}/{group}/fields/" in name]
    wanted = "ttlConfig" if "ttlConfig" in call.query.get("filter", "") else "indexConfig"
    return {"fields": [one for one in found if wanted in one]}


def subscription(google, call, name):
    made = google.rest(call)
    google.found(call.body["topic"])
    made.setdefault("ackDeadlineSeconds", 10)
    made["state"] = "ACTIVE"
    return made


def patch_subscription(google, call, name):
    masked(google.found(name), call.body["subscription"], call.body["updateMask"])
    return google.found(name)


def metric(google, call, name):
    google.found(name)
    google.resources[name] = call.body
    return call.body
