"""Status of spans by medspaCy's ConText with its own English rules: JSON on standard input, JSON on standard output.

Runs in an environment of its own (``requirements-evaluation.lock``), so it imports nothing of the project.
Input: ``[{"text": ..., "spans": [[start, end], ...]}]``. Output: for each text the statuses of its spans.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any, Dict, List

import spacy
from medspacy.context import ConText

# What ConText says of a span, strongest first, in the words of the vocabulary. It has no such thing as "present".
FLAGS = (
    ("is_family", "other_person"),
    ("is_hypothetical", "hypothetical"),
    ("is_historical", "past"),
    ("is_negated", "absent"),
    ("is_uncertain", "uncertain"),
)


def statuses(nlp: Any, context: Any, text: str, spans: List[List[int]]) -> List[str]:
    """The status of each span of one text; each is judged alone, as spans may overlap."""
    found = []
    for start, end in spans:
        doc = nlp(text)
        span = doc.char_span(start, end, label="FINDING", alignment_mode="expand")
        doc.ents = [span]
        context(doc)
        flags: Dict[str, bool] = {name: getattr(doc.ents[0]._, name) for name, _ in FLAGS}
        found.append(next((status for name, status in FLAGS if flags[name]), "present"))
    return found


def main() -> None:
    """Reads, judges, writes."""
    logging.disable(logging.CRITICAL)
    # The library prints while it loads; the answer alone may reach standard output.
    answer, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    context = ConText(nlp)
    rows = json.load(sys.stdin)
    json.dump([statuses(nlp, context, row["text"], row["spans"]) for row in rows], answer)


if __name__ == "__main__":
    main()
