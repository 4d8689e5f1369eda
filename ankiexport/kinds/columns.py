"""Two-column matching in a code block: `A. left   1. right`, taken apart into a left and a right column."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport import markup
from ankiexport.kinds.labels import parse_label
from ankiexport.model import Block, Html, Problem

# The label of a right cell after the gap between the columns: "A. left   1. right", and after one space in a text dump
_RIGHT = re.compile(r"(?<=\S)\s{2,}(?P<label>\(?(?:\d{1,2}|[a-z]|[ivx]+)[.)])\s")
_RIGHT_DUMPED = re.compile(r"(?<=\S)\s(?P<label>(?P<core>\d{1,2})[.)])\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The left column as a code block, the right one as blocks to show with every part."""

    left: Block
    right: tuple[Block, ...]


def split_columns(block: Block) -> Columns | Problem | None:
    """The columns of a code block; None if it has one; a problem if a text dump has mixed them."""
    if block.tag != "code":
        return None
    lines = block.text.split("\n")
    rows = [i for i, line in enumerate(lines) if _is_row(line)]
    if len(rows) < 2:
        return None
    aligned = [match for i in rows if (match := _RIGHT.search(lines[i]))]
    at = {match.start("label") for match in aligned}
    if len(aligned) * 2 >= len(rows) and len(aligned) >= 2 and len(at) == 1:
        return _at_column(block, lines, at.pop())
    dumped = [match for i in rows if (match := _RIGHT_DUMPED.search(lines[i]))]
    values = [int(match["core"]) for match in dumped]
    if len(dumped) * 2 < len(rows) or len(dumped) < 2 or values != sorted(set(values)) or values[0] != 1:
        return None
    spare = lines[rows[-1] + 1 :]  # right cells beyond the last row
    numbers = [*values, *(int(label.core) for line in spare if (label := parse_label(line)) and label.core.isdigit())]
    is_whole = len(dumped) == len(rows) == rows[-1] - rows[0] + 1
    if is_whole and numbers == list(range(1, len(rows) + len(spare) + 1)):
        return _at_labels(block, lines, rows, [match.start("label") for match in dumped])
    message = "a text dump has mixed two columns: the parts keep the text of both"
    return Problem(location=block.location, severity="warning", message=message)


def _is_row(line: str) -> bool:
    label = parse_label(line)
    return label is not None and not label.core.isdigit()


def _at_column(block: Block, lines: Sequence[str], at: int) -> Columns | None:
    first = next(i for i, line in enumerate(lines) if _is_row(line))
    if any(line[at - 1 : at].strip() for line in lines[first:]):
        return None
    left = [line[:at].rstrip() for line in lines[first:]]
    heads = [cells[1] for line in lines[:first] if len(cells := re.split(r"\s{2,}", line.strip())) == 2]
    return _columns(block, left, heads, [line[at:].strip() for line in lines[first:]])


def _at_labels(block: Block, lines: Sequence[str], rows: Sequence[int], starts: Sequence[int]) -> Columns:
    left = [lines[row][:start].rstrip() for row, start in zip(rows, starts, strict=True)]
    right = [lines[row][start:] for row, start in zip(rows, starts, strict=True)]
    heads = [lines[0].split()[-1]] if rows[0] == 1 and len(lines[0].split()) == 2 else []
    return _columns(block, left, heads, [*right, *lines[rows[-1] + 1 :]])


def _columns(block: Block, left: Sequence[str], heads: Sequence[str], right: Sequence[str]) -> Columns:
    text = "\n".join(line for line in left if line)
    cells: list[list[str]] = []
    for line in filter(None, right):
        if parse_label(line) or not cells:
            cells.append([])
        cells[-1].append(line)
    joined = [markup.fold(" ".join(cell)) for cell in cells]
    blocks = [_paragraph(block, " ".join(heads))] if heads else []
    return Columns(left=replace(block, text=text, html=markup.lines(text)), right=(*blocks, _choices(block, joined)))


def _paragraph(block: Block, text: str) -> Block:
    return replace(block, tag="paragraph", text=text, html=markup.escape(text))


def _choices(block: Block, cells: Sequence[str]) -> Block:
    """The right cells as a list, with the labels that they have on the page."""
    labels = [parse_label(cell) for cell in cells]
    if all(label and label.core == str(i) for i, label in enumerate(labels, 1)):
        html = markup.ordered_list(
            [markup.escape(c[label.end :]) for c, label in zip(cells, labels, strict=True) if label]
        )
    else:
        html = Html("".join(markup.wrap("p", markup.escape(cell)) for cell in cells))
    return replace(block, tag="list", text="\n".join(cells), html=html)
