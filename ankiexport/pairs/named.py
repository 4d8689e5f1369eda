"""What a key says → the options that it names, and its reason: "B", "(c), since …", "A and D", "2"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ankiexport import markup
from ankiexport.model import Block, Html
from ankiexport.pairs.marks import Option
from ankiexport.pairs.options import MOST, Row

# "(b)", "B and D", "C:", "**2**": what a key says
_CORE = r"[(\[（]?\s*(?P<core>[A-Ha-h]|[а-зА-З]|[أابجدアイウエオカ가나다라마कखगघ]|[1-8]|[①-⑧])(?![^\W_])[)\]）]*"
_FIRST = re.compile(r"[*_\s]*" + _CORE)
_MORE = re.compile(r"\s*(?:,\s*(?:and\b|&)?|and\b|und\b|et\b|y\b|e\b|и\b|&|\+|/|、)\s*" + _CORE)
_AFTER = re.compile(r"[\s*_]*(?:[.:,;：。，]|[–—-](?=\s))?\s*")
_OVER = re.compile(
    r"[\s*_]*(?:$|[.:,;：。，(（=–—-]|(?:because|since|as|for|weil|da|denn|car|porque|perché|потому|так)\b)", re.I
)
_SHORT_REST = 3  # characters that a reason has at least


def read_key(row: Row, block: Block, length: int) -> tuple[list[Option], tuple[Block, ...]] | None:
    """The options that a key names, from a place in its block on, and the reason that it gives after them."""
    rest = block.text[length:]
    named, end = _named(row, rest)
    if not named:
        named = [option for option in row.options if option.said and _same(option.said, rest)]
        return (named, ()) if named else None
    end = _AFTER.match(rest, end).end()  # type: ignore[union-attr]  # it matches anything
    for option in named[:1]:
        if option.said and rest[end:].lower().startswith(option.said.lower()):
            end += len(option.said)
            end = _AFTER.match(rest, end).end()  # type: ignore[union-attr]  # it matches anything
    text = rest[end:].strip()
    if len(text) < _SHORT_REST:
        return named, ()
    reason = replace(block, tag="paragraph", text=text, html=markup.without_prefix(block.html, length + end))
    return named, (reason,)


def _named(row: Row, text: str) -> tuple[list[Option], int]:
    match = _FIRST.match(text)
    named: list[Option] = []
    end = 0
    while match and len(named) < MOST:
        option = row.find(match["core"])
        if option is None or option in named or not _is_over(text, match.end(), option):
            break
        named.append(option)
        end = match.end()
        match = _MORE.match(text, end)
    return named, end


def _is_over(text: str, end: int, option: Option) -> bool:
    """Is a letter all that is said, and not the article of "A lake"?"""
    rest = text[end:]
    more = _MORE.match(text, end) is not None
    return text[end - 1] in ")]）" or more or bool(_OVER.match(rest)) or _begins(rest.strip(), option.said)


def _begins(text: str, said: str) -> bool:
    return bool(said) and text.casefold().startswith(said.casefold())


def _same(left: str, right: str) -> bool:
    return left.strip(" .*_").casefold() == right.strip(" .*_").casefold()


def answer_of(row: Row, right: Sequence[Option], *, apart: bool) -> tuple[Block, ...]:
    """The right option, with its letter if it has one; all of them as a list.

    `apart` says that a reason follows, whose number a mere "6" would seem to be.
    """
    if len(right) == 1 and not (apart and right[0].text[:1].isdigit() and not right[0].label):
        return _lettered(right[0])
    html = markup.bullet_list([markup.join(_lettered(option)) for option in right])
    text = "\n".join(option.text for option in right)
    first = right[0].blocks[0]
    return (Block(tag="list", html=html, text=text, location=first.location),)


def _lettered(option: Option) -> tuple[Block, ...]:
    first, *others = option.blocks
    if not option.label or option.end or first.tag != "paragraph":
        return option.blocks
    head = f"{option.label}. "
    return (replace(first, text=head + first.text, html=Html(head + first.html)), *others)
