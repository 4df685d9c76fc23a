# Service accounts, one for each part, and the least each of them may do.
# shellcheck shell=bash

readonly ACCOUNTS=(webhook responder status tick health push scheduler build)

ensure_accounts() {
  local one
  for one in "${ACCOUNTS[@]}"; do ensure_account "$one"; done
  read_policy "project" projects get-iam-policy "$PROJECT"
  for one in responder status tick; do grant_project "$one" roles/datastore.user; done
  # Projects made since May 2024 give the build no rights of its own.
  # Source: https://cloud.google.com/functions/docs/securing/build-custom-sa
  for one in logging.logWriter artifactregistry.writer storage.objectAdmin; do
    grant_project build "roles/$one"
  done
}

ensure_account() {
  look iam service-accounts describe "$(account_of "$1")" '--format=value(email)' && return
  change "service account $GATEWAY-$1" iam service-accounts create "$GATEWAY-$1" \
    "--display-name=WhatsApp gateway: $1"
}

grant_project() {
  has_role "$2" "serviceAccount:$(account_of "$1")" && return
  change "$2 for $GATEWAY-$1" projects add-iam-policy-binding "$PROJECT" \
    "--member=serviceAccount:$(account_of "$1")" "--role=$2" --condition=None --format=none
}

POLICY="" POLICY_OF=""

# Read a policy once, for has_role: "read_policy WHAT gcloud-command-that-gets-it".
read_policy() {
  [[ "$1" != "$POLICY_OF" ]] || return 0
  POLICY="" POLICY_OF="$1"
  shift
  if look "$@" '--flatten=bindings[].members' '--format=value[separator=" "](bindings.role,bindings.members)'; then
    POLICY="$ANSWER"
  fi
}

has_role() { grep -qxF -- "$1 $2" <<<"$POLICY"; }

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
