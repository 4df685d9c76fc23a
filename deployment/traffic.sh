# Which revision of a function serves: canary, promotion, rollback.
# A function deployed over a held revision is built and does not serve; that makes a canary possible.
# Source: https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
# shellcheck shell=bash

newest_revision() {
  look run services describe "$GATEWAY-$1" "--region=$REGION" '--format=value(status.latestReadyRevisionName)'
}

hold_traffic() {
  newest_revision "$1" || return 0
  printf '%s' "$ANSWER" >"$WORK/$1.held"
  change "$GATEWAY-$1 stays with $ANSWER" run services update-traffic "$GATEWAY-$1" \
    "--region=$REGION" "--to-revisions=$ANSWER=100"
}

split_traffic() {
  local held
  [[ -s "$WORK/$1.held" ]] || return 0
  held="$(cat "$WORK/$1.held")"
  newest_revision "$1" || stop_at "the new revision of $GATEWAY-$1"
  change "$CANARY % for $ANSWER" run services update-traffic "$GATEWAY-$1" "--region=$REGION" \
    "--to-revisions=$ANSWER=$CANARY,$held=$((100 - CANARY))"
  say "all of it: ./deploy.sh --promote $1    back: ./deploy.sh --rollback $1"
}

promote() {
  heading "promote"
  change "the newest revision of $GATEWAY-$1 has all traffic" run services update-traffic \
    "$GATEWAY-$1" "--region=$REGION" --to-latest
}

roll_back() {
  local name="${1%%=*}" revision=""
  heading "rollback"
  [[ "$1" == *=* ]] && revision="${1#*=}"
  if [[ -z "$revision" ]]; then
    look run revisions list "--service=$GATEWAY-$name" "--region=$REGION" \
      '--sort-by=~metadata.creationTimestamp' '--format=value(metadata.name)' || true
    revision="$(sed -n 2p <<<"$ANSWER")"
    [[ -n "$revision" ]] || refuse "$GATEWAY-$name has no earlier revision to go back to"
  fi
  change "$revision of $GATEWAY-$name has all traffic" run services update-traffic \
    "$GATEWAY-$name" "--region=$REGION" "--to-revisions=$revision=100"
  say "it keeps it until the next deployment that changes $name, or ./deploy.sh --promote $name"
}

# A deployment that changes nothing does not undo a rollback or a canary, but says so.
mention_traffic() {
  peek run services describe "$GATEWAY-$1" "--region=$REGION" '--format=value(spec.traffic[].latestRevision)' \
    || return 0
  [[ "$ANSWER" == True || "$ANSWER" == true || -z "${ANSWER//[[:space:]]/}" ]] \
    || say "$GATEWAY-$1 is unchanged, but its traffic is held elsewhere: ./deploy.sh --promote $1"
}
