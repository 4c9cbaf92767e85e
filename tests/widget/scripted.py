"""An assistant that plays fixed replies of every kind, behind the real channel: ``python scripted.py PORT``."""

# ruff: noqa: E501 - sentences stay on one line

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from rasa.core.channels.channel import register  # noqa: E402
from rasa.core.tracker_store import InMemoryTrackerStore  # noqa: E402
from rasa.server import create_app  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered  # noqa: E402

from bot.channels.web import WebInput  # noqa: E402
from bot.channels.web_pages import WidgetPages  # noqa: E402
from bot.knowledge import load  # noqa: E402
from bot.rendering.picture import Picture  # noqa: E402
from bot.shared.limits import Rate  # noqa: E402

STEERING = ["Why do you ask?", "Skip", "Back"]
SITES = {
    "outer_thigh": "Outer side of the thigh", "front_thigh": "Front of the thigh", "inner_thigh": "Inner side of the thigh",
    "back_thigh": "Back of the thigh", "groin": "Groin", "hip": "Side of the hip", "buttock": "Buttock", "calf": "Calf",
    "shin": "Shin", "foot": "Foot or toes",
}  # fmt: skip


def question(text, id_, type_, options, asked, about="attribute"):
    custom = {
        "kind": "question", "about": about, "id": id_, "of": "main", "type": type_,
        "options": [{"value": value, "title": title} for value, title in options.items()],
        "progress": {"asked": asked, "expected": 12},
    }  # fmt: skip
    return {"text": text, "buttons": [*options.values(), *STEERING], "custom": custom}


YES_NO = {"affirm": "Yes", "deny": "No", "not_sure": "Not sure"}
CONSENT = {
    "text": "Is it OK if I use what you tell me about your health?",
    "buttons": ["Yes", "No"],
    "custom": {
        "kind": "question", "about": "profile", "id": "consent", "type": "yes_no",
        "options": [{"value": "affirm", "title": "Yes"}, {"value": "deny", "title": "No"}],
        "progress": {"asked": 0, "expected": 0},
    },
}  # fmt: skip
UNDERSTOOD = {
    "text": "This is what I understood: You have pain on the outside of the left thigh. If that's not right, just tell me.",
    "custom": {"kind": "understood", "facts": []},
}
ASSESSMENT = [
    {
        "text": "Here is what I make of it. First, what to do: Book a normal appointment with your doctor in the coming weeks.",
        "custom": {
            "kind": "assessment", "urgency": "routine", "tests": ["serum_b12"], "questions_asked": 5, "complete": True,
            "ranking": [
                {"condition": "b12_neuropathy", "likelihood": "strong", "supports": [], "against": []},
                {"condition": "meralgia_paresthetica", "likelihood": "possible", "supports": [], "against": []},
                {"condition": "sciatica", "likelihood": "less_likely", "supports": [], "against": []},
            ],
        },
    },
    {
        "text": "Nerve trouble from low B12 fits well.", "utter_action": "utter_possibility",
        "name": "Nerve trouble from low B12", "likelihood": "fits well",
        "supports": ["tingling in both feet", "you eat no animal foods", "it is worse at night"],
        "against": ["it is only on one side"],
    },
    {
        "text": "A squeezed skin nerve of the thigh could fit.", "utter_action": "utter_possibility",
        "name": "A squeezed skin nerve of the thigh", "likelihood": "could fit",
        "supports": "pain on the outside of the thigh and tight belts", "against": "tingling in the feet",
    },
    {
        "text": "Sciatica fits less well.", "utter_action": "utter_possibility_without_against", "name": "Sciatica",
        "likelihood": "fits less well", "supports": ["pain at the back of the thigh"], "against": "nothing",
    },
    {"text": "Tests worth talking about with a doctor: vitamin B12 in the blood and MMA."},
    {"text": "This is not a diagnosis. Only someone who examines you can tell what it is."},
    {"text": "What would you like to do next?", "buttons": ["Summary for my doctor", "What are these tests?", "Change an answer"]},
]  # fmt: skip
ANSWER = [
    {"text": "Low B12 can harm the **nerves of the legs**. It mostly starts in both feet."},
    {
        "text": "Sciatica comes from the back. See https://www.nhs.uk/conditions/sciatica/ for more.\n• one leg\n• below the knee",
        "custom": {
            "kind": "answer", "topic": "b12_vs_sciatica", "object": "sciatica", "sources": ["NG239", "NHLBI"],
            "table": {
                "title": "Low B12, sciatica and meralgia side by side",
                "columns": ["", "Nerve trouble from low B12", "Sciatica", "Meralgia"],
                "rows": [
                    ["Type of pain", "Burning, tingling. Usually both feet first.", "Sharp, down one leg.", "Burning patch on the outer thigh."],
                    ["How it starts", "Mostly slowly.", "Often suddenly.", "Suddenly or slowly."],
                ],
            },
        },
    },
    {"text": "Type of pain\n• Sciatica: Sharp, down one leg.", "utter_action": "utter_table_row"},
    {"text": "Where this comes from: NG239.", "utter_action": "utter_sources"},
    {"text": "You may also want to know more.", "buttons": ["Tell me more", "How is it treated?"]},
]  # fmt: skip
SUMMARY = [
    {
        "text": "# Summary for a doctor",
        "custom": {
            "kind": "summary", "pdf": "/summaries/x.pdf",
            "markdown": "# Summary for a doctor\n\nWritten by Myelin, a software assistant. It is not a diagnosis.\n\n"
            "**Person:** 54 years\n\n## What was told\n- tingling in both feet\n- <b>burning</b> at night\n\n"
            "## Questions asked\n- Is your leg weak? **No**\n\n---\nGeneral information from published sources.",
        },
    }
]  # fmt: skip
URGENT = [
    {
        "text": "Go to the emergency department now.\n\nNew numbness between the legs can mean that nerves in the back are trapped.",
        "custom": {"kind": "urgent", "flag": "F1", "urgency": "emergency_department", "subject": "self"},
    },
    {
        "text": "I've paused my questions so that you can get help first.",
        "buttons": ["Help is arranged", "Go on with the questions"],
    },
]
SOON = [
    {
        "text": "Speak to a doctor today.",
        "custom": {"kind": "urgent", "flag": "F6", "urgency": "same_day", "subject": "self"},
    }
]
FURTHER = {"kind": "urgent", "subject": "self", "further": True}
MANY = [
    {
        "text": "Call 999 (UK), 112 (Europe) or 911 (US) now.\n\nChest pain could come from a clot in the lung.",
        "custom": {"kind": "urgent", "flag": "F5", "urgency": "emergency_now", "subject": "self"},
    },
    {
        "text": "Tell them this too. A leg that turns cold may not be getting blood.\n\nKeep still.",
        "custom": {**FURTHER, "flag": "F6", "urgency": "emergency_now"},
    },
    {
        "text": "Tell them this too. A swollen leg could have a blood clot in it.",
        "custom": {**FURTHER, "flag": "F4", "urgency": "same_day"},
    },
    URGENT[1],
]
NOTHING_FOR_IT = [
    {"text": "Here is what I make of it.", "custom": {**ASSESSMENT[0]["custom"], "ranking": ASSESSMENT[0]["custom"]["ranking"][2:]}},
    {
        "text": "Sciatica fits less well.\nSo far nothing speaks clearly for it.", "name": "Sciatica",
        "utter_action": "utter_possibility_without_supports", "likelihood": "fits less well", "supports": "", "against": "",
    },
]  # fmt: skip
STEPS = [
    [CONSENT],
    [UNDERSTOOD, question("Where exactly do you feel it? You can choose more than one place.", "site", "multi_choice", SITES, 1)],
    [question("How strong is it at its worst, from 0 to 10?", "severity", "number", {}, 2)],
    [question("Do your feet tingle or feel numb?", "paraesthesia", "yes_no", YES_NO, 3, "finding")],
    [
        question(
            "Have you had any of these? You can choose more than one.", "stomach_surgery", "multi_choice",
            {"stomach_surgery": "An operation on the stomach", "coeliac_disease": "Coeliac disease", "none": "None of these"},
            4, "risk_factor",
        )
    ],
    [question("Which of these fits the way you eat?", "vegan_diet", "choice",
              {"vegan_diet": "No animal foods at all", "vegetarian_diet": "Vegetarian", "none": "None of these"}, 12, "risk_factor")],
    ASSESSMENT,
]  # fmt: skip
GREETING = [
    {
        "text": "Hello, I'm Myelin. I'm software, not a person.\n\nI'm not for emergencies. If you might be in danger, call 999."
    },
    {"text": "To help, I keep what you type here for up to 30 days."},
]
PICTURE = Picture(
    "Where it lies",
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 120"><rect x="0" y="0" width="640" height="120" fill="#ffffff"/>'
    '<rect x="20" y="60" width="200" height="24" fill="#a85a10"/><rect x="220" y="60" width="400" height="24" fill="#1b5e8c"/>'
    '<text x="20" y="34" font-size="19" font-weight="bold" fill="#1a1a1a">Where it lies</text></svg>',
    "Your B12 lies in the grey zone.",
)
LOOK = load().questions["look_at_leg"]
FIXED = {
    "look at my leg": [
        question(
            LOOK.text,
            LOOK.id,
            LOOK.type,
            {**{option.value: option.title for option in LOOK.options}, "not_sure": "Not sure"},
            5,
            "finding",
        )
    ],
    "can low b12 cause leg pain?": ANSWER,
    "summary": SUMMARY,
    "summary for my doctor": SUMMARY,
    "numb down below": URGENT,
    "i'm in england": [{"text": "Please get help first, as I said. In an emergency call 999. Is help arranged?"}],
    "many dangers": MANY,
    "nothing for it": NOTHING_FOR_IT,
    "one leg is swollen": SOON,
    "hologram": [
        {"text": "A kind nobody knows.", "custom": {"kind": "hologram", "data": [1]}},
        {"custom": {"kind": "x"}},
    ],
    "script": [{"text": "<img src=x onerror=alert(1)> <script>alert(2)</script>", "buttons": ["<b>bold</b>"]}],
    "picture": [{"text": "This is the nerve.", "image": "/widget/icon.svg"}, {"custom": PICTURE.contract()}],
    "result so far": [
        {**ASSESSMENT[0], "custom": {**ASSESSMENT[0]["custom"], "complete": False, "urgency": "within_days"}}
    ],
}
FLAG = {"flag": "F1", "urgency": "emergency_department", "subject": "self", "open": True}


class ScriptedAgent:
    """Steps through the interview; ``FIXED`` texts are answered apart from it, the pending question again after."""

    def __init__(self, domain):
        self.domain = domain
        self.tracker_store = InMemoryTrackerStore(domain)
        self.steps = {}
        self.paused = set()
        self.journals = {}
        self.turns = 0

    def is_ready(self):
        return True

    async def handle_message(self, message):
        self.turns += 1
        await asyncio.sleep(0.15)
        sender, text = message.sender_id, message.text.strip().lower()
        if text == "delete my data":
            said = {"text": "I've deleted everything you told me here.", "custom": {"kind": "erased"}}
            await message.output_channel.send_response(sender, said)
            self.tracker_store.store.pop(sender, None)
            self.steps.pop(sender, None)
            return
        tracker = await self.tracker_store.get_or_create_tracker(sender)
        tracker.update(UserUttered(message.text, {"name": "inform"}, message_id=message.message_id))
        for said in self.reply(sender, text):
            data = {**said, "buttons": [{"title": title, "payload": title} for title in said.get("buttons", ())]}
            await message.output_channel.send_response(sender, data)
            parts = {key: data.pop(key, None) for key in ("buttons", "custom", "image")}
            tracker.update(BotUttered(data.pop("text", None), parts, data))
        paused = sender in self.paused
        if text == "i'm in england":
            self.journals[sender] = [{"kind": "profile", "id": "country", "value": "GB"}]
        talk = {"seen": 10_000, "paused": paused, "flags": [{**FLAG, "open": paused}]}
        talk["journal"] = self.journals.get(sender, [])
        tracker.update(SlotSet("talk", talk))
        await self.tracker_store.save(tracker)

    def reply(self, sender, text):
        if text == "numb down below":
            self.paused.add(sender)
        if text == "help is arranged":
            self.paused.discard(sender)
            return [{"text": "Good. Tell the people who help you everything you told me."}]
        if text in FIXED:
            return FIXED[text]
        step = self.steps.get(sender, 0)
        if text == "why do you ask?":
            return [{"text": "Because it helps to tell causes apart."}, *STEPS[max(0, step - 1)]]
        if text == "back":
            step = max(0, step - 2)
        self.steps[sender] = min(step + 1, len(STEPS))
        return [*(GREETING if step == 0 else ()), *STEPS[min(step, len(STEPS) - 1)]]


def main(port):
    app = create_app(cors_origins=None)
    app.ctx.agent = agent = ScriptedAgent(Domain.load(str(ROOT / "domain.yml")))
    generous = Rate(per_minute=10_000, burst=10_000)
    channels = [WebInput(secret=b"x" * 32, session_rate=generous, address_rate=generous), WidgetPages()]
    register(channels, app, route="/webhooks/")

    @app.get("/turns")
    async def turns(_):
        from sanic import response

        return response.json(agent.turns)

    app.run("127.0.0.1", port, access_log=False, motd=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
