"""Numbered checks with an answer below each, both opened by a bold label: "**(LC2.1)** Why …?", "**Solution**: …"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ankiexport import markup, words
from ankiexport.model import Block
from ankiexport.pairs.cards import BREAKS, Cut, emphasis, piece, replaced
from ankiexport.pairs.choices import reveal

# "(LC2.1)", "Exercise 3.2:", "Aufgabe 4", "2.1.3"
_LABEL = re.compile(r"\(?\[?(?P<word>[^\W\d_]{0,12})\s?(?P<number>\d{1,3}(?:[.-]\d{1,3}){0,2}[a-z]?)\]?\)?[.:]?\s*")
_SEVERAL = 3


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks with a reveal for each such check, where a page has several that are labelled alike."""
    starts = [(at, label) for at, block in enumerate(blocks) if (label := _label(block))]
    words_used = {label["word"].lower() for _, label in starts}
    if len(starts) < _SEVERAL or len(words_used) > 1:
        return list(blocks)
    places = [at for at, _ in starts]
    cuts = []
    for (at, label), end in zip(starts, [*places[1:], len(blocks)], strict=True):
        cut = _cut(blocks, at, label.end(), end)
        if cut:
            cuts.append(cut)
    return replaced(blocks, cuts) if len(cuts) >= _SEVERAL and _go_together(cuts, len(starts)) else list(blocks)


def _go_together(cuts: Sequence[Cut], count: int) -> bool:
    """Are most of what is labelled such checks, with nothing between an answer and the next check?"""
    apart = sum(after.start > before.end + 1 for before, after in pairwise(cuts))
    return len(cuts) * 2 > count and apart * 2 <= len(cuts)


def _label(block: Block) -> re.Match[str] | None:
    """The bold label that a paragraph begins with, and nothing more of it is bold."""
    if block.tag != "paragraph" or not block.html.startswith(("<strong>", "<b>", "<em>")):
        return None
    label = _LABEL.match(block.text)
    bold = emphasis(block) if label else 0
    return label if label and bold and label.start() < bold <= label.end() else None


def _cut(blocks: Sequence[Block], start: int, length: int, end: int) -> Cut | None:
    """A check with its answer, up to the next heading; None where it has no answer, or more than one."""
    stop = next((at for at in range(start + 1, end) if blocks[at].tag in BREAKS), end)
    answers = [at for at in range(start + 1, stop) if _opens_answer(blocks[at])]
    if len(answers) != 1:
        return None
    at = answers[0]
    first = piece(blocks[start], length)
    question = [*([first] if first.text else []), *blocks[start + 1 : at]]
    said = words.answer_label(blocks[at].text)
    rest = piece(blocks[at], said)
    answer = [*([rest] if rest.text else []), *blocks[at + 1 : stop]]
    if not question or not answer or all(markup.is_blank(block.html) for block in answer):
        return None
    return Cut(start=start, end=stop, blocks=(reveal(question, answer, "answer label"),))


def _opens_answer(block: Block) -> bool:
    return block.tag == "paragraph" and words.answer_label(block.text) > 0
