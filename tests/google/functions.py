"""Functions, the Cloud Run services behind them, and builds."""

from tests.google.answers import RefusedError, done, failed, masked

NEWEST = {"latestRevision": True, "percent": 100}


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
            raise RefusedError(409, "ALREADY_EXISTS", f"{name} exists already")
        google.resources[name] = {}
    project_name, region, short = name.split("/")[1], name.split("/")[3], name.split("/")[5]
    function = google.found(name)
    if google.build_error:
        function.update(call.body | {"name": name, "environment": "GEN_2", "state": "FAILED"})
        return failed(google, name.partition("/functions/")[0])
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
    return done(google, name.partition("/functions/")[0], function)


def described(google, call, name):
    """Look at a function; a build that is going on is over when it was looked at often enough."""
    function = google.found(name)
    if function.get("state") == "DEPLOYING":
        google.building -= 1
        if not google.building:
            function["state"] = "ACTIVE"
    return function


def delete_function(google, call):
    google.rest(call)
    return done(google, call.path[4:].partition("/functions/")[0], {})


def build(google, call):
    parent = f"projects/{google.project['projectId']}/locations/global"
    running = done(google, parent, {})
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
            "traffic": [{"revisionName": found["latest"], **one} for one in found["traffic"]],
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
    return {
        "metadata": {},
        "items": [_revision(name.rpartition("/")[2], at) for at, name in enumerate(found)],
    }


def _revision(name, at):
    return {
        "kind": "Revision",
        "metadata": {"name": name, "creationTimestamp": f"2026-11-24T10:00:{at:02}Z", "labels": {}},
        "spec": {"containers": [{"image": "gcr.io/x"}]},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }
