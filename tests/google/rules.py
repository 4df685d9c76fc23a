"""Where one of Google's APIs is more than a plain collection of resources."""

from tests.google import buckets, data, functions, people

# Which field of the body names a new resource, where no query parameter does.
CREATED_WITH = {"serviceAccounts": "accountId", "jobs": "name", "metrics": "name"}

_P = r"[^/]+\.googleapis\.com/v\d\w*/"
_RUN = r"[^/]*run\.googleapis\.com/apis/serving.knative.dev/v1/namespaces/([^/]+)"
RULES = [
    (r"GET cloudresourcemanager[^/]+/v1/projects/[^/:]+", people.project),
    (r"GET cloudbilling[^/]+/v1/projects/[^/]+/billingInfo", people.billing),
    (r"GET serviceusage[^/]+/v1/projects/[^/]+/services", people.services),
    (r"POST serviceusage[^/]+/v1/(projects/[^/]+/services):batchEnable", people.enable_many),
    (r"POST serviceusage[^/]+/v1/(projects/[^/]+/services)/([^/]+):enable", people.enable_one),
    (r"POST serviceusage.+/services/([^/]+):generateServiceIdentity", people.identity),
    (rf"(?:GET|POST) {_P}(.+):getIamPolicy", people.get_policy),
    (rf"POST {_P}(.+):setIamPolicy", people.set_policy),
    (r"POST iam[^/]+/v1/projects/[^/]+/serviceAccounts", people.account),
    (rf"POST {_P}(.+/secrets/[^/]+):addVersion", data.add_version),
    (rf"GET {_P}(.+/secrets/[^/]+)/versions/([^/]+):access", data.access),
    (rf"(?:GET|PATCH) {_P}(.+/collectionGroups/[^/]+)/(fields/[^/]+)", data.field),
    (rf"GET {_P}(.+)/(collectionGroups/[^/]+)/fields", data.fields),
    (r"POST firestore[^/]+/v1/projects/[^/]+/databases", data.operation),
    (r"POST firestore[^/]+/v1/.+/indexes", data.operation),
    (r"POST storage[^/]+/upload/.+", functions.uploaded),
    (r"PUT storage[^/]+/upload/.+", functions.uploaded),
    (r"POST storage[^/]+/storage/v1/b", buckets.make),
    (r"GET storage[^/]+/storage/v1/b/([^/]+)", buckets.get),
    (r"PATCH storage[^/]+/storage/v1/b/([^/]+)", buckets.patch),
    (r"DELETE storage[^/]+/storage/v1/b/([^/]+)", buckets.delete),
    (r"(?:GET|PUT) storage[^/]+/storage/v1/b/([^/]+)/iam", buckets.policy),
    (r"GET storage[^/]+/storage/v1/b/([^/]+)/o", buckets.objects),
    (r"GET storage[^/]+/storage/v1/b/([^/]+)/storageLayout", buckets.layout),
    (r"GET storage[^/]+/storage/v1/b/([^/]+)/managedFolders", buckets.objects),
    (r"GET cloudfunctions[^/]+/v2/.+/runtimes", functions.runtimes),
    (r"GET cloudbuild[^/]+/v1/.+/defaultServiceAccount", functions.build_account),
    (r"POST cloudbuild[^/]+/v1/.+/builds", functions.build),
    (r"POST cloudfunctions[^/]+/v2/.+/functions:generateUploadUrl", functions.upload_url),
    (r"POST cloudfunctions[^/]+/v2/.+/functions", functions.deploy_function),
    (r"GET cloudfunctions[^/]+/v2/(.+/functions/[^/]+)", functions.described),
    (r"PATCH cloudfunctions[^/]+/v2/.+/functions/[^/]+", functions.deploy_function),
    (r"DELETE cloudfunctions[^/]+/v2/.+/functions/[^/]+", functions.delete_function),
    (rf"GET {_RUN}/services/([^/]+)", functions.run_service),
    (rf"PUT {_RUN}/services/([^/]+)", functions.replace_service),
    (rf"GET {_RUN}/revisions", functions.revisions),
    (r"PUT pubsub[^/]+/v1/(projects/[^/]+/subscriptions/[^/]+)", data.subscription),
    (r"PATCH pubsub[^/]+/v1/(projects/[^/]+/subscriptions/[^/]+)", data.patch_subscription),
    (r"PUT logging[^/]+/v2/(projects/[^/]+/metrics/[^/]+)", data.metric),
]
