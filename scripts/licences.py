"""Licences of everything installed against what is allowed: ``python scripts/licences.py``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

ROOT = Path(__file__).resolve().parents[1]

# Each part of a licence expression must be one of these.
ALLOWED = frozenset(
    """Apache-2.0|Apache Software License|Apache License 2.0|Apache License v2.0|MIT|MIT License|MIT-0|MIT-CMU
    |BSD|BSD License|BSD-2-Clause|BSD-3-Clause|3-Clause BSD License|ISC|PSF-2.0
    |Python Software Foundation License|TCL|DFSG approved
    |MPL-2.0|Mozilla Public License 2.0 (MPL 2.0)""".replace("\n    ", "").split("|")
)
# Others, each with the reason why it may be here.
EXCEPTIONS: Dict[str, str] = {
    "fpdf2": "LGPL-3.0: used as a library, unchanged",
    "psycopg2-binary": "LGPL: used as a library, unchanged",
    "pyphen": "GPL, LGPL or MPL, at choice: LGPL; comes with textstat, for tests only",
    "yamllint": "GPL-3.0: a tool of development, run as a program, not part of the assistant",
    "axe-playwright-python": "MIT by its licence file; its metadata do not say so",
}
_BETWEEN = re.compile(r"\s+(?:AND|OR)\s+|;\s*")


def refused(packages: List[Dict[str, str]]) -> List[str]:
    """Packages whose licence is neither allowed nor an exception."""
    found = []
    for package in packages:
        parts = {part.strip("() ") if "MPL" not in part else part for part in _BETWEEN.split(package["License"])}
        if package["Name"].lower() not in EXCEPTIONS and not parts <= ALLOWED:
            found.append(f"{package['Name']} {package['Version']}: {package['License']}")
    return found


def main() -> None:
    """Prints what is refused."""
    command = [str(ROOT / ".venv-supply/bin/pip-licenses"), "--python", str(ROOT / ".venv/bin/python")]
    command += ["--format=json", "--from=mixed"]
    packages = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    found = refused(packages)
    print("\n".join(found) or f"The licences of {len(packages)} packages are allowed.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
