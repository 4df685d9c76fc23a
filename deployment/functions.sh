# The functions: staged, deployed if they differ from what is there, and opened to whom they are for.
# shellcheck shell=bash

# memory, CPUs, requests at once, seconds for one, most instances, who can reach it over the network.
# A function mostly waits, for Pub/Sub or an assistant: many requests share an instance, each with
# a thread of its own. The responder's seconds are less than Pub/Sub's patience.
sizes_of() {
  case "$1" in
    webhook) echo 512Mi 1 32 30 20 all ;;
    responder) echo 1024Mi 1 64 540 20 internal-only ;;
    status) echo 512Mi 1 32 30 20 all ;;
    tick) echo 512Mi 1 1 60 1 internal-only ;;
    health) echo 256Mi 0.167 1 10 2 all ;;
    # A medium of 16 MB is in memory twice.
    media) echo 512Mi 1 8 30 10 all ;;
  esac
}

ensure_functions() {
  local name deploying=()
  for name in "${FUNCTIONS[@]}"; do
    wanted "$name" || continue
    prepare "$name"
    if is_deployed "$name"; then
      mention_traffic "$name"
    else
      deploying+=("$name")
    fi
  done
  deploy_together ${deploying[@]+"${deploying[@]}"}
  for name in "${FUNCTIONS[@]}"; do
    if wanted "$name"; then open_up "$name"; fi
  done
}

# Stage a function, and take the digest of all that it is deployed from: files, settings, flags.
prepare() {
  stage "$1" "$WORK/staged"
  assemble "$1"
  (
    cd "$WORK/staged/$1"
    # tail names each file before what is in it.
    find . -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 tail -n +1
    cat "$WORK/$1.env.json"
    printf '%s\n' "${FLAGS[@]//"$WORK"/}"
  ) | digest >"$WORK/$1.digest"
}

# FLAGS: what the command line of a deployment says of the function itself.
assemble() {
  local name="$1" memory cpu concurrency seconds most ingress least
  read -r memory cpu concurrency seconds most ingress <<<"$(sizes_of "$name")"
  most="$(setting_for "$name" MAX "$most")" least="$(setting_for "$name" MIN 0)"
  THREADS="$concurrency" python_part settings environment "$name" >"$WORK/$name.env.json"
  FLAGS=("$GATEWAY-$name" --gen2 "--region=$REGION" "--runtime=$RUNTIME" "--entry-point=$name" --trigger-http
    "--source=$WORK/staged/$name" "--service-account=$(account_of "$name")"
    "--build-service-account=projects/$PROJECT/serviceAccounts/$(account_of build)"
    "--memory=$memory" "--cpu=$cpu" "--concurrency=$concurrency" "--timeout=${seconds}s"
    "--max-instances=$most" "--min-instances=$least" "--ingress-settings=$ingress"
    "--env-vars-file=$WORK/$name.env.json")
  secret_flags "$name"
}

# <NAME>_MAX_INSTANCES or <NAME>_MIN_INSTANCES, else the default.
setting_for() {
  local setting
  setting="$(tr '[:lower:]' '[:upper:]' <<<"$1")_$2_INSTANCES"
  echo "${!setting:-$3}"
}

secret_flags() {
  local setting bound=""
  for setting in $(secret_settings "$1"); do
    bound+="${bound:+,}$setting=$(secret_of "$setting"):$(version_of "$setting")"
  done
  if [[ -n "$bound" ]]; then FLAGS+=("--set-secrets=$bound"); else FLAGS+=(--clear-secrets); fi
}

digest() { "$PYTHON" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:40])'; }

is_deployed() {
  local deployed state patience
  for patience in {1..120}; do
    look functions describe "$GATEWAY-$1" "--region=$REGION" '--format=value(labels.digest,state)' || return 1
    IFS=$'\t' read -r deployed state <<<"$ANSWER"
    # A run that broke off leaves its build going, and Google takes one at a time.
    if [[ "$state" != DEPLOYING ]] || "$DRY_RUN"; then break; fi
    ((patience > 1)) || say "waiting for a build of $GATEWAY-$1 that is going on already"
    sleep 5
  done
  ! "$FORCE" && [[ "$deployed" == "$(cat "$WORK/$1.digest")" ]] && ! among "$state" FAILED UNKNOWN DEPLOYING
}

# Builds take minutes each, so they run side by side.
deploy_together() {
  local name failed=""
  (($#)) || return 0
  for name in "$@"; do
    if [[ -n "$CANARY" ]]; then hold_traffic "$name"; fi
  done
  CHANGES=$((CHANGES + $#))
  for name in "$@"; do
    assemble "$name"
    FLAGS+=("--update-labels=gateway=$GATEWAY,digest=$(cat "$WORK/$name.digest")")
    [[ -n "$CANARY" ]] || FLAGS+=(--serve-all-traffic-latest-revision)
    say "* function $GATEWAY-$name"
    if "$DRY_RUN"; then
      print_command functions deploy "${FLAGS[@]}"
    else
      (deploy_one "$name") &
      echo $! >"$WORK/$name.pid"
    fi
  done
  "$DRY_RUN" && return
  say "building; this takes two or three minutes"
  for name in "$@"; do
    if wait "$(cat "$WORK/$name.pid")"; then
      say "  $GATEWAY-$name is there"
    else
      failed="$name"
      echo "  $GATEWAY-$name: $(first_words "$WORK/$name.work/errors")" >&2
    fi
  done
  if [[ -n "$failed" ]]; then
    cp "$WORK/$failed.work/errors" "$WORK/errors"
    stop_at "function $GATEWAY-$failed"
  fi
  for name in "$@"; do
    if [[ -n "$CANARY" ]]; then split_traffic "$name"; fi
  done
}

deploy_one() {
  trap - EXIT
  mkdir -p "$WORK/$1.work"
  WORK="$WORK/$1.work" INPUT="" attempt functions deploy "${FLAGS[@]}"
}

# Who may call it. The network's side of this is the ingress setting.
open_up() {
  boost "$1"
  case "$1" in
    webhook | status | health | media) open_to_everybody "$1" ;;
  esac
}

open_to_everybody() {
  local service="$GATEWAY-$1"
  if peek run services describe "$service" "--region=$REGION" \
    '--format=value(metadata.annotations["run.googleapis.com/invoker-iam-disabled"])'; then
    [[ "$ANSWER" != true && "$ANSWER" != True ]] || return 0
  fi
  read_policy "$service" run services get-iam-policy "$service" "--region=$REGION"
  has_role roles/run.invoker allUsers && return
  CHANGES=$((CHANGES + 1))
  say "* everybody may call $service"
  local binding=(run services add-iam-policy-binding "$service" "--region=$REGION"
    --member=allUsers --role=roles/run.invoker --format=none)
  if "$DRY_RUN"; then print_command "${binding[@]}" && return; fi
  attempt "${binding[@]}" && return
  # Where a policy of the organisation forbids allUsers, the check itself can be left out.
  # Source: https://cloud.google.com/run/docs/authenticating/public
  grep -qiE 'permitted customer|constraint|org.?policy|organi[sz]ation' "$WORK/errors" \
    || stop_at "everybody may call $service"
  say "your organisation forbids allUsers; trying without the check of callers"
  attempt run services update "$service" "--region=$REGION" --no-invoker-iam-check \
    || stop_at "everybody may call $service"
}

# invite ACCOUNT NAME: let one account call a private function.
invite() {
  grant roles/run.invoker "serviceAccount:$1" "$GATEWAY-$2" "run services" "$GATEWAY-$2" \
    "--region=$REGION"
}

boost() {
  [[ "${CPU_BOOST:-}" == true ]] && among "$1" webhook responder || return 0
  peek run services describe "$GATEWAY-$1" "--region=$REGION" \
    '--format=value(spec.template.metadata.annotations["run.googleapis.com/startup-cpu-boost"])' || true
  [[ "$ANSWER" != true && "$ANSWER" != True ]] || return 0
  change "more CPU while $GATEWAY-$1 starts" run services update "$GATEWAY-$1" \
    "--region=$REGION" --cpu-boost
}

# Where a function answers, as it says itself; by rule, until it is there.
address_of() {
  if look functions describe "$GATEWAY-$1" "--region=$REGION" '--format=value(serviceConfig.uri)' && [[ -n "$ANSWER" ]]; then
    echo "$ANSWER"
  else
    url_of "$1"
  fi
}
