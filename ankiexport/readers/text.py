"""A text dump → blocks: a line classifier, then a small state machine that gathers lines.

A dump marks where an answer begins ("Show answer") but not where it ends, so its reveals are left open: the kind
finders close them (`kinds/endings.py`). It has lost short headings, the indentation of code and the blank lines around
lists; a heading that it kept is told by the line `Section titled “…”` after it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from ankiexport import markup, words
from ankiexport.model import Block, Document, Html, Location, Source, text_of
from ankiexport.readers import gift, quiz_files, text_bank, text_faq, text_glossary

# "  • an item", "    - nested"
_BULLET = re.compile(r"(?P<indent>\s*)(?:[•◦▪‣]|(?<=\s\s)[-*])\s+(?P<text>.*)")
_TOP_BULLET = re.compile(r"(?P<indent>)[-*+]\s+(?P<text>.*)")
# "  2. an item": indented, for "2. …" at the margin is a paragraph that begins with a number
_NUMBERED = re.compile(r"(?P<indent>\s{2,})(?P<number>\d{1,3})[.)]\s+(?P<text>.*)")
_CONTINUATION = re.compile(r"\s{4,}\S")
# What a site writes after a heading for screen readers
_ECHO = re.compile(r"Section titled [“\"](?P<title>.*)[”\"]\s*$")
_SKIP = re.compile(r"(?:Skip to (?:main )?content|Zum Inhalt springen)\s*$", re.I)
_LABELLED = re.compile(r"\(?(?:Q?\d{1,3}|[A-Za-z])[.):]|Q\b|#")
# "Answer: B" is one, and shows none
_NAMES_OPTION = re.compile(r"[:：]\s*[(\[]?(?:[A-Ha-h]|\d{1,2})[)\]]?\.?$")
_SKIP_WITHIN = 4  # lines
_AMONG = 5
_TITLE_WITHIN = 4  # chunks: a site's name and a trail of links may stand before the title
_LONGEST_TITLE = 150
_LONGEST_SUMMARY = 60
_LEAST_REPEATS = 3
# Plain text that is no dump of a page. Each tells by the content whether it is its own, and gives None if not.
_FILES: tuple[Callable[[Source], Document | None], ...] = (
    gift.read,
    quiz_files.read_trivia,
    quiz_files.read_aiken,
    text_faq.read,
    text_glossary.read,
)

LineKind = Literal["blank", "item", "continuation", "reveal", "text"]


class Line(NamedTuple):
    """A line of the dump, classified. `number` is an ordered item's."""

    at: int
    kind: LineKind
    text: str
    indent: int = 0
    number: int | None = None


@dataclass(slots=True)
class _Chunk:
    """Lines that belong together: a paragraph, a code block, a list or a reveal's summary."""

    kind: LineKind
    lines: list[Line] = field(default_factory=list)


def read(source: Source) -> Document:
    """Reads a plain-text file of a known sort, or else a text dump."""
    lines = source.text.split("\n")
    for read_file in () if _is_surely_dump(lines) else _FILES:
        document = read_file(source)
        if document:
            return document
    chunks = _without_echoes(list(_gather(_classify(lines))))
    title, chunks = _take_title(chunks)
    bank = text_bank.read(source)
    if bank:
        return replace(bank, title=title)
    blocks = [block for chunk, level in chunks for block in _blocks(chunk, level, source.name)]
    return Document(title=title, blocks=tuple(blocks))


def _is_surely_dump(lines: Sequence[str]) -> bool:
    """Are there lines that only a site writes?"""
    return any(_SKIP.match(line.strip()) for line in lines[:_SKIP_WITHIN]) or any(map(_ECHO.match, lines))


def _classify(lines: Sequence[str]) -> Iterator[Line]:
    summaries = _repeated_summaries(lines)
    in_list, above = False, "blank"
    for at, raw in enumerate(lines, 1):
        may_show = above != "reveal" and not _is_among_words(lines, at - 1)
        line = _line(at, raw, summaries if may_show else None, in_list)
        yield line
        above = line.kind
        in_list = in_list if line.kind == "blank" else line.kind in ("item", "continuation")


def _is_among_words(lines: Sequence[str], at: int) -> bool:
    """Is this line one of a list of words, one a line?"""
    around = [line.split() for line in lines[max(0, at - 2) : at + 3]]
    return len(around) == _AMONG and all(len(said) == 1 for said in around)


def _line(at: int, raw: str, summaries: Set[str] | None, in_list: bool) -> Line:
    """`summaries` are the page's own "show me"; None where no reveal can stand."""
    text = raw.strip()
    if not text:
        return Line(at, "blank", "")
    item = _NUMBERED.match(raw) or _BULLET.match(raw) or _TOP_BULLET.match(raw)
    if item:
        number = item.groupdict().get("number")
        return Line(at, "item", item["text"], len(item["indent"]), int(number) if number else None)
    if _SKIP.match(text) and at <= _SKIP_WITHIN:
        return Line(at, "blank", "")
    if summaries is not None and (text in summaries or _is_summary(text)):
        return Line(at, "reveal", text)
    if in_list and _CONTINUATION.match(raw):
        return Line(at, "continuation", text, len(raw) - len(raw.lstrip()))
    return Line(at, "text", raw.rstrip())


def _is_summary(line: str) -> bool:
    shows = words.only_shows(line) and words.is_lone_answer(line) and not _NAMES_OPTION.search(line)
    return len(line) <= _LONGEST_SUMMARY and (shows or words.is_hint(line))


def _repeated_summaries(lines: Sequence[str]) -> frozenset[str]:
    """Short lines that stand again and again right after a numbered question: this page's own "show me"."""
    counts: Counter[str] = Counter()
    before = ""
    for line in map(str.strip, lines):
        if re.match(r"Q?\d+[.)]\s", before) and line and len(line) <= _LONGEST_SUMMARY and line[-1].isalnum():
            counts[line] += not _LABELLED.match(line)
        before = line or before
    return frozenset(line for line, count in counts.items() if count >= _LEAST_REPEATS)


def _gather(lines: Iterator[Line]) -> Iterator[_Chunk]:
    """The state machine: a blank line, or a line of another kind, ends a chunk; a list goes on over blank lines."""
    chunk: _Chunk | None = None
    blank = False
    for line in lines:
        if line.kind == "blank":
            blank = True
            continue
        goes_on = chunk is not None and (
            (chunk.kind == "text" == line.kind and not blank)
            or (chunk.kind == "item" and line.kind == "continuation")
            or (chunk.kind == "item" == line.kind and not _begins_another_list(chunk, line, blank))
        )
        if chunk is None or not goes_on:
            if chunk:
                yield chunk
            chunk = _Chunk("text" if line.kind == "continuation" else line.kind)
        chunk.lines.append(line)
        blank = False
    if chunk:
        yield chunk


def _begins_another_list(chunk: _Chunk, line: Line, blank: bool) -> bool:
    """Two lists can touch: where bullets turn into numbers at one depth, or a numbering begins again."""
    first = chunk.lines[0]
    if line.indent > first.indent:
        return False
    if (line.number is None) != (first.number is None):
        return True
    return line.number == 1 and first.number is not None and not blank


def _without_echoes(chunks: list[_Chunk]) -> list[tuple[_Chunk, int]]:
    """Chunks with a heading's level (0: none); the echo of a heading goes."""
    out: list[tuple[_Chunk, int]] = []
    for chunk in chunks:
        echo = _ECHO.match(chunk.lines[0].text) if chunk.kind == "text" else None
        if echo and out and _same_words(out[-1][0].lines[-1].text, echo["title"]):
            out[-1] = (out[-1][0], 2)
        elif echo:
            out.append((_Chunk("text", [chunk.lines[0]._replace(text=echo["title"])]), 2))
        else:
            bare = len(chunk.lines) == 1 and chunk.kind == "text" and words.is_section_heading(chunk.lines[0].text)
            out.append((chunk, 2 if bare else 0))
    return out


def _same_words(left: str, right: str) -> bool:
    return re.findall(r"\w+", left.casefold()) == re.findall(r"\w+", right.casefold())


def _take_title(chunks: list[tuple[_Chunk, int]]) -> tuple[str | None, list[tuple[_Chunk, int]]]:
    """A line such as "Practice: …" near the top, else the first line, if it stands alone and is not yet a question."""
    if len(chunks) < 2:
        return None, chunks
    for i, (chunk, _) in enumerate(chunks[:_TITLE_WITHIN]):
        if chunk.kind == "text" and words.has_title_prefix(chunk.lines[-1].text):
            return chunk.lines[-1].text.strip(), chunks[i + 1 :]
    chunk, _ = chunks[0]
    text = chunk.lines[0].text.strip()
    alone = chunk.kind == "text" and len(chunk.lines) == 1
    if alone and len(text) <= _LONGEST_TITLE and not _LABELLED.match(text):
        return text, chunks[1:]
    return None, chunks


def _blocks(chunk: _Chunk, level: int, name: str) -> Iterator[Block]:
    first = chunk.lines[0]
    location = Location(source=name, line=first.at)
    if chunk.kind == "item":
        yield _list(chunk.lines, name)
    elif chunk.kind == "reveal":
        summary = Block(tag="paragraph", html=markup.escape(first.text), text=first.text, location=location)
        yield Block(tag="reveal", html=Html(""), text="", summary=summary, open=True, location=location)
    elif level:
        text = markup.fold(first.text)
        yield Block(tag="heading", html=markup.escape(text), text=text, level=level, location=location)
    elif len(chunk.lines) == 1:
        text = markup.fold(first.text)
        yield Block(tag="paragraph", html=markup.escape(text), text=text, location=location)
    else:
        text = "\n".join(line.text for line in chunk.lines)
        yield Block(tag="code", html=markup.lines(text), text=text, location=location)


def _list(lines: Sequence[Line], name: str) -> Block:
    """A list with its nested lists, by indentation."""
    indent = lines[0].indent
    items: list[Block] = []
    starts = [i for i, line in enumerate(lines) if line.kind == "item" and line.indent <= indent] + [len(lines)]
    for start, end in pairwise(starts):
        items.append(_item(lines[start:end], name))
    number = lines[0].number
    inner = [item.html for item in items]
    html = markup.ordered_list(inner, number) if number is not None else markup.bullet_list(inner)
    text = text_of(items)
    location = Location(source=name, line=lines[0].at)
    return Block(tag="list", html=html, text=text, children=tuple(items), location=location)


def _item(lines: Sequence[Line], name: str) -> Block:
    nested_at = next((i for i, line in enumerate(lines) if i and line.kind == "item"), len(lines))
    own = [
        Block(
            tag="paragraph",
            html=markup.escape(markup.fold(line.text)),
            text=markup.fold(line.text),
            location=Location(source=name, line=line.at),
        )
        for line in lines[:nested_at]
    ]
    children = (*own, *([_list(lines[nested_at:], name)] if nested_at < len(lines) else []))
    return Block(
        tag="item",
        html=markup.join(children),
        text=text_of(children),
        number=lines[0].number,
        children=children,
        location=own[0].location,
    )
