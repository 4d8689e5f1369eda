"""Blocks → units: the questions of a list, the lines of a paragraph and of a dump, each a block of its own."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ankiexport import markup, words
from ankiexport.model import Block, Html, Location
from ankiexport.pairs.numbering import OptionLabel, labels_inside, number_of, option_label

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_PIECE = re.compile(r"<[^>]*>|\n|[^<\n]+")
_ANY_TAG = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r"<img[^>]*?(?: alt=\"([^\"]*)\")?[^>]*>")
_MOST_ITEMS = 1_000_000  # of a list: no more are told apart
_LONGEST = 60_000  # characters of a block that may be cut into lines


class Unit(NamedTuple):
    """A piece of a page: `home` is the block that it comes from; `number` is a question's, `end` the length of that."""

    block: Block
    home: int
    number: int | None = None
    end: int = 0
    first: bool = False  # of an item of a list: a question begins here
    in_item: int | None = None  # the item, for all of its units

    @property
    def text(self) -> str:
        return self.block.text

    @property
    def bare(self) -> Block:
        """The block without the question's number."""
        if not self.end:
            return self.block
        inner = markup.unwrap(markup.without_prefix(self.block.html, self.end))
        return replace(self.block, text=self.block.text[self.end :], html=inner)


def unfold(blocks: Sequence[Block], *, numbered: bool = False) -> list[Unit]:
    """The units of a page, in its order; with `numbered` each numbered list is taken for one of questions."""
    units: list[Unit] = []
    for home, block in enumerate(blocks):
        if block.tag == "list" and _is_one_question(block):
            for unit in _of_item(block.children[0], home, 0):
                units.append(unit._replace(in_item=None, first=False, number=unit.number if unit.first else None))
        elif block.tag == "list" and (_holds_questions(block) or (numbered and _is_numbered(block, units))):
            for at, item in enumerate(block.children):
                units.extend(_of_item(item, home, home * _MOST_ITEMS + at))
        else:
            units.extend(_of_block(block, home))
    return units


def fold(units: Sequence[Unit], blocks: Sequence[Block], used: dict[int, Block | None]) -> list[Block]:
    """Blocks again. `used` has what stands in place of a unit, None where nothing does; the rest is as it was."""
    touched = {units[at].home for at in used}
    folded: list[Block] = []
    last = -1
    for at, unit in enumerate(units):
        if unit.home not in touched:
            if unit.home != last:
                folded.append(blocks[unit.home])
        elif at not in used:
            folded.append(_numbered(unit))
        elif (block := used[at]) is not None:
            folded.append(block)
        last = unit.home
    return folded


def _numbered(unit: Unit) -> Block:
    """A question of a list that was taken apart has its number again."""
    if unit.number is None or unit.end or unit.block.tag != "paragraph":
        return unit.block
    number = f"{unit.number}. "
    return replace(unit.block, text=number + unit.block.text, html=Html(number + unit.block.html))


def _holds_questions(block: Block) -> bool:
    """Does a list hold questions with options or answers of their own, rather than being options?"""
    return any(
        (
            len(item.children) > 1
            and any(child.tag == "list" or words.answer_end(child.text) for child in item.children[1:])
        )
        or any(_has_row(child) for child in item.children)
        for item in block.children
    )


def _is_one_question(block: Block) -> bool:
    """A numbered list of one item is what Markdown makes of "3. What is it?"; what follows may belong to it."""
    return len(block.children) == 1 and block.children[0].number is not None and bool(block.children[0].children)


def _is_numbered(block: Block, above: Sequence[Unit]) -> bool:
    """Is it a numbered list, and not the options of a numbered question?"""
    is_under_question = bool(above) and above[-1].number is not None and above[-1].in_item is None
    return bool(block.children) and block.children[0].number is not None and not is_under_question


def _has_row(block: Block) -> bool:
    return block.tag == "paragraph" and sum(unit_label is not None for unit_label in _labels(block)) > 1


def _labels(block: Block) -> list[OptionLabel | None]:
    return [option_label(line.text) for line in _lines(block)] if "\n" in block.html else []


def _of_item(item: Block, home: int, name: int) -> Iterator[Unit]:
    first = True
    for child in item.children:
        for unit in _of_block(child, home):
            number = item.number if first else None
            yield unit._replace(first=first, number=number, end=0, in_item=name)
            first = False


def _of_block(block: Block, home: int) -> Iterator[Unit]:
    if block.tag == "quote" and block.children and words.answer_end(block.children[0].text):
        for child in block.children:
            yield _unit(child, home)
    elif block.tag in ("paragraph", "code") and _may_be_cut(block) and _any_begins(lines := _lines(block)):
        for piece in _gather(block, lines):
            yield from (_unit(option, home) for option in _inline_options(piece))
    elif block.tag == "paragraph":
        yield from (_unit(option, home) for option in _inline_options(block))
    else:
        yield _unit(block, home)


def _unit(block: Block, home: int) -> Unit:
    found = number_of(block.text) if block.tag in ("paragraph", "heading") else None
    if found and block.tag == "paragraph" and "(" in block.text[: found[1]] and _is_option_in_brackets(block.text):
        found = None
    return Unit(block=block, home=home, number=found[0] if found else None, end=found[1] if found else 0)


def _is_option_in_brackets(text: str) -> bool:
    """ "(1) an option" """
    label = option_label(text)
    return label is not None and label.style.endswith("()")


def _may_be_cut(block: Block) -> bool:
    if len(block.html) > _LONGEST or ("\n" not in block.text and "\n" not in block.html):
        return False
    return block.tag != "code" or "class=" not in block.html[:40]


def _any_begins(lines: Sequence["_Line"]) -> bool:
    return any(_begins(line.text) for line in lines)


def _begins(text: str) -> bool:
    return bool(option_label(text) or number_of(text) or words.answer_end(text))


class _Line(NamedTuple):
    """A line of a block, what separates it from the one before, and how far below the first it is on the page."""

    text: str
    html: str
    joint: str
    below: int


def _gather(block: Block, lines: Sequence[_Line]) -> Iterator[Block]:
    """The lines of a block; one that begins nothing goes on with what is above it, unless there is a gap."""
    gathered: list[_Line] = []
    for line in lines:
        if gathered and line.joint != "gap" and not _begins(line.text):
            space, sign = ("\n", "<br>") if line.joint == "br" else (" ", " ")
            last = gathered.pop()
            line = last._replace(text=f"{last.text}{space}{line.text}", html=f"{last.html}{sign}{line.html}")
        gathered.append(line)
    for line in gathered:
        location = Location(source=block.location.source, line=block.location.line + line.below)
        yield replace(block, tag="paragraph", html=Html(line.html), text=line.text, location=location)


def _lines(block: Block) -> list[_Line]:
    """The lines of a block in which something stands."""
    if block.tag == "code":
        pieces = [(markup.escape(markup.fold(line)), "\n") for line in block.text.split("\n")]
    else:
        pieces = _cut_lines(block.html)
    lines: list[_Line] = []
    gap = False
    for at, (inner, joint) in enumerate(pieces):
        text = text_in(inner)
        if not text:
            gap = True
            continue
        below = at if block.tag == "code" else 0
        lines.append(_Line(text, inner, "gap" if gap and joint == "br" else joint, below))
        gap = False
    return lines


def _cut_lines(fragment: str) -> list[tuple[Html, str]]:
    """Clean HTML cut at its line breaks, forced or not; tags that are open at a cut are closed and opened again."""
    pieces: list[tuple[Html, str]] = []
    open_tags: list[tuple[str, str]] = []
    now, joint, code = "", "", 0
    for token in _PIECE.findall(fragment):
        if (token == "\n" and not code) or token == "<br>":
            if token == "\n" and not now.strip():
                continue
            pieces.append((Html((now + "".join(f"</{name}>" for name, _ in reversed(open_tags))).strip()), joint))
            now, joint = "".join(tag for _, tag in open_tags), "br" if token == "<br>" else "\n"
            continue
        now += token
        tag = _TAG.match(token)
        if tag and tag[2] not in ("img", "wbr", "hr"):
            if tag[1]:
                open_tags = open_tags[:-1]
            else:
                open_tags.append((tag[2], token))
            code += (tag[2] in ("pre", "code")) * (-1 if tag[1] else 1)
    pieces.append((Html(now.strip()), joint))
    return pieces


def text_in(fragment: str) -> str:
    """The text of inline HTML."""
    if "<img" in fragment:
        fragment = _PICTURE.sub(lambda match: match[1] or "", fragment)
    return markup.fold(html.unescape(_ANY_TAG.sub("", fragment)))


def _inline_options(block: Block) -> Iterator[Block]:
    """ "(1) red (2) green (3) blue" on one line is three."""
    label = option_label(block.text) if len(block.text) <= 2_000 else None
    if label is None or label.value != 1 or "\n" in block.text:
        yield block
        return
    starts = [0]
    for at, other in labels_inside(block.text):
        if other.style == label.style and other.value == len(starts) + 1:
            starts.append(at)
    if len(starts) < 2:
        yield block
        return
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
        text = block.text[start:end].strip()
        yield replace(block, text=text, html=markup.cut(block.html, start, end))
