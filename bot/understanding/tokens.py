"""From text to a spaCy ``Doc`` whose tokens keep the offsets of the text as sent.

``token.norm_`` is the normalised, spell-corrected form, ``token.lemma_`` the form without inflection.
``clauses(doc)`` numbers the clauses: what is said in one does not spread to the next.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Callable, Dict, FrozenSet, List, Sequence, Set, Tuple

from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.knowledge.loader import read_yaml
from bot.understanding.memory import remembering
from bot.understanding.spelling import LANGUAGE, Speller, english_words, lemma, spelling_data

# One character for one character, so that offsets stay true.
_SAME_LENGTH = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "ʼ": "'",
        "＇": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
        "\u00a0": " ",
        "\u2009": " ",
        "\u200b": " ",
        "\ufe0f": " ",
        "é": "e",
        "è": "e",
        "ï": "i",
        "ö": "o",
        "ä": "a",
        "ü": "u",
    }
)
_TOKEN = re.compile(
    r"(?:vit)?b[- ]?12(?!\d)|hba1c|a1c|[dltsfm]\d{1,2}(?![a-z\d])|[a-z]+(?:'[a-z]+)*"
    r"|\d+(?:[.:]\d+)*|\.\.+|…|[ \t]+|[\r\n]+|.",
    re.DOTALL,
)
_ENDING = re.compile(r"^([a-z]+?)(n't|'(?:s|m|re|ve|ll|d))$")
_NO_APOSTROPHE = frozenset(
    "dont doesnt didnt havent hasnt hadnt isnt arent wasnt werent cant couldnt wouldnt shouldnt aint".split()
)
_PRONOUN_GLUED = {"im": 1, "ive": 1, "youre": 3, "youve": 3, "theyre": 4, "theyve": 4, "weve": 2, "hes": 2, "shes": 3}
_SUFFIX_NORM = {
    "n't": "not",
    "nt": "not",
    "'m": "am",
    "m": "am",
    "'re": "are",
    "re": "are",
    "'ve": "have",
    "ve": "have",
    "'ll": "will",
    "'d": "would",
    "s": "'s",
}
_STEM_NORM = {"ca": "can", "wo": "will", "ai": "is", "sha": "shall"}
_SENTENCE_END = frozenset([".", "!", "?", "..", "...", "…"])
_SUBJECTS = frozenset("i it it's he she they we there this that these those my the his her their our also".split())
_AGENTS = frozenset("i he she we they there it".split())
_FINITE = frozenset(
    "be feel go get keep have hurt burn tingle ache give will can seem swell look become start do would throb "
    "twitch cramp wake make say tell come stop".split()
)


def normalise(text: str) -> str:
    """Lower case, plain quotes, dashes and spaces; exactly as long as ``text``."""
    lowered = text.translate(_SAME_LENGTH).lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _pieces(text: str) -> List[Tuple[str, str]]:
    """(normalised piece, norm) in order; the pieces join to the normalised text."""
    pieces: List[Tuple[str, str]] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word.endswith("12") and word.lstrip("vit").startswith("b"):
            pieces.append((word, "b12"))
            continue
        ending = _ENDING.match(word)
        if ending:
            stem, suffix = ending.groups()
            pieces += [(stem, _STEM_NORM.get(stem, stem)), (suffix, _SUFFIX_NORM.get(suffix, suffix))]
        elif word in _NO_APOSTROPHE:
            stem = word[:-2]
            pieces += [(stem, _STEM_NORM.get(stem, stem)), (word[-2:], "not")]
        elif word == "wont":
            pieces += [("wo", "will"), ("nt", "not")]
        elif word == "cannot":
            pieces += [("can", "can"), ("not", "not")]
        elif word in _PRONOUN_GLUED:
            cut = _PRONOUN_GLUED[word]
            pieces += [(word[:cut], word[:cut]), (word[cut:], _SUFFIX_NORM[word[cut:]])]
        else:
            pieces.append((word, word))
    return pieces


class PatientTokenizer:
    """Splits contractions with or without apostrophe, numbers from units, and nothing else."""

    def __init__(self, vocab: Vocab, correct: Callable[[str], str]) -> None:
        self.vocab = vocab
        self.correct = correct

    def __call__(self, text: str) -> Doc:
        """The tokens of ``text`` with norm, lemma, sentence and clause."""
        plain = normalise(text)
        words: List[str] = []
        norms: List[str] = []
        spaces: List[bool] = []
        offset = 0
        for piece, norm in _pieces(plain):
            if piece == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(text[offset : offset + len(piece)])
                norms.append(norm)
                spaces.append(False)
            offset += len(piece)
        doc = Doc(self.vocab, words=words, spaces=spaces)
        norms = _with_and([self.correct(norm) for norm in norms])
        lemmas = [lemma(norm) for norm in norms]
        sentences, clause_numbers = _boundaries(norms, lemmas)
        for token, norm, base in zip(doc, norms, lemmas):
            token.norm_ = norm
            token.lemma_ = base
            token.is_sent_start = token.i == 0 or sentences[token.i] != sentences[token.i - 1]
        doc.user_data["norms"], doc.user_data["lemmas"] = norms, lemmas
        doc.user_data["clauses"], doc.user_data["sentences"] = clause_numbers, sentences
        return doc


def _with_and(norms: Sequence[str]) -> List[str]:
    """ "numb an weak": "an" before a consonant stands for "and"."""
    following = [*norms[1:], ""]
    return [
        "and" if norm == "an" and after[:1].isalpha() and after[0] not in "aeiouhx" and len(after) > 2 else norm
        for norm, after in zip(norms, following)
    ]


def _boundaries(norms: Sequence[str], lemmas: Sequence[str]) -> Tuple[List[int], List[int]]:
    """Sentence number and clause number of each token."""
    contrast = _contrast_words()
    sentence = clause = 0
    sentences: List[int] = []
    numbers: List[int] = []
    pending = False
    for i, norm in enumerate(norms):
        if pending and norm not in _SENTENCE_END and norm.strip() and norm not in ")\"'":
            sentence, clause, pending = sentence + 1, clause + 1, False
        elif i and (norm in contrast or _starts_clause(i, norms, lemmas)):
            clause += 1
        sentences.append(sentence)
        numbers.append(clause)
        if norm in _SENTENCE_END or "\n" in norm:
            pending = True
        elif norm in (";", ":", "(", ")"):
            clause += 1
    return sentences, numbers


def _starts_clause(i: int, norms: Sequence[str], lemmas: Sequence[str]) -> bool:
    """Whether a new statement with its own subject begins at token ``i`` ("..., my foot is", "and I have")."""
    norm = norms[i]
    if norm == "-" and i + 1 < len(norms) and norms[i - 1] == " ":
        return True
    if norm not in (",", "and", "so", "then", "plus", "yet", "-"):
        return False
    start = i + 1
    while start < len(norms) and norms[start] in (
        "and",
        "so",
        "then",
        "also",
        "now",
        "yes",
        "no",
        ",",
        "sometimes",
        " ",
        "plus",
        "yet",
    ):
        start += 1
    if start >= len(norms) or norms[start] not in _SUBJECTS:
        return False
    if norms[i - 1] in (",", "and", "so", "then", "plus", "yet"):
        return False
    ahead = lemmas[start + 1 : start + 6]
    if norms[start] in _AGENTS:
        return True
    stops = next(
        (n for n, word in enumerate(ahead) if word in (",", "and", "or", ".", "when", "which", "that")), len(ahead)
    )
    return any(word in _FINITE or word == "'s" for word in ahead[:stops])


def clauses(doc: Doc) -> List[int]:
    """The clause number of each token; numbers grow with the text."""
    numbers: List[int] = doc.user_data["clauses"]
    return numbers


@lru_cache(maxsize=1)
def _contrast_words() -> FrozenSet[str]:
    data = read_yaml(LANGUAGE / "context.yml")
    assert isinstance(data, dict)
    return frozenset(data["contrast"])


def _domain_words() -> Set[str]:
    """Every plain word of the language files: what a misspelling may be corrected to."""
    words: Set[str] = set()
    for path in sorted(LANGUAGE.glob("*.yml")):
        if path.stem != "spelling":
            text = re.sub(r"(?m)#.*$|->.*$", " ", path.read_text(encoding="utf-8").lower())
            found = re.findall(r"[a-z]{4,}", text)
            # The red flags list misspellings as such: they are no words to correct towards.
            words.update(word for word in found if not path.stem.startswith("red_flag") or word in english_words())
    return words


@lru_cache(maxsize=1)
def _pipeline() -> English:
    data = spelling_data()
    respellings: Dict[str, str] = {str(k): str(v) for k, v in data["respellings"].items()}  # type: ignore[attr-defined]
    speller = Speller(_domain_words(), respellings, data["protected"])  # type: ignore[arg-type]
    nlp = English()
    nlp.tokenizer = PatientTokenizer(nlp.vocab, speller.correct)
    return nlp


@remembering(16)
def tokenise(text: str) -> Doc:
    """The text as tokens with norms, lemmas, sentences and clauses. One pipeline per process, built on first use.

    All readers of a message share its ``Doc``, and with it what they note there (``user_data``).
    """
    return _pipeline().make_doc(text)
