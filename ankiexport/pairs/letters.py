"""Answers from a key of bare letters, which a page has put with their questions: the option that they name."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ankiexport import words
from ankiexport.model import Block, text_of
from ankiexport.pairs.cards import BREAKS
from ankiexport.pairs.named import answer_of, read_key
from ankiexport.pairs.options import find_row
from ankiexport.pairs.units import unfold

# "B", "(b)", "C."
_LETTER = re.compile(r"\(?[A-Ha-h][.)]?")
_CORE_ONLY = re.compile(r"[\W_]*\w[\W_]*")
_SHORT = 60  # characters of an answer that only names an option
_MOST = 12  # blocks of a question


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks of a page; an answer in a box that is one letter says the option, too."""
    named: list[Block] = []
    above: list[Block] = []
    for block in blocks:
        if block.tag == "reveal" and block.role == "answer" and not block.summary and _is_letter(block):
            block = _with_option(block, above)
        elif block.tag == "reveal" and len(block.children) == 1 and _may_answer(block):
            block = _spelled_out(block, above)
        named.append(block)
        above = [] if block.tag in BREAKS else [*above, block][-_MOST:]
    return named


def _is_letter(reveal: Block) -> bool:
    return len(reveal.children) == 1 and bool(_LETTER.fullmatch(reveal.children[0].text))


def _may_answer(reveal: Block) -> bool:
    if reveal.question or reveal.role not in (None, "answer"):
        return False
    return reveal.summary is None or words.only_shows(reveal.summary.text)


def _spelled_out(reveal: Block, above: Sequence[Block]) -> Block:
    """An answer that only names an option, "Answer: B", with what that says below it."""
    said = reveal.children[0]
    end = words.answer_end(said.text) if said.tag in ("paragraph", "heading") and len(said.text) < _SHORT else 0
    if not end:
        return reveal
    units = unfold(above)
    rows = [row for at in range(len(units)) if (row := find_row(units, at))]
    named = read_key(rows[-1], said, end) if rows and rows[-1].end == len(units) else None
    if named is None or named[1] or not _CORE_ONLY.fullmatch(said.text[end:]):
        return reveal
    children = (said, *answer_of(rows[-1], named[0], apart=False))
    return replace(reveal, children=children, text=text_of(children))


def _with_option(reveal: Block, above: Sequence[Block]) -> Block:
    units = unfold(above)
    rows = [row for at in range(len(units)) if (row := find_row(units, at))]
    named = read_key(rows[-1], reveal.children[0], 0) if rows else None
    if named is None:
        return reveal
    children = (*answer_of(rows[-1], named[0], apart=bool(named[1])), *named[1])
    return replace(reveal, children=children, text=text_of(children))
