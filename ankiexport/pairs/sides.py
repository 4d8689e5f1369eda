"""`Q: …` with `A: …` in plain text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import markup
from ankiexport.model import Block, Html

# "Q: What is it?", "Q3. What is it?", "Question: What is it?"
_QUESTION = re.compile(r"(?:Q|Question|Front)\s?\d{0,3}\s?[.:)]\s+(?=\S)")
# "A: It is …", "A3. It is …", "A." alone
_ANSWER = re.compile(r"(?:A|Answer|Back)\s?\d{0,3}\s?[.:)](?:\s+|$)")
_ANSWER_INSIDE = re.compile(r"(?:\n|(?<=[?.!:…”\"’')\]])\s+)(?:A|Answer|Back)\s?\d{0,3}\s?[.:)](?=\s|$)\s*")
_ANSWER_ANYWHERE = re.compile(r"\s(?:A|Answer)\s?\d{0,3}:\s+")
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
        paired.append(reveal or block)
        at += used
    return paired


def _split_pairs(block: Block) -> Iterator[Block]:
    """One block for each `Q:` line of a block that holds several."""
    starts = [match.start() for match in re.finditer(r"^(?=(?:Q|Question)\s?\d{0,3}\s?[.:)]\s)", block.text, re.M)]
    starts = [0, *starts] if starts and starts[0] else starts  # code right above a question in a dump
    if len(starts) < 2 or block.tag not in ("paragraph", "code"):
        yield block
        return
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
        line = block.location.line + (block.text.count("\n", 0, start) if block.tag == "code" else 0)
        yield replace(_piece(block, start, end), location=replace(block.location, line=line))


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
