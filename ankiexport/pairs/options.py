"""Units → the options of a choice: what each says, how it is lettered, and whether the page marks it as right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport import markup
from ankiexport.model import Block, Html, text_of
from ankiexport.pairs.marks import SIGN, Mark, Option, judge_bold, read_option
from ankiexport.pairs.numbering import OptionLabel, option_label, value_of
from ankiexport.pairs.units import Unit

MOST = 8
_LETTERS = "ABCDEFGH"
_OPENING = re.compile(r"<(?:ul|ol)[^>]*>")
_TYPE = re.compile(r'<ol[^>]* type="([Aa])"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The options of a question, up to the unit before `end`. `shown` is what a card shows of them."""

    options: tuple[Option, ...]
    shown: tuple[Block, ...]
    end: int
    lettered: bool
    numbered: bool = False

    @property
    def right(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.right)

    @property
    def mark(self) -> Mark | None:
        return next((option.mark for option in self.options if option.right), None)

    def find(self, core: str) -> Option | None:
        """The option that a key speaks of as `B`, `2` or `б`."""
        for option in self.options:
            if option.label and option.label.lower() == core.lower():
                return option
        place = value_of(core)
        if not place or (self.lettered and core.isdigit()) or place[1] > len(self.options):
            return None
        return self.options[place[1] - 1]


def find_row(units: Sequence[Unit], at: int) -> Row | None:
    """The options that begin at a unit."""
    block = units[at].block
    if block.tag == "list":
        boxes = _spread_boxes(units, at)
        return boxes or (_of_list(block, at + 1) if 2 <= len(block.children) <= MOST else None)
    label = option_label(block.text) if block.tag == "paragraph" and len(block.text) < 2_000 else None
    if block.tag == "paragraph" and SIGN.match(block.text) and not label:
        return _of_signs(units, at)
    return _of_labels(units, at, label) if label and label.value == 1 else None


def _of_list(block: Block, end: int) -> Row | None:
    typed = _TYPE.match(block.html)
    numbered = block.children[0].number is not None
    if not all(item.children for item in block.children):
        return None
    options = judge_bold([read_option(item.children) for item in block.children])
    labels = [option.label for option in options]
    if typed:
        first = (block.children[0].number or 1) - 1
        names = _LETTERS if typed[1] == "A" else _LETTERS.lower()
        options = [replace(o, label=names[(i + first) % MOST], end=0) for i, o in enumerate(options)]
    elif not _in_order(labels):
        options = [replace(option, label="", end=0) for option in options]
    opening = _OPENING.match(block.html)
    inner = "".join(markup.wrap("li", _inner(option.blocks)) for option in options)
    name = opening[0] if opening else "<ul>"
    html = Html(f"{name}{inner}</{name[1:3]}>")
    shown = replace(block, html=html, text=text_of(b for o in options for b in o.blocks), children=())
    own = _in_order(labels) and not labels[0].isdigit()
    return Row(options=tuple(options), shown=(shown,), end=end, lettered=bool(typed) or own, numbered=numbered)


def _inner(blocks: Sequence[Block]) -> Html:
    return blocks[0].html if len(blocks) == 1 and blocks[0].tag == "paragraph" else markup.join(blocks)


def _in_order(labels: Sequence[str]) -> bool:
    places = [value_of(label) if label else None for label in labels]
    return all(place is not None and place[1] == at for at, place in enumerate(places, 1))


def _spread_boxes(units: Sequence[Unit], at: int) -> Row | None:
    """Boxes to tick that have code or a picture under them: a list each."""
    found: list[list[Block]] = []
    i, lists = at, 0
    while i < len(units) and len(found) <= MOST:
        block = units[i].block
        if block.tag == "list" and all(item.children and SIGN.match(item.text) for item in block.children):
            found.extend(list(item.children) for item in block.children)
            lists += 1
        elif found and (block.tag == "code" or _is_picture(block)) and _goes_on(units, i):
            found[-1].append(block)
        else:
            break
        i += 1
    if lists < 2 or not 2 <= len(found) <= MOST:
        return None
    options = judge_bold([read_option(blocks) for blocks in found])
    html = markup.bullet_list([markup.join(option.blocks) for option in options])
    text = text_of(block for option in options for block in option.blocks)
    shown = replace(units[at].block, html=html, text=text, children=())
    return Row(options=tuple(options), shown=(shown,), end=i, lettered=False)


def _goes_on(units: Sequence[Unit], at: int) -> bool:
    """Is this code under an option: right after a list of one, which more options, or nothing, follow?"""
    above = units[at - 1].block
    return above.tag != "list" or len(above.children) == 1


def _is_picture(block: Block) -> bool:
    return block.tag == "paragraph" and block.html.startswith("<img") and len(block.text) < 80


def _of_labels(units: Sequence[Unit], at: int, first: OptionLabel) -> Row | None:
    """ "A) …", "B) …" in paragraphs or lines that follow one another."""
    found: list[list[Block]] = []
    i = at
    while i < len(units) and len(found) <= MOST:
        block = units[i].block
        label = option_label(block.text) if block.tag == "paragraph" else None
        if label and label.style == first.style and label.value == len(found) + 1 and (i == at or _same(units, i)):
            found.append([block])
        elif found and block.tag == "code":
            found[-1].append(block)
        else:
            break
        i += 1
    if not 2 <= len(found) <= MOST:
        return None
    options = judge_bold([read_option(blocks) for blocks in found])
    return Row(
        options=tuple(options),
        shown=_lines(options),
        end=i,
        lettered=not first.core.isdigit(),
        numbered=first.core.isdigit(),
    )


def _same(units: Sequence[Unit], at: int) -> bool:
    return not units[at].first


def _of_signs(units: Sequence[Unit], at: int) -> Row | None:
    """Lines that begin with a sign each: "☐ red", "✓ green"."""
    found: list[list[Block]] = []
    i = at
    while i < len(units) and units[i].block.tag == "paragraph" and SIGN.match(units[i].text) and len(found) <= MOST:
        found.append([units[i].block])
        i += 1
    if not 2 <= len(found) <= MOST:
        return None
    options = judge_bold([read_option(blocks) for blocks in found])
    return Row(options=tuple(options), shown=_lines(options), end=i, lettered=False)


def _lines(options: Sequence[Option]) -> tuple[Block, ...]:
    """Options as the lines of one paragraph, where they are no more than that."""
    if any(len(option.blocks) > 1 for option in options):
        return tuple(block for option in options for block in option.blocks)
    blocks = [option.blocks[0] for option in options if option.blocks]
    html = Html("<br>".join(block.html for block in blocks))
    return (replace(blocks[0], html=html, text=text_of(blocks)),)
