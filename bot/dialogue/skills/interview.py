"""The guided interview: shows what was understood, asks the next question, concludes."""

from __future__ import annotations

from typing import Dict, List, Mapping

from bot.dialogue.answers import as_contract, options_of
from bot.dialogue.skills import assessment, results, urgent
from bot.dialogue.turn import Turn, listed
from bot.knowledge.schema import Question
from bot.reasoning.interview import expected_questions, next_question

COMPLAINTS = ("sensory", "motor", "gait", "restless", "back", "limb", "red_flag")
MOST_MISSES = 2  # clarifications in a row before a menu is offered; the reference asks for no dead ends


def run(turn: Turn) -> None:
    """Takes what was told further: results, corrections, the next question or the conclusion."""
    if results.settle_unit(turn) or turn.new_labs:
        results.read(turn)
    urgent.raise_from_answers(turn)
    if turn.talk.paused:
        urgent.remind(turn)
        return
    if turn.new_facts:
        _show_understood(turn)
    if not (turn.answered or turn.message.informs or turn.new_labs or turn.says) and turn.talk.consent:
        if _missed(turn):
            return
    proceed(turn)


def resume(turn: Turn) -> None:
    """After a digression: asks the pending question again, or goes on."""
    if turn.talk.paused:
        urgent.remind(turn)
    elif turn.talk.pending and turn.talk.pending.startswith(results.UNIT):
        return
    elif turn.talk.pending in turn.knowledge.questions:
        turn.say("utter_back_to_question")
        ask(turn, turn.knowledge.questions[turn.talk.pending])
    elif turn.talk.consent and has_complaint(turn) and not turn.talk.concluded:
        proceed(turn)


def proceed(turn: Turn) -> None:
    """Asks the next question, or concludes when nothing worth asking is left."""
    if turn.talk.pending and turn.talk.pending.startswith(results.UNIT):
        return
    if not has_complaint(turn):
        if not turn.new_labs:
            turn.say("utter_invite")
        return
    question = next_question(turn.case, turn.talk.asked, turn.knowledge)
    if question is None:
        assessment.conclude(turn)
    else:
        turn.change(concluded=False)
        ask(turn, question)


def has_complaint(turn: Turn) -> bool:
    """Whether anything is known that an assessment could start from."""
    groups = turn.knowledge.finding_groups
    ids = {id_ for group in groups for id_ in groups[group]}
    return any(fact.status in ("present", "uncertain") for fact in turn.case.of("finding", *ids))


def ask(turn: Turn, question: Question) -> None:
    """Asks one question, in the form every channel can show and answer."""
    first_time = question.key not in turn.talk.asked
    turn.talk = turn.talk.ask(question.key)
    options = options_of(question, turn.knowledge)
    asked = len(turn.talk.asked)
    custom: Dict[str, object] = {
        "kind": "question",
        "about": question.about,
        "id": question.id,
        "type": question.type,
        "options": as_contract(options),
        "progress": {"asked": asked, "expected": expected_questions(turn.case, turn.talk.asked, turn.knowledge)},
        "key": question.key,
        "stage": question.stage,
    }
    if question.about == "attribute":
        custom["of"] = question.of
    if question.value is not None:
        custom["value"] = question.value
    controls = [turn.word("answer_why"), turn.word("answer_skip")]
    if asked > 1 or not first_time:
        controls.append(turn.word("answer_back"))
    turn.say(
        "utter_ask_multi" if question.type == "multi_choice" else "utter_ask",
        buttons=[option.title for option in options] + controls,
        custom=custom,
        question=question.text_other if turn.talk.about_other else question.text,
    )


def _missed(turn: Turn) -> bool:
    """Nothing was understood: asks again in a shorter way, then offers what can be done."""
    turn.change(misses=turn.talk.misses + 1)
    question = turn.knowledge.questions.get(turn.talk.pending or "")
    custom = {"kind": "clarify", "reason": "not_understood"}
    if turn.talk.misses > MOST_MISSES:
        turn.say("utter_menu", custom=custom, buttons=[turn.word("answer_skip"), turn.word("answer_result")])
    elif question is None:
        turn.say("utter_clarify", custom=custom)
    else:
        options = listed([option.title for option in options_of(question, turn.knowledge)])
        turn.say("utter_clarify_answer", custom=custom, options=options)
    if question is not None:
        ask(turn, question)
    return True


def _show_understood(turn: Turn) -> None:
    """Plays back new facts, so that they can be corrected."""
    by_status: Dict[str, List[str]] = {}
    for fact in turn.new_facts:
        by_status.setdefault(str(fact["status"]), []).append(phrase(turn, fact))
    sentences = [
        turn.word(f"status_{status}").replace("{things}", listed(phrases))
        for status, phrases in by_status.items()
        if f"status_{status}" in turn.knowledge.words
    ]
    if sentences:
        turn.say("utter_understood", understood=" ".join(sentences), custom={"kind": "understood", "facts": turn.new_facts})


def phrase(turn: Turn, fact: Mapping[str, object]) -> str:
    """A fact in plain words: "tingling in both feet, worse at night"."""
    knowledge = turn.knowledge
    if fact["kind"] == "risk_factor":
        return knowledge.risk_factors[str(fact["id"])].phrase
    words = [knowledge.findings[str(fact["id"])].phrase]
    attributes: Mapping[str, object] = fact.get("attributes") or {}  # type: ignore[assignment]
    for name in ("site", "side", "timing", "course"):
        value = attributes.get(name)
        values = list(value) if isinstance(value, (list, tuple)) else [value] if value else []
        titles = {entry.id: entry.phrase for entry in knowledge.attributes[name].values}
        if values:
            words.append(listed([titles.get(str(item), str(item)) for item in values]))
    return " ".join(words)


