"""Multiple choice that nothing hides the answer of: the right option is marked, or a line after the options says it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ankiexport import markup, words
from ankiexport.model import Block, Html, text_of
from ankiexport.pairs.options import MOST, Option, Row, find_row
from ankiexport.pairs.units import Unit, fold, has_word_number, number_of, unfold, value_of

_LONGEST_QUESTION = 14  # units from a number to the options
# "(b)", "B and D", "C:", "**2**": what a key says
_CORE = r"[(\[（]?\s*(?P<core>[A-Ha-h]|[а-зА-З]|[1-8]|[①-⑧])(?![^\W_])[)\]）]*"
_FIRST = re.compile(r"[*_\s]*" + _CORE)
_MORE = re.compile(r"\s*(?:,\s*(?:and\b|&)?|and\b|und\b|et\b|y\b|e\b|и\b|&|\+|/|、)\s*" + _CORE)
_AFTER = re.compile(r"[\s*_]*(?:[.:,;：。，]|[–—-](?=\s))?\s*")
_OVER = re.compile(r"[\s*_]*(?:$|[.:,;：。，(（=–—-]|(?:because|since|as|for|weil|da|denn|car|porque|perché|потому|так)\b)", re.I)
_BLANK = re.compile(r"_{3,}|\.{3}\s*$|…\s*$")
_SHORT_REST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question from one unit to the options, with what answers it up to the unit before `end`."""

    start: int
    question: tuple[Block, ...]
    row: Row
    answer: tuple[Block, ...]
    end: int
    sure: bool


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks of a page with a reveal for each choice that is answered."""
    units = unfold(blocks)
    found = _agreed(list(_choices(units)))
    used: dict[int, Block | None] = {}
    for choice in found:
        used.update(dict.fromkeys(range(choice.start, choice.end)))
        used[choice.start] = reveal((*choice.question, *choice.row.shown), choice.answer, "choice")
    return fold(units, blocks, used) if used else list(blocks)


def reveal(question: Sequence[Block], answer: Sequence[Block], shape: str) -> Block:
    """A question with its answer, as the finders take it."""
    return Block(
        tag="reveal",
        html=Html(""),
        text=text_of(answer),
        location=question[0].location,
        children=tuple(answer),
        role="answer",
        shape=shape,
        kind="self-check",
        question=tuple(question),
    )


def _choices(units: Sequence[Unit]) -> Iterator[Choice]:
    at = last = 0
    while at < len(units):
        row = find_row(units, at)
        start = find_start(units, at, last) if row else None
        choice = _choice(units, start, at, row) if row and start is not None else None
        if choice:
            yield choice
            last = choice.end
            at = choice.end
        elif row and start is not None:
            last = at = row.end
        else:
            at += 1


def find_start(units: Sequence[Unit], at: int, least: int) -> int | None:
    """Where the question of the options at a unit begins; None if nothing above them reads like one."""
    item = units[at].in_item
    asking: int | None = None
    for i in range(at - 1, max(least, at - _LONGEST_QUESTION) - 1, -1):
        unit = units[i]
        if unit.block.tag in ("reveal", "box", "box-end") or (item is not None and unit.in_item != item):
            break
        if item is not None:
            if unit.first:
                return i
            continue
        if unit.block.tag == "heading":
            if _heads_choice(unit) and (asking is None or unit.number is not None):
                return i
            break
        if unit.number is not None and _is_text(unit):
            return i
        if asking is None and _is_text(unit) and _may_ask(unit.text):
            asking = i
    return _with_lead(units, asking, least) if asking is not None else None


def _with_lead(units: Sequence[Unit], asking: int, least: int) -> int:
    """A question about the code above it begins where that is led to."""
    at = asking
    while at - 1 >= least and units[at - 1].block.tag in ("code", "table"):
        at -= 1
    if at < asking and at - 1 >= least and _is_text(units[at - 1]) and units[at - 1].text.rstrip().endswith(":"):
        return at - 1
    return asking


def _is_text(unit: Unit) -> bool:
    return unit.block.tag in ("paragraph", "heading")


def _heads_choice(unit: Unit) -> bool:
    return words.is_question(unit.text) or unit.number is not None or words.wants_choice(unit.text)


def _may_ask(text: str) -> bool:
    ends = text.rstrip().endswith((":", "：", ":**"))
    return words.is_question(text) or ends or words.wants_choice(text) or bool(_BLANK.search(text))


def _choice(units: Sequence[Unit], start: int, at: int, row: Row) -> Choice | None:
    question = question_of(units[start:at])
    key = _key(units, row) if question else None
    if not question or (row.end < len(units) and units[row.end].block.tag == "reveal" and not row.right and not key):
        return None
    if key:
        right, reason, end = key
    elif row.right and len(row.right) < len(row.options):
        right, reason, end = list(row.right), (), row.end
    else:
        return None
    more, end = _reason(units, start, end)
    answer = (*answer_of(row, right), *reason, *more)
    sure = bool(key) or _is_sure(units[start:at], row)
    return Choice(start=start, question=question, row=row, answer=answer, end=end, sure=sure)


def question_of(units: Sequence[Unit]) -> tuple[Block, ...]:
    """The blocks of a question, without its number."""
    first, *others = units
    blocks = [first.bare, *(unit.block for unit in others)]
    return tuple(block for block in blocks if not markup.is_blank(block.html) or block.tag == "code")


def _is_sure(stem: Sequence[Unit], row: Row) -> bool:
    """Does the page leave no doubt that marks tell the right option of a question?"""
    text = "\n".join(unit.text for unit in stem)
    numbered = stem[0].number is not None or stem[0].first
    asks = words.is_question(text)
    if row.mark in ("word", "star"):
        return True
    if row.mark == "box":
        return asks or (numbered and (row.lettered or has_word_number(stem[0].text)))
    return numbered and (asks or row.lettered or words.wants_choice(text)) and len(row.right) == 1


def _agreed(found: Sequence[Choice]) -> list[Choice]:
    """Those that are sure, and others where the page has several of their kind, each with one right option."""
    counts: dict[str | None, int] = {}
    for choice in found:
        one = len(choice.row.right) == 1
        counts[choice.row.mark] = counts.get(choice.row.mark, 0) + (2 if choice.sure else one)
    return [choice for choice in found if choice.sure or counts[choice.row.mark] >= _SHORT_REST]


def _key(units: Sequence[Unit], row: Row) -> tuple[list[Option], tuple[Block, ...], int] | None:
    """What the line after the options says is right, its reason, and where that ends."""
    at = row.end
    if at >= len(units) or units[at].block.tag not in ("paragraph", "heading"):
        return None
    block = units[at].block
    length = words.answer_end(block.text)
    if not length:
        return None
    if not block.text[length:].strip() and at + 1 < len(units) and _is_text(units[at + 1]):
        at, length = at + 1, 0
        block = units[at].block
    found = read_key(row, block, length)
    return (found[0], found[1], at + 1) if found else None


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


def answer_of(row: Row, right: Sequence[Option]) -> tuple[Block, ...]:
    """The right option, with its letter if it has one; all of them as a list."""
    if len(right) == 1:
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


def _reason(units: Sequence[Unit], start: int, at: int) -> tuple[tuple[Block, ...], int]:
    """What follows the answer as its reason, and where that ends."""
    item, headed = units[start].in_item, units[start].block.tag == "heading"
    end = at
    while end < len(units):
        unit = units[end]
        if unit.block.tag in ("reveal", "heading", "box", "box-end"):
            break
        if item is not None:
            if unit.in_item != item:
                break
        elif unit.number is not None and not headed:
            break
        elif not headed and not (_gives_reason(unit) or (end > at and unit.block.tag in ("code", "table"))):
            break
        end += 1
    if headed and any(_begins_question(units, i) for i in range(at, end)):
        end = next(i for i in range(at, end) if _begins_question(units, i))
    return tuple(unit.block for unit in units[at:end]), end


def _begins_question(units: Sequence[Unit], at: int) -> bool:
    return units[at].number is not None and number_of(units[at].text) is not None and words.is_question(units[at].text)


def _gives_reason(unit: Unit) -> bool:
    return _is_text(unit) and (words.says_reason(unit.text) or unit.block.html.startswith(("<a ", "[")))
