"""An option of a choice without what marks it as right or wrong, and that mark."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ankiexport import markup, words
from ankiexport.model import Block, Html, text_of
from ankiexport.pairs.numbering import option_label
from ankiexport.pairs.units import text_in

Mark = Literal["box", "sign", "word", "star", "bold"]
"""What tells the right option: a ticked box, ✅, "(correct)", an asterisk before its letter, bold print."""
SIGN = re.compile(r"\s*(?P<sign>[☑☒☐✓✔✅❌✗✘✕✖❎]|\[[ xX]\]|\([ xX]\)(?=\s)|[→➔►]\s?(?=\S))\ufe0f?\s*")
_BOXES, _WRONG = ("☑", "☐", "☒", "[ ]", "[x]", "[X]", "( )", "(x)", "(X)"), ("☐", "[ ]", "( )", *"❌✗✘✕✖❎")
# "(correct)", "← correct", "✓" at the end of an option
_END = re.compile(
    r"\s*(?:[(\[（{]\s*(?P<said>[^()\[\]（）{}]{2,24})[)\]）}]"
    r"|(?:[←⟵✓✔✅]|<-+|<=+)\ufe0f?\s*(?P<arrow>[^\W\d_].{0,22})?)[.!*\s]*$"
)
_END_SIGN = re.compile(r"\s*[✓✔✅❌✗✘]\ufe0f?\s*$")
_EMPHASIS = re.compile(r"<(strong|b|mark|u)>.*?</\1>", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option without its mark. `label` is the letter or number that is its own, as the page writes it."""

    blocks: tuple[Block, ...]
    label: str
    end: int  # of the label in its text
    right: bool | None = None
    mark: Mark | None = None
    bold: bool = False

    @property
    def text(self) -> str:
        return text_of(self.blocks)

    @property
    def said(self) -> str:
        """What it says without its label."""
        return self.text[self.end :].strip()


def read_option(blocks: Sequence[Block]) -> Option:
    first, *others = blocks
    right: bool | None = None
    mark: Mark | None = None
    sign = SIGN.match(first.text)
    if sign and first.tag == "paragraph":
        mark = "box" if sign["sign"].strip() in _BOXES else "sign"
        right = sign["sign"].strip() not in _WRONG
        first = _cut(first, sign.end(), len(first.text))
    label = option_label(first.text)
    if label and label.mark == "*":
        right, mark = True, "star"
        first = _cut(first, label.start, len(first.text))
        label = option_label(first.text)
    first, said = _without_end(first)
    if said is not None:
        right, mark = said, "word"
    end = label.end if label else 0
    return Option(
        blocks=(first, *others),
        label=label.core if label else "",
        end=end,
        right=right,
        mark=mark,
        bold=not others and _is_bold(first, end),
    )


def _without_end(block: Block) -> tuple[Block, bool | None]:
    """An option without what its end says of it, and that."""
    text = block.text
    sign = _END_SIGN.search(text[-8:])
    if sign:
        length = len(text) - len(text[-8:]) + sign.start()
        return _cut(block, 0, length), not any(wrong in sign[0] for wrong in _WRONG)
    found = _END.search(text[-60:]) if block.tag == "paragraph" else None
    said = words.marks_option(found["said"] or found["arrow"] or "") if found else None
    if found is None or said is None:
        return block, None
    return _cut(block, 0, len(text) - len(text[-60:]) + found.start()), said


def _cut(block: Block, start: int, end: int) -> Block:
    html = markup.cut(block.html, start, end) if end < len(block.text) else markup.without_prefix(block.html, start)
    return replace(block, text=block.text[start:end].strip(), html=html)


def _is_bold(block: Block, label: int) -> bool:
    """Is all of it, its label aside, in bold or marked?"""
    if block.tag != "paragraph" or not _EMPHASIS.search(block.html):
        return False
    rest = text_in(_EMPHASIS.sub("", block.html))
    return not rest.strip(" .:;,") or rest == block.text[:label].strip()


def judge_bold(options: Iterable[Option]) -> list[Option]:
    """Where nothing else marks one, the only option in bold is the right one, and loses what tells it."""
    options = list(options)
    bold = [option for option in options if option.bold]
    if any(option.right is not None for option in options) or len(bold) != 1:
        return options
    return [
        replace(option, right=True, mark="bold", blocks=(_plain(option.blocks[0]), *option.blocks[1:]))
        if option.bold
        else option
        for option in options
    ]


def _plain(block: Block) -> Block:
    return replace(block, html=Html(re.sub(r"</?(?:strong|b|mark|u)>", "", block.html)))
