"""Lines that begin with a term: "**Term**: what it means", "term - what it means"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ankiexport import headings, markup
from ankiexport.model import Block, Location
from ankiexport.pairs.cards import emphasis, piece

# What parts a bold term from what it means, with what may stand after the term: "(abbr.)", "*"
_AFTER_BOLD = re.compile(
    r"(?P<more>(?:\s?\([^()]{1,60}\)|\s?/\s?[^\s:]{1,30})?[*†]?)\s*(?:[:：]\s*|[–—―]\s*|-{1,3}\s+|=\s+)(?=\S)"
)
# A term on a line of its own
_BROKEN = re.compile(r"\s*<(?P<tag>strong|b|dfn)>[^<>]{1,100}</(?P=tag)>(?:[ \t]*\n|\s*<br\s*/?>)\s*\S")
_COLON_INSIDE = re.compile(r"\s*[:：–—]\s*$")
# "term - what it means" in plain text
_PLAIN = re.compile(r"(?P<term>\w[^\n:–—=]{0,60}?)(?:\s+-{1,2}\s+|\s*[–—:=]\s+)(?=\S)")
_MOST_WORDS = 8
_MOST_PLAIN_WORDS = 5
_LEAST_LINES = 3


def term_of(block: Block) -> tuple[Block, Block] | None:
    """The bold term that a paragraph begins with, and the rest of it."""
    length = emphasis(block)
    if not length:
        return None
    bold = block.text[:length]
    inside = _COLON_INSIDE.search(bold)
    after = None if inside else _AFTER_BOLD.match(block.text, length)
    if not inside and not after and not _BROKEN.match(block.html):
        return None
    end = inside.start() if inside else length + len(after["more"]) if after else length
    term = piece(block, 0, end)
    rest = piece(block, after.end() if after else length)
    if not term.text or not rest.text or len(term.text.split()) > _MOST_WORDS or headings.has_question_mark(term.text):
        return None
    return None if headings.is_remark(term.text) else (term, rest)


def plain_lines(block: Block) -> Iterator[tuple[Block, list[Block]]]:
    """The terms in lines of plain text, where each line at the margin begins with one and others go on with it."""
    lines = [line for line in block.text.split("\n") if line.strip()]
    starts = [i for i, line in enumerate(lines) if not line[0].isspace()]
    if len(starts) < _LEAST_LINES or starts[0] != 0:
        return
    heads = [_PLAIN.match(lines[start]) for start in starts]
    if not all(head and len(head["term"].split()) <= _MOST_PLAIN_WORDS for head in heads):
        return
    for found, start, end in zip(heads, starts, [*starts[1:], len(lines)], strict=True):
        if found:
            text = markup.fold(" ".join([lines[start][found.end() :], *lines[start + 1 : end]]))
            location = replace(block.location, line=block.location.line + start)
            yield _line(block, found["term"].strip(), location), [_line(block, text, location)]


def _line(block: Block, text: str, location: Location) -> Block:
    return replace(block, tag="paragraph", text=text, html=markup.escape(text), location=location)
