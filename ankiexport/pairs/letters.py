"""Answers from a key of bare letters, which a page has put with their questions: the option that they name."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ankiexport.model import Block, text_of
from ankiexport.pairs.cards import BREAKS
from ankiexport.pairs.named import answer_of, read_key
from ankiexport.pairs.options import find_row
from ankiexport.pairs.units import unfold

# "B", "(b)", "C."
_LETTER = re.compile(r"\(?[A-Ha-h][.)]?")
_MOST = 12  # blocks of a question


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks of a page; an answer in a box that is one letter says the option, too."""
    named: list[Block] = []
    above: list[Block] = []
    for block in blocks:
        if block.tag == "reveal" and block.role == "answer" and not block.summary and _is_letter(block):
            block = _with_option(block, above)
        named.append(block)
        above = [] if block.tag in BREAKS else [*above, block][-_MOST:]
    return named


def _is_letter(reveal: Block) -> bool:
    return len(reveal.children) == 1 and bool(_LETTER.fullmatch(reveal.children[0].text))


def _with_option(reveal: Block, above: Sequence[Block]) -> Block:
    units = unfold(above)
    rows = [row for at in range(len(units)) if (row := find_row(units, at))]
    named = read_key(rows[-1], reveal.children[0], 0) if rows else None
    if named is None:
        return reveal
    children = (*answer_of(rows[-1], named[0], apart=bool(named[1])), *named[1])
    return replace(reveal, children=children, text=text_of(children))
