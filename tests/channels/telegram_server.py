"""A server on loopback that speaks the Bot API as documented: it checks what it is sent and keeps what people see."""

from __future__ import annotations

import asyncio
import html
import json
import re

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "12345:a-token-of-the-tests"
KNOWN = {
    "setWebhook", "deleteWebhook", "setMyCommands", "getUpdates", "sendMessage", "sendPhoto", "sendDocument",
    "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "leaveChat",
}  # fmt: skip


class BadRequestError(Exception):
    pass


class BotApi:
    """``calls`` are all requests in order, ``chats`` the messages as they are shown now."""

    def __init__(self):
        self.calls = []
        self.chats = {}
        self.failures = []
        self.updates = []
        self.presses = {}
        self.delay = 0.0
        self._last_id = 100
        app = web.Application(client_max_size=10 * 1024**2)
        app.router.add_post("/bot{token}/{method}", self._serve)
        self.server = TestServer(app)

    @property
    def address(self):
        return str(self.server.make_url("")).rstrip("/")

    def fail(self, code, method=None, times=1, description="failed", raw=None, **parameters):
        """The next ``times`` calls (of the method) fail."""
        answer = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
        self.failures += [(method, code, raw if raw is not None else json.dumps(answer))] * times

    def of(self, *methods):
        return [parameters for method, parameters in self.calls if method in methods]

    def shown(self, chat):
        return list(self.chats.get(chat, {}).values())

    def texts(self, chat):
        return [message["text"] for message in self.shown(chat) if "text" in message]

    def keyboards(self, chat):
        """Titles of the buttons that can be pressed now, by message."""
        return {
            message["message_id"]: [row[0]["text"] for row in message["keyboard"]]
            for message in self.shown(chat)
            if message["keyboard"]
        }

    async def _serve(self, request):
        method = request.match_info["method"]
        if request.content_type == "application/json":
            parameters = await request.json()
        else:
            form = await request.post()
            parameters = {key: value if hasattr(value, "file") else _value(value) for key, value in form.items()}
        self.calls.append((method, parameters))
        if self.delay:
            await asyncio.sleep(self.delay)
        for number, (only, code, answer) in enumerate(self.failures):
            if only in (None, method):
                del self.failures[number]
                return web.Response(status=code, text=answer, content_type="application/json")
        if request.match_info["token"] != TOKEN or method not in KNOWN:
            code, words = (404, "Not Found") if method not in KNOWN else (401, "Unauthorized")
            return web.json_response({"ok": False, "error_code": code, "description": words}, status=code)
        try:
            result = getattr(self, f"_{method}", lambda _: True)(parameters)
        except BadRequestError as error:
            answer = {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}
            return web.json_response(answer, status=400)
        return web.json_response({"ok": True, "result": result})

    def _sendMessage(self, parameters):
        return self._new(parameters, text=_text(parameters))

    def _sendPhoto(self, parameters):
        content = parameters["photo"].file.read() if hasattr(parameters["photo"], "file") else b"\x89PNG"
        if not content.startswith(b"\x89PNG"):
            raise BadRequestError("IMAGE_PROCESS_FAILED")
        if len(parameters.get("caption", "")) > 1024:
            raise BadRequestError("message caption is too long")
        return self._new(parameters, photo=len(content), caption=parameters.get("caption"))

    def _sendDocument(self, parameters):
        content = parameters["document"]
        return self._new(parameters, document=content.file.read().decode("latin-1"), name=content.filename)

    def _editMessageText(self, parameters):
        message = self._message(parameters)
        message.update(text=_text(parameters), keyboard=_keyboard(parameters))
        return message

    def _editMessageReplyMarkup(self, parameters):
        message, keyboard = self._message(parameters), _keyboard(parameters)
        if message["keyboard"] == keyboard:
            raise BadRequestError("message is not modified")
        message["keyboard"] = keyboard
        return message

    def _answerCallbackQuery(self, parameters):
        if len(parameters.get("text", "")) > 200:
            raise BadRequestError("MESSAGE_TOO_LONG")
        if self.presses.get(parameters["callback_query_id"], True) is not True:
            raise BadRequestError("query is too old and response timeout expired or query ID is invalid")
        self.presses[parameters["callback_query_id"]] = parameters.get("text", "")
        return True

    def _getUpdates(self, parameters):
        offset = parameters.get("offset")
        if offset is not None:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
        return self.updates

    def _new(self, parameters, **shown):
        chat = parameters["chat_id"]
        if not isinstance(chat, int):
            raise BadRequestError("chat not found")
        self._last_id += 1
        message = {
            "message_id": self._last_id,
            "chat": {"id": chat, "type": "private" if chat > 0 else "group"},
            "silent": parameters.get("disable_notification", False),
            "keyboard": _keyboard(parameters),
            **shown,
        }
        self.chats.setdefault(chat, {})[self._last_id] = message
        return message

    def _message(self, parameters):
        try:
            return self.chats[parameters["chat_id"]][parameters["message_id"]]
        except KeyError:
            raise BadRequestError("message to edit not found") from None


def _value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _text(parameters):
    """What people see; Telegram refuses marks it cannot read and texts that are too long."""
    text = parameters["text"]
    if parameters.get("parse_mode") == "HTML":
        bare = re.sub(r"</?b>", "", text)
        if text.count("<b>") != text.count("</b>") or re.search(r"[<>]|&(?!(amp|lt|gt);)", bare):
            raise BadRequestError("can't parse entities")
        text = html.unescape(bare)
    if not text.strip() or len(text.encode("utf-16-le")) // 2 > 4096:
        raise BadRequestError("message text is empty" if not text.strip() else "message is too long")
    return text.strip()


def _keyboard(parameters):
    rows = (parameters.get("reply_markup") or {}).get("inline_keyboard") or []
    for row in rows:
        for button in row:
            if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64:
                raise BadRequestError("BUTTON_DATA_INVALID")
    return rows
