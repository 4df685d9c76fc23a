# The tick: a call every minute that resumes turns of processes that died.
# shellcheck shell=bash

ensure_schedule() {
  local uri flags
  uri="$(address_of tick)"
  invite "$(account_of scheduler)" tick
  flags=("$TICK_JOB" "--location=$REGION" '--schedule=* * * * *' "--uri=$uri/" --http-method=POST
    "--oidc-service-account-email=$(account_of scheduler)" "--oidc-token-audience=$uri"
    --attempt-deadline=60s)
  render schedule.json "$WORK/wanted.json" URI="$uri" SCHEDULER_ACCOUNT="$(account_of scheduler)"
  if ! look scheduler jobs describe "$TICK_JOB" "--location=$REGION" --format=json; then
    change "a tick every minute" scheduler jobs create http "${flags[@]}"
  elif differs; then
    change "settings of the tick" scheduler jobs update http "${flags[@]}"
  fi
}
