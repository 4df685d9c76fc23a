# Staging: a fresh folder for each function, with its own files and a copy of lib.
# shellcheck shell=bash

stage_all() {
  local into="$1" name
  shift
  (($#)) || set -- "${FUNCTIONS[@]}"
  for name in "$@"; do
    stage "$name" "$into"
    echo "staged $into/$name"
  done
}

stage() {
  local name="$1" target="$2/$1"
  rm -rf "$target"
  mkdir -p "$target"
  cp "$ROOT/functions/$name/main.py" "$ROOT/functions/$name/requirements.txt" "$target/"
  cp -R "$ROOT/lib" "$target/lib"
  # The platform compiles what it is given, for its own Python.
  find "$target" -name '__pycache__' -type d -prune -exec rm -rf {} +
}
