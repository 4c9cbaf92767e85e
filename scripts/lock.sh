#!/usr/bin/env bash
# Writes the locks of requirements, evaluation and supply from the *.in files: complete, pinned, hashed.
# Needs uv. Existing pins are kept as long as they fit; "scripts/lock.sh --upgrade" looks for newer ones.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    uv pip compile "$@" --override requirements-overrides.in --python-version 3.10 --python-platform x86_64-manylinux_2_28 \
        --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet
}

compile requirements.in --output-file requirements.lock "${@}"
compile requirements-evaluation.in --constraint requirements.lock --output-file requirements-evaluation.lock "${@}"
compile requirements-supply.in --output-file requirements-supply.lock "${@}"
echo "Wrote requirements.lock, requirements-evaluation.lock and requirements-supply.lock."
