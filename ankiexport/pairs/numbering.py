"""The numbers of questions and the labels of options, in any of the alphabets that pages use."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ankiexport import words

# What tells a question's number: "3. ", "3) ", "Q3. ", "Question 3: ", "问3 ", "zu 3: ", "3.", "Question 3" alone
_NUMBER = re.compile(
    r"[#\W]{0,3}?(?:(?P<word>[^\W\d_]{1,12})\s?)?(?P<number>\d{1,3})"
    r"(?P<sign>\s?[.:)\]．、：）]|\s[–—-](?=\s)|(?=\s*$)|(?=\s))\s*"
)
# The label of an option: "A. ", "(b) ", "c: ", "*d) ", "(2) ", "① ", "✓ b) "
_LABEL = re.compile(
    r"(?P<mark>[*✓✔✅☑☐☒❌✗✘]\ufe0f?\s?)?"
    r"(?:(?P<open>[(（\[]?)(?P<core>[A-Ha-h]|[а-иА-И]|[أابجدهـ]|[アイウエオカ가나다라마कखगघ]|\d)(?P<close>[.)）:：\]、．]{1,2})(?=\s|\Z|[^\x00-\x7f])"
    r"|(?P<ring>[①-⑧]))\s*"
)
# Where one stands within a line
_INSIDE = re.compile(rf"\s(?={_LABEL.pattern})")
_LONGEST_LABEL = 12  # characters
_ALPHABETS = ("abcdefgh", "абвгдежзи", "ابجده", "アイウエオカ", "가나다라마", "कखगघ", "12345678", "①②③④⑤⑥⑦⑧")


class OptionLabel(NamedTuple):
    """A label at the start of an option: its place in its alphabet, how it is written, and what it takes."""

    value: int
    core: str
    style: str
    start: int  # after a mark
    end: int
    mark: str


def option_label(text: str) -> OptionLabel | None:
    """The label that an option begins with."""
    match = _LABEL.match(text)
    if not match:
        return None
    core = match["core"] or match["ring"]
    place = value_of(core)
    if not place:
        return None
    style = f"{place[0]}{core.isupper()}{match['open'] or ''}{match['close'] or ''}"
    mark = (match["mark"] or "").strip()
    return OptionLabel(
        value=place[1], core=core, style=style, start=len(match["mark"] or ""), end=match.end(), mark=mark
    )


def labels_inside(text: str) -> Iterator[tuple[int, OptionLabel]]:
    """The labels in a line after its beginning, each with where it is."""
    for space in _INSIDE.finditer(text):
        label = option_label(text[space.end() : space.end() + _LONGEST_LABEL])
        if label:
            yield space.end(), label


@lru_cache(maxsize=128)
def value_of(core: str) -> tuple[int, int] | None:
    """Which alphabet a label is of, and its place there."""
    lower = core.lower().replace("أ", "ا")
    return next(((n, a.index(lower) + 1) for n, a in enumerate(_ALPHABETS) if lower and lower in a), None)


def number_of(text: str) -> tuple[int, int] | None:
    """The number that a question begins with, and how many characters it takes."""
    match = _NUMBER.match(text)
    if not match or (match["word"] and not words.names_question(match["word"])):
        return None
    if not match["sign"].strip() and not match["word"]:
        return None
    if not match["word"] and match.end() == match.end("sign") and text[match.end() : match.end() + 1].isdigit():
        return None  # 3.14
    return int(match["number"]), match.end()


def has_word_number(text: str) -> bool:
    """Is a question's number said to be one: "Q3.", "Question 3"?"""
    match = _NUMBER.match(text)
    return bool(match and match["word"] and words.names_question(match["word"]))
