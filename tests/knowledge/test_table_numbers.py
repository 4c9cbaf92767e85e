"""Each number of a table shown is a value of a fact that the table rests on: every number has one place."""

from __future__ import annotations

import re
from typing import List

import pytest

from bot.knowledge import load
from bot.knowledge.schema import Table

WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
NO_QUANTITY = re.compile(r"\bB12\b|\bone leg\b|\bbit by bit\b", re.IGNORECASE)


def numbers(text: str) -> List[float]:
    """Numbers in digits and words, without names such as B12."""
    plain = NO_QUANTITY.sub("", text.lower())
    return [float(WORDS.get(found, found)) for found in re.findall(rf"\d+(?:\.\d+)?|\b(?:{'|'.join(WORDS)})\b", plain)]


@pytest.mark.parametrize("table", load().tables.values(), ids=lambda table: table.id)
def test_numbers_agree_with_the_facts(table: Table) -> None:
    known = {value for fact in table.facts for value in load().facts[fact].values.values()}
    known |= {number for fact in table.facts for number in numbers(load().facts[fact].statement)}
    # 1 mg is 1000 micrograms
    known |= {value / 1000 for value in known if value >= 1000}
    for row in table.rows:
        for cell in row:
            assert set(numbers(cell)) <= known, cell
