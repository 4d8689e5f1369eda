"""A question bank as text: multiple choice, each question with its key below it → self-checks.

What a site has put between the questions is left out. A bank is read as a whole: what is not understood of it is a
problem, for the finders would make exercises of the pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ankiexport import words
from ankiexport.model import Block, Document, Location, Problem, Source
from ankiexport.pairs.marks import Option
from ankiexport.pairs.named import answer_of, read_key
from ankiexport.pairs.options import Row
from ankiexport.readers import bank_starts, quiz_blocks
from ankiexport.readers.bank_lines import (
    is_furniture,
    is_rule,
    key_end,
    number,
    prepare,
    without_number,
)
from ankiexport.readers.bank_rows import Span, key_at, row_of, spans
from ankiexport.readers.bank_starts import Start
from ankiexport.readers.text_blocks import Line, blocks_of

_LEAST = 2  # questions that make a bank
_LEAST_SHARE = 0.5  # of the options on the page that have a key


@dataclass(slots=True, kw_only=True)
class _Asked:
    """Options with what is known of them: where their question begins, what the key says, where its reason is."""

    span: Span
    row: Row | None
    key: int | None
    start: Start | None = None
    named: list[Option] = field(default_factory=list)
    reason: list[Line] = field(default_factory=list)
    end: int = 0  # of the key: the reason goes on here

    @property
    def after(self) -> int:
        return self.end or self.span.end


def read(source: Source) -> Document | None:
    """Reads a bank; None if the text is none."""
    lines = prepare(source)
    found = [_asked(lines, span, source.name) for span in spans(lines)]
    keyed = [asked for asked in found if asked.named]
    if len(keyed) < _LEAST or len(keyed) < _LEAST_SHARE * sum(asked.key is not None for asked in found):
        return None
    asked = _started(lines, found)
    if sum(bool(one.named and one.start) for one in asked) < _LEAST:
        return None
    return _document(lines, asked, source.name)


def _asked(lines: Sequence[Line], span: Span, name: str) -> _Asked:
    key = key_at(lines, span)
    asked = _Asked(span=span, row=row_of(span, name) if key is not None else None, key=key)
    if asked.row and key is not None:
        _read_key(lines, asked, asked.row, key, name)
    return asked


def _read_key(lines: Sequence[Line], asked: _Asked, row: Row, key: int, name: str) -> None:
    end = key_end(lines[key])
    if not lines[key].bare[end:].strip():  # the letter is on a line of its own
        key = next((i for i in range(key + 1, min(key + 3, len(lines))) if lines[i].text), key)
        end = 0
    block = quiz_blocks.paragraph(lines[key].bare, Location(source=name, line=lines[key].at))
    found = read_key(row, block, end)
    if not found or (not end and found[1]):
        return
    asked.named, asked.end = found[0], key + 1
    said = found[1][0].text if found[1] else ""
    option = asked.named[0].said
    if said and option.casefold().startswith(said.casefold()):
        while asked.end < len(lines) and len(said) < len(option) and lines[asked.end].text:
            said = f"{said} {lines[asked.end].bare}"
            asked.end += 1
        said = said[len(option) :].strip()
    if said:
        asked.reason = [Line(lines[key].at, said)]


def _started(lines: Sequence[Line], found: Sequence[_Asked]) -> list[_Asked]:
    """Those whose question can be told, and those that have one surely; statements and remarks are not among them."""
    heads = [found_number for line in lines if (found_number := number(line))]
    worded = sum(head.worded for head in heads) >= sum(asked.key is not None for asked in found) * _LEAST_SHARE
    started: list[_Asked] = []
    least, before = 0, None
    for at, asked in enumerate(found):
        begun = bank_starts.find(lines, least, asked.span.start, before, worded=worded)
        counted = begun is not None and begun.number is not None
        if asked.key is None and (not counted or _states(lines, found, at, worded=worded)):
            continue
        asked.start = begun
        started.append(asked)
        least = asked.after
        before = begun.number if begun and begun.number is not None else before
    return started


def _states(lines: Sequence[Line], found: Sequence[_Asked], at: int, *, worded: bool) -> bool:
    """Are these the statements that the options below them speak of?"""
    if at + 1 == len(found):
        return False
    between = lines[found[at].span.end : found[at + 1].span.start]
    return not any(
        is_rule(line) or is_furniture(line) or ((one := number(line)) and one.worded >= worded) for line in between
    )


def _document(lines: Sequence[Line], asked: Sequence[_Asked], name: str) -> Document:
    blocks: list[Block] = []
    problems: list[Problem] = []
    longest = 0  # paragraphs of a reason: the last may be followed by anything
    for at, one in enumerate(asked):
        below = asked[at + 1] if at + 1 < len(asked) else None
        end = len(lines) if not below else below.start.above if below.start else below.span.start
        reason = _reason(lines, one, end)
        parts = _paragraphs(reason)
        if not below or not below.start:
            most = 1 if below else longest * _is_joined(lines, one)
            reason = [line for part in parts[:most] for line in part]
        longest = max(longest, len(parts)) if below and below.start else longest
        if one.row and one.named and one.start:
            blocks.append(_reveal(lines, one, one.row, one.start, reason, name))
        else:
            problems.append(_problem(lines, one, name))
        problems.extend(_open(lines, end, below, name))
    return Document(title=None, blocks=tuple(blocks), problems=tuple(problems))


def _reason(lines: Sequence[Line], asked: _Asked, end: int) -> list[Line]:
    """What follows a key as its reason, up to what belongs to the page."""
    reason = list(asked.reason)
    for line in lines[asked.after : end]:
        if is_rule(line) or (is_furniture(line) and any(one.text for one in reason)):
            break
        if not is_furniture(line):
            reason.append(line)
    if not any(words.words_of(line.bare) and not _only_labels(line) for line in reason):
        return []
    return [line for line in reason if not _only_labels(line)] if _only_labels_first(reason) else reason


def _is_joined(lines: Sequence[Line], asked: _Asked) -> bool:
    """Does a reason surely follow this key: right below it, or with a label?"""
    below = next((line for line in lines[asked.after :] if line.text), None)
    at_once = asked.after < len(lines) and bool(lines[asked.after].text)
    return bool(asked.reason) or at_once or (below is not None and words.says_reason(below.bare))


def _only_labels(line: Line) -> bool:
    """Does a line say "Explanation:" and nothing more, or that there is none?"""
    text = line.bare
    return words.lacks_reason(text) or (words.says_reason(text) and text.endswith((":", "：")) and " " not in text)


def _only_labels_first(reason: Sequence[Line]) -> bool:
    return _only_labels(next(line for line in reason if line.text))


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line.text:
            parts[-1].append(line)
        elif parts[-1]:
            parts[-1].append(line)
            parts.append([])
    return [part for part in parts if part]


def _reveal(lines: Sequence[Line], asked: _Asked, row: Row, start: Start, reason: list[Line], name: str) -> Block:
    stem = without_number(lines[start.at : asked.span.start], start.end)
    stem = [line for line in stem if not line.text or not (is_furniture(line) or is_rule(line))]
    question = (*blocks_of(_parted(stem), name), *row.shown)
    told = blocks_of(reason, name)
    return quiz_blocks.answered(question, (*answer_of(row, asked.named, apart=bool(told)), *told), "choice")


def _parted(stem: Sequence[Line]) -> list[Line]:
    """A question with what it asks set apart from the statements right above: no item of theirs goes on with it."""
    if len(stem) < 2 or not stem[-2].text or not number(stem[-2]) or number(stem[-1]) or not words.asks(stem[-1].bare):
        return list(stem)
    return [*stem[:-1], Line(stem[-1].at, ""), stem[-1]]


def _problem(lines: Sequence[Line], asked: _Asked, name: str) -> Problem:
    at = lines[asked.start.at if asked.start else asked.span.start].at
    if asked.start is None:
        return quiz_blocks.unread(name, at, "where the question of these options begins is not clear")
    if asked.key is None:
        return quiz_blocks.unread(name, at, "no answer follows this question")
    return quiz_blocks.unread(name, at, "the answer is none of the options")


def _open(lines: Sequence[Line], end: int, below: _Asked | None, name: str) -> list[Problem]:
    """Numbered questions without options, above one that has some."""
    if not below or not below.start or below.start.above == below.start.at:
        return []
    asked = [line for line in lines[end : below.start.at] if number(line)]
    return [quiz_blocks.unread(name, line.at, "this question has no options") for line in asked]
