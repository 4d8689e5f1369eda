"""Exercises under headings, and a key far below with the same headings → the answers of each right after it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankiexport import words
from ankiexport.kinds.runs import Run, find_run
from ankiexport.model import Block
from ankiexport.pairs.cards import Cut, hidden, replaced
from ankiexport.pairs.choices import question_of, reveal
from ankiexport.pairs.named import answer_of, read_key
from ankiexport.pairs.numbering import option_label
from ankiexport.pairs.options import find_row
from ankiexport.pairs.units import unfold

# "Exercice 2 : Titration", "Aufgabe 3", "Part B – Reading"
_NAME = re.compile(r"(?P<word>[^\W\d_]+)\s*(?:n[°ºo.]+\s*)?(?P<number>\d{1,3}|[A-Z]|[IVX]{1,5})(?![^\W_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """What stands under a heading: the blocks from `start` to before `end`."""

    name: str
    start: int
    end: int


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks with each part of a key moved to the exercise that has its name."""
    at = next((at for at in range(len(blocks) - 1, -1, -1) if _heads_key(blocks[at])), None)
    if at is None:
        return list(blocks)
    asked: dict[str, list[_Section]] = {}
    for section in _sections(blocks, 0, at):
        asked.setdefault(section.name, []).append(section)
    told = [(one, asked.get(one.name, [])) for one in _sections(blocks, at + 1, len(blocks))]
    fitting = [(places[0], one) for one, places in told if len(places) == 1]
    cuts: list[Cut] = []
    fitting = [(place, one) for place, one in fitting if _are_bare(blocks, place, one)]
    for place, one in fitting if any(_answered(blocks, *both) for both in fitting) else ():
        made = _answered(blocks, place, one) or _whole(blocks, place, one)
        if made:
            cuts.append(Cut(start=place.start, end=place.end, blocks=made))
            cuts.append(Cut(start=one.start - 1, end=one.end, blocks=()))
    if cuts and blocks[at + 1].tag == "heading":
        cuts.append(Cut(start=at, end=at + 1, blocks=()))
    return replaced(blocks, cuts) if cuts else list(blocks)


def _heads_key(block: Block) -> bool:
    return block.tag == "heading" and words.is_key_title(block.text) and not _NAME.match(block.text)


def _sections(blocks: Sequence[Block], start: int, end: int) -> Iterator[_Section]:
    """The sections with a word and a number for a name."""
    heads = [at for at in range(start, end) if blocks[at].tag == "heading"]
    for at, following in zip(heads, [*heads[1:], end][: len(heads)], strict=True):
        if match := _NAME.match(blocks[at].text):
            yield _Section(name=f"{match['word']} {match['number']}".casefold(), start=at + 1, end=following)


def _are_bare(blocks: Sequence[Block], asked: _Section, told: _Section) -> bool:
    """Does something stand in both sections, and is nothing of it hidden?"""
    question, answer = blocks[asked.start : asked.end], blocks[told.start : told.end]
    return bool(question and answer) and not any(block.tag == "reveal" for block in (*question, *answer))


def _answered(blocks: Sequence[Block], asked: _Section, told: _Section) -> tuple[Block, ...] | None:
    """The blocks of an exercise with what the key says of it; None where the two do not fit."""
    question, answer = blocks[asked.start : asked.end], blocks[told.start : told.end]
    if made := _choice(question, answer):
        return made
    parts, told_parts = find_run(question), find_run(answer)
    if parts is None or told_parts is None or not _agree(parts, told_parts):
        return None
    return (*question, hidden(answer, blocks[told.start - 1].location, "key"))


def _whole(blocks: Sequence[Block], asked: _Section, told: _Section) -> tuple[Block, ...] | None:
    """An exercise without parts, and what a key that fits the others says of it."""
    question, answer = blocks[asked.start : asked.end], blocks[told.start : told.end]
    return None if find_run(question) or find_run(answer) else (reveal(question, answer, "key"),)


def _agree(parts: Run, told: Run) -> bool:
    """Do nearly all labels of a key stand in the exercise?"""
    asked = {label.core.lower() for label in parts.labels}
    answered = {label.core.lower() for label in told.labels}
    return len(asked & answered) * 2 > len(asked | answered)


def _choice(question: Sequence[Block], answer: Sequence[Block]) -> tuple[Block, ...] | None:
    """A question with options, the right one of which the key names."""
    units = unfold(question)
    at = next((at for at in range(1, len(units)) if find_row(units, at)), None)
    row = find_row(units, at) if at is not None else None
    length = words.answer_end(answer[0].text)
    labels = [option_label(unit.text) for unit in unfold(answer)]
    is_parts = sum(label is not None for label in labels) > 1
    named = read_key(row, answer[0], length) if row and row.end == len(units) and not is_parts else None
    if named is None or row is None or at is None or not (length or len(answer) == 1):
        return None
    reason = (*named[1], *answer[1:])
    right = answer_of(row, named[0], apart=bool(reason))
    return (reveal((*question_of(units[:at]), *row.shown), (*right, *reason), "choice"),)
