#!/usr/bin/env bash
# Prints the path of a Python 3.10 that really runs. Rasa 3.6 needs exactly 3.10 here.
# A pyenv shim on PATH may exist and still fail, so every candidate is tried.
set -uo pipefail

works() {
    [ -n "$1" ] && [ "$("$1" -c 'import sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "3.10" ]
}

candidates() {
    [ -n "${PYTHON:-}" ] && echo "$PYTHON"
    command -v python3.10
    command -v python3
    if command -v pyenv >/dev/null; then
        ls -d "$(pyenv root)"/versions/3.10.*/bin/python3.10 2>/dev/null | sort -rV
    fi
    ls -d "$HOME"/.pyenv/versions/3.10.*/bin/python3.10 2>/dev/null | sort -rV
    if command -v uv >/dev/null; then
        uv python find 3.10 2>/dev/null
    fi
}

while read -r candidate; do
    if works "$candidate"; then
        "$candidate" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done < <(candidates)

cat >&2 <<'HELP'
Myelin needs Python 3.10, and none was found that runs.
Any one of these gets it:

    pyenv install 3.10                   if you use pyenv
    uv python install 3.10               if you use uv (pip install uv)
    sudo apt install python3.10-venv     on Ubuntu 22.04
    brew install python@3.10             on a Mac with Homebrew

Or name one yourself:  make run PYTHON=/path/to/python3.10
HELP
exit 1
