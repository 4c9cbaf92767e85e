"""The doctor's page: real text in reading order, tagged, everything on it, one page where it can be."""

from __future__ import annotations

import re

import pytest

from bot.rendering.markdown import FOOTER, blocks, runs
from bot.rendering.pdf import SIZES, SMALL, summary_pdf
from tests.rendering.reading import Reading

TYPICAL = """# Summary for a doctor

Written by Myelin. It is not a diagnosis.

**Person:** 61 years, female at birth

## Warning signs
- none told in this chat

## In the person's own words
- "my feet have been burning for months – both of them. José says it's nerves (\\ or so)"

## Results typed in
- MMA: **0.35 µmol/L**, raised (the lab's own range: up to 0.28)

## Possibilities to consider
{possibilities}

## Answers in the chat
{answers}

---
General information, knowledge version 0123456789ab. It does not replace an examination.
"""
LONG = "For: pins and needles in both feet, metformin among the medicines and trouble at night. Against: no numbness"


def page(answers=25, possibilities=5):
    return TYPICAL.format(
        possibilities="\n".join(f"- **Possibility {number}**: could fit. {LONG}" for number in range(possibilities)),
        answers="\n".join(f"- Question {number} about the leg and the foot? **No**" for number in range(answers)),
    )


def read(markdown):
    return Reading(summary_pdf(markdown, "Summary for a doctor", "en-GB"))


def squeezed(text):
    return re.sub(r"\s+", "", text)


def test_a_typical_summary_is_one_page_that_can_be_read():
    pdf = read(page())
    assert len(pdf.pages) == 1
    assert min(pdf.sizes) >= min(SIZES[-1], SMALL)


@pytest.mark.parametrize("answers", [1, 25, 150])
def test_every_line_is_there_in_order(answers):
    markdown = page(answers)
    expected = [block.text for block in blocks(markdown)]
    pdf = read(markdown)
    body = [text for block, text in zip(blocks(markdown), expected) if block.kind != FOOTER]
    place = 0
    text = squeezed(pdf.text)
    for line in body:
        found = text.find(squeezed(line), place)
        assert found >= 0, line
        place = found + 1
    assert squeezed(expected[-1]) in text


def test_what_is_too_long_goes_on_over_the_page():
    pdf = read(page(answers=150))
    assert len(pdf.pages) > 1
    artifacts = [text for tag, text in pdf.content if tag == "Artifact"]
    assert len(artifacts) == len(pdf.pages) - 1  # the footer is on every page and read out once


def test_a_paragraph_longer_than_a_page_is_not_cut():
    words = [f"word{number}" for number in range(3000)]
    pdf = read(f'# Title\n\n- "{" ".join(words)}"\n')
    assert len(pdf.pages) > 1
    assert [word for word in words if word not in pdf.text.replace('"', " ").split()] == []


def test_a_word_longer_than_a_line_is_broken_not_lost():
    pdf = read(f"# Title\n\n{'x' * 400}\n")
    assert squeezed(pdf.text).count("x") == 400


def test_document_says_its_language_and_title_and_is_tagged():
    pdf = read(page())
    assert (
        b"/Lang (en-GB)" in pdf.catalog and b"/Marked true" in pdf.catalog and b"/DisplayDocTitle true" in pdf.catalog
    )
    assert pdf.tags.count("H1") == 1
    assert pdf.tags.count("H2") == page().count("\n## ")
    assert pdf.tags.count("LBody") == pdf.tags.count("LI") == page().count("\n- ")
    assert pdf.content[0] == ("H1", "Summary for a doctor")
    assert b"/Outlines" in pdf.catalog


@pytest.mark.parametrize("sign", ["µ", "é", "–", "≥", "£", "’", "ß", "ł", "中", "🦵", "\u200d", "\x07", "مرحبا"])
def test_any_sign_somebody_types_makes_a_page(sign):
    pdf = read(f'# Title\n\n- "it {sign} hurts"\n')
    assert "hurts" in pdf.text


def test_symbols_without_a_shape_are_spelt_out():
    assert "[leg]" in read("# Title\n\n- 🦵\n").text


def test_bold_needs_a_pair_of_marks():
    assert runs("a **b** c") == (("a ", False), ("b", True), (" c", False))
    assert runs("2 ** 3") == (("2 ** 3", False),)


def test_an_empty_summary_is_still_a_page():
    assert len(read("# Title\n").pages) == 1


def test_short_bullets_stand_side_by_side_before_a_second_page_is_taken():
    pages = [len(read(page(answers)).pages) for answers in (25, 40, 55, 150)]
    assert pages[:2] == [1, 1] and pages == sorted(pages)
