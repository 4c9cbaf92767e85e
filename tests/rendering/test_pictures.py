"""Pictures: valid, accessible, true to the reviewed numbers, and the same as PNG."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.knowledge import lab_bands, load
from bot.knowledge.lab_bands import unit_named
from bot.reasoning.assessment import assess
from bot.reasoning.case import Case, Fact, LabResult
from bot.reasoning.labs import place
from bot.rendering import fonts
from bot.rendering.balance import weigh
from bot.rendering.picture import band_word, drawable
from bot.rendering.pictures import comparison_table, for_and_against, recovery_timeline, result_scale, to_png
from bot.rendering.result_scale import limits, scale_for

KNOWLEDGE = load()
SVG = "{http://www.w3.org/2000/svg}"
RESULTS = [
    ("serum_b12", 160, "ng/L", None, (180, 900)),
    ("serum_b12", 200, "pmol/L", None, None),
    ("serum_b12", 2000, "pg/mL", ">", None),
    ("serum_b12", 150, "ng/L", "<", None),
    ("active_b12", 30, "pmol/L", None, (25, 165)),
    ("mma", 350, "nmol/L", None, None),
    ("mma", 35, "ng/mL", None, (None, 33)),
    ("homocysteine", 2.4, "mg/L", None, None),
    ("haemoglobin", 11.2, "g/dL", None, None),
    ("mcv", 104, "fL", None, None),
    ("folate", 2.4, "µg/L", None, None),
    ("ferritin", 12, "ng/mL", None, (15, None)),
    ("egfr", 44, "mL/min/1.73m²", None, None),
    ("hba1c", 6.4, "%", None, None),
    ("tsh", 1.2, "mIU/L", None, (None, 4.5)),
    ("ck", 3000, "U/L", None, None),
    ("serum_b12", 2000, "pg/mL", ">", (180, 900), "2023-11"),
]
ROWS = [("burning", "present"), ("tingling", "present"), ("numbness", "absent"), ("unsteadiness", "present")]
CASE = Case(
    facts=(
        *(Fact("finding", id_, status, {"site": ["foot"], "side": "both"}) for id_, status in ROWS),
        Fact("risk_factor", "metformin", "present"),
        Fact("risk_factor", "alcohol", "absent"),
    ),
    general={"onset": "gradual", "timing": ["night"]},
)


def result(analyte, number, unit, comparator=None, own=None, when=None):
    return place(LabResult(analyte, number, unit, comparator, own, when=when), KNOWLEDGE.labs)


def pictures():
    table = KNOWLEDGE.tables["b12_sciatica_meralgia"]
    yield comparison_table(table.title, table.columns, table.rows)
    yield comparison_table("", ["", "Sciatica", "Meralgia"], [["Onset", "a < b", "c & d"]])
    yield recovery_timeline(KNOWLEDGE)
    yield for_and_against(CASE, assess(CASE, KNOWLEDGE), KNOWLEDGE)
    yield for_and_against(Case(), assess(Case(), KNOWLEDGE), KNOWLEDGE)
    for row in RESULTS:
        yield result_scale(result(*row), KNOWLEDGE)


PICTURES = list(pictures())


def texts(picture):
    return [element.text or "" for element in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_a_picture_says_in_words_what_it_shows(picture):
    root = ElementTree.fromstring(picture.svg)
    assert root[0].tag == f"{SVG}title" and root[0].text == picture.title
    assert root[1].tag == f"{SVG}desc" and root[1].text == picture.alt and len(picture.alt) > 20
    assert root.get("role") == "img" and root.get("aria-labelledby") == "title desc"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_nothing_is_cut_off(picture):
    root = ElementTree.fromstring(picture.svg)
    width, height = float(root.get("width")), float(root.get("height"))
    for element in root.iter(f"{SVG}text"):
        wide = fonts.width(element.text or "", float(element.get("font-size")), element.get("font-weight") == "bold")
        left = float(element.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor")]
        assert left >= 0 and left + wide <= width, element.text
        assert 0 < float(element.get("y")) < height


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_no_text_stands_on_another(picture):
    lines = {}
    for element in ElementTree.fromstring(picture.svg).iter(f"{SVG}text"):
        wide = fonts.width(element.text or "", float(element.get("font-size")), element.get("font-weight") == "bold")
        left = float(element.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor")]
        lines.setdefault(element.get("y"), []).append((left, left + wide, element.text))
    for line in map(sorted, lines.values()):
        for (_, end, before), (start, _, after) in zip(line, line[1:]):
            assert end <= start, (before, after)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_words_can_be_read_on_a_telephone(picture):
    """At 330 of the width that a telephone has for a picture; tables are set as words there."""
    root = ElementTree.fromstring(picture.svg)
    sizes = [float(element.get("font-size")) for element in root.iter(f"{SVG}text")]
    assert float(root.get("width")) > 440 or min(sizes) * 330 / float(root.get("width")) >= 12


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_text_stands_out_from_its_ground(picture):
    """WCAG 2.1 AA: 4.5 to 1, on white and on every light ground that is used."""
    root = ElementTree.fromstring(picture.svg)
    dark = [element for element in root.iter(f"{SVG}text") if element.get("fill") != "#ffffff"]
    grounds = {element.get("fill") for element in root.iter(f"{SVG}rect")}
    light = [fill for fill in grounds if luminance(fill) > 0.5]
    for ink in {element.get("fill") for element in dark}:
        used = light if ink == "#1a1a1a" else ["#ffffff"]
        for ground in used:
            assert (luminance(ground) + 0.05) / (luminance(ink) + 0.05) >= 4.5


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("picture", PICTURES[:6], ids=lambda picture: picture.title)
def test_the_png_is_the_picture_at_twice_the_size(picture):
    image = Image.open(BytesIO(to_png(picture.svg)))
    root = ElementTree.fromstring(picture.svg)
    assert image.format == "PNG"
    assert image.width == 2 * float(root.get("width")) and abs(image.height - 2 * float(root.get("height"))) <= 1
    assert len(image.convert("RGB").getcolors(1 << 20)) > 4


def test_a_foreign_shape_is_refused():
    with pytest.raises(ValueError, match="path"):
        to_png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0"/></svg>')


# --- the scale -------------------------------------------------------------------------------------

UNITS = [
    (analyte, unit)
    for analyte in KNOWLEDGE.labs.values()
    if drawable(analyte.id)
    for unit in analyte.units
    if not unit.slip
]


@pytest.mark.parametrize(("analyte", "unit"), UNITS, ids=lambda value: getattr(value, "id", None) or value.unit)
def test_the_drawn_bands_are_those_a_value_is_judged_by(analyte, unit):
    scale = scale_for(analyte, unit)
    assert scale.bands and scale.low < scale.high
    ends = limits(scale.bands)
    assert all(scale.low < end < scale.high for end in ends)
    for position in range(1, 40):
        value = scale.low + (scale.high - scale.low) * position / 40
        if not lab_bands.is_plausible(analyte, value, scale.unit):
            continue
        drawn = next(
            band.band
            for band in scale.bands
            if (band.low is None or band.low <= value)
            and (band.high is None or value < band.high or (band.high_inclusive and value == band.high))
        )
        assert drawn == lab_bands.band(analyte, value, scale.unit)


@pytest.mark.parametrize("row", RESULTS, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_the_scale_shows_the_published_limits_the_value_and_its_band(row):
    lab = result(*row)
    picture = result_scale(lab, KNOWLEDGE)
    shown = " ".join(texts(picture))
    analyte = KNOWLEDGE.labs[lab.analyte]
    scale = scale_for(analyte, unit_named(analyte, lab.unit))
    for end in limits(scale.bands):
        assert re.search(rf"(?<![\d.]){end:g}(?![\d.])", shown)
        assert f"{end:g}" in picture.alt
    number = row[1] if scale.unit == lab.unit else lab.canonical["number"]
    assert f"{row[3] or ''}{number:.4g} {scale.unit}" in shown
    assert band_word(lab.band) in picture.alt
    assert all(band_word(band.band).split()[0] in shown for band in scale.bands)


def test_the_value_stands_in_its_band():
    scale = scale_for(KNOWLEDGE.labs["serum_b12"], unit_named(KNOWLEDGE.labs["serum_b12"], "ng/L"))
    assert scale.x(0) < scale.x(179) < scale.x(180) < scale.x(350) < scale.x(600)
    assert scale.x(5000) == scale.x(scale.high)


def test_the_labs_own_range_is_converted_with_the_number():
    picture = result_scale(result("mma", 35, "ng/mL", None, (None, 33)), KNOWLEDGE)
    assert "0.2794 µmol/L" in picture.alt


@pytest.mark.parametrize(
    "lab",
    [
        LabResult("serum_b12", 200, None),
        LabResult("serum_b12", 0.2, "ng/mL", band="implausible"),
        LabResult("intrinsic_factor_antibody", None, None, band="raised"),
        LabResult("intrinsic_factor_antibody", 30, "U/mL", band="raised"),
    ],
)
def test_without_a_place_there_is_no_scale(lab):
    assert result_scale(lab, KNOWLEDGE) is None


# --- for and against, tables -------------------------------------------------------------------------


def test_bars_are_the_weights_of_the_evidence():
    assessment = assess(CASE, KNOWLEDGE)
    balances = weigh(CASE, assessment, KNOWLEDGE)
    picture = for_and_against(CASE, assessment, KNOWLEDGE)
    for balance, ranked in zip(balances, assessment.ranking):
        assert {phrase for phrase, _ in balance.supports} <= set(ranked.supports_phrases)
        assert {phrase for phrase, _ in balance.against} <= set(ranked.against_phrases)
        assert all(weight > 0 for _, weight in balance.supports) and all(weight < 0 for _, weight in balance.against)
        for phrase, _ in balance.supports + balance.against:
            assert phrase in picture.alt
    signs = [text for text in texts(picture) if text in "+−"]
    assert signs.count("+") == sum(len(balance.supports) for balance in balances)
    assert signs.count("−") == sum(len(balance.against) for balance in balances)


def test_the_longest_bar_is_the_heaviest_reason():
    assessment = assess(CASE, KNOWLEDGE)
    heaviest = max(
        abs(weight) for row in weigh(CASE, assessment, KNOWLEDGE) for _, weight in row.supports + row.against
    )
    root = ElementTree.fromstring(for_and_against(CASE, assessment, KNOWLEDGE).svg)
    bars = [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")][1:]
    weights = [abs(weight) for row in weigh(CASE, assessment, KNOWLEDGE) for _, weight in row.supports + row.against]
    assert len(bars) == len(weights)
    assert weights[bars.index(max(bars))] == heaviest


@pytest.mark.parametrize("name", sorted(KNOWLEDGE.tables))
def test_a_table_loses_no_cell(name):
    table = KNOWLEDGE.tables[name]
    picture = comparison_table(table.title, table.columns, table.rows)
    shown = " ".join(texts(picture)).replace(" ", "")
    for row in [table.columns, *table.rows]:
        for cell in row:
            assert all(word in shown for word in cell.split())
    assert all(cell in picture.alt for row in table.rows for cell in row)


def test_pictures_do_not_change_what_they_show():
    lab = result("serum_b12", 160, "ng/L")
    assert result_scale(lab, KNOWLEDGE) == result_scale(replace(lab, turn=9), KNOWLEDGE)


def test_the_message_carries_picture_and_words():
    picture = recovery_timeline(KNOWLEDGE)
    assert picture.contract() == {"kind": "picture", "title": picture.title, "svg": picture.svg, "alt": picture.alt}
