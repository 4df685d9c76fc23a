# What Twilio has to be told.
# shellcheck shell=bash

# Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
readonly RETRY_OVERRIDES='#rc=3&rp=ct,rt,5xx'

tell_twilio() {
  wanted webhook || return 0
  if "$SET_TWILIO"; then
    set_twilio
    return
  fi
  bold "Now tell Twilio"
  cat <<TEXT
  https://console.twilio.com > Messaging > Senders > WhatsApp senders > your number
  (or Messaging > Try it out > Send a WhatsApp message > Sandbox settings)

    When a message comes in   $TWILIO_WEBHOOK_URL$RETRY_OVERRIDES   HTTP POST
    Status callback URL       $TWILIO_STATUS_CALLBACK_URL   HTTP POST

  Or let this script do it, for a WhatsApp sender: ./deploy.sh --set-twilio
TEXT
}

set_twilio() {
  heading "twilio"
  if "$DRY_RUN"; then
    say "* webhook and status callback of the sender, through Twilio's API"
    return
  fi
  local token="${TWILIO_AUTH_TOKEN:-}"
  if [[ -z "$token" ]] && peek secrets versions access latest "--secret=$(secret_of TWILIO_AUTH_TOKEN)"; then
    token="$ANSWER"
  fi
  printf '%s' "$token" | python_part twilio_sender "$TWILIO_WEBHOOK_URL$RETRY_OVERRIDES" \
    "$TWILIO_STATUS_CALLBACK_URL" || exit 1
}
