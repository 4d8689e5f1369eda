"""What the finders of open pairs share: a question and its answer → a reveal; bold openings; what ends an answer."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ankiexport import headings, markup
from ankiexport.model import Block, Html, Location, text_of

_BOLD = re.compile(r"\s*(?P<all><(?P<tag>strong|b|em|i|dfn|code|u)>.*?</(?P=tag)>)", re.S)
_TAG = re.compile(r"<[^>]*>")
# A link and nothing else, which may stand in bold: what leads on or back
_LINK_ONLY = re.compile(
    r"\s*(?:<(?:strong|b|em|i|small|sup|p)>\s*)*<a\b[^>]*>(?:(?!</a>).)*</a>\W*(?:\s*</[a-z]+>)*\s*", re.S
)
# "3. ", "2.1 ", "[4] ", "(5) ", "6) ", "Q7: "
_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*[.):]?|[\[(]\d{1,3}[\])][.:]?|#\d{1,3}[.:]?)\s+(?=\S)")
_LABEL = re.compile(r"(?P<label>[^\W\d_]{1,12}\s?[\d.]{0,4})\s?[:：.)]\s*(?=\S)")
_SIGNS = re.compile(r"[❓❔🤔▶►▸•➤✅💬\s]+")
_LETTER_LIST = re.compile(r"<ol[^>]* type=\"[Aa]\"")
_LETTERED = re.compile(r"\(?[Aa][.)]\s")


FOLDS = frozenset(["reveal", "box", "box-end"])
"""What hides or frames something: no pair goes over it."""
BREAKS = FOLDS | {"heading"}
"""What ends a question or an answer that stands openly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A row of blocks, from one place to before another, and what stands there instead."""

    start: int
    end: int
    blocks: tuple[Block, ...]


def replaced(blocks: Sequence[Block], cuts: Iterable[Cut]) -> list[Block]:
    """The blocks with each row that is cut out replaced; of two that overlap, the first counts."""
    out: list[Block] = []
    at = 0
    for cut in sorted(cuts, key=lambda cut: cut.start):
        if cut.start >= at:
            out.extend(blocks[at : cut.start])
            out.extend(cut.blocks)
            at = cut.end
    return [*out, *blocks[at:]]


def card(question: Block, answer: Sequence[Block], shape: str) -> Block:
    """A flashcard as the reveal that its answer might be in."""
    return Block(
        tag="reveal",
        html=Html(""),
        text=text_of(answer),
        location=question.location,
        summary=replace(question, tag="paragraph", html=markup.unwrap(question.html)),
        children=tuple(answer),
        role="question",
        shape=shape,
        kind="flashcard",
    )


def hidden(answer: Sequence[Block], location: Location, shape: str) -> Block:
    """A reveal of an answer to what stands above it."""
    return Block(
        tag="reveal",
        html=Html(""),
        text=text_of(answer),
        location=location,
        children=tuple(answer),
        role="answer",
        shape=shape,
    )


def piece(block: Block, start: int, end: int | None = None) -> Block:
    """A part of a paragraph's or heading's text, as a paragraph that keeps its markup."""
    end = len(block.text) if end is None else end
    text = block.text[start:end].strip()
    return replace(block, tag="paragraph", text=text, html=markup.unwrap(markup.cut(block.html, start, end)))


def without_number(block: Block) -> Block:
    """A question without its number or label: "3. ", "Q2: "."""
    at = 0
    for pattern in (_SIGNS, _NUMBER, _LABEL):
        found = pattern.match(block.text, at)
        if found and (pattern is not _LABEL or headings.is_question_label(found["label"])):
            at = found.end()
    return piece(block, at) if at else block


def is_numbered(text: str) -> bool:
    found = _LABEL.match(text)
    return bool(_NUMBER.match(text)) or bool(found and headings.is_question_label(found["label"]))


def emphasis(block: Block) -> int:
    """How many characters of a paragraph's text its bold, italic or code beginning takes."""
    if block.tag != "paragraph":
        return 0
    at = taken = 0
    while found := _BOLD.match(block.html, at):
        taken += len(found["all"]) - len(found["all"].lstrip())
        at = found.end()
    head = block.html[:at]
    return len(_plain(head)) if head else 0


def _plain(fragment: str) -> str:
    return markup.fold(html.unescape(_TAG.sub("", fragment)))


def without_label(answer: Sequence[Block]) -> tuple[Block, ...]:
    """An answer without the word that says it is one: "Answer: …"."""
    if not answer or answer[0].tag != "paragraph":
        return tuple(answer)
    first = answer[0]
    found = _LABEL.match(f"{first.text} x")
    if not found or not headings.is_answer_label(found["label"]):
        return tuple(answer)
    rest = piece(first, min(found.end(), len(first.text)))
    return (rest, *answer[1:]) if rest.text else tuple(answer[1:])


def is_link(block: Block) -> bool:
    """Is this a link and nothing else?"""
    return block.tag == "paragraph" and bool(block.text) and bool(_LINK_ONLY.fullmatch(block.html))


def leads_back(block: Block) -> bool:
    return is_link(block) and (headings.leads_to_top(block.text) or block.text[0] in "↑⬆⇧▲^")


def without_ending(answer: Sequence[Block], repeated: frozenset[str], *, last: bool) -> tuple[Block, ...]:
    """An answer without the links after it that lead to the top; the page's last has others of its site there."""
    end = len(answer)
    while end and (
        leads_back(answer[end - 1])
        or (is_link(answer[end - 1]) and (answer[end - 1].text in repeated or (last and end > 1)))
    ):
        end -= 1
    return tuple(answer[:end])


def repeated_links(blocks: Sequence[Block]) -> frozenset[str]:
    """Lines that are a link and nothing else, and stand on the page again and again."""
    seen: set[str] = set()
    repeated: set[str] = set()
    for block in blocks:
        if is_link(block):
            (repeated if block.text in seen else seen).add(block.text)
    return frozenset(repeated)


def offers_choice(blocks: Iterable[Block]) -> bool:
    """Do options stand here, of which one is right?"""
    return any(
        block.text.startswith(("☐", "☑")) or bool(_LETTER_LIST.match(block.html)) or bool(_LETTERED.match(block.text))
        if block.tag == "list"
        else block.tag in ("paragraph", "code") and bool(_LETTERED.match(block.text))
        for block in blocks
    )


def only_asks(blocks: Sequence[Block]) -> bool:
    """Is there nothing here but a list of questions, or of links?"""
    items = [child for block in blocks for child in (block.children if block.tag == "list" else (block,))]
    asking = sum(headings.has_question_mark(item.text) or bool(_LINK_ONLY.fullmatch(item.html)) for item in items)
    return any(block.tag == "list" for block in blocks) and len(items) > 1 and asking > 0.8 * len(items)


def flattened(blocks: Sequence[Block]) -> Iterator[Block]:
    """Blocks with no list whose items begin with headings, or whose one item asks: its blocks stand in its place."""
    for block in blocks:
        if block.tag == "list" and block.children and (all(map(_heads, block.children)) or _is_numbered_line(block)):
            for item in block.children:
                yield from item.children
        else:
            yield block


def _is_numbered_line(block: Block) -> bool:
    """Is this a question whose number makes Markdown take it for a list?"""
    item = block.children[0]
    alone = len(block.children) == len(item.children) == 1 and item.number is not None
    return alone and item.children[0].tag == "paragraph" and headings.has_question_mark(item.text)


def _heads(item: Block) -> bool:
    return bool(item.children) and item.children[0].tag == "heading"
