"""Known vulnerabilities of the lock against the verdicts: ``python scripts/audit.py`` (``--write``: only the table).

Fails for a vulnerability without a verdict, and for a package that could not be looked up: pip-audit alone
calls it "no known vulnerabilities" if PyPI's advisories cannot be reached at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Sequence, Set

import yaml

ROOT = Path(__file__).resolve().parents[1]
VERDICTS = ROOT / "docs/vulnerabilities.yml"
PAGE = ROOT / "docs/security.md"
BEGIN, END = "<!-- verdicts: made by scripts/audit.py -->", "<!-- end of the verdicts -->"
KINDS = ("unreachable", "shielded")


def verdicts() -> List[Dict[str, Any]]:
    """The verdicts. Raises ``ValueError`` for one that is not whole."""
    rows: List[Dict[str, Any]] = yaml.safe_load(VERDICTS.read_text(encoding="utf-8"))
    for row in rows:
        if set(row) != {"package", "release", "ids", "what", "verdict", "why"} or row["verdict"] not in KINDS:
            raise ValueError(f"{VERDICTS.name}: {row.get('package')}")
    return rows


def table(rows: Sequence[Dict[str, Any]]) -> str:
    """The verdicts as Markdown."""
    lines = ["| package | known as | what | verdict | why it does no harm here |", "|---|---|---|---|---|"]
    for row in rows:
        ids = ", ".join(row["ids"])
        lines.append(f"| {row['package']} {row['release']} | {ids} | {row['what']} | {row['verdict']} | {row['why']} |")
    return "\n".join(lines)


def page(text: str, rows: Sequence[Dict[str, Any]]) -> str:
    """The page with the present table."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table(rows)}\n{END}{after}"


def problems(report: Dict[str, Any], rows: Sequence[Dict[str, Any]]) -> List[str]:
    """What is wrong with a report of pip-audit: packages not looked up, vulnerabilities without verdict."""
    known: Dict[str, Set[str]] = {}
    for row in rows:
        known.setdefault(row["package"], set()).update(row["ids"])
    found = []
    skipped = [dependency["name"] for dependency in report["dependencies"] if "skip_reason" in dependency]
    if skipped:
        found.append(f"{len(skipped)} packages could not be looked up, so nothing is known of them: {skipped[0]}, ...")
    for dependency in report["dependencies"]:
        for vulnerability in dependency.get("vulns", ()):
            names = {vulnerability["id"], *vulnerability["aliases"]}
            if not names & known.get(dependency["name"], set()):
                fixed = ", ".join(vulnerability["fix_versions"]) or "nowhere yet"
                ids = " ".join(sorted(names))
                found.append(f"{dependency['name']} {dependency['version']}: {ids} has no verdict (fixed in {fixed})")
    return found


def looked_up() -> Dict[str, Any]:
    """What pip-audit says of the lock."""
    command = [str(ROOT / ".venv-supply/bin/pip-audit"), "--requirement", str(ROOT / "requirements.lock")]
    command += ["--no-deps", "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    return json.loads(answer.stdout)


def main() -> None:
    """Writes the table; unless told to do only that, asks for the vulnerabilities."""
    rows = verdicts()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    if "--write" in sys.argv[1:]:
        return
    found = problems(looked_up(), rows)
    print("\n".join(found) or "Every known vulnerability has a verdict.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
