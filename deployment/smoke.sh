# A test of what is deployed, from outside: who is let in, and whether settings and rights are right.
# shellcheck shell=bash

smoke() {
  heading "smoke test"
  read_known_secrets
  local token="${TWILIO_AUTH_TOKEN:-}"
  if [[ -z "$token" ]] && peek secrets versions access latest "--secret=$(secret_of TWILIO_AUTH_TOKEN)"; then
    token="$ANSWER"
  fi
  printf '%s' "$token" | python_part smoke "health=$(address_of health)/whatsapp/health" \
    "webhook=$TWILIO_WEBHOOK_URL" "status=$TWILIO_STATUS_CALLBACK_URL" \
    "responder=$(address_of responder)" "tick=$(address_of tick)" "media=$(address_of media)/whatsapp/media/none/none.bin" \
    || { echo "deploy.sh: the smoke test failed; see docs/troubleshooting.md#smoke-test" >&2; exit 1; }
}
