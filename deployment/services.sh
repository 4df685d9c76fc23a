# The APIs that the gateway, or its deployment, uses.
# shellcheck shell=bash

readonly SERVICES=(artifactregistry cloudbuild cloudfunctions cloudresourcemanager cloudscheduler firestore iam
  logging monitoring pubsub run secretmanager storage)

ensure_services() {
  look services list --enabled '--format=value(config.name)' || true
  local enabled="$ANSWER" missing=() one
  for one in "${SERVICES[@]}"; do
    among "$one.googleapis.com" $enabled || missing+=("$one.googleapis.com")
  done
  ((${#missing[@]})) || return 0
  change "switch on ${#missing[@]} APIs" services enable "${missing[@]}"
}
