"""`Q: …` with `A: …`, in any language whose labels are known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import markup
from ankiexport.model import Block, Html, text_of
from ankiexport.pairs.cards import piece
from ankiexport.pairs.numbering import option_label
from ankiexport.pairs.side_labels import SideLabels, labels_of

_NEXT_OPTION = re.compile(r"(?:^|\n)B[.):]\s")
_MOST_BLOCKS = 6  # of a question
_LABELLED = ("paragraph", "code")
_WITHIN = (*_LABELLED, "quote", "table")  # what a question may go on with


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """`Q. …` and `A. …` become reveals, open at their end: what follows may still be the answer."""
    labels = labels_of(blocks)
    paired: list[Block] = []
    gathered: list[Block] = []
    for block in blocks:
        items = _unlisted(block, labels)
        if not items:
            gathered.append(block)
            continue
        paired.extend(_paired(gathered, labels))
        paired.extend(_closed(_paired(items, labels)))
        gathered = []
    return [*paired, *_paired(gathered, labels)]


def _paired(blocks: Sequence[Block], labels: SideLabels) -> list[Block]:
    pieces = [piece for block in blocks for piece in _split(block, labels)]
    paired: list[Block] = []
    at = 0
    while at < len(pieces):
        reveal, used = _pair(pieces, at, labels)
        paired.append(reveal or pieces[at])
        at += used
    return paired


def _closed(paired: Sequence[Block]) -> list[Block]:
    """The pairs of a list, each with what follows it: a list ends with its last answer."""
    closed: list[Block] = []
    for block in paired:
        if block.tag != "reveal" and closed and closed[-1].tag == "reveal":
            body = (*closed[-1].children, block)
            closed[-1] = replace(closed[-1], children=body, text=text_of(body))
        else:
            closed.append(replace(block, open=False))
    return closed


def _unlisted(block: Block, labels: SideLabels) -> Sequence[Block]:
    """The blocks of a list, if its items are questions and answers, in turn or together."""
    if block.tag != "list":
        return ()
    items = [item.children[0] for item in block.children if item.children]
    asked = [bool(labels.question.match(first.text)) for first in items]
    told = [bool(labels.answer.match(first.text)) for first in items]
    both = [bool(labels.answer_inside.search(item.text)) for item in block.children] if any(asked) else []
    in_turn = len(asked) > 1 and asked == [at % 2 == 0 for at in range(len(asked))] and told[1::2] == asked[::2]
    if in_turn or (asked and all(asked) and len(both) == len(asked) and all(both)):
        return [child for item in block.children for child in item.children]
    return ()


def _split(block: Block, labels: SideLabels) -> Iterator[Block]:
    """One block for each question of a block that holds several."""
    if block.tag not in _LABELLED or "\n" not in block.text:
        yield block
        return
    starts = [match.start() for match in labels.lines.finditer(block.text)]
    starts = [0, *starts] if starts and starts[0] else starts  # code right above a question in a dump
    if len(starts) < 2:
        yield block
        return
    for start, end in zip(starts, [*starts[1:], len(block.text)], strict=True):
        line = block.location.line + (block.text.count("\n", 0, start) if block.tag == "code" else 0)
        yield replace(_piece(block, start, end), location=replace(block.location, line=line))


def _pair(blocks: Sequence[Block], at: int, labels: SideLabels) -> tuple[Block | None, int]:
    """A reveal made of the blocks from one on, up to where the answer begins; and how many blocks that takes."""
    block = blocks[at]
    label = labels.question.match(block.text) if block.tag in (*_LABELLED, "heading") else None
    if not label or _NEXT_OPTION.search(block.text):
        return None, 1
    inside = labels.answer_inside.search(block.text, label.end())
    inside = inside or labels.answer_anywhere.search(block.text, label.end())
    if inside:
        return _reveal(_piece(block, label.end(), inside.start()), _piece(block, inside.end(), len(block.text))), 1
    end = _answer_at(blocks, at, labels)
    if end is None:
        return None, 1
    following = blocks[end]
    answer = labels.answer.match(following.text)
    rest = _piece(following, answer.end() if answer else 0, len(following.text))
    question = _piece(block, label.end(), len(block.text))
    return _reveal(question, rest, blocks[at + 1 : end]), end + 1 - at


def _answer_at(blocks: Sequence[Block], at: int, labels: SideLabels) -> int | None:
    """Where the answer to the question at a block begins; None where something else comes before it."""
    for i in range(at + 1, min(at + 1 + _MOST_BLOCKS, len(blocks))):
        block = blocks[i]
        if block.tag in _LABELLED and labels.answer.match(block.text):
            following = blocks[i + 1].text if i + 1 < len(blocks) else ""
            is_option = _NEXT_OPTION.search(block.text) or _NEXT_OPTION.match(following)
            return None if is_option else i
        if block.tag not in _WITHIN or labels.question.match(block.text) or option_label(block.text):
            return None
    return None


def _reveal(question: Block, answer: Block, more: Sequence[Block] = ()) -> Block:
    """The reveal of a pair; `more` is what the question goes on with."""
    return Block(
        tag="reveal",
        html=Html(""),
        text=answer.text,
        location=question.location,
        summary=question,
        children=(answer,) if answer.text else (),
        open=True,
        role="question",
        question=(question, *more) if more else (),
        kind="flashcard" if more else None,
        shape="flashcard" if more else "Q and A",
    )


def _piece(block: Block, start: int, end: int) -> Block:
    """A part of a block, as a paragraph. Lines of a text dump are text; a paragraph keeps its markup."""
    if block.tag == "code":
        first, *others = block.text[start:end].strip().split("\n")
        text = "\n".join([markup.fold(first), *others])  # that lines and their HTML are cut at one place
        return replace(block, tag="paragraph", text=text, html=markup.unwrap(markup.lines(text)))
    return piece(block, start, end)
