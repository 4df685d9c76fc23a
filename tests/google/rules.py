"""Where one of Google's APIs is more than a plain collection of resources."""

class Refused(Exception):
    """An answer with an error in it."""

    def __init__(self, code, status, message):
        super().__init__(message)
        self.code, self.status = code, status


NEWEST = {"latestRevision": True, "percent": 100}

# Which field of the body names a new resource, where no query parameter does.
CREATED_WITH = {"serviceAccounts": "accountId", "jobs": "name", "metrics": "name"}


def project(google, call):
    if call.path.rpartition("/")[2] not in google.project.values():
        raise Refused(403, "PERMISSION_DENIED", "The caller does not have permission")
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
        raise Refused(400, "FAILED_PRECONDITION", reason)
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
        raise Refused(409, "ALREADY_EXISTS", f"Service account {email} already exists")
    google.resources[made["name"]] = made
    return made


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
        raise Refused(404, "NOT_FOUND", f"Secret Version [{secret}/versions/{version}] not found")
    number = len(versions) if version == "latest" else int(version)
    return {
        "name": f"{secret}/versions/{number}",
        "payload": {"data": versions[number - 1]},
    }


def operation(google, call):
    made = google.rest(call)
    return _done(google, made["name"].partition("/databases/")[0] + "/locations/any", made)


def _done(google, parent, made):
    """What Google answers when something takes a while; here it is over at once."""
    name = f"{parent}/operations/{len(google.calls)}"
    response = {"@type": "type.googleapis.com/any", **made}
    google.resources[name] = {"name": name, "done": True, "response": response}
    if "/databases/" not in parent:
        google.resources[name]["metadata"] = {"@type": "type.googleapis.com/any", "stages": []}
    return google.resources[name]


def _failed(google, parent):
    done = _done(google, parent, {})
    del done["response"]
    done["error"] = {"code": 3, "message": google.build_error}
    return done


def masked(stored, given, mask):
    """Take over only what an update names: ``service_config.timeout_seconds,labels``."""
    for path in mask.split(","):
        *outer, last = [_camel(part) for part in path.split(".")]
        target, source = stored, given
        for part in outer:
            target, source = target.setdefault(part, {}), source.get(part, {})
        if last in source:
            target[last] = source[last]
        else:
            target.pop(last, None)


def _camel(name):
    first, *others = name.split("_")
    return first + "".join(one.title() for one in others)


def upload_url(google, call):
    bucket, name = "gcf-v2-uploads", f"{len(google.calls)}.zip"
    return {
        "uploadUrl": f"http://storage.googleapis.com/upload/{name}",
        "storageSource": {"bucket": bucket, "object": name},
    }


def uploaded(google, call):
    return {}


def runtimes(google, call):
    known = ["python311", "python312", "python313"]
    return {"runtimes": [{"name": one, "environment": "GEN_2", "stage": "GA"} for one in known]}


def deploy_function(google, call):
    name = call.path[4:]
    if call.method == "POST":
        name = f"{name}/{call.query['functionId']}"
        if name in google.resources:
            raise Refused(409, "ALREADY_EXISTS", f"{name} exists already")
        google.resources[name] = {}
    project_name, region, short = name.split("/")[1], name.split("/")[3], name.split("/")[5]
    function = google.found(name)
    if google.build_error:
        function.update(call.body | {"name": name, "environment": "GEN_2", "state": "FAILED"})
        return _failed(google, name.partition("/functions/")[0])
    if call.method == "POST":
        function.update(call.body)
    else:
        masked(function, call.body, call.query["updateMask"])
    service = f"projects/{project_name}/locations/{region}/services/{short}"
    revisions = [one for one in google.resources if f"/services/{short}/revisions/" in one]
    revision = f"{short}-{len(revisions) + 1:05}-abc"
    google.resources[f"{service}/revisions/{revision}"] = {"revision": revision}
    run = google.resources.setdefault(service, {"traffic": [dict(NEWEST)]})
    run["latest"] = revision
    function.update(name=name, environment="GEN_2", state="ACTIVE")
    function["url"] = f"https://{region}-{project_name}.cloudfunctions.net/{short}"
    number = google.project["projectNumber"]
    function.setdefault("serviceConfig", {}).update(
        service=service, revision=revision, uri=f"https://{short}-{number}.{region}.run.app"
    )
    return _done(google, name.partition("/functions/")[0], function)


def delete_function(google, call):
    google.rest(call)
    return _done(google, call.path[4:].partition("/functions/")[0], {})


def build(google, call):
    parent = f"projects/{google.project['projectId']}/locations/global"
    running = _done(google, parent, {})
    names = {"id": "1", "name": f"{parent}/builds/1", "projectId": google.project["projectId"]}
    described = {**call.body, **names, "status": "QUEUED"}
    running["metadata"] = {"@type": "type.googleapis.com/any", "build": described}
    return running


def build_account(google, call):
    email = f"{google.project['projectNumber']}-compute@developer.gserviceaccount.com"
    return {"serviceAccountEmail": f"projects/x/serviceAccounts/{email}"}


def _knative(google, name):
    short, found = name.rpartition("/")[2], google.found(name)
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {
            "name": short,
            "namespace": google.project["projectNumber"],
            "annotations": found.get("annotations", {}),
        },
        "spec": {
            "template": {
                "metadata": {"name": found["latest"], "annotations": {}},
                "spec": {"containers": [{"image": "gcr.io/x", "resources": {}}]},
            },
            "traffic": found["traffic"],
        },
        "status": {
            "latestReadyRevisionName": found["latest"],
            "latestCreatedRevisionName": found["latest"],
            "traffic": found["traffic"],
            "url": f"https://{short}.run.app",
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def _service(google, short):
    return next((n for n in google.resources if n.endswith(f"/services/{short}")), short)


def run_service(google, call, namespace, short):
    return _knative(google, _service(google, short))


def replace_service(google, call, namespace, short):
    found = google.found(_service(google, short))
    found["traffic"] = call.body["spec"]["traffic"]
    found["annotations"] = call.body["metadata"].get("annotations", {})
    return _knative(google, _service(google, short))


def revisions(google, call, namespace):
    short = call.query["labelSelector"].rpartition("=")[2].strip()
    found = sorted(one for one in google.resources if f"/services/{short}/revisions/" in one)
    return {"metadata": {}, "items": [_revision(name.rpartition("/")[2], at) for at, name in enumerate(found)]}


def _revision(name, at):
    return {
        "kind": "Revision",
        "metadata": {"name": name, "creationTimestamp": f"2026-11-24T10:00:{at:02}Z", "labels": {}},
        "spec": {"containers": [{"image": "gcr.io/x"}]},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }


def field(google, call, database, rest):
    name = f"{database}/{rest}"
    if call.method == "GET":
        return google.resources.get(name, {"name": name, "indexConfig": {"usesAncestorConfig": True}})
    stored = google.resources.setdefault(name, {"name": name})
    for key in call.query["updateMask"].split(","):
        if key == "ttlConfig" and key in call.body:
            stored[key] = {"state": "CREATING"}
        else:
            stored[key] = call.body.get(key, {})
    return _done(google, database.partition("/collectionGroups")[0], stored)


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


_P = r"[^/]+\.googleapis\.com/v\d\w*/"
_RUN = r"[^/]*run\.googleapis\.com"
RULES = [
    (r"GET cloudresourcemanager[^/]+/v1/projects/[^/:]+", project),
    (r"GET cloudbilling[^/]+/v1/projects/[^/]+/billingInfo", billing),
    (r"GET serviceusage[^/]+/v1/projects/[^/]+/services", services),
    (r"POST serviceusage[^/]+/v1/(projects/[^/]+/services):batchEnable", enable_many),
    (r"POST serviceusage[^/]+/v1/(projects/[^/]+/services)/([^/]+):enable", enable_one),
    (rf"POST serviceusage{_P[5:]}projects/[^/]+/services/([^/]+):generateServiceIdentity", identity),
    (r"POST serviceusage[^/]+/v1beta1/projects/[^/]+/services/([^/]+):generateServiceIdentity", identity),
    (rf"(?:GET|POST) {_P}(.+):getIamPolicy", get_policy),
    (rf"POST {_P}(.+):setIamPolicy", set_policy),
    (r"POST iam[^/]+/v1/projects/[^/]+/serviceAccounts", account),
    (rf"POST {_P}(.+/secrets/[^/]+):addVersion", add_version),
    (rf"GET {_P}(.+/secrets/[^/]+)/versions/([^/]+):access", access),
    (rf"(?:GET|PATCH) {_P}(.+/collectionGroups/[^/]+)/(fields/[^/]+)", field),
    (rf"GET {_P}(.+)/(collectionGroups/[^/]+)/fields", fields),
    (r"POST firestore[^/]+/v1/projects/[^/]+/databases", operation),
    (r"POST firestore[^/]+/v1/.+/indexes", operation),
    (r"POST storage[^/]+/upload/.+", uploaded),
    (r"PUT storage[^/]+/upload/.+", uploaded),
    (r"GET cloudfunctions[^/]+/v2/.+/runtimes", runtimes),
    (r"GET cloudbuild[^/]+/v1/.+/defaultServiceAccount", build_account),
    (r"POST cloudbuild[^/]+/v1/.+/builds", build),
    (r"POST cloudfunctions[^/]+/v2/.+/functions:generateUploadUrl", upload_url),
    (r"POST cloudfunctions[^/]+/v2/.+/functions", deploy_function),
    (r"PATCH cloudfunctions[^/]+/v2/.+/functions/[^/]+", deploy_function),
    (r"DELETE cloudfunctions[^/]+/v2/.+/functions/[^/]+", delete_function),
    (rf"GET {_RUN}/apis/serving.knative.dev/v1/namespaces/([^/]+)/services/([^/]+)", run_service),
    (rf"PUT {_RUN}/apis/serving.knative.dev/v1/namespaces/([^/]+)/services/([^/]+)", replace_service),
    (rf"GET {_RUN}/apis/serving.knative.dev/v1/namespaces/([^/]+)/revisions", revisions),
    (rf"PUT pubsub[^/]+/v1/(projects/[^/]+/subscriptions/[^/]+)", subscription),
    (rf"PATCH pubsub[^/]+/v1/(projects/[^/]+/subscriptions/[^/]+)", patch_subscription),
    (rf"PUT logging[^/]+/v2/(projects/[^/]+/metrics/[^/]+)", metric),
]
