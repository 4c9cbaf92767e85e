"""``python -m bot.channels.check``: for each channel what is set up, what is missing, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import dataclass
from typing import Any, Callable, Coroutine, Dict, List, Mapping, Optional, Sequence

from bot import quiet  # noqa: F401 - before what warns
from bot.channels import check_online, check_settings
from bot.channels.check_settings import OFF, OK, PROBLEM, Finding

Look = Callable[[Mapping[str, str]], List[Finding]]
Ask = Callable[[Mapping[str, str]], Coroutine[Any, Any, List[Finding]]]
MARKS = {OK: "ok ", OFF: "off", PROBLEM: "!! "}


@dataclass(frozen=True)
class Channel:
    """``look`` needs no network; ``ask`` calls the service."""

    name: str
    look: Look
    ask: Optional[Ask] = None


CHANNELS = (
    Channel("All channels", check_settings.everywhere),
    Channel("Web widget", check_settings.web, check_online.web),
    Channel("Telegram", check_settings.telegram, check_online.telegram),
    Channel("Slack", check_settings.slack, check_online.slack),
    Channel("Terminal", check_settings.shell),
)


def report(environment: Mapping[str, str], online: bool = False) -> Dict[str, List[Finding]]:
    """The findings for each channel; a channel that is off or wrongly set up is not called."""
    found = {}
    for channel in CHANNELS:
        findings = channel.look(environment)
        if online and channel.ask is not None and all(finding.state == OK for finding in findings):
            findings = findings + asyncio.run(channel.ask(environment))
        found[channel.name] = findings
    return found


def written(found: Mapping[str, Sequence[Finding]]) -> str:
    """The report as text. No secret is in it."""
    lines: List[str] = []
    for name, findings in found.items():
        lines.append(name)
        for finding in findings:
            lines.append(f"  {MARKS[finding.state]} {finding.what}")
            lines += [f"      -> {finding.do}"] if finding.do else []
    return "\n".join(lines)


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """0 if everything that is set up is set up well, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--online", action="store_true", help="also ask this server, Telegram and Slack")
    options = parser.parse_args(arguments)
    found = report(os.environ, options.online)
    print(written(found))
    return int(any(finding.state == PROBLEM for findings in found.values() for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
