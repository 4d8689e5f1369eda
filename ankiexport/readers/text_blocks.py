"""Lines of a plain-text file that a person has set → blocks: wrapped lines are a paragraph again, lists and code stay.

What tells them is how far a line is set in, and whether it ends where the next word would have fitted no more.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

from ankiexport import markup
from ankiexport.model import Block, Location, Source
from ankiexport.readers import quiz_blocks

# "- an item", "o an item", "2) an item", "(b) an item"
_BULLET = re.compile(r"\s*(?:[-*+•◦▪‣·]|--|o)\s+(?=\S)")
_NUMBER = re.compile(r"\s*\(?(?P<number>\d{1,3}|(?P<letter>[A-Za-z]))[.)]\s+(?=\S)")
_TAB = 8
_WIDTH = 72  # of a page of plain text
LEAST_WIDTH = 40
"""The least that anybody wraps lines at."""
_SET_IN = 2  # spaces
_DEEPEST = 8  # lists in one another
# A word that is cut, or joined to the next, at the end of a line
_HYPHEN_END = re.compile(r"(?<=[^\W\d_])-\n\s*(?=[^\W\d_])")


class Line(NamedTuple):
    """A line of the file, which counts from 1."""

    at: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    @property
    def bare(self) -> str:
        return self.text.strip()

    @property
    def first_word(self) -> str:
        """What would have had to fit on the line above; where words are not parted, a sign."""
        word = self.bare.split(maxsplit=1)[0]
        return word if word[0] < "\u2e80" else word[0]


def lines_of(source: Source) -> list[Line]:
    """The lines of a file, without tabs at their beginning and spaces at their end."""
    return [Line(at, _spread(_unbarred(text.rstrip()))) for at, text in enumerate(source.text.split("\n"), 1)]


def _unbarred(text: str) -> str:
    """A line without the bar that says it has changed."""
    return text[2:] if text.startswith("| ") and "|" not in text[1:] else text


def _spread(text: str) -> str:
    body = text.lstrip()
    return text[: len(text) - len(body)].expandtabs(_TAB) + body


def joined(lines: Sequence[Line]) -> str:
    """Wrapped lines as one."""
    return markup.fold(_HYPHEN_END.sub("-", "\n".join(line.bare for line in lines)))


def blocks_of(lines: Sequence[Line], name: str, depth: int = 0) -> list[Block]:
    """The blocks of lines that belong together, as an answer's do."""
    filled = [line for line in lines if line.text]
    if not filled:
        return []
    base = min(line.indent for line in filled)
    width = max(LEAST_WIDTH, min(_WIDTH, max(len(line.text) for line in filled)))
    blocks: list[Block] = []
    for chunk in _chunks(lines, base, depth):
        blocks.extend(_blocks(chunk, base, width, _introduced(blocks), name, depth))
    return blocks


def _introduced(blocks: Sequence[Block]) -> bool:
    """Does what is above say that something follows: "Type:"?"""
    return bool(blocks) and blocks[-1].text.rstrip().endswith((":", "："))


def _chunks(lines: Sequence[Line], base: int, depth: int) -> Iterator[list[Line]]:
    """Lines without a blank between; a list holds on over blanks while what follows is set in or is an item."""
    chunk: list[Line] = []
    in_list, blank = False, False
    for line, below in zip_longest(lines, lines[1:]):
        if not line.text:
            blank = bool(chunk)
            if in_list:
                chunk.append(line)
            continue
        begins = _marker(line, depth) is not None and (not chunk or _stands_out(chunk, line, below))
        if in_list:
            first = chunk[0].indent
            ends = blank and line.indent <= first and not _goes_on(chunk[0], line)
        else:
            ends = blank or (begins and bool(chunk))
            ends = ends or (bool(chunk) and chunk[-1].bare.endswith(":") and _is_set_in(line, chunk[0], base))
        if ends:
            yield chunk
            chunk, in_list = [], False
        if not chunk:
            in_list = _marker(line, depth) is not None
        chunk.append(line)
        blank = False
    if chunk:
        yield chunk


def _is_set_in(line: Line, first: Line, base: int) -> bool:
    """Is this line, and not the paragraph above it, set in?"""
    return first.indent < base + _SET_IN <= line.indent


def _stands_out(chunk: Sequence[Line], line: Line, below: Line | None) -> bool:
    """Does an item begin here right under a paragraph, and not a wrapped line with a dash or a number?"""
    if line.indent > min(one.indent for one in chunk[-2:]) or chunk[-1].bare.endswith((":", "：")):
        return True
    if number := _NUMBER.match(line.text):
        return number["number"] in ("1", "a", "A") and chunk[-1].bare.endswith((".", "!", "?"))
    return chunk[-1].bare.endswith((".", "!", "?")) or (below is not None and _goes_on(line, below))


def _marker(line: Line, depth: int) -> re.Match[str] | None:
    return (_BULLET.match(line.text) or _NUMBER.match(line.text)) if depth < _DEEPEST else None


def _goes_on(first: Line, line: Line) -> bool:
    """Is this line an item of the same sort as the first?"""
    numbers = _NUMBER.match(first.text), _NUMBER.match(line.text)
    bullets = _BULLET.match(first.text), _BULLET.match(line.text)
    return line.indent == first.indent and (all(numbers) or all(bullets))


def _blocks(chunk: list[Line], base: int, width: int, introduced: bool, name: str, depth: int) -> Iterator[Block]:
    marker = _marker(chunk[0], depth)
    if marker and (items := _items(chunk)):
        yield from _list(items, name, depth)
        return
    chunk = [line for line in chunk if line.text]
    location = Location(source=name, line=chunk[0].at)
    indent = min(line.indent for line in chunk)
    if _is_code(chunk, indent >= base + _SET_IN, introduced, width):
        text = "\n".join(line.text[indent:] for line in chunk)
        yield Block(tag="code", html=markup.code(text), text=text, location=location)
    else:
        yield quiz_blocks.paragraph(joined(chunk), location)


def _is_code(chunk: Sequence[Line], set_in: bool, introduced: bool, width: int) -> bool:
    """Is this a sample: lines that stand apart, or that end before they must?"""
    text = "\n".join(line.text for line in chunk)
    if len(chunk) == 1:
        is_prose = chunk[0].bare.endswith((".", "!", "?")) or "://" in text
        return set_in and not is_prose and (introduced or markup.looks_like_code(text))
    early = sum(len(line.text) + 1 + len(following.first_word) <= width - _TAB for line, following in pairwise(chunk))
    ragged = early * 2 > len(chunk) - 1
    return (ragged and (set_in or introduced)) or (set_in and markup.looks_like_code(text))


def _items(chunk: list[Line]) -> list[list[Line]]:
    """The lines of each item of a list; nothing where what looks like one is a paragraph that begins with a number."""
    first = chunk[0].indent
    starts = [i for i, line in enumerate(chunk) if line.text and line.indent <= first and _goes_on(chunk[0], line)]
    number = _NUMBER.match(chunk[0].text)
    if len(starts) < 2 and (number or chunk[0].bare.startswith("o ")):
        return []
    if any(line.text and line.indent < first for line in chunk):
        return []
    return [chunk[start:end] for start, end in zip(starts, [*starts[1:], len(chunk)], strict=True)]


def _list(items: Sequence[list[Line]], name: str, depth: int) -> Iterator[Block]:
    number = None if _BULLET.match(items[0][0].text) else _NUMBER.match(items[0][0].text)
    letter = number["letter"] if number else None
    count: int | None = None
    if number:
        count = ord(number["letter"].upper()) - ord("A") + 1 if letter else int(number["number"])
    found = []
    for at, lines in enumerate(items):
        children = blocks_of(_unmarked(lines), name, depth + 1)
        if children:
            found.append(quiz_blocks.item(children, None if count is None else count + at))
    letters = "" if not letter else "A" if letter.isupper() else "a"
    if found:
        yield quiz_blocks.listed(found, letters)


def _unmarked(lines: Sequence[Line]) -> list[Line]:
    """An item's lines without its mark. What goes on under the mark itself is set in with the rest."""
    first = lines[0]
    marker = _BULLET.match(first.text) or _NUMBER.match(first.text)
    end = marker.end() if marker else 0
    own = next((line.indent for line in lines[1:] if line.text), end)
    rest = [
        line._replace(text=" " * max(0, first.indent + 1 - line.indent) + line.text) if line.text else line
        for line in lines[1:]
    ]
    return [first._replace(text=" " * max(own, first.indent + 1) + first.text[end:]), *rest]
