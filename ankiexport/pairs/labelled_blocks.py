"""`Q: …` and `A: …` of several blocks each, in many languages, and in the items of a list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ankiexport import markup, words
from ankiexport.model import Block, text_of
from ankiexport.pairs import sides
from ankiexport.pairs.cards import BREAKS, Cut, card, emphasis, piece, replaced

SHAPE = "Q and A"
_LABEL = re.compile(r"(?P<word>[^\W\d_]{1,12})\s?\d{0,3}(?:\.\d{1,2})?\s?(?P<sign>[.:：)])(?:\s+|$)")
_UNSPACED_LABEL = re.compile(r"(?P<word>[\u2e80-\uffdc]{1,4})\d{0,3}(?P<sign>[：:])\s*")
_NEXT_OPTION = re.compile(r"[BbВвБб][.):]\s")
_MOST = 12  # blocks of a question


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """A reveal for each question with a label whose answer has one, too, with all blocks of both."""
    lines = list(_unlisted(blocks))
    asked = [i for i, block in enumerate(lines) if _question_end(block)]
    if not asked:
        return lines
    cuts = list(_closed(lines, asked))
    for at, limit in zip(asked, [*asked[1:], len(lines)], strict=True):
        found = _answer_at(lines, at, limit)
        if found is not None:
            cuts.append(_pair(lines, at, found, limit))
    return replaced(lines, cuts)


def _closed(blocks: Sequence[Block], asked: Sequence[int]) -> Iterator[Cut]:
    """An answer that the label of a question without one follows ends there."""
    for limit in asked:
        at = next((i for i in range(limit - 1, -1, -1) if blocks[i].tag in BREAKS or _question_end(blocks[i])), None)
        if at is not None and blocks[at].shape == SHAPE and blocks[at].open:
            whole = (*blocks[at].children, *blocks[at + 1 : limit])
            closed = replace(blocks[at], children=whole, text=text_of(whole), open=False)
            yield Cut(start=at, end=limit, blocks=(closed,))


def _unlisted(blocks: Sequence[Block]) -> Iterator[Block]:
    """The items of a list that all begin with the label of a question, each side by itself."""
    for block in blocks:
        is_run = block.tag == "list" and bool(block.children)
        if is_run and all(item.children and _question_end(item.children[0]) for item in block.children):
            for item in block.children:
                yield from (replace(inner, open=False) for inner in sides.pair(item.children, ""))
        else:
            yield block


def _question_end(block: Block) -> int:
    return _label_end(block, is_answer=False) if block.tag in ("paragraph", "heading") else 0


def _label_end(block: Block, *, is_answer: bool) -> int:
    """How many characters of a block are the label of a side; one letter must be a usual one, or be in bold."""
    found = _LABEL.match(block.text) or _UNSPACED_LABEL.match(block.text)
    if not found or not (words.labels_answer if is_answer else words.labels_question)(found["word"]):
        return 0
    is_usual = found["word"] in ("Q", "A") and found["sign"] == ":"
    if len(found["word"]) > 1 and not is_answer and found["sign"] == ")":
        return 0
    if len(found["word"]) == 1 and not is_usual and not emphasis(block) and found["word"] < words.FIRST_UNSPACED:
        return 0
    return found.end()


def _answer_at(blocks: Sequence[Block], at: int, limit: int) -> int | None:
    """Where the answer to a question begins; options, which have letters too, are none."""
    for i in range(at + 1, min(limit, at + _MOST)):
        if blocks[i].tag in BREAKS:
            return None
        if blocks[i].tag == "paragraph" and _label_end(blocks[i], is_answer=True):
            is_option = i + 1 < len(blocks) and _NEXT_OPTION.match(blocks[i + 1].text)
            return None if is_option else i
    return None


def _pair(blocks: Sequence[Block], at: int, answer: int, limit: int) -> Cut:
    end = next((i for i in range(answer + 1, limit) if blocks[i].tag in BREAKS), limit)
    is_closed = end < len(blocks) and blocks[end].tag not in ("reveal", "box")
    end = end if is_closed else answer + 1
    rest = piece(blocks[answer], _label_end(blocks[answer], is_answer=True))
    body = (*([rest] if not markup.is_blank(rest.html) else []), *blocks[answer + 1 : end])
    question = (piece(blocks[at], _question_end(blocks[at])), *blocks[at + 1 : answer])
    made = replace(card(question[0], body, SHAPE), open=not is_closed, kind=None)
    if len(question) > 1:
        made = replace(made, summary=None, question=question, kind="flashcard", text=text_of(body))
    return Cut(start=at, end=end, blocks=(made,))
