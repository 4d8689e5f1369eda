"""Answers of an exercise's parts that are hidden one by one, "Answer a" and "Answer b": one key with their labels."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ankiexport.kinds.leads import shows
from ankiexport.markup import escape
from ankiexport.model import Block, Html, text_of

# "Answer b", "Solution (2)"
_LABEL = re.compile(r".*\s\(?(?P<label>[A-Za-z]|\d{1,2})[.):]*", re.S)


def join_labelled(blocks: Sequence[Block]) -> list[Block]:
    """Blocks with one reveal for each row of reveals that answer parts one after another."""
    joined: list[Block] = []
    row: list[tuple[str, Block]] = []  # labels and reveals
    for block in blocks:
        label = _label(block)
        if row and not (label and _follows(row[-1][0], label)):
            joined.extend(_join(row))
            row = []
        if label and (row or label in "aA1"):
            row.append((label, block))
        else:
            joined.append(block)
    return [*joined, *_join(row)]


def _label(block: Block) -> str | None:
    if not shows(block) or block.open or block.question or block.summary is None:
        return None
    found = _LABEL.fullmatch(block.summary.text)
    return found["label"] if found else None


def _follows(label: str, following: str) -> bool:
    if label.isdigit() or following.isdigit():
        return label.isdigit() and following.isdigit() and int(following) == int(label) + 1
    return ord(following) == ord(label) + 1


def _join(row: Sequence[tuple[str, Block]]) -> list[Block]:
    if len(row) < 2:
        return [reveal for _, reveal in row]
    children = tuple(child for label, reveal in row for child in _labelled(label, reveal))
    return [replace(row[0][1], children=children, text=text_of(children))]


def _labelled(label: str, reveal: Block) -> Sequence[Block]:
    first, *others = reveal.children or (reveal,)
    mark = f"{label}. "
    if first.tag == "paragraph":
        return (replace(first, text=mark + first.text, html=Html(f"{escape(mark)}{first.html}")), *others)
    alone = Block(tag="paragraph", html=escape(mark.strip()), text=mark.strip(), location=reveal.location)
    return (alone, *reveal.children)
