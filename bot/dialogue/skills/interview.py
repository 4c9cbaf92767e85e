"""The guided interview: takes what was told, asks the next question, concludes."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict

from bot.dialogue.answers import as_contract, options_of, still_open
from bot.dialogue.journal import UNSURE
from bot.dialogue.skills import assessment, contradiction, results, understood, update, urgent
from bot.dialogue.turn import Turn
from bot.knowledge.schema import Question
from bot.reasoning.interview import expected_questions, next_question

CRISIS = "suicidal_thoughts"  # a reason for help, not for questions about a leg
YOUNGEST = 16  # years; the intended purpose ends there, and children's legs hurt for other reasons
CONTROLS = ("why", "skip", "back")
MOST_MISSES = 2  # clarifications in a row; the reference asks for no dead ends
COMPLAINT = "complaint"  # key of the question for people whose own words told nothing


def run(turn: Turn) -> None:
    """Takes what was told further: results, the next question or the conclusion."""
    if turn.ask_again:
        ask(turn, turn.knowledge.questions[turn.ask_again])
        return
    contradiction.settle(turn)
    results.settle_unit(turn)
    results.read(turn)
    urgent.raise_from_answers(turn)
    if urgent.must_pause(turn) and not turn.talk.paused:
        urgent.pause(turn)
    if turn.talk.paused:
        return
    understood.show(turn)
    if contradiction.ask(turn):
        return
    if turn.talk.concluded and _nothing_understood(turn) and turn.message.intent in ("deny", "affirm", "skip"):
        turn.say("utter_done")
    elif _nothing_understood(turn):
        _clarify(turn)
    else:
        _put_off(turn)
        proceed(turn)


def _put_off(turn: Turn) -> None:
    """A question met by other news instead of an answer may be asked again, but not without end."""
    if turn.talk.pending in turn.knowledge.questions and not turn.answered and turn.talk.misses < MOST_MISSES:
        turn.talk = replace(turn.talk.unask(), misses=turn.talk.misses + 1)


def after_urgent(turn: Turn) -> None:
    """After the advice on a red flag: an emergency pauses the questions, a lesser urgency does not."""
    if urgent.must_pause(turn):
        urgent.pause(turn)
    else:
        run(turn)


def result_so_far(turn: Turn) -> None:
    """The result on request; the interview then goes on."""
    if has_complaint(turn):
        assessment.report(turn, complete=turn.talk.concluded)
    else:
        turn.say("utter_no_result_yet")
    resume(turn)


def resume(turn: Turn) -> None:
    """After a digression: asks the pending question again, or goes on."""
    pending = turn.talk.pending or ""
    if turn.talk.paused:
        return
    if results.waits_for_unit(turn):
        results.ask_unit_again(turn)
    elif pending in turn.knowledge.questions:
        turn.say("utter_back_to_question")
        ask(turn, turn.knowledge.questions[pending])
    elif turn.talk.consent and has_complaint(turn) and not turn.talk.concluded:
        proceed(turn)


def proceed(turn: Turn) -> None:
    """Asks the next question, or concludes when nothing worth asking is left."""
    if results.waits_for_unit(turn):
        if not turn.new_labs:
            results.ask_unit_again(turn)
        return
    if not has_complaint(turn):
        if turn.new_labs:
            results.ask_what_would_change_it(turn)
        else:
            _ask_for_complaint(turn)
        return
    if _too_young(turn):
        turn.change(pending=None, concluded=True)
        turn.say("utter_under_sixteen")
        return
    question = next_question(turn.case, turn.talk.asked, turn.knowledge)
    if question is None:
        _conclude(turn)
    else:
        turn.change(concluded=False)
        ask(turn, question)


def _ask_for_complaint(turn: Turn) -> None:
    """First in the person's own words; where these told nothing, from a list."""
    if COMPLAINT in turn.talk.asked:
        turn.say("utter_menu")
    elif turn.talk.misses:
        turn.change(misses=0)
        turn.say("utter_not_clear_yet")
        ask(turn, turn.knowledge.questions[COMPLAINT])
    else:
        turn.change(misses=1)
        turn.say("utter_invite")


def _too_young(turn: Turn) -> bool:
    age = turn.case.profile.get("age")
    return isinstance(age, (int, float)) and age < YOUNGEST


def has_complaint(turn: Turn) -> bool:
    """Whether anything is known that an assessment could start from."""
    told = [fact for fact in turn.case.facts if fact.kind == "finding" and fact.id != CRISIS]
    return any(fact.status in ("present", "uncertain") for fact in told)


def ask(turn: Turn, question: Question) -> None:
    """Asks one question, in the form every channel can show and answer."""
    turn.talk = turn.talk.ask(question.key)
    options = options_of(still_open(question, turn.case), turn.knowledge)
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
    controls = CONTROLS if options else ("not_sure", *CONTROLS)
    turn.say(
        "utter_ask",
        buttons=[option.title for option in options] + [turn.word(f"answer_{control}") for control in controls],
        custom=custom,
        question=question.text_other if turn.talk.about_other else question.text,
    )


def _conclude(turn: Turn) -> None:
    known = update.is_enough(turn)
    turn.change(pending=None, concluded=True)
    if known:
        update.report(turn)
    else:
        assessment.report(turn, complete=True)
    offers = ("summary", "result", "tests") if known else ("summary", "tests", "change")
    turn.say("utter_after_result", buttons=[turn.word(f"answer_{offer}") for offer in offers])


def _nothing_understood(turn: Turn) -> bool:
    return not (turn.answered or turn.message.informs or turn.says or turn.consented)


def _clarify(turn: Turn) -> None:
    """Asks again in other words; a question missed too often is left open, so that the talk never gets stuck."""
    turn.change(misses=turn.talk.misses + 1)
    question = turn.knowledge.questions.get(turn.talk.pending or "")
    custom = {"kind": "clarify", "reason": "not_understood"}
    if question is None and turn.talk.consent and turn.talk.misses > 1 and not has_complaint(turn):
        _ask_for_complaint(turn)
    elif question is None:
        turn.say("utter_clarify" if turn.talk.misses <= MOST_MISSES else "utter_menu", custom=custom)
    elif turn.talk.misses > MOST_MISSES:
        turn.say("utter_leave_open", custom=custom)
        turn.talk = replace(turn.talk.record("answer", question=question.key, value=UNSURE), pending=None, misses=0)
        proceed(turn)
    else:
        which = turn.message.intent == "affirm" and question.type in ("choice", "multi_choice")
        turn.say("utter_clarify_which" if which else f"utter_clarify_{question.type}", custom=custom)
        ask(turn, question)
