"""`Q: …` with `A: …` in plain text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import markup
from ankiexport.model import Block, Html, text_of

# "Q: What is it?", "Q3. What is it?", "Question: What is it?"
_QUESTION = re.compile(r"(?:Q|Question|Front)\s?\d{0,3}\s?[.:)]\s+(?=\S)")
# "A: It is …", "A3. It is …", "A." alone
_ANSWER = re.compile(r"(?:A|Answer|Back)\s?\d{0,3}\s?[.:)](?:\s+|$)")
_ANSWER_INSIDE = re.compile(r"(?:\n|(?<=[?.!:…”\"’')\]])\s+)(?:A|Answer|Back)\s?\d{0,3}\s?[.:)](?=\s|$)\s*")
_ANSWER_ANYWHERE = re.compile(r"\s(?:A|Answer)\s?\d{0,3}:\s+")
_ANSWER_BLOCK = re.compile(r"(?:A|Answer)\s?\d{0,3}:(?:\s+|$)")
_MOST_BLOCKS = 6  # of a question, after its first
_NEXT_OPTION = re.compile(r"(?:^|\n)B[.):]\s")


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """`Q. …` and `A. …` become reveals, open at their end: what follows may still be the answer."""
    paired: list[Block] = []
    lines = [piece for block in blocks for piece in _split_pairs(block)]
    at = 0
    while at < len(lines):
        block = lines[at]
        following = lines[at + 1] if at + 1 < len(lines) else None
        reveal, used = _pair(block, following)
        if reveal is None:
            reveal, used = _pair_over_blocks(lines, at)
        paired.append(reveal or block)
        at += used
    return paired


def _split_pairs(block: Block) -> Iterator[Block]:
    """One block for each `Q:` line of a block that holds several."""
    if block.tag == "list" and _holds_pairs(block):
        for item in block.children:
            yield from _pairs_of_item(item)
        return
    starts = [match.start() for match in re.finditer(r"^(?=(?:Q|Question)\s?\d{0,3}\s?[.:)]\s)", block.text, re.M)]
    starts = [0, *starts] if starts and starts[0] else starts  # code right above a question in a dump
    if len(starts) < 2 or block.tag not in ("paragraph", "code"):
        yield block
        return
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
        line = block.location.line + (block.text.count("\n", 0, start) if block.tag == "code" else 0)
        yield replace(_piece(block, start, end), location=replace(block.location, line=line))


def _holds_pairs(block: Block) -> bool:
    """Does each item of a list begin with `Q:`, and an answer follow in most?"""
    answered = sum(
        any(_ANSWER.match(child.text) for child in item.children[1:])
        or (_ANSWER_INSIDE.search(item.text) or _ANSWER_ANYWHERE.search(item.text)) is not None
        for item in block.children
    )
    return answered * 2 >= len(block.children) and all(
        item.children and _QUESTION.match(item.children[0].text) for item in block.children
    )


def _pairs_of_item(item: Block) -> Iterator[Block]:
    """The pair in an item of a list, which ends with the item."""
    first, *others = [piece for child in item.children for piece in _split_pairs(child)]
    reveal, used = _pair(first, others[0] if others else None)
    if reveal is None:
        reveal, used = _pair_over_blocks([first, *others], 0)
    if reveal is None:
        yield from (first, *others)
        return
    children = (*reveal.children, *others[used - 1 :])
    yield replace(reveal, children=children, text=text_of(children), open=False)


def _pair_over_blocks(lines: Sequence[Block], at: int) -> tuple[Block | None, int]:
    """A reveal of a question that several blocks ask, up to the one that begins with `A:`; and how many it takes."""
    block = lines[at]
    label = _QUESTION.match(block.text) if block.tag in ("paragraph", "heading") else None
    if not label:
        return None, 1
    for end in range(at + 2, min(at + 2 + _MOST_BLOCKS, len(lines))):
        answer = _ANSWER_BLOCK.match(lines[end].text) if lines[end].tag == "paragraph" else None
        between = lines[end - 1]
        if between.tag not in ("paragraph", "code", "list", "table", "quote") or _QUESTION.match(between.text):
            return None, 1
        if answer:
            rest = _piece(lines[end], answer.end(), len(lines[end].text))
            reveal = _reveal(block, label.end(), len(block.text), len(block.text))
            question = [reveal.summary, *lines[at + 1 : end]] if reveal.summary else lines[at + 1 : end]
            children = (rest,) if rest.text else ()
            return replace(reveal, question=tuple(question), children=children, kind="flashcard"), end + 1 - at
    return None, 1


def _pair(block: Block, following: Block | None) -> tuple[Block | None, int]:
    """A reveal made of this block, and the next if the answer stands there; and how many blocks that takes."""
    label = _QUESTION.match(block.text) if block.tag in ("paragraph", "code", "heading") else None
    if not label or _NEXT_OPTION.search(block.text):
        return None, 1
    inside = _ANSWER_INSIDE.search(block.text, label.end()) or _ANSWER_ANYWHERE.search(block.text, label.end())
    if inside:
        return _reveal(block, label.end(), inside.start(), inside.end()), 1
    answer = _ANSWER.match(following.text) if following and following.tag in ("paragraph", "code") else None
    if not following or not answer or _NEXT_OPTION.search(following.text):
        return None, 1
    question = _reveal(block, label.end(), len(block.text), len(block.text))
    rest = _piece(following, answer.end(), len(following.text))
    return replace(question, children=(rest,) if rest.text else ()), 2


def _reveal(block: Block, start: int, end: int, answer_start: int) -> Block:
    answer = _piece(block, answer_start, len(block.text))
    return Block(
        tag="reveal",
        html=Html(""),
        text=answer.text,
        location=block.location,
        summary=_piece(block, start, end),
        children=(answer,) if answer.text else (),
        open=True,
        role="question",
        shape="Q and A",
    )


def _piece(block: Block, start: int, end: int) -> Block:
    """A part of a block, as a paragraph. Lines of a text dump are text; a paragraph keeps its markup."""
    text = block.text[start:end].strip()
    if block.tag == "code":
        return replace(block, tag="paragraph", text=text, html=markup.unwrap(markup.lines(text)))
    html = markup.unwrap(markup.cut(block.html, start, end))
    return replace(block, tag="paragraph", text=text, html=html)
