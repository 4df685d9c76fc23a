# What a deployment goes by: settings from the environment or .env, and the names derived from them.
# shellcheck shell=bash

# Settings that .env may hold. Others in it are left alone: this is a shell, and PATH is a name too.
readonly SETTABLE='^(TWILIO|ASSISTANT|PUBSUB|TURN|QUESTIONS|BUDGET|KEEP|DEFAULT|SEND|CHUNK|PROGRESS|MEDIA|SPEAK|TRANSCRIBE|HANDOVER|HUMAN)_[A-Z0-9_]+$|^(GOOGLE_CLOUD_PROJECT|MENUS|ACCESS|INTRODUCTION|PRIVACY_URL|ERASURE_KEY|MESSAGES_PER_MINUTE|JOIN_BURSTS|ALLOWED_CONTACTS|BLOCKED_CONTACTS|WHATSAPP_DEBUG|VAC_DEBUG|REGION|FIRESTORE_LOCATION|GATEWAY_NAME|RUNTIME|ALERT_EMAIL|CPU_BOOST|[A-Z]+_(MIN|MAX)_INSTANCES)$'

read_settings() {
  WORK="$(mktemp -d)"
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  if [[ -z "$ENV_FILE" && -f "$ROOT/.env" ]]; then ENV_FILE="$ROOT/.env"; fi
  if [[ -n "$ENV_FILE" ]]; then read_env_file "$ENV_FILE"; fi
  PROJECT="${GOOGLE_CLOUD_PROJECT:-}"
  if [[ -z "$PROJECT" ]]; then PROJECT="$(gcloud config get-value project 2>/dev/null || true)"; fi
  REGION="${REGION:-europe-west1}"
  LOCATION="${FIRESTORE_LOCATION:-$REGION}"
  RUNTIME="${RUNTIME:-python313}"
  GATEWAY="${GATEWAY_NAME:-whatsapp}"
  PYTHON="${PYTHON:-python3}"
  export CLOUDSDK_CORE_DISABLE_PROMPTS=1 GOOGLE_CLOUD_PROJECT="$PROJECT"
  name_things
}

# Builds run side by side, and must not outlive the script.
clean_up() {
  local running
  running="$(jobs -p)"
  # shellcheck disable=SC2086  # one word each
  [[ -z "$running" ]] || kill $running 2>/dev/null || true
  rm -rf "$WORK"
}

# NAME=value lines, as in any .env file; the environment wins over it.
read_env_file() {
  local line name value
  while IFS= read -r line || [[ -n "$line" ]]; do
    line="${line%$'\r'}"
    line="${line#$'\xef\xbb\xbf'}"  # what some editors begin a file with
    [[ "$line" =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=[[:space:]]*(.*)$ ]] || continue
    name="${BASH_REMATCH[2]}" value="${BASH_REMATCH[3]}"
    [[ "$name" =~ $SETTABLE && -z "${!name:-}" ]] || continue
    value="$(unquoted "$value")"
    printf -v "$name" '%s' "$value"
    # shellcheck disable=SC2163  # the variable of that name
    export "$name"
  done <"$1"
}

unquoted() {
  local value="$1"
  if [[ "$value" =~ ^\"(.*)\"[[:space:]]*(#.*)?$ || "$value" =~ ^\'(.*)\'[[:space:]]*(#.*)?$ ]]; then
    printf '%s' "${BASH_REMATCH[1]}"
    return
  fi
  value="${value%%[[:space:]]#*}"
  printf '%s' "${value%"${value##*[![:space:]]}"}"
}

name_things() {
  TOPIC="${PUBSUB_TOPIC:-$GATEWAY-inbound}"
  DEAD_LETTERS="$GATEWAY-dead-letters"
  SUBSCRIPTION="$GATEWAY-responder"
  TICK_JOB="$GATEWAY-tick"
  # The names of buckets are the world's; a project's id is nobody else's.
  export MEDIA_BUCKET="${MEDIA_BUCKET:-${PROJECT//[:.]/-}-$GATEWAY-media}"
  NUMBER="PROJECT_NUMBER"
  export PUBSUB_TOPIC="$TOPIC" PUBSUB_ENDPOINT="${PUBSUB_ENDPOINT:-$REGION-pubsub.googleapis.com}"
}

# What is known only once the project's number is.
name_urls() {
  [[ -z "${TWILIO_WEBHOOK_URL:-}" ]] || say "TWILIO_WEBHOOK_URL is set: Twilio must reach $GATEWAY-webhook there"
  PUBSUB_AGENT="service-$NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com"
  export TWILIO_WEBHOOK_URL="${TWILIO_WEBHOOK_URL:-$(url_of webhook)/whatsapp/webhook}"
  export TWILIO_STATUS_CALLBACK_URL="${TWILIO_STATUS_CALLBACK_URL:-$(url_of status)/whatsapp/status}"
  export MEDIA_PUBLIC_URL="${MEDIA_PUBLIC_URL:-$(url_of media)}"
}

# The address that a function has by rule, so that it is known before the first deployment.
# Source: https://cloud.google.com/run/docs/triggering/https-request (deterministic URL)
url_of() { echo "https://$GATEWAY-$1-$NUMBER.$REGION.run.app"; }

account_of() { echo "$GATEWAY-$1@$PROJECT.iam.gserviceaccount.com"; }

# Run one of the Python modules beside this file.
# Without what is installed (-S): none of it is needed, and a run has a hundred of these.
python_part() { (cd "$ROOT" && "$PYTHON" -BS -m "deployment.$1" "${@:2}"); }
