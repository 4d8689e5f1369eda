"""Blocks → atoms: the ways in which labelled text is set on a page, each cut into pieces that can carry a label."""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ankiexport import markup
from ankiexport.kinds.labels import CORE, Label, block_label, may_open_answer, parse_label
from ankiexport.model import Block, BlockTag, Html

_LONGEST_PARAGRAPH = 4_000  # characters that may hold a whole exercise
# A label in a paragraph: at the start of a line, a capital or in brackets, or after a sentence: "A. One B. Two. 3) x"
_CAPITAL = rf"(?:[A-Z][a-z]+\s)?(?:\({CORE}\)|[A-Z][.:)])\s"
_ANY = rf"(?:[A-Z][a-z]+\s)?{CORE}[.:)]\s"
_INLINE = re.compile(rf"(?<=\n)|(?:^|\s+)(?={_CAPITAL})|(?:^|(?<=[.?!:;,)”\"])\s+)(?={_ANY})")
_MAY_GO_ON = re.compile(rf"\n|\s(?={_CAPITAL}|{_ANY})")  # finds none where `_INLINE` finds only the beginning, but soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """The smallest piece that can carry a label: a block, a list item, a table row or lines of a code block.

    `home` is which of the blocks it comes from.
    """

    blocks: tuple[Block, ...]
    text: str
    home: int
    label: Label | None = None


def restore(atoms: Sequence[Atom], blocks: Sequence[Block], sizes: Mapping[int, int]) -> tuple[Block, ...]:
    """Atoms as blocks again: whole where all pieces of a block are there, else the pieces in one block of its kind.

    `sizes` tells how many atoms each block was cut into.
    """
    restored: list[Block] = []
    for home, group in groupby(atoms, key=lambda atom: atom.home):
        pieces = list(group)
        if len(pieces) == sizes[home]:
            restored.append(blocks[home])
        else:
            restored.extend(_pieces(pieces, blocks[home]))
    return tuple(restored)


def _pieces(pieces: Sequence[Atom], whole: Block) -> Iterable[Block]:
    text = "\n".join(piece.text for piece in pieces)
    if whole.tag == "code":
        return [replace(whole, text=text, html=markup.lines(text), location=pieces[0].blocks[0].location)]
    if whole.tag == "list" and len(pieces) > 1:
        html = markup.bullet_list([markup.join(piece.blocks) for piece in pieces])
        return [replace(whole, text=text, html=html, children=())]
    return [block for piece in pieces for block in piece.blocks]


def without_label(blocks: Sequence[Block], length: int) -> tuple[Block, ...]:
    """The blocks of an atom less the characters that its label takes."""
    if not length or not blocks:
        return tuple(blocks)
    first, *others = blocks
    bare = first.text[length:]
    html = markup.lines(bare) if first.tag == "code" else markup.without_prefix(first.html, length)
    kept = [] if markup.is_blank(html) else [replace(first, text=bare, html=html)]
    return (*kept, *others)


def merge_lines(atoms: Sequence[Atom]) -> list[Atom]:
    """Lines of one code block in one piece again."""
    merged: list[Atom] = []
    for _, group in groupby(atoms, key=lambda atom: atom.home):
        first, *others = group
        if others:
            text = "\n".join(atom.text for atom in (first, *others))
            lines = replace(first.blocks[0], text=text, html=markup.lines(text))
            first = replace(first, blocks=(lines,), text=text)
        merged.append(first)
    return merged


def _plain(block: Block, home: int) -> Atom:
    return Atom(blocks=(block,), text=block.text, home=home)


def _by_blocks(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        yield Atom(blocks=(block,), text=block.text, home=home, label=block_label(block))


def _by_items(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        if block.tag != "list":
            yield _plain(block, home)
        for item in block.children if block.tag == "list" else ():
            label = parse_label(item.text)
            if label is None and item.number is not None:
                label = Label(word="", core=str(item.number), end=0)
            yield Atom(blocks=item.children, text=item.text, label=label, home=home)


def _by_lines(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        if block.tag != "code" or "\n" not in block.text:
            yield _plain(block, home)
            continue
        line = block.location.line
        for piece in _labelled_lines(block.text):
            text = _tidy(piece)
            location = replace(block.location, line=line)
            lines = replace(block, text=text, html=Html(""), location=location)  # what is shown of it is made later
            yield Atom(blocks=(lines,), text=text, label=parse_label(text), home=home)
            line += len(piece)


def _labelled_lines(text: str) -> Iterable[list[str]]:
    """The lines of a block in pieces, each beginning at a line that could carry a label."""
    piece: list[str] = []
    for line in text.split("\n"):
        if piece and may_open_answer(line.strip()):
            yield piece
            piece = []
        piece.append(line)
    yield piece


def _tidy(lines: Sequence[str]) -> str:
    """Lines without the indentation that they share below the first."""
    first, *rest = lines
    return "\n".join([first.strip(), *textwrap.dedent("\n".join(rest)).split("\n")]).rstrip()


def _by_rows(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        if block.tag != "table":
            yield _plain(block, home)
        rows = [_row(row, home) for row in block.children] if block.tag == "table" else []
        is_head = len(rows) > 2 and rows[0].label is None and all(row.label for row in rows[1:])
        yield from rows[is_head:]


def _row(row: Block, home: int) -> Atom:
    """A table row: its first cell is a label, or begins with one; the other cells are what is labelled."""
    if not row.children:
        return _plain(replace(row, tag="paragraph", html=markup.escape(row.text)), home)
    first, *others = row.children
    label = parse_label(f"{first.text}." if re.fullmatch(CORE, first.text) else first.text)
    is_own_cell = label is not None and others and label.end >= len(first.text)
    if label is not None and is_own_cell:
        label = replace(label, end=0)
        cells = others
    else:
        cells = [first, *others]
    text = " ".join(cell.text for cell in cells)
    html = Html(" | ".join(cell.html for cell in cells))
    return Atom(blocks=(replace(row, tag="paragraph", html=html, text=text),), text=text, label=label, home=home)


def _by_sentences(blocks: Sequence[Block]) -> Iterable[Atom]:
    for home, block in enumerate(blocks):
        starts = _label_starts(block.text) if block.tag == "paragraph" else []
        if len(starts) < 2:
            yield _plain(block, home)
            continue
        for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
            text = block.text[start:end].strip()
            html = markup.cut(block.html, start, end)
            piece = replace(block, text=text, html=html)
            yield Atom(blocks=(piece,), text=text, label=parse_label(text), home=home)


def _label_starts(text: str) -> list[int]:
    """Where the labels of a paragraph begin; none where it does not begin with one, or has no other."""
    first = _INLINE.match(text) if len(text) <= _LONGEST_PARAGRAPH else None
    if first is None or first.end() or not _MAY_GO_ON.search(text):
        return []
    return sorted({match.end() for match in _INLINE.finditer(text)})


CHANNELS: Mapping[str, Callable[[Sequence[Block]], Iterable[Atom]]] = {
    "blocks": _by_blocks,
    "items": _by_items,
    "lines": _by_lines,
    "rows": _by_rows,
    "sentences": _by_sentences,
}
_CUT: Mapping[str, BlockTag] = {"items": "list", "lines": "code", "rows": "table", "sentences": "paragraph"}


def channels_of(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Atom]]]:
    """Each channel with the atoms that it cuts blocks into; all but the first only where it cuts one."""
    tags = {block.tag for block in blocks}
    for channel, cut in CHANNELS.items():
        if channel == "blocks" or _CUT[channel] in tags:
            atoms = list(cut(blocks))
            if channel != "sentences" or len(atoms) > len(blocks):
                yield channel, atoms
