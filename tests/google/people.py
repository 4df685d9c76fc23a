"""The project itself, its APIs, accounts and policies."""

from tests.google.answers import RefusedError


def project(google, call):
    if call.path.rpartition("/")[2] not in google.project.values():
        raise RefusedError(403, "PERMISSION_DENIED", "The caller does not have permission")
    return {"lifecycleState": "ACTIVE", **google.project}


def billing(google, call):
    return {"billingEnabled": google.billing, "projectId": google.project["projectId"]}


def services(google, call):
    found = [one for one in google.children(call.path[4:]) if one.get("state") == "ENABLED"]
    return {"services": found}


def _enable(google, call, parent, ids):
    for one in ids:
        name = f"{parent}/{one}"
        google.resources[name] = {"name": name, "config": {"name": one}, "state": "ENABLED"}
    return {"name": "operations/enabled", "done": True, "response": {}}


def enable_many(google, call, parent):
    return _enable(google, call, parent, call.body["serviceIds"])


def enable_one(google, call, parent, service):
    return _enable(google, call, parent, [service])


def identity(google, call, service):
    email = f"service-{google.project['projectNumber']}@gcp-sa-pubsub.iam.gserviceaccount.com"
    return {"name": "operations/x", "done": True, "response": {"email": email, "uniqueId": "1"}}


def get_policy(google, call, name):
    return google.policies.get(_on(google, call, name), {"etag": "AA=="})


def set_policy(google, call, name):
    policy = call.body["policy"]
    members = [one for binding in policy.get("bindings", []) for one in binding["members"]]
    if "allUsers" in members and not google.public:
        reason = "One or more users named in the policy do not belong to a permitted customer"
        raise RefusedError(400, "FAILED_PRECONDITION", reason)
    google.policies[_on(google, call, name)] = policy
    return policy


def _on(google, call, name):
    name = name.replace("projects/-/", f"projects/{google.project['projectId']}/")
    if not name.endswith(f"projects/{google.project['projectId']}") and "/services/" not in name:
        google.found(name)
    return name


def account(google, call):
    made = google.create(call.path[4:], call)
    email = f"{call.body['accountId']}@{google.project['projectId']}.iam.gserviceaccount.com"
    old = made["name"]
    made = {**call.body.get("serviceAccount", {}), "email": email, "uniqueId": "1"}
    made["name"] = f"{old.rpartition('/')[0]}/{email}"
    del google.resources[old]
    if made["name"] in google.resources:
        raise RefusedError(409, "ALREADY_EXISTS", f"Service account {email} already exists")
    google.resources[made["name"]] = made
    return made
