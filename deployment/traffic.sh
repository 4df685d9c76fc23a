# Which revision of a function serves: canary, promotion, rollback.
# A function deployed over a held revision is built and does not serve; that makes a canary possible.
# Source: https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
# shellcheck shell=bash

newest_revision() {
  look run services describe "$GATEWAY-$1" "--region=$REGION" '--format=value(status.latestReadyRevisionName)'
}

# SERVING: which revisions serve, lines of "share;name;whether it is the newest", the largest first. FOLLOWS
# is whether the newest one takes over by itself.
read_traffic() {
  look run services describe "$GATEWAY-$1" "--region=$REGION" '--flatten=status.traffic[]' \
    '--format=value[separator=";"](status.traffic.percent,status.traffic.revisionName,status.traffic.latestRevision)' \
    || return 1
  FOLLOWS=false SERVING="$(grep -E '^[1-9]' <<<"$ANSWER" | sort -rn)" || true
  if [[ -z "$SERVING" || "$SERVING" == *";True"* ]]; then FOLLOWS=true; fi
}

# Before a canary: the revision with most of the traffic keeps it, also after a rollback and where
# an earlier canary was neither promoted nor taken back.
hold_traffic() {
  local share held rest
  read_traffic "$1" || return 0
  IFS=";" read -r share held rest <<<"$SERVING"
  if [[ -z "$held" ]]; then newest_revision "$1" && held="$ANSWER"; fi
  printf '%s' "$held" >"$WORK/$1.held"
  if "$FOLLOWS" || ((share < 100)); then
    change "$GATEWAY-$1 stays with $held" run services update-traffic "$GATEWAY-$1" \
      "--region=$REGION" "--to-revisions=$held=100"
  fi
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
    revision="$(revision_before "$name")"
    [[ -n "$revision" ]] || refuse "$GATEWAY-$name has no earlier revision to go back to"
  fi
  change "$revision of $GATEWAY-$name has all traffic" run services update-traffic \
    "$GATEWAY-$name" "--region=$REGION" "--to-revisions=$revision=100"
  say "it keeps it until the next deployment that changes $name, or ./deploy.sh --promote $name"
}

# What served before the newest revision that serves: during a canary the one it was held at.
revision_before() {
  local newest=""
  read_traffic "$1" || return 0
  look run revisions list "--service=$GATEWAY-$1" "--region=$REGION" \
    '--sort-by=~metadata.creationTimestamp' '--format=value(metadata.name)' || return 0
  local share one rest serving=" " many=false
  while IFS=";" read -r share one rest; do serving+="$one "; done <<<"$SERVING"
  [[ "$SERVING" != *$'\n'* ]] || many=true
  for one in $ANSWER; do
    if [[ -z "$newest" ]]; then
      if "$FOLLOWS" || [[ "$serving" == *" $one "* ]]; then newest="$one"; fi
    elif ! "$many" || [[ "$serving" == *" $one "* ]]; then
      echo "$one"
      return
    fi
  done
}

# A deployment that changes nothing does not undo a rollback or a canary, but says so.
mention_traffic() {
  peek run services describe "$GATEWAY-$1" "--region=$REGION" '--format=value(spec.traffic[].latestRevision)' \
    || return 0
  [[ "$ANSWER" == True || "$ANSWER" == true || -z "${ANSWER//[[:space:]]/}" ]] \
    || say "$GATEWAY-$1 is unchanged, but its traffic is held elsewhere: ./deploy.sh --promote $1"
}
