"""Which labels stand before the questions and answers of a page: `Q:` and `A:`, `Frage:` and `Antwort:`."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from ankiexport import words
from ankiexport.model import Block

# What stands around a label's word: "[Q3]", "Q3.", "Q.3:", "Q (Mara):", "Q1 –"
_MARKED = (
    r"(?:[\[(（【](?:{words})\s?\d{{0,3}}[\])）】]\s?[.:：]?"
    r"|(?:{words})(?:\s\([^()\n]{{1,40}}\))?(?:\.(?=[#№\d:：])|\s)?[#№]?\d{{0,3}}\s?[.:)：．、]"
    r"|(?:{words})\s?\d{{1,3}}(?=\s[–—-]\s)|(?:{words})\.\s?\d{{1,3}}(?=\s))"
)
_GAP = r"(?:\s+(?:[–—-]\s+)?|(?<=[：．、】）]))"
_SURE_ENDS = (":", "：", "]", "】")  # after a single letter that may else be somebody's initial
_LONG = 500  # characters of a question
_LEAST_LETTERS = 2  # pairs that single letters need to be labels


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLabels:
    """The labels that one language has: at the beginning of a text, of a line, and of an answer within a text."""

    question: re.Pattern[str]
    answer: re.Pattern[str]
    lines: re.Pattern[str]  # of questions
    answer_inside: re.Pattern[str]
    answer_anywhere: re.Pattern[str]


def labels_of(blocks: Sequence[Block]) -> SideLabels:
    """The labels of the language that has most pairs on a page; English where none has more."""
    found, asking = _count(blocks)
    english, *others = words.sides()
    best, most = english, _pairs(english, found)
    for side in others:
        count = _pairs(side, found)
        if count > most and (count >= _LEAST_LETTERS or not _only_letters(side, found)):
            asks = sum(asking[word] for word in side[0])
            if not _only_letters(side, found) or asks * 2 >= count:
                best, most = side, count
    return _patterns(*best)


def _count(blocks: Iterable[Block]) -> tuple[Counter[str], Counter[str]]:
    """How often each label begins a line, and a line that asks."""
    found: Counter[str] = Counter()
    asking: Counter[str] = Counter()
    for block in blocks:
        if block.tag == "list":
            more, asks = _count(block.children)
            found, asking = found + more, asking + asks
            continue
        if block.tag not in ("paragraph", "code", "heading", "item") or not _any_word().search(block.text):
            continue
        matches = list(_any_label().finditer(block.text))
        for match, following in zip_longest(matches, matches[1:]):
            if word := _any_word().search(match[0]):
                is_sure = len(word[0]) > 1 or word[0] >= words.FIRST_UNSPACED or match[0].rstrip().endswith(_SURE_ENDS)
                found[word[0].lower()] += is_sure
                end = following.start() if following else match.end() + _LONG
                asking[word[0].lower()] += words.holds_question(block.text[match.end() : end])
    return found, asking


def _pairs(side: words.Side, found: Counter[str]) -> int:
    return min(sum(found[word] for word in labels) for labels in side)


def _only_letters(side: words.Side, found: Counter[str]) -> bool:
    """Are the labels of questions or of answers single letters, which initials are too?"""
    return any(max((len(word) for word in labels if found[word]), default=0) == 1 for labels in side) and not any(
        word >= words.FIRST_UNSPACED for labels in side for word in labels
    )


@cache
def _any_word() -> re.Pattern[str]:
    return re.compile(_either({word for side in words.sides() for labels in side for word in labels}))


@cache
def _any_label() -> re.Pattern[str]:
    marked = _MARKED.format(words=_any_word().pattern)
    return re.compile(rf"(?:^\W{{0,3}}?|(?<=[?.!:…？。：؟।”\"’')\]])\s+){marked}(?=\s|$|(?<=[：．、】）]))", re.M)


@cache
def _patterns(questions: frozenset[str], answers: frozenset[str]) -> SideLabels:
    question, answer = (_MARKED.format(words=_either(labels)) for labels in (questions, answers))
    named = _either(word for word in answers if word != "back")
    return SideLabels(
        question=re.compile(rf"{question}{_GAP}(?=\S)"),
        answer=re.compile(rf"{answer}(?:{_GAP}|$)"),
        lines=re.compile(rf"^(?={question}(?:{_GAP}|$))", re.M),
        answer_inside=re.compile(rf"(?:\n|(?<=[?.!:…？。：؟।”\"’')\]])\s*(?<!\w)){answer}(?:{_GAP}|$)"),
        answer_anywhere=re.compile(rf"\s(?:{named})\s?\d{{0,3}}[:：]{_GAP}"),
    )


def _either(labels: Iterable[str]) -> str:
    """A pattern of these labels as they are written: "Frage", "FRAGE", never "frage"."""
    written = {shape for label in labels for shape in (label.capitalize(), label.upper())}
    return "|".join(map(re.escape, sorted(written, key=lambda shape: (-len(shape), shape))))
