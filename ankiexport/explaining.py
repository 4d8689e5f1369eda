"""A page, the course made of it and a line → what the program saw there, and which note it made of it."""

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ankiexport.coverage import cover
from ankiexport.errors import UsageError
from ankiexport.model import Block, Course, Item, Origin, Page, Problem, Trace
from ankiexport.plain import plain
from ankiexport.readers import read_document
from ankiexport.source import fill_source

_MOST_WORDS = 10  # of a question or a block
_NAMES: Mapping[str, str] = {
    "heading": "a heading",
    "paragraph": "a paragraph",
    "list": "a list",
    "item": "an item of a list",
    "code": "a block of code",
    "table": "a table",
    "row": "a row of a table",
    "quote": "a quote",
    "terms": "a list of terms",
    "term": "a term with its definition",
    "reveal": "a reveal",
    "box": "a box",
}
# A line that begins something new in HTML: "<p>", "<!-- …"; and one that only ends something: "</div></details>"
_OPENS = re.compile(r"\s*<[a-z!]", re.I)
_CLOSES = re.compile(r"(?:\s*</[a-z][\w.-]*\s*>)*\s*$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenReveal:
    """A reveal as the program understood it. `question` and `answer` are the first and the last line of each."""

    trace: Trace
    question: tuple[int, int]
    answer: tuple[int, int]
    guids: tuple[str | None, ...]  # of its items; None where there is no note of one
    problems: tuple[Problem, ...]  # on the lines of its question and its answer

    def holds(self, line: int) -> bool:
        return any(first <= line <= last for first, last in (self.question, self.answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What the program saw on a page, or at a line of it. `block` tells of a line that is in no reveal."""

    page: Page
    line: int | None
    reveals: tuple[SeenReveal, ...]
    problems: tuple[Problem, ...]
    block: str | None = None


def explain(page: Page, course: Course, line: int | None = None) -> Explanation:
    """What was seen at a line of a page, or on all of it.

    Raises:
        UsageError: the page has no such line.
    """
    source = fill_source(page.source)
    lines = source.text.removesuffix("\n").split("\n")
    if line is not None and not 1 <= line <= len(lines):
        raise UsageError(f"{page.source.name}:{line}: the page has {len(lines)} lines")
    blocks = sorted(_all_blocks(read_document(source).blocks), key=lambda block: block.location.line)
    ends = _Ends(lines, blocks)
    problems = course.problems_of(page)
    guids = {note.item.origin: note.guid for deck in course.decks if deck.page_key == page.key for note in deck.notes}
    by_line = _Problems(problems)
    reveals = tuple(_seen(trace, ends, guids, by_line) for trace in page.traces)
    if line is None:
        return Explanation(page=page, line=None, reveals=reveals, problems=problems)
    here = tuple(reveal for reveal in reveals if reveal.holds(line))
    block = None if here else _describe(line, blocks, ends, reveals)
    told = {id(problem) for reveal in here for problem in reveal.problems}
    own = tuple(problem for problem in problems if problem.location.line == line and id(problem) not in told)
    return Explanation(page=page, line=line, reveals=here, problems=own, block=block)


class _Ends:
    """Knows on which line ends what begins on a line."""

    def __init__(self, lines: Sequence[str], blocks: Sequence[Block]) -> None:
        self._lines = lines
        self._begins = sorted({block.location.line for block in blocks})

    def of(self, line: int) -> int:
        """The line on which the last thing ends that begins on this one, with the tags that close what it is in."""
        following = bisect.bisect_right(self._begins, line)
        limit = self._begins[following] - 1 if following < len(self._begins) else len(self._lines)
        end = line
        while end < limit and self._lines[end].strip() and not _OPENS.match(self._lines[end]):
            end += 1
        for at in range(end, limit):
            if not _CLOSES.match(self._lines[at]):
                break
            end = at + 1 if self._lines[at].strip() else end
        return end


class _Problems:
    """The problems of a page, by line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = sorted(problems, key=lambda problem: problem.location.line)
        self._lines = [problem.location.line for problem in self._problems]

    def between(self, first: int, last: int) -> Sequence[Problem]:
        return self._problems[bisect.bisect_left(self._lines, first) : bisect.bisect_right(self._lines, last)]


def _seen(trace: Trace, ends: _Ends, guids: Mapping[Origin, str], problems: _Problems) -> SeenReveal:
    question = trace.prompt_line, ends.of(trace.question_end)
    answer = trace.revealed.line, ends.of(max(trace.answer_end, trace.revealed.line))
    if trace.location == trace.revealed:  # the summary is the question
        question = trace.prompt_line, trace.question_end
    found = {id(problem): problem for lines in (question, answer) for problem in problems.between(*lines)}
    return SeenReveal(
        trace=trace,
        question=question,
        answer=answer,
        guids=tuple(guids.get(item.origin) for item in trace.items),
        problems=tuple(found.values()),
    )


def _all_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.tag != "box-end":
            yield block
        yield from _all_blocks((*block.question, *([block.summary] if block.summary else []), *block.children))


def _describe(line: int, blocks: Sequence[Block], ends: _Ends, reveals: Sequence[SeenReveal]) -> str:
    """What stands on a line that belongs to no reveal."""
    at = bisect.bisect_right([block.location.line for block in blocks], line)
    if not at:
        return "nothing of the page's own content begins on this line or above it"
    block = blocks[at - 1]
    begun = block.location.line
    if ends.of(begun) < line:
        name = f"{_NAMES.get(block.tag, 'a part')} on line {begun}"
        return f"nothing of the page's own content; the last thing above it is {name}: {_first_words(block.text)}"
    following = [reveal.question[0] for reveal in reveals if reveal.question[0] > line]
    where = f"above the question on line {min(following)}, but no part of it" if following else "that no reveal follows"
    return f"{_NAMES.get(block.tag, 'a part')} of the page {where}: {_first_words(block.text)}"


def as_text(explained: Explanation) -> Iterator[str]:
    """An explanation for people, line by line."""
    name = explained.page.source.name
    yield f"{name}: {cover(explained.page)}" if explained.line is None else f"{name}:{explained.line}"
    for reveal in explained.reveals:
        yield from _reveal_as_text(reveal)
    told = {str(problem) for reveal in explained.reveals for problem in reveal.problems}
    if explained.block:
        yield f"  {explained.block}"
    yield from (f"  {problem}" for problem in explained.problems if str(problem) not in told)


def _reveal_as_text(reveal: SeenReveal) -> Iterator[str]:
    trace = reveal.trace
    named = f" “{_first_words(trace.summary)}”" if trace.summary else ""
    yield f"  line {trace.revealed.line}: a reveal{named}, known by its shape: {trace.shape or 'of no name'}"
    if trace.items and trace.items[0].location != trace.location:
        yield f"    it adds to the answer of the question on line {trace.items[0].location.line}"
    elif trace.items:
        yield f"    question: {_range(reveal.question)}; answer: {_range(reveal.answer)}"
    for item, guid in zip(trace.items, reveal.guids, strict=True):
        label = f" {item.label}" if item.label else ""
        asked = _first_words(plain(item.question))
        yield f"    {trace.finder} made: {item.kind}{label}, {guid or 'no note'}, line {item.location.line}: {asked}"
    if not trace.items:
        yield f"    no item: {trace.problem.message if trace.problem else 'nothing was found in it'}"
    yield from (f"    {problem}" for problem in reveal.problems if problem is not trace.problem)


def as_json(explained: Explanation) -> dict[str, Any]:
    """An explanation for programs."""
    return {
        "source": explained.page.source.name,
        "line": explained.line,
        "reveals": [_reveal_as_json(reveal) for reveal in explained.reveals],
        "block": explained.block,
        "problems": [_problem_as_json(problem) for problem in explained.problems],
    }


def _reveal_as_json(reveal: SeenReveal) -> dict[str, Any]:
    trace = reveal.trace
    pairs = zip(trace.items, reveal.guids, strict=True)
    return {
        "line": trace.revealed.line,
        "shape": trace.shape,
        "summary": trace.summary,
        "finder": trace.finder,
        "question_lines": list(reveal.question),
        "answer_lines": list(reveal.answer),
        "items": [_item_as_json(item, guid) for item, guid in pairs],
        "why_none": trace.problem.message if trace.problem and not trace.items else None,
        "problems": [_problem_as_json(problem) for problem in reveal.problems],
    }


def _item_as_json(item: Item, guid: str | None) -> dict[str, Any]:
    return {
        "guid": guid,
        "kind": item.kind,
        "shape": item.shape,
        "label": item.label,
        "line": item.location.line,
        "question": plain(item.question),
    }


def _problem_as_json(problem: Problem) -> dict[str, Any]:
    from ankiexport.writers.json import problem_record

    return problem_record(problem)


def _range(lines: tuple[int, int]) -> str:
    return f"line {lines[0]}" if lines[0] == lines[1] else f"lines {lines[0]} to {lines[1]}"


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:_MOST_WORDS]) + (" …" if len(words) > _MOST_WORDS else "")
