"""What the readers remember of texts can be forgotten at once."""

from __future__ import annotations

from typing import List

from bot.understanding import memory


def test_a_forgotten_text_is_read_anew() -> None:
    read: List[str] = []

    @memory.remembering(8)
    def reader(text: str) -> int:
        read.append(text)
        return len(text)

    assert [reader("a secret"), reader("a secret")] == [8, 8]
    assert read == ["a secret"]
    memory.forget()
    reader("a secret")
    assert read == ["a secret", "a secret"]


def test_a_memory_that_is_kept_is_emptied_too() -> None:
    class Notes:
        def __init__(self) -> None:
            self.texts = {"a secret"}
            memory.keep(self)

        def cache_clear(self) -> None:
            self.texts.clear()

    notes = Notes()
    memory.forget()
    assert not notes.texts


def test_no_reader_holds_a_text_after_forgetting() -> None:
    from bot.understanding.encoder import SentenceEncoder
    from bot.understanding.features import _pieces
    from bot.understanding.tokens import tokenise

    encoder = SentenceEncoder()
    encoder.encode(["my secret feet burn"])
    for reader in (_pieces, tokenise):
        reader("my secret feet burn")
    memory.forget()
    assert not encoder._cache
    assert [reader.cache_info().currsize for reader in (_pieces, tokenise)] == [0, 0]  # type: ignore[attr-defined]
