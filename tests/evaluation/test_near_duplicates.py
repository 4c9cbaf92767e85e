"""The test sets are apart from what the assistant was built from."""

from __future__ import annotations

import pytest

from evaluation.near_duplicates import find, gold_texts, known_texts


@pytest.mark.slow
def test_no_test_message_is_a_near_duplicate_of_what_was_trained_or_tuned_on() -> None:
    tests, known = gold_texts(), known_texts()
    assert len(tests) > 300
    assert len(known) > 1000
    # Names what to reword on the side of the assistant; the test sets stay as they are.
    assert not [f"{each.known.source}: {each.known.text}" for each in find(tests, known) if not each.exempt]
