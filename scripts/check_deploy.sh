#!/usr/bin/env bash
# Checks what can be checked of deploy/ without a cluster or a Docker daemon.
set -euo pipefail
cd "$(dirname "$0")/.."
manifests="$(mktemp)"
trap 'rm -f "$manifests"' EXIT

.venv-supply/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yml
if command -v kubectl >/dev/null; then
    kubectl kustomize deploy >"$manifests"
else
    for file in deploy/kubernetes/*.yaml; do echo "---"; cat "$file"; done >"$manifests"
fi
.venv-supply/bin/kubernetes-validate --strict "$manifests" deploy/kubernetes/secret.example.yaml
for script in deploy/*.sh; do sh -n "$script"; done
