"""One question at a time, never one already answered, always an end."""

from __future__ import annotations

import pytest

from bot.dialogue.answers import options_of
from bot.dialogue.message import Message
from bot.dialogue.respond import respond
from bot.dialogue.skills import answer, interview, small_talk, steering
from bot.dialogue.turn import Turn


def finish(person, reply="no", intent="deny", most=30):
    """Answers every question alike until the result; returns how many were asked."""
    for _ in range(most):
        if person.customs("assessment"):
            return len(person.talk.asked)
        person.says(reply, intent)
    raise AssertionError("the interview did not end")


@pytest.mark.parametrize("intent", ["deny", "not_sure", "skip", "affirm", "nlu_fallback"])
def test_it_ends_whatever_is_answered(in_interview, intent):
    asked = finish(in_interview, reply="...", intent=intent, most=80)
    assert asked <= 20


def test_no_question_is_asked_twice(in_interview):
    finish(in_interview)
    assert len(set(in_interview.talk.asked)) == len(in_interview.talk.asked)


def test_what_was_said_is_not_asked(in_interview, finding):
    pending = in_interview.talk.pending
    in_interview.says(
        "no back pain, no weakness", "inform", finding("back_pain", "absent"), finding("weakness", "absent")
    )
    assert in_interview.talk.pending == pending or in_interview.talk.pending not in ("back_pain", "weakness")
    finish(in_interview)
    assert not {"back_pain", "weakness"} & set(in_interview.talk.asked)


def test_every_question_is_answered_by_number_title_and_act(in_interview):
    knowledge = in_interview.knowledge
    for question in knowledge.questions.values():
        for position, option in enumerate(options_of(question, knowledge), start=1):
            for reply in (str(position), option.title, option.title.upper()):
                in_interview.talk = in_interview.talk.ask(question.key)
                in_interview.says(reply, "nlu_fallback")
                last = in_interview.talk.journal[-1]
                assert last.get("question") == question.key, (question.key, reply)


@pytest.mark.parametrize("intent", ["human", "stop", "what_is_b12", "greet", "out_of_scope"])
def test_an_option_named_outright_is_an_answer_whatever_it_was_taken_for(in_interview, intent):
    in_interview.talk = in_interview.talk.ask("site")
    in_interview.says("Calf, Foot or toes", intent, skill=steering.human)
    assert in_interview.talk.journal[-1]["value"] == ["calf", "foot"]
    assert "utter_human" not in in_interview.responses


@pytest.mark.parametrize("reply", ["Calf and Shin", "calf; shin", "8, 9", "Shin, calf"])
def test_several_options_in_one_reply(in_interview, reply):
    in_interview.talk = in_interview.talk.ask("site")
    in_interview.says(reply, "inform")
    assert in_interview.talk.journal[-1]["value"] == ["calf", "shin"]


def test_why_explains_and_asks_again(in_interview):
    pending = in_interview.talk.pending
    in_interview.says("why?", "why_ask", skill=steering.why_ask)
    assert in_interview.talk.pending == pending
    assert in_interview.question["key"] == pending


def test_back_takes_the_last_answer_back(in_interview):
    first = in_interview.talk.pending
    in_interview.says("no", "deny").says("back", "go_back", skill=steering.go_back)
    assert in_interview.talk.pending == first
    assert not any(entry["kind"] == "answer" for entry in in_interview.talk.journal)


def test_back_twice_goes_two_steps(in_interview):
    first = in_interview.talk.pending
    in_interview.says("no", "deny").says("no", "deny")
    for _ in range(2):
        in_interview.says("back", "go_back", skill=steering.go_back)
    assert in_interview.talk.pending == first


def test_a_side_question_is_answered_and_the_interview_resumes(in_interview):
    pending = in_interview.talk.pending
    mma = {"entity": "test", "value": "mma"}
    in_interview.says("what does mma measure?", "test_explained", mma, skill=answer.run)
    assert in_interview.customs("answer")[0]["topic"] == "test_explained"
    assert in_interview.question["key"] == pending


def test_the_result_so_far_does_not_end_the_interview(in_interview):
    pending = in_interview.talk.pending
    in_interview.says("result so far", "progress", skill=interview.result_so_far)
    assert in_interview.customs("assessment")[0]["complete"] is False
    assert in_interview.talk.pending == pending


def test_a_later_word_wins_over_an_earlier_answer(in_interview, finding):
    finish(in_interview)
    in_interview.says("actually I do have weakness", "change_answer", finding("weakness"), skill=steering.change_answer)
    assert in_interview.turn.case.of("finding", "weakness")[-1].status == "present"


def test_restart_keeps_consent_and_forgets_the_rest(in_interview):
    in_interview.says("start again", "restart", skill=steering.restart)
    assert in_interview.talk.consent and [entry["id"] for entry in in_interview.talk.journal] == ["consent"]


def test_nothing_understood_is_clarified_and_never_loops(in_interview):
    pending = in_interview.talk.pending
    for _ in range(2):
        in_interview.says("xyzzy", "nlu_fallback")
        assert in_interview.customs("clarify") and in_interview.talk.pending == pending
    in_interview.says("xyzzy", "nlu_fallback")
    assert in_interview.talk.pending != pending


def test_the_result_names_for_and_against_and_always_b12(in_interview):
    finish(in_interview)
    (result,) = in_interview.customs("assessment")
    assert result["complete"] and "b12_neuropathy" in [row["condition"] for row in result["ranking"]]
    assert result["ranking"][0]["supports"]


def test_under_sixteen_is_handed_on(in_interview):
    age = {"entity": "profile", "name": "age", "value": 12}
    in_interview.says("he is 12", "inform", age)
    assert in_interview.responses[-1] == "utter_under_sixteen"
    assert not in_interview.customs("assessment") and not in_interview.customs("question")


def test_all_questions_about_somebody_else_are_in_the_third_person(person, finding):
    person.says("dad's feet burn", "inform", finding("burning", "other_person", site=["foot"], side="both")).agrees()
    for _ in range(25):
        asked = [say for say in person.turn.says if say.response == "utter_ask"]
        if not asked:
            break
        assert asked[0].variables["question"] == person.knowledge.questions[person.talk.pending].text_other
        person.says("no", "deny")
    assert person.customs("assessment")


@pytest.mark.parametrize(
    ("reply", "age"),
    [("54", 54), ("I'm 54", 54), ("54 years", 54), ("my b12 was 200", None), ("b12", None), ("180.5", None)],
)
def test_an_age_is_a_number_of_its_own(in_interview, reply, age):
    in_interview.talk = in_interview.talk.ask("age")
    in_interview.says(reply, "inform")
    assert in_interview.turn.case.profile.get("age") == age


def test_what_is_chosen_of_the_person_is_known_as_one_value(in_interview):
    in_interview.talk = in_interview.talk.ask("sex_at_birth")
    in_interview.says("Female", "inform")
    assert in_interview.turn.case.profile["sex_at_birth"] == "female"


def test_a_story_that_sounds_a_little_like_a_question_is_a_story(in_interview, finding):
    told = (finding("weakness"), finding("tingling"))
    message = Message("is it b12?? my legs are like jelly and tingly", "restless_legs_link", 0.3, told)
    turn = respond(answer.run, in_interview.talk, [message], in_interview.knowledge)
    kinds = [say.custom["kind"] for say in turn.says if say.custom]
    assert "answer" not in kinds and "question" in kinds


def test_every_question_takes_not_sure_why_skip_and_back(in_interview):
    knowledge = in_interview.knowledge
    for question in knowledge.questions.values():
        turn = Turn(in_interview.talk, Message("", "inform"), knowledge)
        interview.ask(turn, question)
        (said,) = turn.says
        assert list(said.buttons[-3:]) == ["Why do you ask?", "Skip", "Back"]
        assert list(said.buttons).count("Not sure") == 1, question.key


def test_not_sure_is_the_last_option_of_a_list_by_title_and_number(in_interview):
    lists = [question for question in in_interview.knowledge.questions.values() if question.options]
    assert len(lists) >= 20
    for question in lists:
        for reply in ("Not sure", str(len(question.options) + 1)):
            in_interview.talk = in_interview.talk.ask(question.key)
            in_interview.says(reply, "nlu_fallback")
            assert in_interview.talk.journal[-1]["value"] == "unsure", (question.key, reply)


def test_not_sure_beside_an_answer_does_not_take_it_away(in_interview):
    in_interview.talk = in_interview.talk.ask("site")
    in_interview.says("Calf, Not sure", "inform")
    assert in_interview.talk.journal[-1]["value"] == ["calf"]


def test_a_story_that_told_nothing_is_met_with_a_list(person):
    person.says("the paper feels funny and not like mine", "inform").agrees()
    assert person.responses[0] == "utter_not_clear_yet"
    assert person.question["key"] == "complaint"
    person.says("Numbness, Back pain", "inform")
    assert {fact.id for fact in person.turn.case.facts if fact.status == "present"} == {"numbness", "back_pain"}
    assert person.question["key"] != "complaint"


def test_whoever_only_greeted_is_asked_in_their_own_words_first(person):
    person.says("hello", "greet").agrees()
    assert person.responses == ["utter_invite"]
    person.says("hm", "nlu_fallback").says("well", "nlu_fallback")
    assert person.question["key"] == "complaint"


def test_the_list_is_offered_only_once(person):
    person.says("the paper feels funny and not like mine", "inform").agrees()
    person.says("None of these", "deny")
    assert person.responses == ["utter_menu"]


def test_the_words_of_a_chosen_option_tell_nothing_else(in_interview, finding):
    in_interview.talk = in_interview.talk.ask("strength")
    sore = finding("pain", site=["leg"])
    in_interview.says("A weak leg, not just sore", "inform", finding("weakness", site=["leg"]), sore)
    assert not in_interview.turn.case.of("finding", "pain")
    assert [fact.status for fact in in_interview.turn.case.of("finding", "weakness")] == ["present"]


def test_an_age_told_between_is_no_wish_to_change_an_answer(in_interview):
    age = {"entity": "profile", "name": "age", "value": 57, "subject": "self", "start": 0, "end": 1}
    in_interview.says("I'm 57", "change_answer", age, skill=steering.change_answer)
    assert in_interview.turn.case.profile["age"] == 57
    assert in_interview.question["id"] != "age" and "utter_change_which" not in in_interview.responses


@pytest.mark.parametrize("reply", ["34", "I'm 34", "34 then"])
@pytest.mark.parametrize("intent", ["out_of_scope", "inform", "deny", "what_is_b12"])
def test_an_age_sent_one_turn_late_is_taken_and_the_question_since_asked_again(in_interview, reply, intent):
    in_interview.talk = in_interview.talk.ask("age")
    in_interview.says("no idea", "not_sure")
    pending = in_interview.talk.pending
    in_interview.says(reply, intent, skill=small_talk.out_of_scope)
    assert in_interview.turn.case.profile["age"] == 34
    assert in_interview.question["key"] == pending and "utter_out_of_scope" not in in_interview.responses


def test_a_number_that_chooses_an_option_is_no_late_age(in_interview):
    in_interview.talk = in_interview.talk.ask("age")
    in_interview.says("no idea", "not_sure")
    in_interview.talk = in_interview.talk.ask("strength")
    in_interview.says("4", "inform")
    assert "age" not in in_interview.turn.case.profile
    assert in_interview.talk.journal[-1]["value"] == ["balance_problem"]


def test_a_number_two_turns_later_is_no_age(in_interview):
    in_interview.talk = in_interview.talk.ask("age")
    in_interview.says("no idea", "not_sure").says("no", "deny").says("34", "inform")
    assert "age" not in in_interview.turn.case.profile


def test_an_age_is_no_denial_of_dangers(in_interview):
    in_interview.talk = in_interview.talk.ask("saddle_bladder_bowel")
    in_interview.says("I'm 34", "deny", {"entity": "profile", "name": "age", "value": 34})
    assert not in_interview.turn.case.of("finding", "saddle_numbness")
    assert in_interview.turn.case.profile["age"] == 34


def test_whoever_does_not_want_to_say_a_number_is_not_pressed(in_interview):
    in_interview.talk = in_interview.talk.ask("age")
    in_interview.says("no", "deny")
    assert in_interview.talk.journal[-1]["value"] == "unsure" and not in_interview.customs("clarify")


@pytest.mark.parametrize("intent", ["inform", "change_answer", "progress", "nlu_fallback"])
def test_the_side_is_noted_as_told(in_interview, intent):
    in_interview.talk = in_interview.talk.ask("side")
    right = {"entity": "attribute", "name": "side", "value": "right"}
    in_interview.says("the right one", intent, right, skill=steering.change_answer)
    assert in_interview.turn.case.general["side"] == "right"
    assert in_interview.question["key"] != "side"


def test_a_risk_told_already_is_not_offered_again(in_interview, risk):
    in_interview.says("I take metformin", "inform", risk("metformin"))
    in_interview.talk = in_interview.talk.ask("illness_medicine")
    in_interview.says("what?", "repeat", skill=steering.repeat)
    offered = [option["value"] for option in in_interview.question["options"]]
    assert "metformin" not in offered and offered[0] == "diabetes"
    in_interview.says("2", "inform")
    assert in_interview.talk.journal[-1]["value"] == [offered[1]]
    assert in_interview.turn.case.of("risk_factor", "metformin")[-1].status == "present"


def test_a_risk_taken_back_is_offered_again(in_interview, risk):
    in_interview.says("I take metformin", "inform", risk("metformin"))
    in_interview.says("no, I don't take metformin", "change_answer", risk("metformin", "absent"))
    in_interview.talk = in_interview.talk.ask("illness_medicine")
    in_interview.says("what?", "repeat", skill=steering.repeat)
    assert "metformin" in [option["value"] for option in in_interview.question["options"]]


def test_dangers_stay_in_their_list_although_told(in_interview, finding):
    in_interview.says("it is swollen", "inform", finding("swelling"))
    in_interview.talk = in_interview.talk.ask("look_at_leg")
    in_interview.says("what?", "repeat", skill=steering.repeat)
    assert "swelling" in [option["value"] for option in in_interview.question["options"]]


def test_a_bare_yes_to_a_list_is_asked_which(in_interview):
    in_interview.talk = in_interview.talk.ask("body")
    in_interview.says("yes", "affirm")
    assert in_interview.responses[0] == "utter_clarify_which" and in_interview.question["key"] == "body"


def test_a_medicine_told_beside_a_question_is_played_back(in_interview, risk):
    in_interview.says("I take warfarin", "medicines_and_b12", risk("anticoagulant"), skill=answer.run)
    (understood,) = [say for say in in_interview.turn.says if say.response == "utter_understood"]
    assert "You told me about" in understood.variables["understood"] and in_interview.customs("answer")


def test_how_it_goes_and_what_changes_it_are_played_back_once(in_interview, finding):
    about = {"site": ["foot"], "course": "worsening", "aggravating": ["walking"]}
    in_interview.says("worse", "inform", finding("numbness", **about), finding("tingling", **about))
    (understood,) = [say for say in in_interview.turn.says if say.response == "utter_understood"]
    assert understood.variables["understood"].count("getting worse") == 1
    assert "What makes it worse: walking." in understood.variables["understood"]
