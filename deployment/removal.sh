# --destroy: name what is there, ask, delete. Firestore stays: it holds people's conversations.
# shellcheck shell=bash

DOOMED=()

destroy() {
  heading "destroy"
  find_doomed
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
  remove_roles
  local one words
  for one in "${DOOMED[@]}"; do
    read -r -a words <<<"$(deletion_of "$one")"
    change "delete $one" "${words[@]}"
  done
  summarize
}

doom() {
  local what="$1"
  shift
  if look "$@"; then DOOMED+=("$what"); fi
}

doom_listed() {
  fill "$2"
  if is_listed; then DOOMED+=("$1 ${NAME##*/} ($TITLE)"); fi
}

# Callers before what they call.
find_doomed() {
  local one
  doom "job $TICK_JOB" scheduler jobs describe "$TICK_JOB" "--location=$REGION"
  for one in "$SUBSCRIPTION" "$DEAD_LETTERS"; do
    doom "subscription $one" pubsub subscriptions describe "$one"
  done
  for one in "$TOPIC" "$DEAD_LETTERS"; do doom "topic $one" pubsub topics describe "$one"; done
  for one in "${FUNCTIONS[@]}"; do
    doom "function $GATEWAY-$one" functions describe "$GATEWAY-$one" "--region=$REGION"
  done
  read_known_secrets
  for one in ${KNOWN_SECRETS[@]+"${KNOWN_SECRETS[@]}"}; do DOOMED+=("secret $(secret_of "$one")"); done
  find_watchers
  for one in "${ACCOUNTS[@]}" pipeline; do
    doom "account $(account_of "$one")" iam service-accounts describe "$(account_of "$one")"
  done
}

find_watchers() {
  local file
  HEALTH_HOST="" CHANNEL=""
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
    doom "metric $(metric_name "$(basename "$file" .json)")" \
      logging metrics describe "$(metric_name "$(basename "$file" .json)")"
  done
}

deletion_of() {
  local name
  name="$(cut -d ' ' -f 2 <<<"$1")"
  case "$1" in
    job*) echo "scheduler jobs delete $name --location=$REGION" ;;
    subscription*) echo "pubsub subscriptions delete $name" ;;
    topic*) echo "pubsub topics delete $name" ;;
    function*) echo "functions delete $name --region=$REGION" ;;
    secret*) echo "secrets delete $name" ;;
    alert*) echo "alpha monitoring policies delete $name" ;;
    dashboard*) echo "monitoring dashboards delete $name" ;;
    uptime*) echo "monitoring uptime delete $name" ;;
    channel*) echo "beta monitoring channels delete $name" ;;
    metric*) echo "logging metrics delete $name" ;;
    account*) echo "iam service-accounts delete $name" ;;
  esac
}

# An account's roles would outlive it, as entries for nobody.
remove_roles() {
  local role member
  read_policy "project" projects get-iam-policy "$PROJECT"
  while read -r role member; do
    [[ "$member" == "serviceAccount:$GATEWAY-"*"@$PROJECT.iam.gserviceaccount.com" ]] || continue
    change "take $role from ${member#*:}" projects remove-iam-policy-binding "$PROJECT" \
      "--member=$member" "--role=$role" --condition=None --format=none
  done <<<"$POLICY"
}
