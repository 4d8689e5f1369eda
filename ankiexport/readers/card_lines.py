"""Cards that stand in the lines of notes: Obsidian's `Question::Answer` and `?`, and what is tagged `#card`.

Notes hold much else that looks alike (fields of Dataview, names of C++), so a page must say that it is a deck: by its
tag, by what the plugin has written into it, or by several cards that leave no doubt.
"""

import re
from collections.abc import Iterator, Sequence

from ankiexport import words
from ankiexport.readers.lines import CODE_SPAN, Fences, NumberedLine
from ankiexport.readers.reveal_lines import reveal_lines

# "#flashcards/biology", also as a tag of the front matter
_TAG = re.compile(r"(?:^|[\s,\[\"'#-])#?flashcards?(?:/[\w/-]+)?(?=[\s,\]\"']|$)", re.I)
_TAG_LINE = re.compile(r"\s*(?:#[^\W\d][\w/-]*\s*)+$")
# What the plugin keeps of a card: "<!--SR:!2024-03-01,4,270-->"
_SCHEDULE = re.compile(r"\s*<!--SR:[^>]*-->\s*")
_SPLIT = re.compile(r"\s*\?\??\s*$")
_SIDES = re.compile(r"(?<!:):{2,3}(?!:)")
_BULLET = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ x]\]\s+)?")
_NO_CARD = re.compile(r"\s*(?:\||>|#{1,6}\s|:::|\[\^|<)")
# "What is it? #card", "## What is it? #card-reverse"
_TAGGED = re.compile(
    r"(?P<lead>\s*(?:[-*+]\s+|#{1,6}\s+)?)(?P<question>\S.*?)\s+#(?:card|flashcard)(?:-(?:reverse|spaced))?\s*$"
)
_HEADING = re.compile(r"#{1,6}\s")
_SURE_SPLITS, _SURE_SIDES = 2, 3


def level(lines: Sequence[NumberedLine], front: object = "") -> list[NumberedLine]:
    """The lines with a reveal for each card, where a page is a deck; `front` is what its front matter says of tags."""
    if not any("::" in line.text or "#" in line.text or _SPLIT.match(line.text) for line in lines):
        return list(lines)
    blocks = list(_blocks(lines))
    if not _is_deck(blocks, str(front)):
        return list(lines)
    out: list[NumberedLine] = []
    at = 0
    while at < len(blocks):
        used = _tagged(blocks, at, out)
        if not used:
            out.extend(_levelled(blocks[at]))
            used = 1
        at += used
    return out


def _blocks(lines: Sequence[NumberedLine]) -> Iterator[list[NumberedLine]]:
    """Rows of lines without a blank line or the beginning of a tagged card between them; a blank line is one, too."""
    fences = Fences()
    block: list[NumberedLine] = []
    for line in lines:
        is_code = fences.take(line.text)
        if is_code or line.text.strip():
            if block and not is_code and _match_tagged(line.text):
                yield block
                block = []
            block.append(line)
            continue
        if block:
            yield block
        yield [line]
        block = []
    if block:
        yield block


def _is_deck(blocks: Sequence[Sequence[NumberedLine]], front: str) -> bool:
    if _TAG.search(front):
        return True
    splits, asking, sided = 0, 0, 0
    for block in blocks:
        if any("SR:" in line.text and _SCHEDULE.search(line.text) for line in block):
            return True
        if any(_TAG_LINE.match(line.text) and _TAG.search(line.text) for line in block):
            return True
        splits += _split(block) is not None
        for line, is_code in zip(block, _code_in(block), strict=True):
            if is_code:
                continue
            if (tagged := _match_tagged(line.text)) and words.asks(tagged["question"]):
                return True
            found = _sides(line.text)
            sided += found is not None
            asking += found is not None and words.asks(found[0])
    return splits >= _SURE_SPLITS or (asking >= _SURE_SIDES and asking * 2 > sided)


def _code_in(block: Sequence[NumberedLine]) -> list[bool]:
    fences = Fences()
    return [fences.take(line.text) for line in block]


def _split(block: Sequence[NumberedLine]) -> int | None:
    """Where a line in a block is `?` and nothing else, with a question above it and an answer below."""
    code = _code_in(block)
    at = next((i for i, line in enumerate(block) if not code[i] and _SPLIT.match(line.text)), None)
    return at if at and at + 1 < len(block) else None


def _sides(text: str) -> tuple[str, str] | None:
    """Question and answer of `Question::Answer`; of `Term:::Meaning`, which asks both ways, the same."""
    if "::" not in text or _NO_CARD.match(text):
        return None
    text = _SCHEDULE.sub("", text) if "SR:" in text else text
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    covered = [match.span() for match in CODE_SPAN.finditer(text)]
    for match in _SIDES.finditer(text, start):
        if not any(begin < match.start() < end for begin, end in covered):
            question, answer = text[start : match.start()].strip(), text[match.end() :].strip()
            return (question, answer) if question and answer else None
    return None


def _levelled(block: Sequence[NumberedLine]) -> Iterator[NumberedLine]:
    """A block with its cards; a line that is none stays."""
    at = _split(block)
    if at is not None:
        start = _first_of_question(block, at)
        yield from block[:start]
        answer = [line for line in (_without_schedule(line) for line in block[at + 1 :]) if line.text.strip()]
        yield from reveal_lines(block[start:at], answer, "flashcard", "card") if answer else block[start:at]
        return
    for line, is_code in zip(block, _code_in(block), strict=True):
        sides = None if is_code else _sides(line.text)
        if sides:
            asked, said = ([NumberedLine(line.number, side)] for side in sides)
            yield from reveal_lines(asked, said, "flashcard", "card")
        else:
            yield line if is_code else _without_schedule(line)


def _first_of_question(block: Sequence[NumberedLine], end: int) -> int:
    """A question begins after the last heading or card line above it."""
    return next((i + 1 for i in range(end - 1, -1, -1) if _HEADING.match(block[i].text) or _sides(block[i].text)), 0)


def _without_schedule(line: NumberedLine) -> NumberedLine:
    return line._replace(text=_SCHEDULE.sub("", line.text)) if "SR:" in line.text else line


def _match_tagged(text: str) -> re.Match[str] | None:
    return _TAGGED.match(text) if "card" in text else None


def _tagged(blocks: Sequence[Sequence[NumberedLine]], at: int, out: list[NumberedLine]) -> int:
    """Writes the card that a block begins with whose question is tagged; returns how many blocks that took."""
    found = _match_tagged(blocks[at][0].text)
    if not found:
        return 0
    question = [NumberedLine(blocks[at][0].number, found["question"])]
    rest, used = list(blocks[at][1:]), 1
    if found["lead"].lstrip().startswith("#"):
        while at + used < len(blocks) and not _HEADING.match(blocks[at + used][0].text):
            rest.extend(blocks[at + used])
            used += 1
        split = next((i for i, line in enumerate(rest) if _HEADING.match(line.text)), len(rest))
        rest, after = rest[:split], rest[split:]
    elif found["lead"].strip():
        width = len(found["lead"]) - len(found["lead"].lstrip())
        split = next((i for i, line in enumerate(rest) if _indent(line.text) <= width), len(rest))
        rest, after = _dedented(rest[:split]), rest[split:]
    else:
        after = []
    if not any(line.text.strip() for line in rest):
        return 0
    out.extend(reveal_lines(question, rest, "flashcard", "card"))
    if after:
        following: list[NumberedLine] = []
        if not _tagged([after], 0, following):
            following = list(_levelled(after))
        out.extend(following)
    return used


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _dedented(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    width = min((_indent(line.text) for line in lines), default=0)
    return [line._replace(text=line.text[width:]) for line in lines]
