# Watching it: log-based metrics, dashboard, uptime check and alerts, from the files in monitoring/.
# shellcheck shell=bash

LATE_ALERTS=0

metric_name() { echo "${GATEWAY//-/_}_$1"; }

ensure_monitoring() {
  ensure_metrics
  ensure_uptime_check
  ensure_channel
  ensure_alerts
  ensure_dashboard
}

fill() {
  render "monitoring/$1" "$WORK/wanted.json" "METRIC=${GATEWAY//-/_}" "SUBSCRIPTION=$SUBSCRIPTION" \
    "DEAD_LETTERS=$DEAD_LETTERS" "TICK_JOB=$TICK_JOB" "HEALTH_HOST=$HEALTH_HOST" "CHANNEL=${CHANNEL:-}" "ALERT_EMAIL=${ALERT_EMAIL:-}"
}

ensure_metrics() {
  local file name
  HEALTH_HOST="$(address_of health)" && HEALTH_HOST="${HEALTH_HOST#https://}"
  for file in "$ROOT"/deployment/monitoring/metrics/*.json; do
    name="$(metric_name "$(basename "$file" .json)")"
    fill "metrics/$(basename "$file")"
    if ! look logging metrics describe "$name" --format=json; then
      change_if_offered "metric $name" logging metrics create "$name" "--config-from-file=$WORK/wanted.json"
    elif differs; then
      change_if_offered "metric $name" logging metrics update "$name" "--config-from-file=$WORK/wanted.json"
    fi
  done
}

# read_list gcloud-list-command: what is_listed searches.
read_list() {
  look "$@" --format=json || true
  printf '%s' "${ANSWER:-[]}" >"$WORK/listed.json"
}

# Whether $WORK/wanted.json is in the list, by its display name. TITLE is that, NAME the resource's
# name, MARKED whether it bears our mark, ANSWER what the list says of it.
is_listed() {
  local line
  line="$(python_part listed "$WORK/wanted.json" "$WORK/listed.json")"
  IFS=$'\t' read -r TITLE NAME MARKED ANSWER <<<"$line"
  [[ -n "$NAME" ]]
}

ensure_uptime_check() {
  local flags
  fill uptime.json
  read_list monitoring uptime list-configs
  if ! is_listed; then
    flags=("$TITLE" --resource-type=uptime-url
      "--resource-labels=host=$HEALTH_HOST,project_id=$PROJECT" --protocol=https
      --path=/whatsapp/health --validate-ssl=true --matcher-content=healthy
      --matcher-type=contains-string --period=5 --timeout=10)
    change_if_offered "uptime check of $GATEWAY-health" monitoring uptime create "${flags[@]}"
  elif differs; then
    change_if_offered "uptime check of $GATEWAY-health" monitoring uptime update "${NAME##*/}" \
      --path=/whatsapp/health --matcher-content=healthy --matcher-type=contains-string \
      --period=5 --timeout=10
  fi
}

ensure_channel() {
  CHANNEL=""
  if [[ -z "${ALERT_EMAIL:-}" ]]; then
    say "alerts are shown, and sent to nobody: set ALERT_EMAIL to get them by mail"
    return
  fi
  fill channel.json
  read_list beta monitoring channels list
  if ! is_listed; then
    change_if_offered "mail for alerts" beta monitoring channels create --type=email \
      "--display-name=$TITLE" "--channel-labels=email_address=$ALERT_EMAIL" "--user-labels=gateway=$GATEWAY"
    read_list beta monitoring channels list
    if ! is_listed && "$DRY_RUN"; then NAME="projects/$PROJECT/notificationChannels/NEW"; fi
  elif differs; then
    change_if_offered "mail for alerts" beta monitoring channels update "$NAME" \
      "--update-channel-labels=email_address=$ALERT_EMAIL" "--update-user-labels=gateway=$GATEWAY"
  fi
  CHANNEL="$NAME"
}

ensure_alerts() {
  local file
  read_list alpha monitoring policies list
  for file in "$ROOT"/deployment/monitoring/alerts/*.json; do
    fill "alerts/$(basename "$file")"
    if ! is_listed; then
      ensure_alert create "--policy-from-file=$WORK/wanted.json"
    elif differs; then
      ensure_alert update "$NAME" "--policy-from-file=$WORK/wanted.json"
    fi
  done
  ((LATE_ALERTS == 0)) \
    || say "$LATE_ALERTS alerts wait for metrics that are too new. In ten minutes: ./deploy.sh --only monitoring"
}

# A metric can be watched some minutes after it was made, not before.
ensure_alert() {
  CHANGES=$((CHANGES + 1))
  say "* alert: $TITLE"
  if "$DRY_RUN"; then
    print_command alpha monitoring policies "$@"
  elif ! attempt alpha monitoring policies "$@"; then
    is_absent || stop_at "alert: $TITLE"
    if grep -qi 'cannot find metric' "$WORK/errors"; then
      LATE_ALERTS=$((LATE_ALERTS + 1))
    else
      say "  left out, the gateway works without it: $(first_words "$WORK/errors")"
    fi
  fi
}

ensure_dashboard() {
  fill dashboard.json
  read_list monitoring dashboards list
  if ! is_listed; then
    change_if_offered "dashboard" monitoring dashboards create "--config-from-file=$WORK/wanted.json"
  elif differs; then
    change_if_offered "dashboard" monitoring dashboards update "${NAME##*/}" "--config-from-file=$WORK/wanted.json"
  fi
}
