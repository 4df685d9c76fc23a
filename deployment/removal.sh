# --destroy: name what is there, ask, delete. Firestore stays: it holds people's conversations.
# What goes has the exact name and bears the mark that this script gave it: a label, or where
# Google has none for a kind, what only this script writes into it. Anything else of such a name
# is named, and left.
# shellcheck shell=bash

DOOMED=() SPARED=()

destroy() {
  heading "destroy"
  find_doomed
  if ((${#SPARED[@]})); then
    printf '  %s\n' "These have such names, and nothing shows that this script made them. They are left alone:" \
      "${SPARED[@]/#/  }"
  fi
  if ((${#DOOMED[@]} == 0)); then
    say "nothing of $GATEWAY is there"
    return
  fi
  printf '  %s\n' "This deletes, in $PROJECT:" "${DOOMED[@]/#/  }"
  say "It keeps the Firestore database with every conversation, and the APIs."
  if ! "$DRY_RUN"; then
    printf '  Type the project id to go on: '
    local typed=""
    read -r typed || true
    [[ "$typed" == "$PROJECT" ]] || refuse "nothing was deleted"
  fi
  local one words
  for one in "${DOOMED[@]}"; do
    read -r -a words <<<"$(deletion_of "$one")"
    change "delete $one" "${words[@]}"
  done
  summarize
}

# judge WHAT BEARS_MARK...: put a thing that is there on one of the two lists.
judge() {
  local what="$1"
  shift
  if "$@"; then DOOMED+=("$what"); else SPARED+=("$what"); fi
}

# doom WHAT FIELD MARK DESCRIBE...: the thing goes if its FIELD is the MARK.
doom() {
  local what="$1" field="$2" mark="$3"
  shift 3
  if look "$@" "--format=value($field)"; then judge "$what" has_mark "$mark"; fi
}

# shellcheck disable=SC2053  # a mark may be a pattern
has_mark() { [[ "$ANSWER" == $1 ]]; }

doom_labelled() { doom "$1" labels.gateway "$GATEWAY" "${@:2}"; }

doom_listed() {
  fill "$2"
  if is_listed; then judge "$1 ${NAME##*/} ($TITLE)" "$MARKED"; fi
}

# Callers before what they call.
find_doomed() {
  local one
  doom "job $TICK_JOB" httpTarget.oidcToken.serviceAccountEmail "$(account_of scheduler)" \
    scheduler jobs describe "$TICK_JOB" "--location=$REGION"
  for one in "$SUBSCRIPTION" "$DEAD_LETTERS"; do
    doom_labelled "subscription $one" pubsub subscriptions describe "$one"
  done
  for one in "$TOPIC" "$DEAD_LETTERS"; do
    doom_labelled "topic $one" pubsub topics describe "$one"
  done
  for one in "${FUNCTIONS[@]}"; do
    doom_labelled "function $GATEWAY-$one" functions describe "$GATEWAY-$one" "--region=$REGION"
  done
  doom_labelled "bucket $MEDIA_BUCKET" storage buckets describe "gs://$MEDIA_BUCKET"
  find_secrets
  find_watchers
  find_accounts
}

find_secrets() {
  local name owner
  look secrets list '--format=value[separator=" "](name.basename(),labels.gateway)' || return 0
  while read -r name owner; do
    is_secret_of_ours "$name" || continue
    # Of another gateway, whose name begins like ours.
    [[ -z "$owner" || "$owner" == "$GATEWAY" ]] || continue
    judge "secret $name" [ "$owner" = "$GATEWAY" ]
  done <<<"$ANSWER"
}

find_watchers() {
  local file name
  HEALTH_HOST="$(address_of health)" && HEALTH_HOST="${HEALTH_HOST#https://}"
  CHANNEL=""
  read_list alpha monitoring policies list
  for file in "$ROOT"/deployment/monitoring/alerts/*.json; do
    doom_listed alert "alerts/$(basename "$file")"
  done
  read_list monitoring dashboards list
  doom_listed dashboard dashboard.json
  read_list monitoring uptime list-configs
  doom_listed uptime uptime.json
  read_list beta monitoring channels list
  doom_listed channel channel.json
  for file in "$ROOT"/deployment/monitoring/metrics/*.json; do
    name="$(metric_name "$(basename "$file" .json)")"
    # Metrics have no labels of their own; ours count in the logs of this gateway's functions.
    doom "metric $name" filter "*\"^$GATEWAY-\"*" logging metrics describe "$name"
  done
}

# An account's roles would outlive it, as entries for nobody: they go first, under any condition.
find_accounts() {
  local one email role member _condition emails=()
  for one in "${ACCOUNTS[@]}" pipeline; do
    email="$(account_of "$one")"
    look iam service-accounts describe "$email" '--format=value(displayName)' || continue
    if has_mark "$(account_title "$one")"; then emails+=("$email"); else SPARED+=("account $email"); fi
  done
  ((${#emails[@]})) || return 0
  read_policy "project" projects get-iam-policy "$PROJECT"
  while read -r role member _condition; do
    one="role $role of ${member#serviceAccount:}"
    among "${member#serviceAccount:}" "${emails[@]}" || continue
    among "$one" "${DOOMED[@]}" || DOOMED+=("$one")
  done <<<"$POLICY"
  DOOMED+=("${emails[@]/#/account }")
}

deletion_of() {
  local name member
  read -r _ name _ member <<<"$1"
  case "$1" in
    job*) echo "scheduler jobs delete $name --location=$REGION" ;;
    subscription*) echo "pubsub subscriptions delete $name" ;;
    topic*) echo "pubsub topics delete $name" ;;
    function*) echo "functions delete $name --region=$REGION" ;;
    bucket*) echo "storage rm --recursive gs://$name" ;;
    secret*) echo "secrets delete $name" ;;
    alert*) echo "alpha monitoring policies delete $name" ;;
    dashboard*) echo "monitoring dashboards delete $name" ;;
    uptime*) echo "monitoring uptime delete $name" ;;
    channel*) echo "beta monitoring channels delete $name" ;;
    metric*) echo "logging metrics delete $name" ;;
    role*) echo "projects remove-iam-policy-binding $PROJECT --member=serviceAccount:$member --role=$name --all --format=none" ;;
    account*) echo "iam service-accounts delete $name" ;;
  esac
}
