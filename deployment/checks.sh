# Everything that is missing, named at once, before anything is made.
# shellcheck shell=bash

PROBLEMS=()

problem() { PROBLEMS+=("$1"); }

check_everything() {
  heading "checks"
  check_tools
  check_names
  check_cloud
  if "$ASKING"; then
    check_names_free
    check_database_kind
    check_queue_fits
    check_bucket
    check_access
  fi
  check_settings
  report_problems
  say "project $PROJECT ($NUMBER), region $REGION"
}

# For what only looks at a deployment, or takes it away.
check_project() {
  heading "checks"
  check_tools
  check_names
  check_cloud
  report_problems
}

report_problems() {
  ((${#PROBLEMS[@]})) || return 0
  {
    echo
    echo "deploy.sh: ${#PROBLEMS[@]} thing(s) to do first:"
    printf '  - %s\n' "${PROBLEMS[@]}"
  } >&2
  "$DRY_RUN" || exit 1
  echo "  (a dry run goes on regardless)" >&2
}

check_tools() {
  command -v gcloud >/dev/null \
    || problem "gcloud is not here. Install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install"
  "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    || problem "Python 3.11 or newer is needed. Install it, or name one: PYTHON=python3.12 ./deploy.sh"
}

check_names() {
  # A service account's id has at most 30 characters, and "-scheduler" is ten of them.
  [[ "$GATEWAY" =~ ^[a-z][a-z0-9-]{1,18}[a-z0-9]$ ]] \
    || problem "GATEWAY_NAME must have 3 to 20 small letters, digits and hyphens: $GATEWAY"
  [[ "$REGION" =~ ^[a-z]+-[a-z]+[0-9]+$ ]] || problem "This is no region of Google Cloud: $REGION"
}

check_cloud() {
  local number state
  if [[ -z "$PROJECT" ]]; then
    problem "No project is named. Set GOOGLE_CLOUD_PROJECT in .env, or give --project ID; gcloud projects list shows yours."
    ASKING=false
  elif command -v gcloud >/dev/null && peek projects describe "$PROJECT" '--format=value(projectNumber,lifecycleState)'; then
    read -r number state <<<"$ANSWER"
    [[ "$state" != DELETE_* ]] || problem "The project $PROJECT is being deleted. gcloud projects undelete $PROJECT brings it back, for 30 days."
    NUMBER="$number"
    check_billing
  else
    explain_project
    ASKING=false
  fi
  name_urls
}

explain_project() {
  if grep -qi 'active account\|auth login\|reauth' "$WORK/errors"; then
    problem "gcloud does not know who you are. Run gcloud auth login."
  elif grep -qi 'permission\|NOT_FOUND\|not found\|403\|404' "$WORK/errors"; then
    problem "The project $PROJECT cannot be seen: there is none of that name, or your account has no part in it. gcloud projects list shows yours."
  else
    problem "Google Cloud could not be asked about $PROJECT: $(first_words "$WORK/errors")"
  fi
}

check_billing() {
  peek billing projects describe "$PROJECT" '--format=value(billingEnabled)' || true
  case "$ANSWER" in
    True) ;;
    False) problem "Billing is off in $PROJECT. Link an account: https://console.cloud.google.com/billing/linkedaccount?project=$PROJECT" ;;
    *) say "whether billing is on could not be seen; if it is not, the next steps will say so" ;;
  esac
}

check_names_free() {
  local name owner generation
  for name in "${FUNCTIONS[@]}"; do
    peek functions describe "$GATEWAY-$name" "--region=$REGION" \
      '--format=value(labels.gateway,environment)' || continue
    IFS=$'\t' read -r owner generation <<<"$ANSWER"
    [[ "$owner" == "$GATEWAY" && "$generation" != GEN_1 ]] \
      || problem "A function $GATEWAY-$name is there already, and not by this script. Choose other names with GATEWAY_NAME=<name>, or delete it: gcloud functions delete $GATEWAY-$name --region=$REGION"
  done
}

check_database_kind() {
  peek firestore databases describe '--database=(default)' '--format=value(type)' || return 0
  [[ -z "$ANSWER" || "$ANSWER" == FIRESTORE_NATIVE ]] \
    || problem "The project's database is in Datastore mode, which cannot be used here nor changed once it holds data. Take another project."
}

# Order cannot be switched on later, and a subscription cannot move to another topic.
check_queue_fits() {
  peek pubsub subscriptions describe "$SUBSCRIPTION" '--format=value(enableMessageOrdering,topic.basename())' || return 0
  [[ "$ANSWER" == "True"$'\t'"$TOPIC" ]] \
    || problem "The subscription $SUBSCRIPTION does not keep the order of messages, or belongs to another topic, and neither can be changed. Delete it: gcloud pubsub subscriptions delete $SUBSCRIPTION --project=$PROJECT"
}

# Whether your account may do what the steps do, as far as looking can tell.
check_access() {
  probe "service accounts" iam.serviceAccountAdmin iam service-accounts describe "$(account_of webhook)"
  probe "the project's policy" resourcemanager.projectIamAdmin projects get-iam-policy "$PROJECT" --format=none
  probe "Firestore" datastore.owner firestore databases describe '--database=(default)'
  probe "Pub/Sub" pubsub.admin pubsub topics describe "$TOPIC"
  probe "functions" cloudfunctions.developer functions describe "$GATEWAY-webhook" "--region=$REGION"
  probe "Cloud Run" run.admin run services describe "$GATEWAY-webhook" "--region=$REGION"
  probe "the scheduler" cloudscheduler.admin scheduler jobs describe "$TICK_JOB" "--location=$REGION"
  probe "log-based metrics" logging.configWriter logging metrics describe "$(metric_name requests_refused)"
  probe "dashboards" monitoring.editor monitoring dashboards list --format=none
}

probe() {
  local what="$1" role="$2"
  shift 2
  peek "$@" || is_absent && return
  if is_refused; then
    problem "Your account may not see $what. It needs roles/$role: ask an owner of $PROJECT."
  else
    say "whether your account may see $what could not be found out: $(first_words "$WORK/errors")"
  fi
}

# Without billing, APIs refuse as well; check_billing says so.
is_refused() { grep -qiE 'permission|(^|[^0-9])403([^0-9]|$)' "$WORK/errors" && ! grep -qi billing "$WORK/errors"; }

check_settings() {
  local line
  read_known_secrets
  if ! KNOWN_SECRETS="${KNOWN_SECRETS[*]-}" python_part settings check >"$WORK/complaints" 2>"$WORK/errors"; then
    problem "The settings could not be checked: $(tail -n 1 "$WORK/errors")"
  fi
  while IFS= read -r line; do
    [[ -z "$line" ]] || problem "$line"
  done <"$WORK/complaints"
  python_part settings misspelt >"$WORK/misspelt" 2>/dev/null || true
  while IFS= read -r line; do
    [[ -z "$line" ]] || say "warning: $line"
  done <"$WORK/misspelt"
}
