"""Multiple choice that nothing hides the answer of: the right option is marked, or a line after the options says it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ankiexport import markup, words
from ankiexport.model import Block, Html, text_of
from ankiexport.pairs.marks import Option
from ankiexport.pairs.named import answer_of, read_key
from ankiexport.pairs.numbering import has_word_number, number_of
from ankiexport.pairs.options import Row, find_row
from ankiexport.pairs.units import Unit, fold, unfold

_LONGEST_QUESTION = 14  # units from a number to the options
_BLANK = re.compile(r"_{3,}|\.{3}\s*$|…\s*$")
_QUIZ = 2  # sure choices that make a page a quiz


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question from one unit to the options, with what answers it up to the unit before `end`."""

    start: int
    question: tuple[Block, ...]
    row: Row
    answer: tuple[Block, ...]
    end: int
    sure: bool
    numbered: bool


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
        if row and start is None and _says_true(units, at, row):
            start = at - 1
        choice = _choice(units, start, at, row) if row and start is not None else None
        if choice:
            yield choice
            last = choice.end
            at = choice.end
        elif row and start is not None:
            last = at = row.end
        else:
            at += 1


def unanswered(blocks: Sequence[Block]) -> Iterator[Block]:
    """Questions that have options, lettered or with a box each, and no number, for nothing answers them."""
    units = unfold(blocks)
    for at, unit in enumerate(units[1:], 1):
        above = units[at - 1]
        if above.number is None and _is_text(above) and words.holds_question(above.text) and unit.block.tag != "reveal":
            row = find_row(units, at)
            if row and (row.lettered or all(option.mark == "box" for option in row.options)):
                yield above.block


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


def _says_true(units: Sequence[Unit], at: int, row: Row) -> bool:
    """Is what stands right above "True" and "False", a box each, a statement?"""
    if at < 1 or not (_is_text(units[at - 1]) and units[at - 1].block.tag == "paragraph"):
        return False
    return row.mark == "box" and all(words.is_truth(option.said) for option in row.options)


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
    return words.holds_question(unit.text) or unit.number is not None or words.wants_choice(unit.text)


def _may_ask(text: str) -> bool:
    ends = text.rstrip().endswith((":", "：", ":**"))
    return words.holds_question(text) or ends or words.wants_choice(text) or bool(_BLANK.search(text))


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
    between: tuple[Block, ...] = ()
    if not key and (again := _again(units, start, row)):
        at_again, row_again = again
        between = (*row.shown, *(unit.block for unit in units[row.end : at_again]))
        right, row = [*right, *row_again.right], replace(row_again, options=(*row.options, *row_again.options))
        end = row.end
    more, end = _reason(units, start, end)
    answer = (*answer_of(row, right, apart=bool(reason or more)), *reason, *more)
    sure = bool(key) or _is_sure(units[start:at], row)
    return Choice(
        start=start,
        question=(*question, *between),
        row=row,
        answer=answer,
        end=end,
        sure=sure,
        numbered=units[start].number is not None and units[start].block.tag != "heading",
    )


def _again(units: Sequence[Unit], start: int, row: Row) -> tuple[int, Row] | None:
    """The same options once more under one heading, as text below pictures."""
    if units[start].block.tag != "heading":
        return None
    for at in range(row.end, min(row.end + _LONGEST_QUESTION, len(units))):
        if _ends(units[at]) or words.holds_question(units[at].text):
            return None
        other = find_row(units, at)
        if other:
            return (at, other) if other.mark == row.mark and len(other.options) == len(row.options) else None
    return None


def _ends(unit: Unit) -> bool:
    return unit.block.tag in ("reveal", "heading", "box", "box-end")


def question_of(units: Sequence[Unit]) -> tuple[Block, ...]:
    """The blocks of a question, without its number."""
    first, *others = units
    blocks = [first.bare, *(unit.block for unit in others)]
    return tuple(block for block in blocks if not markup.is_blank(block.html) or block.tag == "code")


def _is_sure(stem: Sequence[Unit], row: Row) -> bool:
    """Does the page leave no doubt that marks tell the right option of a question?"""
    text = "\n".join(unit.text for unit in stem)
    numbered = stem[0].number is not None or stem[0].first
    asks = words.holds_question(text)
    if row.mark in ("word", "star"):
        return True
    if stem[0].block.tag == "heading" and not (asks or row.lettered or words.wants_choice(text)):
        return has_word_number(stem[0].text)
    if row.mark == "box":
        asks = asks or all(words.is_verdict(option.text) for option in row.options)  # "True", "False"
        return asks or (numbered and (row.lettered or has_word_number(stem[0].text)))
    return numbered and (asks or row.lettered or words.wants_choice(text)) and len(row.right) == 1


def _agreed(found: Sequence[Choice]) -> list[Choice]:
    """Those that are sure; and on a page that has several of these, others that are marked as they are."""
    sure = [choice.row.mark for choice in found if choice.sure]
    is_quiz = len(sure) >= _QUIZ
    return [
        choice
        for choice in found
        if choice.sure or (is_quiz and choice.row.mark != "bold" and (choice.numbered or choice.row.mark in sure))
    ]


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
        if units[at + 1].number is not None and (block.tag == "heading" or units[at + 1].first):
            return None  # a key to all questions
        at, length = at + 1, 0
        block = units[at].block
    found = read_key(row, block, length)
    return (found[0], found[1], at + 1) if found else None


def _reason(units: Sequence[Unit], start: int, at: int) -> tuple[tuple[Block, ...], int]:
    """What follows the answer as its reason, and where that ends."""
    headed = units[start].block.tag == "heading"
    end = at
    while end < len(units) and not _ends(units[end]) and _is_reason(units, start, at, end):
        if headed and _begins_question(units, end):
            break
        end += 1
    return tuple(unit.block for unit in units[at:end]), end


def _is_reason(units: Sequence[Unit], start: int, first: int, at: int) -> bool:
    """Does the reason hold this unit: all that is in the same item or under the same heading, else what says so?"""
    unit, question = units[at], units[start]
    if question.in_item is not None:
        return unit.in_item == question.in_item
    if question.block.tag == "heading":
        return True
    return unit.number is None and (_gives_reason(unit) or (at > first and unit.block.tag in ("code", "table")))


def _begins_question(units: Sequence[Unit], at: int) -> bool:
    """Does a numbered question begin here, or the item of a list that has options of its own?"""
    unit = units[at]
    if unit.number is None:
        return False
    if unit.first and at + 1 < len(units) and find_row(units, at + 1):
        return True
    return (unit.first or number_of(unit.text) is not None) and words.holds_question(unit.text)


def _gives_reason(unit: Unit) -> bool:
    return _is_text(unit) and (words.says_reason(unit.text) or unit.block.html.startswith(("<a ", "[")))
