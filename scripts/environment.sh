#!/usr/bin/env bash
# Makes .venv fit requirements.lock, once for each content of the lock: a stamp file tells what is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=".venv/installed-$(git hash-object requirements.lock)"
[ -e "$stamp" ] && exit 0

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    python="$(scripts/find_python.sh)"
    echo "Creating .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "Installing $(grep -c == requirements.lock) packages into .venv; this takes a few minutes, once."
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
rm -f .venv/installed-*
touch "$stamp"
