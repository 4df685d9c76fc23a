#!/usr/bin/env bash
# Stage the functions: a fresh folder for each, with its own files and a copy of lib.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly ROOT
readonly FUNCTIONS=(webhook responder status tick health)

usage() {
  cat <<'TEXT'
Usage: ./deploy.sh --stage-only [--into DIR] [NAME ...]

  --stage-only   fill build/<name>/ with what a function is deployed from; NAME is one of
                 webhook, responder, status, tick, health (default: all of them)
  --into DIR     fill DIR/<name>/ instead
  --help         show this text

A staged function runs alone:
  functions-framework --source build/webhook/main.py --target webhook
TEXT
}

fail() {
  echo "deploy.sh: $*" >&2
  exit 2
}

known() {
  local name
  for name in "${FUNCTIONS[@]}"; do
    [[ "$name" == "$1" ]] && return 0
  done
  return 1
}

stage() {
  local name="$1" target="$2/$1"
  rm -rf "$target"
  mkdir -p "$target"
  cp "$ROOT/functions/$name/main.py" "$ROOT/functions/$name/requirements.txt" "$target/"
  cp -R "$ROOT/lib" "$target/lib"
  find "$target" -name '__pycache__' -type d -prune -exec rm -rf {} +
  echo "staged $target"
}

main() {
  local stage_only=false into="$ROOT/build" names=()
  while (($#)); do
    case "$1" in
      --stage-only) stage_only=true ;;
      --into)
        (($# > 1)) || fail "--into needs a folder"
        into="$2"
        shift
        ;;
      --help | -h) usage; return 0 ;;
      -*) fail "unknown option $1; see ./deploy.sh --help" ;;
      *) known "$1" || fail "no function is called $1; there are: ${FUNCTIONS[*]}"; names+=("$1") ;;
    esac
    shift
  done
  "$stage_only" || fail "this version only stages; see ./deploy.sh --help"
  ((${#names[@]})) || names=("${FUNCTIONS[@]}")
  local name
  for name in "${names[@]}"; do stage "$name" "$into"; done
}

main "$@"
