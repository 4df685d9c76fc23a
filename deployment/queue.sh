# The queue: a topic for messages and one for dead letters, each with a push subscription to the
# private responder.
# shellcheck shell=bash

# Pub/Sub waits this long for an answer; the responder's own limit is a minute less.
readonly ACK_SECONDS=600
# The responder gives up by itself, earlier and with a sentence; this is for what never gets that far.
readonly MOST_DELIVERIES=100

ensure_topics() {
  local topic publisher
  for topic in "$TOPIC" "$DEAD_LETTERS"; do
    look pubsub topics describe "$topic" '--format=value(name)' \
      || change "topic $topic" pubsub topics create "$topic" "--labels=gateway=$GATEWAY"
  done
  for publisher in webhook status tick responder; do
    grant roles/pubsub.publisher "serviceAccount:$(account_of "$publisher")" "topic $TOPIC" \
      "pubsub topics" "$TOPIC"
  done
}

ensure_subscriptions() {
  local endpoint
  endpoint="$(address_of responder)"
  push_flags "$endpoint" "$endpoint"
  ensure_subscription "$SUBSCRIPTION" "$TOPIC" "$endpoint" "$endpoint" ordered \
    "${PUSH_FLAGS[@]}" "--dead-letter-topic=$DEAD_LETTERS" \
    "--max-delivery-attempts=$MOST_DELIVERIES"
  push_flags "$endpoint/dead-letters" "$endpoint"
  ensure_subscription "$DEAD_LETTERS" "$DEAD_LETTERS" "$endpoint/dead-letters" "$endpoint" plain \
    "${PUSH_FLAGS[@]}"
  ensure_delivery_rights
}

# All of them, always: an update of one push flag forgets the others. The first retry comes soon: a
# person waits, and what ended may have been one instance of several.
push_flags() {
  PUSH_FLAGS=("--push-endpoint=$1" "--push-auth-service-account=$(account_of push)"
    "--push-auth-token-audience=$2" "--ack-deadline=$ACK_SECONDS" --min-retry-delay=1s
    --max-retry-delay=600s --expiration-period=never --message-retention-duration=7d)
}

ensure_subscription() {
  local name="$1" topic="$2" endpoint="$3" audience="$4" kind="$5" order=()
  shift 5
  [[ "$kind" == ordered ]] && order=(--enable-message-ordering)
  render subscription-"$kind".json "$WORK/wanted.json" TOPIC="$topic" ENDPOINT="$endpoint" \
    AUDIENCE="$audience" PUSH_ACCOUNT="$(account_of push)" ACK_SECONDS="$ACK_SECONDS" \
    DEAD_LETTERS="$DEAD_LETTERS" MOST_DELIVERIES="$MOST_DELIVERIES"
  if ! look pubsub subscriptions describe "$name" --format=json; then
    change "subscription $name" pubsub subscriptions create "$name" "--topic=$topic" \
      ${order[@]+"${order[@]}"} "$@" "--labels=gateway=$GATEWAY"
  elif differs; then
    change "settings of subscription $name" pubsub subscriptions update "$name" "$@"
  fi
}

# Pub/Sub's own account hands messages over, and moves them to the dead letters.
ensure_delivery_rights() {
  local agent="serviceAccount:$PUBSUB_AGENT"
  invite "$(account_of push)" responder
  read_policy "topic $DEAD_LETTERS" pubsub topics get-iam-policy "$DEAD_LETTERS"
  has_role roles/pubsub.publisher "$agent" \
    || change_if_offered "Pub/Sub's own account" beta services identity create --service=pubsub.googleapis.com
  grant roles/pubsub.publisher "$agent" "topic $DEAD_LETTERS" "pubsub topics" "$DEAD_LETTERS"
  grant roles/pubsub.subscriber "$agent" "subscription $SUBSCRIPTION" "pubsub subscriptions" "$SUBSCRIPTION"
  # Needed in projects from before April 2021; does nothing in newer ones.
  grant roles/iam.serviceAccountTokenCreator "$agent" "account $GATEWAY-push" \
    "iam service-accounts" "$(account_of push)"
}

# Whether what gcloud last described lacks something of $WORK/wanted.json.
differs() {
  printf '%s' "$ANSWER" >"$WORK/actual.json"
  ! python_part likeness "$WORK/wanted.json" "$WORK/actual.json"
}

# render TEMPLATE INTO NAME=VALUE...: fill one of the JSON files.
render() {
  python_part templates "$ROOT/deployment/$1" "$2" "PROJECT=$PROJECT" "REGION=$REGION" \
    "GATEWAY=$GATEWAY" "${@:3}"
}
