"""A plain-text file of terms under a title that says so → a block of terms with what they mean."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from ankiexport import headings
from ankiexport.model import Block, Document, Html, Location, Source, text_of
from ankiexport.readers import quiz_blocks
from ankiexport.readers.text_blocks import Line, blocks_of, lines_of
from ankiexport.readers.text_faq_labels import is_rule

_WITHIN = 3  # lines that are filled, of which one is the title
_LEAST = 3  # terms
_ENOUGH = 0.8  # of the paragraphs at the margin must begin with a term
_MOST_WORDS = 6
# "TERM - what it means", "term: what it means", "TERM    what it means"
_PARTED = re.compile(r"(?P<term>\w[^\n:：]{0,60}?)(?:\s+[-–—=]{1,2}\s+|\s*[:：]\s+|：|\s{3,})(?=\S)")
_SENTENCE_END = (".", "!", "?", ",", ";", ":", "。", "？")

_Entry = tuple[Line, list[Line]]


def read(source: Source) -> Document | None:
    """Reads a file of terms; None if the text is none."""
    lines = lines_of(source)
    filled = [at for at, line in enumerate(lines) if line.text and not is_rule(line)]
    said = next((at for at in filled[:_WITHIN] if headings.says_glossary(lines[at].bare)), None)
    if said is None:
        return None
    body = [line if not is_rule(line) else line._replace(text="") for line in lines[said + 1 :]]
    for part in (_parted, _set_in):
        entries = _entries(body, part)
        if entries:
            terms = [_term(term, definition, source.name) for term, definition in entries]
            return Document(title=lines[said].bare, blocks=(_block(terms),))
    return None


def _entries(lines: Sequence[Line], part: Callable[[Sequence[Line]], _Entry | None]) -> list[_Entry]:
    """Each term with the lines that define it; nothing where too many paragraphs do not begin with one."""
    margin = min((line.indent for line in lines if line.text), default=0)
    starts = [at for at, line in enumerate(lines) if line.text and line.indent == margin and _begins(lines, at)]
    spans = [lines[start:end] for start, end in pairwise([*starts, len(lines)])]
    spans = [span for span in spans if len(span[0].bare) > 1 or any(line.text for line in span[1:])]
    first = next((at for at, span in enumerate(spans) if part(span)), 0)
    found = [part(span) for span in spans[first:]]
    entries = [entry for entry in found if entry]
    return entries if len(entries) >= _LEAST and len(entries) >= _ENOUGH * len(found) else []


def _begins(lines: Sequence[Line], at: int) -> bool:
    """Does a line at the margin begin an entry, rather than go on with the line above it?"""
    above = lines[at - 1] if at else None
    goes_on = above is not None and above.text and above.indent == lines[at].indent
    return not goes_on or bool(_PARTED.match(lines[at].bare))


def _parted(span: Sequence[Line]) -> _Entry | None:
    """A line that has both the term and what it means, or its beginning."""
    line = span[0]
    match = _PARTED.match(line.bare)
    if not match or len(match["term"].split()) > _MOST_WORDS or line.bare[match.end() :].startswith("//"):
        return None
    rest = line._replace(text=line.bare[match.end() :])
    more = [below._replace(text=below.bare) for below in span[1:]]
    return line._replace(text=match["term"].strip()), [rest, *more]


def _set_in(span: Sequence[Line]) -> _Entry | None:
    """A short line with what it means set in below it."""
    term = span[0]
    is_term = len(term.bare.split()) <= _MOST_WORDS and not term.bare.endswith(_SENTENCE_END)
    return (term, list(span[1:])) if is_term and any(line.text for line in span[1:]) else None


def _term(term: Line, definition: Sequence[Line], name: str) -> Block:
    summary = quiz_blocks.paragraph(term.bare, Location(source=name, line=term.at))
    children = tuple(blocks_of(definition, name))
    return replace(summary, tag="term", summary=summary, children=children, text=text_of(children))


def _block(terms: Sequence[Block]) -> Block:
    return Block(tag="terms", html=Html(""), text=text_of(terms), location=terms[0].location, children=tuple(terms))
