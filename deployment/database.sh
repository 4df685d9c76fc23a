# Firestore: the database, its indexes, and what it forgets by itself. firestore.indexes.json is the
# one source of the latter two; Firebase's own tools read the same file.
# shellcheck shell=bash

ensure_database() {
  if ! look firestore databases describe '--database=(default)' '--format=value(type)'; then
    change "Firestore database in $LOCATION (for good)" firestore databases create \
      "--location=$LOCATION" --type=firestore-native --delete-protection
  fi
  local kind group rest
  python_part indexes "$ROOT/firestore.indexes.json" >"$WORK/indexes"
  while IFS=$'\t' read -r kind group rest; do
    "ensure_$kind" "$group" "$rest"
  done <"$WORK/indexes"
  say "firestore.rules is for Firebase's tools: the gateway's accounts are ruled by IAM"
}

ensure_composite() {
  local group="$1" fields="$2" config=() field
  look firestore indexes composite list '--format=json'
  printf '%s' "${ANSWER:-[]}" >"$WORK/indexes.json"
  python_part indexes --has "$group" "$fields" "$WORK/indexes.json" && return
  for field in $fields; do
    config+=("--field-config=field-path=${field%:*},order=${field#*:}")
  done
  change "index on $group: $fields" firestore indexes composite create \
    "--collection-group=$group" --query-scope=collection "${config[@]}" --async
}

read_field() {
  look firestore indexes fields describe "$2" "--collection-group=$1" --format=json || ANSWER="{}"
  printf '%s' "$ANSWER" >"$WORK/field.json"
}

ensure_ttl() {
  read_field "$1" "$2"
  python_part indexes --ttl "$WORK/field.json" && return
  change "$1 are forgotten after $2" firestore fields ttls update "$2" \
    "--collection-group=$1" --enable-ttl --async
}

# A field that only tells the time is not indexed: its index would be a hot spot, and cost writes.
ensure_exemption() {
  read_field "$1" "$2"
  python_part indexes --exempt "$WORK/field.json" && return
  CHANGES=$((CHANGES + 1))
  say "* no index on $1.$2"
  local command=(firestore indexes fields update "$2" "--collection-group=$1" --disable-indexes --async)
  if "$DRY_RUN"; then print_command "${command[@]}" && return; fi
  attempt "${command[@]}" && return
  grep -qiE 'ABORTED|in progress|FAILED_PRECONDITION' "$WORK/errors" || stop_at "no index on $1.$2"
  say "  Firestore is still at work on this field; the next run finishes it"
}
