"""Questions of an FAQ that no heading makes: bold lines, lines that ask, terms of a list, items of a list."""

from collections.abc import Iterator, Sequence

from ankiexport import headings
from ankiexport.kinds.leads import shows
from ankiexport.model import Block
from ankiexport.pairs.cards import (
    BREAKS,
    Cut,
    card,
    emphasis,
    is_numbered,
    leads_back,
    offers_choice,
    only_asks,
    piece,
    without_ending,
    without_label,
    without_number,
)

SHAPE = "faq"
_ENOUGH = 0.8  # of a list's items or terms
_LEAST_TERMS = 3  # that ask, outside an FAQ
_LEAST_LINES = 2
_LONGEST = 300  # characters of a question
_LEAST_WORDS = 4  # of a bold line that asks nothing


def find(blocks: Sequence[Block], start: int, end: int, repeated: frozenset[str]) -> list[Cut]:
    """The questions among these blocks, which stand in an FAQ."""
    cuts = []
    for at in range(start, end):
        block = blocks[at]
        cards = (
            _from_terms(block) if block.tag == "terms" else _from_list(block, repeated) if block.tag == "list" else ()
        )
        if cards:
            cuts.append(Cut(start=at, end=at + 1, blocks=tuple(cards)))
    if cuts:
        return cuts
    lines = _bold_lines(blocks, start, end) or _plain_lines(blocks, start, end)
    return list(_cut(blocks, lines, end, repeated))


def labelled(blocks: Sequence[Block]) -> list[Cut]:
    """On any page: lines in bold that begin with "Q:" and ask, lists of terms that ask, of items that ask in bold."""
    cuts = []
    for at, block in enumerate(blocks):
        if block.tag == "terms" and len(block.children) >= _LEAST_TERMS:
            cuts.append(Cut(start=at, end=at + 1, blocks=tuple(_from_terms(block))))
        elif block.tag == "list" and len(block.children) >= _LEAST_LINES and all(map(_begins_bold, block.children)):
            cuts.append(Cut(start=at, end=at + 1, blocks=tuple(_from_list(block, frozenset()))))
    lines = [
        (at, None)
        for at, block in enumerate(blocks)
        if block.tag == "paragraph"
        and headings.has_question_mark(block.text)
        and _is_labelled(block)
        and emphasis(block) >= len(block.text)
        and without_number(block) is not block
    ]
    return [*[cut for cut in cuts if cut.blocks], *_cut(blocks, lines, len(blocks), frozenset())]


def _begins_bold(item: Block) -> bool:
    """Is the first paragraph of an item, in bold or italics from end to end, a question, with more after it?"""
    first = item.children[0] if len(item.children) > 1 else None
    return first is not None and headings.has_question_mark(first.text) and emphasis(first) >= len(first.text)


def _is_labelled(block: Block) -> bool:
    return headings.is_question_label(block.text.replace("：", ":").partition(":")[0]) and is_numbered(block.text)


def _from_terms(block: Block) -> list[Block]:
    """The terms of a list that ask, if nearly all do; a list of contents has no answers."""
    asking = [term for term in block.children if term.summary and headings.has_question_mark(term.summary.text)]
    if len(asking) < _ENOUGH * len(block.children) or all(only_asks(term.children) for term in asking):
        return []
    terms = [(term.summary, term.children) for term in block.children if term.summary]
    if any(_is_bare(children) or offers_choice(children) for _, children in terms):
        return []
    return [card(without_number(term), without_label(children), SHAPE) for term, children in terms]


def _is_bare(children: Sequence[Block]) -> bool:
    return any(child.tag in ("terms", "reveal", "box") for child in children)


def _from_list(block: Block, repeated: frozenset[str]) -> list[Block]:
    """The items of a list that begin with a question and go on with its answer, if nearly all do."""
    if block.tag != "list" or any(child.tag in ("reveal", "box") for item in block.children for child in item.children):
        return []
    found = [_from_item(item) for item in block.children]
    pairs = [both for both in found if both]
    if not pairs or len(pairs) < _ENOUGH * len(found) or any(offers_choice(answer) for _, answer in pairs):
        return []
    cards = []
    for question, answer in pairs:
        whole = without_label(without_ending(answer, repeated, last=False))
        cards.append(card(without_number(question), whole, SHAPE))
    return cards


def _from_item(item: Block) -> tuple[Block, Sequence[Block]] | None:
    if not item.children or item.children[0].tag != "paragraph":
        return None
    first, *rest = item.children
    length = _question_length(first)
    if not length:
        return None
    question, more = _parted(first, length)
    answer = [*([more] if more else []), *rest]
    return (question, answer) if answer and not only_asks(answer) else None


def _question_length(block: Block) -> int:
    """How many characters of a paragraph are its question: its bold beginning, its first line, or all of it."""
    bold = emphasis(block)
    if bold and headings.has_question_mark(block.text[:bold]):
        return bold
    first = block.text.partition("\n")[0]
    return len(first) if headings.has_question_mark(first) and _is_one_sentence(first) else 0


def _is_one_sentence(text: str) -> bool:
    return len(text) <= _LONGEST and not any(mark in text[3:-1] for mark in ("? ", ". ", "! ", "？", "。", "؟ "))


def _parted(block: Block, length: int) -> tuple[Block, Block | None]:
    if length >= len(block.text):
        return block, None
    more = piece(block, length)
    return piece(block, 0, length), more if more.text else None


def _bold_lines(blocks: Sequence[Block], start: int, end: int) -> list[tuple[int, int | None]]:
    """Where a bold line, or the bold beginning of one, asks; whole bold lines between those ask too."""
    found: list[tuple[int, int | None]] = []
    asking = 0
    for at in range(start, end):
        block = blocks[at]
        bold = emphasis(block)
        if not bold:
            continue
        whole = bold >= len(block.text)
        if headings.has_question_mark(block.text[:bold]):
            asking += 1
            found.append((at, None if whole else bold))
        elif whole and len(block.text.split()) >= _LEAST_WORDS and not leads_back(block) and block.text[-1] != ":":
            found.append((at, None))
    return found if asking * 2 >= len(found) and asking else []


def _plain_lines(blocks: Sequence[Block], start: int, end: int) -> list[tuple[int, int | None]]:
    """Paragraphs of one sentence that asks, each with an answer after it."""
    found: list[tuple[int, int | None]] = []
    for at in range(start, end):
        block = blocks[at]
        if block.tag == "paragraph" and headings.has_question_mark(block.text) and _is_one_sentence(block.text):
            found.append((at, None))
    return found if len(found) >= _LEAST_LINES else []


def _cut(
    blocks: Sequence[Block], lines: Sequence[tuple[int, int | None]], end: int, repeated: frozenset[str]
) -> Iterator[Cut]:
    """Each question with the blocks up to the next one; one whose answer is hidden is left alone."""
    following = [*[at for at, _ in lines[1:]], end][: len(lines)]
    for (at, length), limit in zip(lines, following, strict=True):
        stop = next((i for i in range(at + 1, limit) if blocks[i].tag in BREAKS), limit)
        inside = blocks[at + 1 : stop]
        is_hidden = stop < limit and blocks[stop].tag != "heading" and (not inside or shows(blocks[stop]))
        if offers_choice(inside) or only_asks(inside) or is_hidden:
            continue
        question, more = _parted(blocks[at], length) if length else (blocks[at], None)
        answer = [*([more] if more else []), *inside]
        answer = list(without_label(without_ending(answer, repeated, last=limit == len(blocks))))
        yield Cut(start=at, end=stop, blocks=(card(without_number(question), answer, SHAPE),))
