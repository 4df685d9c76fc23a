# Secrets in Secret Manager: made once, given a version only when the value changed, read by number.
# shellcheck shell=bash

KNOWN_SECRETS=()

# The settings that Secret Manager has from earlier runs, or that were put there by hand. One
# without a version counts only if the value is given now.
read_known_secrets() {
  local secret owner setting listed
  KNOWN_SECRETS=()
  if ! peek secrets list '--format=value[separator=" "](name.basename(),labels.gateway)'; then
    is_absent || unreadable "Secret Manager"
    return 0
  fi
  listed="$ANSWER"
  while read -r secret owner; do
    # A gateway whose name goes on from ours has secrets whose names begin like ours.
    [[ -z "$owner" || "$owner" == "$GATEWAY" ]] || continue
    is_secret_of_ours "$secret" || continue
    setting="$(setting_of "$secret")"
    if [[ -n "${!setting:-}" ]] || peek secrets versions access latest "--secret=$secret" --format=none; then
      KNOWN_SECRETS+=("$setting")
    else
      has_no_version || unreadable "the secret $secret"
    fi
  done <<<"$listed"
}

is_secret_of_ours() {
  case "$1" in
    "$GATEWAY"-twilio-* | "$GATEWAY"-assistant-* | "$GATEWAY"-transcribe-* | "$GATEWAY"-speak-* | "$GATEWAY"-handover-*) return 0 ;;
    *) [[ "$1" == "$(secret_of MEDIA_SIGNING_KEY)" ]] ;;
  esac
}

# To go on would deploy functions without secrets that they had.
unreadable() {
  if is_refused; then
    problem "Your account may not read $1. It needs roles/secretmanager.admin: ask an owner of $PROJECT."
  else
    problem "Google Cloud could not be asked about $1; run ./deploy.sh again in a minute: $(first_words "$WORK/errors")"
  fi
}

has_no_version() { is_absent || grep -qi 'FAILED_PRECONDITION\|DISABLED\|DESTROYED' "$WORK/errors"; }

setting_of() { tr 'a-z-' 'A-Z_' <<<"${1#"$GATEWAY"-}"; }

secret_of() { echo "$GATEWAY-$(tr 'A-Z_' 'a-z-' <<<"$1")"; }

ensure_secrets() {
  local setting
  make_signing_key
  for setting in $(secret_settings all); do ensure_secret "$setting"; done
}

# Nobody has to think of this one: it signs the addresses of media, and opens nothing else.
make_signing_key() {
  [[ -z "${MEDIA_SIGNING_KEY:-}" ]] || return 0
  among MEDIA_SIGNING_KEY ${KNOWN_SECRETS[@]+"${KNOWN_SECRETS[@]}"} && return
  MEDIA_SIGNING_KEY="$("$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(32))')"
  export MEDIA_SIGNING_KEY
}

# The secret settings of a function, or of all of them: those given now, or known from earlier.
secret_settings() { KNOWN_SECRETS="${KNOWN_SECRETS[*]-}" python_part settings secrets "$1"; }

ensure_secret() {
  local setting="$1" secret readers
  secret="$(secret_of "$setting")"
  if ! look secrets describe "$secret" '--format=value(name)'; then
    change "secret $secret" secrets create "$secret" --replication-policy=automatic \
      "--labels=gateway=$GATEWAY"
  fi
  ensure_version "$setting" "$secret"
  for readers in $(python_part settings readers "$setting"); do
    grant roles/secretmanager.secretAccessor "serviceAccount:$(account_of "$readers")" \
      "secret $secret" secrets "$secret"
  done
}

ensure_version() {
  local setting="$1" secret="$2"
  [[ -n "${!setting:-}" ]] || return 0
  if peek secrets versions access latest "--secret=$secret"; then
    [[ "$ANSWER" == "${!setting}" ]] && return 0
  else
    has_no_version || stop_at "reading the secret $secret"
  fi
  INPUT="${!setting}"
  change "new version of secret $secret" secrets versions add "$secret" --data-file=-
  INPUT=""
}

# The number of the version in force. Functions are bound to it, so that a new one needs a deployment,
# and a rollback finds the old one.
version_of() {
  if [[ ! -s "$WORK/$1.version" ]]; then
    look secrets versions access latest "--secret=$(secret_of "$1")" '--format=value(name.basename())' || ANSWER=1
    echo "$ANSWER" >"$WORK/$1.version"
  fi
  cat "$WORK/$1.version"
}
