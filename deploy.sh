#!/usr/bin/env bash
# From a clone to a working WhatsApp number on Google Cloud. Safe to run again and again.
# The steps stand in deployment/, one file each; docs/deployment.md says what they make and why.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT
readonly FUNCTIONS=(webhook responder status tick health media)
readonly STEPS=(services accounts secrets database bucket topics functions subscriptions schedule monitoring pipeline)

source "$ROOT/deployment/settings.sh"
source "$ROOT/deployment/cloud.sh"
source "$ROOT/deployment/checks.sh"
source "$ROOT/deployment/services.sh"
source "$ROOT/deployment/accounts.sh"
source "$ROOT/deployment/secrets.sh"
source "$ROOT/deployment/database.sh"
source "$ROOT/deployment/bucket.sh"
source "$ROOT/deployment/queue.sh"
source "$ROOT/deployment/staging.sh"
source "$ROOT/deployment/functions.sh"
source "$ROOT/deployment/schedule.sh"
source "$ROOT/deployment/monitoring.sh"
source "$ROOT/deployment/pipeline.sh"
source "$ROOT/deployment/smoke.sh"
source "$ROOT/deployment/twilio.sh"
source "$ROOT/deployment/traffic.sh"
source "$ROOT/deployment/removal.sh"

usage() {
  cat <<TEXT
Usage: ./deploy.sh [OPTIONS]

Brings this folder into service in a Google Cloud project: makes what is not there, changes what
differs, leaves the rest alone. Settings come from the environment, or from .env.

  --project ID         the project (default: GOOGLE_CLOUD_PROJECT, else gcloud's own)
  --region REGION      where functions run (default: europe-west1)
  --env-file FILE      read settings from here instead of .env
  --dry-run            print the plan and every command; change nothing
  --only NAME          only this function or step; may be repeated. Steps:
                       ${STEPS[*]}
  --force              deploy functions although nothing changed
  --no-smoke           leave out the test of what was deployed
  --set-twilio         tell Twilio the URLs too (WhatsApp senders; the sandbox has no API for it)

  --canary PERCENT     deploy, and let the new revision of each function have this much of the traffic
  --promote NAME       let the newest revision of a function have all traffic
  --rollback NAME      let the revision before have all traffic; NAME=REVISION names one
  --smoke              only test what is deployed
  --destroy            delete what this script made; names it, and asks first

  --stage-only [NAME ...]  only fill build/<name>/ with what a function is deployed from; NAME is
                       one of ${FUNCTIONS[*]} (default: all of them)
  --into DIR           with --stage-only: fill DIR/<name>/ instead
  --help               show this text
TEXT
}

# One of the words in "$2" and after is "$1".
among() {
  local word="$1" one
  shift
  for one in "$@"; do [[ "$one" == "$word" ]] && return 0; done
  return 1
}

refuse() {
  echo "deploy.sh: $*" >&2
  exit 2
}

known_function() {
  among "$1" "${FUNCTIONS[@]}" || refuse "no function is called $1; there are: ${FUNCTIONS[*]}"
}

read_options() {
  ACTION=deploy INTO="$ROOT/build" ENV_FILE="" DRY_RUN=false FORCE=false SMOKE=true
  SET_TWILIO=false CANARY="" ONLY=() NAMES=()
  while (($#)); do
    case "$1" in
      --project | --region | --env-file | --only | --canary | --promote | --rollback | --into)
        (($# > 1)) || refuse "$1 needs $(value_of "$1")"
        take_value "$1" "$2"
        shift
        ;;
      --dry-run) DRY_RUN=true ;;
      --force) FORCE=true ;;
      --no-smoke) SMOKE=false ;;
      --set-twilio) SET_TWILIO=true ;;
      --smoke) ACTION=smoke ;;
      --destroy) ACTION=destroy ;;
      --stage-only) ACTION=stage ;;
      --help | -h) usage && exit 0 ;;
      -*) refuse "unknown option $1; see ./deploy.sh --help" ;;
      *) known_function "$1" && NAMES+=("$1") ;;
    esac
    shift
  done
  if among "$ACTION" deploy smoke destroy && ((${#NAMES[@]})); then
    refuse "to deploy one function: ./deploy.sh --only ${NAMES[0]}"
  fi
}

value_of() {
  case "$1" in
    --project) echo "a project id" ;;
    --region) echo "a region" ;;
    --canary) echo "a percentage" ;;
    --env-file) echo "a file" ;;
    --into) echo "a folder" ;;
    *) echo "a name" ;;
  esac
}

take_value() {
  case "$1" in
    --project) GOOGLE_CLOUD_PROJECT="$2" ;;
    --region) REGION="$2" ;;
    --env-file) [[ -r "$2" ]] || refuse "$2 cannot be read"; ENV_FILE="$2" ;;
    --into) INTO="$2" ;;
    --only)
      among "$2" "${FUNCTIONS[@]}" "${STEPS[@]}" \
        || refuse "nothing is called $2; there are: ${FUNCTIONS[*]} ${STEPS[*]}"
      ONLY+=("$2")
      ;;
    --canary)
      [[ "$2" =~ ^[1-9][0-9]?$ ]] || refuse "--canary needs a percentage from 1 to 99"
      CANARY="$2"
      ;;
    --promote | --rollback)
      known_function "${2%%=*}"
      ACTION="${1#--}" NAMES=("$2")
      ;;
  esac
}

# Whether a step, or a function, is asked for.
wanted() {
  ((${#ONLY[@]})) || { [[ "$1" != pipeline ]] && return 0 || return 1; }
  among "$1" "${ONLY[@]}" && return 0
  if [[ "$1" == functions ]]; then
    local name
    for name in "${FUNCTIONS[@]}"; do among "$name" "${ONLY[@]}" && return 0; done
  fi
  among "$1" "${FUNCTIONS[@]}" && among functions "${ONLY[@]}"
}

deploy() {
  check_everything
  local one
  for one in "${STEPS[@]}"; do
    wanted "$one" || continue
    heading "$one"
    "ensure_$one"
  done
  summarize
  if "$SMOKE" && ! "$DRY_RUN"; then smoke; fi
  tell_twilio
}

main() {
  read_options "$@"
  if [[ "$ACTION" == stage ]]; then
    stage_all "$INTO" ${NAMES[@]+"${NAMES[@]}"}
    return
  fi
  read_settings
  case "$ACTION" in
    deploy) deploy ;;
    smoke) check_project && smoke ;;
    promote) check_project && promote "${NAMES[0]}" ;;
    rollback) check_project && roll_back "${NAMES[0]}" ;;
    destroy) check_project && destroy ;;
  esac
}

main "$@"
