"""The options of a question in a dumped bank: lines that begin with a label each, or labels alone on a line."""

from collections.abc import Sequence
from typing import NamedTuple

from ankiexport.model import Block, Location
from ankiexport.pairs.numbering import option_label
from ankiexport.pairs.options import MOST, Row, find_row
from ankiexport.pairs.units import unfold
from ankiexport.readers import quiz_blocks
from ankiexport.readers.bank_lines import ends_option, is_furniture, key_end, number
from ankiexport.readers.text_blocks import Line, joined

_MOST_LINES = 8  # of an option
_MOST_BLANKS = 3
_MOST_BETWEEN = 2  # lines that nobody knows, between the options and their key
_SHORT = 60


class Span(NamedTuple):
    """The lines of the options from `start` on, one list for each, up to the line before `end`."""

    start: int
    end: int
    options: tuple[tuple[Line, ...], ...]


def spans(lines: Sequence[Line]) -> list[Span]:
    """All that may be the options of a question."""
    found: list[Span] = []
    at = 0
    while at < len(lines):
        span = _span(lines, at)
        if span:
            found.append(span)
        at = span.end if span else at + 1
    return found


def _span(lines: Sequence[Line], at: int) -> Span | None:
    first = option_label(lines[at].bare)
    if not first or first.value != 1:
        return None
    options, end, blanks = [[lines[at]]], at + 1, 0
    for i in range(at + 1, len(lines)):
        line = lines[i]
        if not line.text:
            blanks += 1
            if blanks > _MOST_BLANKS:
                break
            continue
        label = option_label(line.bare)
        if label and label.style == first.style and label.value == len(options) + 1 and len(options) < MOST:
            options.append([line])
        elif _is_over(line, options[-1], blanks) or (label and label.value == 1):
            break
        else:
            options[-1].append(line)
        end, blanks = i + 1, 0
    filled = all(_said(option) for option in options)
    return Span(at, end, tuple(map(tuple, options))) if len(options) > 1 and filled else None


def _is_over(line: Line, option: Sequence[Line], blanks: int) -> bool:
    is_empty = len(option) == 1 and not _said(option)
    worded = (found := number(line)) is not None and found.worded
    return ends_option(line) or worded or (bool(blanks) and not is_empty) or len(option) >= _MOST_LINES


def _said(option: Sequence[Line]) -> str:
    text = joined(option)
    label = option_label(text)
    return text[label.end :].strip() if label else text


def row_of(span: Span, name: str) -> Row | None:
    """The options as the pairers know them."""
    blocks: list[Block] = [
        quiz_blocks.paragraph(joined(option), Location(source=name, line=option[0].at)) for option in span.options
    ]
    row = find_row(unfold(blocks), 0)
    return row if row and len(row.options) == len(span.options) else None


def key_at(lines: Sequence[Line], span: Span) -> int | None:
    """The line of the key below these options, with nothing but furniture between."""
    unknown = 0
    for i in range(span.end, len(lines)):
        line = lines[i]
        if not line.text or (is_furniture(line) and not key_end(line)):
            continue
        if key_end(line):
            return i
        unknown += 1
        if unknown > _MOST_BETWEEN or len(line.bare) > _SHORT or number(line) or line.bare.endswith(("?", ":")):
            return None
        if option_label(line.bare):
            return None
    return None
