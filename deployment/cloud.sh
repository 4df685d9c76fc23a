# The only way to Google Cloud: look at a thing, or change it. Both through gcloud.
# shellcheck shell=bash

CHANGES=0
ASKING=true
ANSWER=""
INPUT=""
STEP=""

heading() {
  STEP="$1"
  bold "$1"
}

bold() {
  if [[ -t 1 ]]; then printf '\033[1m%s\033[0m\n' "$1"; else echo "$1"; fi
}

say() { echo "  $*"; }

summarize() {
  if "$DRY_RUN"; then
    bold "Nothing was changed: a dry run. $CHANGES changes are planned."
  elif ((CHANGES)); then
    bold "Done: $CHANGES changes."
  else
    bold "Done: nothing had to be changed."
  fi
}

# Ask gcloud. Puts what it prints into ANSWER and returns 0; returns 1 if the thing is not there.
# Whatever else goes wrong ends the script.
look() {
  peek "$@" && return 0
  is_absent || stop_at "gcloud $1 $2 ${3:-}"
  return 1
}

# The same, but every trouble is left to the caller, with gcloud's words in $WORK/errors.
peek() {
  ANSWER=""
  "$ASKING" || { echo "NOT_FOUND" >"$WORK/errors"; return 1; }
  ANSWER="$(gcloud "$@" "--project=$PROJECT" 2>"$WORK/errors" </dev/null)"
}

is_absent() {
  grep -qiE 'NOT_FOUND|not found|cannot find|does not exist|(^|[^0-9])404([^0-9]|$)|SERVICE_DISABLED|has not been used in project|not enabled on project' \
    "$WORK/errors" || is_unknown
}

# What is asked for is not offered there.
is_unknown() { grep -qE 'UNIMPLEMENTED|(^|[^0-9])501([^0-9]|$)' "$WORK/errors"; }

# Change something: say what, then do it, or in a dry run only print the command.
# With INPUT set, that is what gcloud reads: a secret never stands on a command line.
change() {
  local what="$1"
  shift
  CHANGES=$((CHANGES + 1))
  say "* $what"
  if "$DRY_RUN"; then
    print_command "$@"
    return
  fi
  attempt "$@" || stop_at "$what"
}

# The same for what the gateway works without: where it is not offered, that is said, and no more.
change_if_offered() {
  local what="$1"
  shift
  CHANGES=$((CHANGES + 1))
  say "* $what"
  if "$DRY_RUN"; then
    print_command "$@"
  elif ! attempt "$@"; then
    is_absent || stop_at "$what"
    CHANGES=$((CHANGES - 1))
    say "  left out, the gateway works without it: $(first_words "$WORK/errors")"
  fi
}

print_command() {
  printf '      gcloud'
  printf ' %q' "$@" "--project=$PROJECT"
  if [[ -n "$INPUT" ]]; then printf ' < (the value)'; fi
  printf '\n'
}

# New accounts and roles take a while to be known everywhere, and policies are written by others too.
attempt() {
  local pause
  for pause in 2 4 8 16 30 0; do
    if run_gcloud "$@"; then return 0; fi
    { ((pause)) && is_passing; } || return 1
    say "  waiting for Google Cloud to know about the step before"
    sleep "$pause"
  done
}

run_gcloud() {
  printf '%s' "$INPUT" | gcloud "$@" "--project=$PROJECT" >"$WORK/output" 2>"$WORK/errors"
}

is_passing() {
  grep -qiE 'service account .*does not exist|concurrent policy changes|status=\[409\].*(queue|progress)|UNAVAILABLE|INTERNAL|has not been used in project .* before|propagat|unable to queue the operation|identity .*does not exist' \
    "$WORK/errors"
}

stop_at() {
  {
    echo
    echo "deploy.sh: the step \"$STEP\" failed at: $1"
    echo "  gcloud said: $(first_words "$WORK/errors")"
    echo "  What to do: $(way_out "$WORK/errors")"
    echo "  Nothing is lost: run ./deploy.sh again, and it goes on from here."
  } >&2
  exit 1
}

# What an error begins with, without the progress that came before it.
first_words() {
  tr '\n' ' ' <"$1" | sed 's/^.*ERROR: //; s/^([a-z.-]*) //; s/This command is [^.]*\.//; s/  */ /g' | cut -c1-400
}

# What a person can do about the errors that deployments meet.
way_out() {
  local errors
  errors="$(cat "$1")"
  case "$errors" in
    *"active account"* | *"auth login"* | *"Reauthentication"*) echo "run gcloud auth login, then again." ;;
    *onstraint* | *"permitted customer"* | *orgpolicy*)
      echo "a policy of your organisation forbids this; ask its administrator, and see docs/troubleshooting.md#organisation-policies." ;;
    *illing*) echo "switch billing on: https://console.cloud.google.com/billing/linkedaccount?project=$PROJECT" ;;
    *PERMISSION_DENIED* | *"ermission"* | *"status=[403]"*)
      echo "your account lacks a right; ask an owner of $PROJECT for the roles in docs/deployment.md#who-may-deploy." ;;
    *SERVICE_DISABLED* | *"has not been used"*) echo "an API was switched on only just now; wait two minutes." ;;
    *RESOURCE_EXHAUSTED* | *uota*) echo "a quota is used up: https://console.cloud.google.com/iam-admin/quotas?project=$PROJECT" ;;
    *ALREADY_EXISTS* | *"already exists"*) echo "the name is taken; choose others with GATEWAY_NAME=<name>." ;;
    *OperationError* | *"uild failed"*) echo "read the build's log: https://console.cloud.google.com/cloud-build/builds?project=$PROJECT" ;;
    *"installation of components"*) echo "run gcloud components install alpha beta, then again." ;;
    *"command not found"* | *"o such file"*) echo "install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install" ;;
    *) echo "see docs/troubleshooting.md#deploying." ;;
  esac
}
