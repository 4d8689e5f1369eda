"""Lines of a dumped question bank, and what each is: a label of an option, a key, a number, a rule, furniture."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ankiexport import words
from ankiexport.model import Source
from ankiexport.pairs.numbering import OptionLabel, option_label
from ankiexport.readers.text_blocks import Line, lines_of

_RULE = re.compile(r"\W*(?:[-_=*~#]{3,}|[─━═]{3,})\W*")
# "Question 3: …", "Item 3 of 40", "12. …", "12" of "12." alone, "№ 4"
_NUMBER = re.compile(
    r"(?:[#*№【\[]{1,3}\s?)?(?:NEW\s)?(?:(?P<word>[^\W\d_]{1,12})\s?[.№#]?\s?)?(?P<number>\d{1,4})(?P<unit>[题題问問番])?"
    r"(?P<sign>\s?[.:)\]．、：）】](?!\d)|(?=\s|$))\s*"
)
# What stands beside a number: "of 40", "QID: 4021", "[2 marks]"
_BESIDE = re.compile(
    r"(?:of|/|из|з|von|de|sur|di|van|av|z|の)\s*\d+\b|\bQ?ID\s*[:#]?\s*\w+|[(\[]\s*\d+\s*\w+\s*[)\]]", re.I
)
_WIDE = re.compile(r"[Ａ-Ｈａ-ｈ１-８][．）：、]?")
_BARE_KANA = re.compile(r"(?P<core>[アイウエオカ])[ \t\u3000]+(?=\S)")
_DASHED = re.compile(r"(?P<core>[A-Ha-hА-Иа-иأبجد])\s?[-–]\s+(?=\S)")
_BRACKETED = re.compile(r"[【〔\[]\s*(?P<word>[^】〕\]\d]{1,24}?)\s*[】〕\]]\s*[:：]?\s*")
_INLINE = re.compile(r"(?:\s|(?=[①-⑧]))\s*(?=[(\[（]?[A-Ha-hа-иА-Иأبجدアイウエ]\s?[.)）\]:．、]|[(（][1-8][)）]|[①-⑧])")
_WIDE_GAP = 2  # spaces that part two options of a line
_LONGEST_FURNITURE = 90
_MOST_NOUNS = 3
_NOUN = re.compile(r"[^\W\d_]{2,}[\s:：.]+(?=\S)")


class Number(NamedTuple):
    """The number of a question; `worded` says that a word, "Question", stands with it, `end` where it ends."""

    value: int
    worded: bool
    end: int


def prepare(source: Source) -> list[Line]:
    """The lines of a file; options that share a line have one each, and their labels are written in one way."""
    return [piece for line in lines_of(source) for piece in _pieces(line)]


def _pieces(line: Line) -> Iterator[Line]:
    text = _levelled(line.bare)
    if not text:
        yield line._replace(text="")
        return
    line = line._replace(text=" " * line.indent + text)
    first = option_label(text)
    cuts = _cuts(text, first) if (first and first.value == 1) or (first and "  " in text) else []
    if not cuts:
        yield line
        return
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        yield line._replace(text=" " * line.indent + text[start:end].strip())


def _levelled(text: str) -> str:
    if wide := _WIDE.match(text):
        text = unicodedata.normalize("NFKC", wide[0]) + " " + text[wide.end() :].lstrip()
    if named := _BRACKETED.match(text):
        word = named["word"].strip()
        if words.answer_end(f"{word}:") or words.says_reason(word):
            return f"{word}: {text[named.end() :]}"
    if bare := _BARE_KANA.match(text) or _DASHED.match(text):
        return f"{bare['core']}. {text[bare.end() :]}"
    return text


def _cuts(text: str, first: OptionLabel) -> list[int]:
    """Where further options begin on the line of one: far from it, or so many that nothing else can be meant."""
    cuts: list[int] = []
    value, far = first.value, True
    for match in _INLINE.finditer(text, first.end):
        label = option_label(text[match.end() :])
        if label and label.style == first.style and label.value == value + 1:
            far = far and (len(match[0]) >= _WIDE_GAP or "\t" in match[0] or label.core in "②③④⑤⑥⑦⑧")
            value += 1
            cuts.append(match.end())
    return cuts if far or len(cuts) > 1 else []


def is_rule(line: Line) -> bool:
    return bool(_RULE.fullmatch(line.bare))


def is_furniture(line: Line) -> bool:
    """Is this what a site writes between its questions: "View answer", "Report", "Time left: 20:00"?"""
    text = line.bare
    if len(text) > _LONGEST_FURNITURE or text.endswith(("?", "？")):
        return False
    if text.startswith("***") or (words.only_shows(text) and not words.answer_end(text)):
        return True
    return words.is_bank_furniture(text) or _is_picture(text)


def _is_picture(text: str) -> bool:
    return text[:1] in "[(<" and text[-1:] in "])>" and words.names_picture(text)


def key_end(line: Line) -> int:
    """How many characters of a line say that a key follows, "Answer: Option "; 0 if it is no key."""
    text = line.bare
    end = words.answer_end(text)
    if not end:
        return 0
    for _ in range(_MOST_NOUNS):
        noun = _NOUN.match(text, end)
        if not noun or not words.is_beside_key(noun[0].strip(" .:：\t")):
            break
        end = noun.end()
    return end


def ends_option(line: Line) -> bool:
    """Does this line belong to no option: a rule, furniture, a key, its reason?"""
    return is_rule(line) or bool(key_end(line)) or is_furniture(line) or says_reason(line)


def says_reason(line: Line) -> bool:
    """Is this line the label of an explanation, or does one begin it?"""
    return words.says_reason(line.bare) and (":" in line.bare[:30] or "：" in line.bare[:30])


def number(line: Line) -> Number | None:
    """The number that a question begins with."""
    match = _NUMBER.match(line.bare)
    if not match:
        return None
    word = match["word"]
    worded = bool(word and (words.names_question(word) or words.numbers_bank(word)))
    if (word and not worded) or not (word or match["sign"].strip() or "№" in match[0]):
        return None
    end = match.end()
    rest = line.bare[end:]
    if worded:
        for beside in islice(_BESIDE.finditer(rest), 3):
            if not rest[: beside.start()].strip() or not rest[beside.end() :].strip():
                rest = rest.replace(beside[0], "", 1)
        if not rest.strip(" .:-–—"):
            end = len(line.bare)
    return Number(int(match["number"]), worded, end)


def without_number(lines: Sequence[Line], end: int) -> list[Line]:
    """The lines of a question without its number."""
    first = lines[0]
    text = first.bare[end:].strip()
    rest = list(lines[1:])
    return [first._replace(text=" " * first.indent + text), *rest] if text else rest
