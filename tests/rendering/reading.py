"""Reads a PDF written by fpdf2 back as a screen reader would: tagged content in order, with its text."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
TOKEN = re.compile(
    rb"/(?P<tag>\w+) (?:<</MCID (?P<mcid>\d+)>> BDC|BMC)|(?P<end>EMC)|/F(?P<font>\d+) (?P<size>[\d.]+) Tf"
    rb"|\((?P<text>(?:\\.|[^\\)])*)\) Tj",
    re.DOTALL,
)


class Reading:
    def __init__(self, data: bytes) -> None:
        self.raw = data
        self.objects = {int(number): body for number, body in OBJECT.findall(data)}
        self.catalog = next(body for body in self.objects.values() if b"/Type /Catalog" in body)
        self.pages = [body for body in self.objects.values() if re.search(rb"/Type /Page\b", body)]
        self.sizes: list[float] = []
        self.content = [block for page in self.pages for block in self._blocks(page)]
        elements = [body for body in self.objects.values() if b"/StructElem" in body]
        self.tags = [re.search(rb"/S /(\w+)", body).group(1).decode() for body in elements]

    @property
    def text(self) -> str:
        return " ".join(text for tag, text in self.content if tag != "Artifact")

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        content = STREAM.search(body).group(1)
        return zlib.decompress(content) if b"/FlateDecode" in body else content

    def _characters(self) -> dict[int, dict[int, str]]:
        resources = next(body for body in self.objects.values() if b"/ProcSet [/PDF" in body)
        fonts = {}
        for name, number in re.findall(rb"/F(\d+) (\d+) 0 R", resources):
            unicode_map = int(re.search(rb"/ToUnicode (\d+)", self.objects[int(number)]).group(1))
            pairs = re.findall(rb"<(\w+)> <(\w+)>", self._stream(unicode_map).partition(b"beginbfchar")[2])
            fonts[int(name)] = {int(a, 16): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in pairs}
        return fonts

    def _blocks(self, page: bytes) -> list[tuple[str, str]]:
        fonts, font = self._characters(), 1
        blocks: list[list[str]] = []
        inside = False
        for match in TOKEN.finditer(self._stream(int(re.search(rb"/Contents (\d+)", page).group(1)))):
            if match["tag"]:
                blocks.append([match["tag"].decode(), ""])
                inside = True
            elif match["end"]:
                inside = False
            elif match["font"]:
                font = int(match["font"])
                self.sizes.append(float(match["size"]))
            else:
                assert inside, "text outside any tag"
                raw = re.sub(
                    rb"\\(.)", lambda m: {b"r": b"\r", b"n": b"\n"}.get(m[1], m[1]), match["text"], flags=re.DOTALL
                )
                codes = [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]
                blocks[-1][1] += "".join(fonts[font][code] for code in codes)
        return [(tag, re.sub(r"^• ", "", text).strip()) for tag, text in blocks if text]
