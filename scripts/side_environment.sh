#!/usr/bin/env bash
# Makes .venv-NAME fit requirements-NAME.lock: "supply" (tools that look at what the assistant is made of) or
# "evaluation" (what the assistant is compared with). Usage: scripts/side_environment.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."

environment=".venv-$1"
lock="requirements-$1.lock"
stamp="$environment/installed-$(git hash-object "$lock")"
[ -e "$stamp" ] && exit 0
rm -rf "$environment"
"$(scripts/find_python.sh)" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock"
touch "$stamp"
