#!/usr/bin/env bash
# Makes .venv-supply fit requirements-supply.lock: the tools that look at what the assistant is made of.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=".venv-supply/installed-$(git hash-object requirements-supply.lock)"
[ -e "$stamp" ] && exit 0
rm -rf .venv-supply
"$(scripts/find_python.sh)" -m venv .venv-supply
.venv-supply/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-supply.lock
touch "$stamp"
