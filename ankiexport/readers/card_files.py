"""Markdown files that are decks of cards: mdanki's `## Question` with `%`, hashcards' `Q:` and `A:`."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from ankiexport import words
from ankiexport.readers.lines import NumberedLine, fenced_lines
from ankiexport.readers.reveal_lines import reveal_lines

_HEADING = re.compile(r"(?P<level>#{1,6})[ \t]+(?P<text>\S.*)")
_PERCENT = re.compile(r"%\s*$")
# "[#history]() [#rome]()"
_TAGS = re.compile(r"\s*(?:\[#[^\]]+\]\(\s*\)\s*)+$")
_QUESTION, _ANSWER, _CLOZE = (re.compile(rf"{label}:(?:\s+|$)") for label in "QAC")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})\s*$")
# "name = "Stars"": what hashcards has between its `---` at the top
_SETTING = re.compile(r"name\s*=\s*[\"']")
_GAP = re.compile(r"\[[^\[\]]+\](?!\()")
_SURE = 2


def level(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The lines with a reveal for each card, where all of a file is cards."""
    fenced = fenced_lines([line.text for line in lines])
    texts = ["" if is_code else line.text for line, is_code in zip(lines, fenced, strict=True)]
    if _is_mdanki(texts):
        return _cut(lines, texts, _begins_section, _section)
    if _is_hashcards(texts):
        return _cut(lines, texts, _begins_card, _card)
    return list(lines)


def _cut(
    lines: Sequence[NumberedLine],
    texts: Sequence[str],
    begins: Callable[[str], bool],
    card: Callable[[Sequence[NumberedLine], Sequence[str]], list[NumberedLine] | None],
) -> list[NumberedLine]:
    """Each part, from a line that begins one to before the next, as a card where it is one."""
    starts = [i for i, text in enumerate(texts) if begins(text)]
    out = list(lines[: starts[0]])
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        out.extend(card(lines[start:end], texts[start:end]) or lines[start:end])
    return out


def _is_mdanki(texts: Sequence[str]) -> bool:
    """Do signs of such a deck stand under headings of the second level?"""
    sections = asking = signs = 0
    for text in texts:
        if _begins_section(text):
            sections += 1
            asking += words.asks(text.lstrip("# "))
        signs += bool(sections) and bool(_PERCENT.match(text) or _TAGS.match(text))
    return bool(sections) and (signs >= _SURE or (signs == 1 and asking * 2 >= sections))


def _begins_section(text: str) -> bool:
    heading = _HEADING.match(text)
    return heading is not None and len(heading["level"]) <= _SURE


def _section(lines: Sequence[NumberedLine], texts: Sequence[str]) -> list[NumberedLine] | None:
    """`## Question`, its answer; where `%` stands alone, all above it is the question."""
    heading = _HEADING.match(texts[0])
    if heading is None or len(heading["level"]) == 1:
        return None
    split = next((i for i, text in enumerate(texts) if _PERCENT.match(text)), None)
    first = NumberedLine(lines[0].number, heading["text"].rstrip("# \t"))
    question = [first, *([NumberedLine(first.number, ""), *lines[1:split]] if split else [])]
    answer = [
        line
        for line, text in zip(lines[(split or 0) + 1 :], texts[(split or 0) + 1 :], strict=True)
        if not _TAGS.match(text)
    ]
    return _reveal(question, answer)


def _is_hashcards(texts: Sequence[str]) -> bool:
    """Are there cards, and is nothing else here, or a sign that only such a file has?"""
    said = [text for text in texts if text.strip()]
    if not any(map(_QUESTION.match, said)) or not any(map(_ANSWER.match, said)):
        return False
    clozes = sum(bool(_CLOZE.match(text)) for text in said)
    rules = sum(
        bool(_RULE.match(text) and (_QUESTION.match(after) or _CLOZE.match(after))) for text, after in pairwise(said)
    )
    begins = next((text for text in said if not _RULE.match(text) and not _HEADING.match(text)), "")
    is_named = bool(_SETTING.match(begins))
    gaps = any(_GAP.search(text) for text in said)
    return is_named or (clozes > 0 and gaps) or rules >= _SURE


def _begins_card(text: str) -> bool:
    return bool(_QUESTION.match(text) or _CLOZE.match(text) or _RULE.match(text) or _HEADING.match(text))


def _card(lines: Sequence[NumberedLine], texts: Sequence[str]) -> list[NumberedLine] | None:
    asked = _QUESTION.match(texts[0])
    at = next((i for i, text in enumerate(texts) if _ANSWER.match(text)), None)
    label = _ANSWER.match(texts[at]) if at else None
    if asked is None or at is None or label is None:
        return None
    question = [lines[0]._replace(text=texts[0][asked.end() :]), *lines[1:at]]
    answer = [lines[at]._replace(text=texts[at][label.end() :]), *lines[at + 1 :]]
    return _reveal(question, answer)


def _reveal(question: Sequence[NumberedLine], answer: Sequence[NumberedLine]) -> list[NumberedLine] | None:
    if not any(line.text.strip() for line in answer) or not any(line.text.strip() for line in question):
        return None
    return reveal_lines(question, answer, "flashcard", "card")
