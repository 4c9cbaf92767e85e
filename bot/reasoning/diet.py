"""How much vitamin B12 a diet holds, as a range, beside the published daily amounts.

The estimate only adds up servings from ``foods.yml``. It says nothing about what the body takes up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from babel.lists import format_list
from typing_extensions import Protocol

from bot.knowledge.loader import FOLDER, Knowledge, read_yaml
from bot.knowledge.schema import Food
from bot.reasoning.case import Case

LANGUAGE = "en_GB"
NOTHING = 0.1  # micrograms a day below which a diet holds no useful amount
MOST_FOODS = 3  # whose servings are told at once
MEETS, BELOW, UNCLEAR = "meets", "below", "unclear"
# Risk factors for which published daily amounts differ, and the name of the value in the facts.
SPECIAL = {"breastfeeding": "breastfeeding_micrograms", "pregnancy": "pregnancy_micrograms"}
ADULT = "adult_micrograms"


class Eaten(Protocol):
    """Food as told; see ``bot.understanding.foods``."""

    @property
    def foods(self) -> Tuple[str, ...]:
        """The ids it may be."""

    @property
    def words(self) -> str:
        """What the person calls it."""

    @property
    def servings(self) -> Tuple[float, float]:
        """Servings in one day, least and most."""

    @property
    def often_said(self) -> bool:
        """Whether it was said how often."""


@dataclass(frozen=True)
class Need:
    """A published daily amount in micrograms, the fact it comes from, and how the diet compares."""

    id: str
    title: str
    micrograms: float
    fact: str
    verdict: str


@dataclass(frozen=True)
class FoodShare:
    """What one food brings, in micrograms a day."""

    words: str
    low: float
    high: float


@dataclass(frozen=True)
class DietEstimate:
    """Micrograms a day, ``low`` to ``high``. ``sources`` are only those that everything shown can be cited with."""

    low: float
    high: float
    shares: Tuple[FoodShare, ...]
    needs: Tuple[Need, ...]
    special: bool
    unreliable: Tuple[str, ...]
    fortified: bool
    guessed: Tuple[str, ...]
    supplement: bool
    facts: Tuple[str, ...]
    sources: Tuple[str, ...]


def estimate(
    eaten: Sequence[Eaten], knowledge: Knowledge, case: Optional[Case] = None, supplement: bool = False
) -> DietEstimate:
    """The estimate for these foods. ``supplement`` is whether B12 is also taken, which is not counted."""
    shares = tuple(_share(item, knowledge.foods) for item in eaten)
    low, high = sum(share.low for share in shares), sum(share.high for share in shares)
    foods = [knowledge.foods[id_] for item in eaten for id_ in item.foods]
    needs, special = _needs(low, high, knowledge, case or Case())
    facts = tuple(need.fact for need in needs)
    keys = [source for fact in facts for source in knowledge.facts[fact].sources]
    if all(food.confidence in ("seen", "seen_2nd") for food in foods):
        keys += [source for food in foods for source in food.sources]
    counted = [item for item in eaten if any(knowledge.foods[id_].reliable for id_ in item.foods)]
    return DietEstimate(
        low=low,
        high=high,
        shares=shares,
        needs=needs,
        special=special,
        unreliable=_unique([item.words for item in eaten if item not in counted]),
        fortified=any(food.diet == "fortified" for food in foods),
        guessed=_unique([item.words for item in counted if not item.often_said]),
        supplement=supplement,
        facts=facts,
        sources=_unique(keys),
    )


def bubbles(result: DietEstimate) -> List[str]:
    """The estimate in words, a bubble each: the amount, how it compares and its limits, what is open."""
    words = _words()
    if not result.shares:
        return [words["supplement"], words["nothing_read"]] if result.supplement else [words["nothing_read"]]
    nothing = result.high < NOTHING
    verdicts = {need.verdict for need in result.needs}
    key = "unclear" if UNCLEAR in verdicts else "meets_all" if verdicts == {MEETS} else "meets_some"
    key = "below_all" if verdicts == {BELOW} else key
    amount = words["amount_none"] if nothing else words["amount"].format(range=spell(result.low, result.high))
    needs = words["needs_special" if result.special else "needs"].format(needs=_listed_needs(result.needs))
    told = [f"{amount} {needs}", f"{words[key]} {words['limits']}"]
    if result.guessed:
        told.append(words["how_often"].format(foods=_listed(result.guessed)))
    if result.unreliable:
        told.append(words["unreliable"].format(foods=_listed(result.unreliable)))
    if result.fortified:
        told.append(words["label"])
    if result.supplement:
        told.append(words["supplement"])
    return [*told, words["absorption"]]


def servings(eaten: Sequence[Eaten], knowledge: Knowledge, case: Optional[Case] = None) -> List[str]:
    """What one serving of each food holds and its share of a day's need, a bubble each."""
    words, (needs, special) = _words(), _needs(0, 0, knowledge, case or Case())
    known = {id_: knowledge.foods[id_] for item in eaten for id_ in item.foods}
    told = [_serving(food, needs) for food in known.values() if food.reliable][:MOST_FOODS]
    empty = _unique([item.words for item in eaten if not any(known[id_].reliable for id_ in item.foods)])
    if told and special:
        told.append(words["shares_special"])
    if empty:
        told.append(words["unreliable"].format(foods=_listed(empty)))
    if any(food.diet == "fortified" for food in known.values()):
        told.append(words["label"])
    return told


def _serving(food: Food, needs: Sequence[Need]) -> str:
    words = _words()
    high = food.micrograms_high or food.micrograms
    shares = [
        words["need" if need.title.isupper() else "need_no_article"].format(
            micrograms=_percent(food.micrograms / need.micrograms, high / need.micrograms), title=need.title
        )
        for need in needs
    ]
    title = food.title[:1].upper() + food.title[1:]
    amount = spell(food.micrograms, high)
    return words["serving"].format(food=title, range=amount, serving=food.serving, shares=_listed(shares))


def _percent(low: float, high: float) -> str:
    """A share of 1 in per cent; what is more than all is only called so."""
    if low > 1:
        return _words()["share_of_more"]
    least, most = (f"{100 * share:.0f}" for share in (low, min(high, 1)))
    return _words()["share"].format(percent=least if least == most else f"{least} to {most}")


def spell(low: float, high: float) -> str:
    """A range of micrograms, no finer than it is known: "0.5 to 1.2", "3 to 8"."""
    least, most = (f"{value:.1f}" if value < 3 else f"{value:.0f}" for value in (low, high))
    least, most = (text[:-2] if text.endswith(".0") else text for text in (least, most))
    return least if least == most else f"{least} to {most}"


def _share(item: Eaten, foods: Mapping[str, Food]) -> FoodShare:
    known = [foods[id_] for id_ in item.foods]
    least = min(food.micrograms for food in known)
    most = max(food.micrograms_high or food.micrograms for food in known)
    reliable = any(food.reliable for food in known)
    low, high = item.servings
    return FoodShare(item.words, low * least if reliable else 0.0, high * most if reliable else 0.0)


def _needs(low: float, high: float, knowledge: Knowledge, case: Case) -> Tuple[Tuple[Need, ...], bool]:
    """The daily amounts that apply; in pregnancy and breast-feeding only those published for it."""
    present = {fact.id for fact in case.facts if fact.kind == "risk_factor" and fact.status == "present"}
    key = next((value for name, value in SPECIAL.items() if name in present), ADULT)
    needs = []
    published: Mapping[str, Mapping[str, str]] = _data()["needs"]  # type: ignore[assignment]
    for id_, row in published.items():
        amount = knowledge.facts[row["fact"]].values.get(key)
        if amount is not None:
            needs.append(Need(id_, row["title"], amount, row["fact"], _verdict(low, high, amount)))
    return tuple(needs), key != ADULT


def _verdict(low: float, high: float, amount: float) -> str:
    if low >= amount:
        return MEETS
    return BELOW if high < amount else UNCLEAR


def _listed_needs(needs: Sequence[Need]) -> str:
    """ "1.5 in the UK, 2.4 in the US and 4 in Europe"."""
    words = _words()
    return _listed(
        [
            words["need" if need.title.isupper() else "need_no_article"].format(
                micrograms=f"{need.micrograms:g}", title=need.title
            )
            for need in needs
        ]
    )


def _listed(items: Sequence[str]) -> str:
    return str(format_list(list(items), locale=LANGUAGE))


def _unique(items: Sequence[str]) -> Tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _words() -> Dict[str, str]:
    words: Dict[str, str] = _data()["words"]  # type: ignore[assignment]
    return words


@lru_cache(maxsize=1)
def _data() -> Mapping[str, object]:
    data = read_yaml(FOLDER / "diet.yml")
    assert isinstance(data, dict)
    return data
