# Service accounts, one for each part, and the least each of them may do.
# shellcheck shell=bash

readonly ACCOUNTS=(webhook responder status tick health media push scheduler build)

ensure_accounts() {
  local one
  for one in "${ACCOUNTS[@]}"; do ensure_account "$one"; done
  read_policy "project" projects get-iam-policy "$PROJECT"
  for one in responder status tick; do
    grant_project "$one" roles/datastore.user gateway-database \
      "resource.name == 'projects/$PROJECT/databases/(default)'"
  done
  # Projects made since May 2024 give the build no rights of its own.
  # Source: https://cloud.google.com/functions/docs/securing/build-custom-sa
  for one in logging.logWriter artifactregistry.writer; do grant_project build "roles/$one"; done
  # Google's own buckets for the sources of functions; no other bucket of the project.
  grant_project build roles/storage.objectAdmin gateway-sources \
    "resource.name.startsWith('projects/_/buckets/gcf-v2-')"
}

account_title() { echo "WhatsApp gateway: $1"; }

ensure_account() {
  look iam service-accounts describe "$(account_of "$1")" '--format=value(email)' && return
  change "service account $GATEWAY-$1" iam service-accounts create "$GATEWAY-$1" \
    "--display-name=$(account_title "$1")"
}

# grant_project ACCOUNT ROLE [TITLE EXPRESSION]: with a condition, where the role is for the whole
# project and one part of it is enough. What an earlier version gave without one is taken back.
# Source: https://cloud.google.com/firestore/native/docs/manage-databases (access for one database)
grant_project() {
  local member condition="None"
  member="serviceAccount:$(account_of "$1")"
  if (($# > 2)); then condition="title=$3,expression=$4"; fi
  has_role "$2" "$member" "${3:-}" \
    || change "$2 for $GATEWAY-$1" projects add-iam-policy-binding "$PROJECT" \
      "--member=$member" "--role=$2" "--condition=$condition" --format=none
  if (($# > 2)) && has_role "$2" "$member"; then
    change "no $2 for $GATEWAY-$1 beyond that" projects remove-iam-policy-binding "$PROJECT" \
      "--member=$member" "--role=$2" --condition=None --format=none
  fi
}

POLICY="" POLICY_OF=""

# Read a policy once, for has_role: "read_policy WHAT gcloud-command-that-gets-it".
read_policy() {
  [[ "$1" != "$POLICY_OF" ]] || return 0
  POLICY="" POLICY_OF="$1"
  shift
  if look "$@" '--flatten=bindings[].members' \
    '--format=value[separator=" "](bindings.role,bindings.members,bindings.condition.title)'; then
    POLICY="$ANSWER"
  fi
}

# has_role ROLE MEMBER [TITLE]: under the condition of that title; without one, under none.
has_role() { grep -qxF -- "$1 $2 ${3:-}" <<<"$POLICY"; }

# grant ROLE MEMBER WHAT GROUP NAME...: on a resource as gcloud names it, "pubsub topics" "inbound".
grant() {
  local role="$1" member="$2" what="$3" group="$4" name="$5"
  shift 5
  # shellcheck disable=SC2086  # the group is words
  read_policy "$what" $group get-iam-policy "$name" "$@"
  has_role "$role" "$member" && return
  # shellcheck disable=SC2086
  change "$role for ${member#*:} on $what" $group add-iam-policy-binding "$name" \
    "--member=$member" "--role=$role" --format=none "$@"
}
