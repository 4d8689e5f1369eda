"""Numbered questions whose answers stand in a key below them, joined by their numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ankiexport import markup, words
from ankiexport.model import Block, Html
from ankiexport.pairs.choices import question_of, reveal
from ankiexport.pairs.named import answer_of, read_key
from ankiexport.pairs.numbering import option_label
from ankiexport.pairs.options import find_row
from ankiexport.pairs.sets import Numbered, NumberedSet, gather_sets, is_name, match_sets, reads_as_questions
from ankiexport.pairs.units import Unit, fold, unfold

_LONGEST_TITLE = 90
_WITH_REASON = 3  # cells of a row: number, answer, why
_LEAST = 2  # answers that make a key
# "1. B", "2-d", "3) True", "4C", "5: (a)"
_ENTRY = re.compile(
    r"(?P<number>\d{1,3})\s?(?:[.):=：．、]\s*|\s?[–—-]>?\s*|\s*)[(（]?(?P<said>[A-Ha-h](?![^\W_])|[^\W\d_]{1,12})[)）]?"
)
_GAP = re.compile(r"[\s,;.|/，；、。*]*")


@dataclass(slots=True)
class _Key:
    """A key: from its title to the unit before `end`, in groups that each begin to count anew."""

    start: int
    end: int
    title: str
    groups: list[NumberedSet] = field(default_factory=list)


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks of a page with a reveal for each numbered question that a key answers."""
    units = unfold(blocks, numbered=True)
    keys = list(_keys(units))
    if not keys:
        return list(blocks)
    inside = {at for key in keys for at in range(key.start, key.end)}
    sets = gather_sets(units, inside)
    used: dict[int, Block | None] = {}
    for key in keys:
        for group, asked in match_sets(key.groups, [one for one in sets if one.start < key.start], key.title):
            if reads_as_questions(units, asked):
                _join(units, asked, group, used)
    for key in keys:
        if any(at in used for group in key.groups for one in group.entries for at in range(one.start, one.end)):
            for at in range(key.start, key.end):
                used.setdefault(at, None)
    return fold(units, blocks, used) if used else list(blocks)


def _keys(units: Sequence[Unit]) -> Iterator[_Key]:
    at = 0
    while at < len(units):
        titled = _title(units[at])
        key = _read_key(units, at, *titled) if titled else None
        if key and sum(len(group.entries) for group in key.groups) >= _LEAST:
            yield key
            at = key.end
        else:
            at += 1


def _title(unit: Unit) -> tuple[str, str] | None:
    """The title of a key, and what follows it on its line."""
    block = unit.block
    text = block.text
    if block.tag == "reveal" and block.open and block.summary:
        text = block.summary.text
    elif block.tag not in ("heading", "paragraph", "code") or unit.first:
        return None
    line = next((line.strip() for line in reversed(text.split("\n")) if any(map(str.isalpha, line))), "")
    head, _, rest = line.partition(":") if ":" in line else line.partition("：")
    if len(head) > _LONGEST_TITLE or not words.is_key_title(head) or (block.tag == "code" and rest.strip()):
        return None
    return head, rest.strip()


def _read_key(units: Sequence[Unit], at: int, title: str, rest: str) -> _Key | None:
    """The answers under a title."""
    key = _Key(start=at, end=at + 1, title=title)
    block = units[at].block
    if rest:
        found = _inline(replace(block, tag="paragraph"), rest, at)
        if not found:
            return None
        _take(key, found, "")
        return key
    if block.tag == "reveal" and not _is_for_choices(units, at):
        return None
    level = block.level if block.tag == "heading" else 7
    name = ""
    i = at + 1
    while i < len(units):
        unit = units[i]
        if unit.block.tag in ("reveal", "box", "box-end") or _title(unit):
            break
        if unit.block.tag == "heading" and unit.number is None:
            if unit.block.level <= level and level < 7:
                break
            if level == 7 and key.groups:
                break
            name = unit.text
        elif is_name(unit) and i + 1 < len(units) and units[i + 1].number == 1:
            name = unit.text
        elif not _take_unit(key, units, i, name):
            break
        i += 1
    key.end = max([key.end, *(one.end for group in key.groups for one in group.entries)])
    return key


def _is_for_choices(units: Sequence[Unit], at: int) -> bool:
    """Does an open reveal hold letters of options, or "zu 1: …", which nobody else reads?"""
    for unit in units[at + 1 : at + 4]:
        if _inline(unit.block, unit.text, at) or (unit.number is not None and unit.text[:1].islower()):
            return True
    return False


def _take_unit(key: _Key, units: Sequence[Unit], i: int, name: str) -> bool:
    """Adds what a unit answers to a key; False where the key is over."""
    unit = units[i]
    if unit.block.tag == "table":
        return _take(key, _rows(unit.block, i), name)
    text = unit.text if unit.number is None or unit.end else f"{unit.number}. {unit.text}"
    found = _inline(unit.block, text, i) if unit.block.tag in ("paragraph", "code") else []
    if found:
        return _take(key, found, name)
    if unit.number is not None:
        answer = Numbered(number=unit.number, start=i, end=i + 1, blocks=[unit.bare], item=unit.in_item)
        return _take(key, [answer], name)
    last = key.groups[-1].entries[-1] if key.groups else None
    if last is None:
        return not unit.first
    goes_on = unit.in_item is not None and unit.in_item == last.item
    if not goes_on and not _another_follows(units, i, last):
        return False
    last.blocks.append(unit.block)
    last.end = i + 1
    return True


def _another_follows(units: Sequence[Unit], at: int, last: Numbered) -> bool:
    """Does the next answer come after this unit, which then belongs to the one before?"""
    if units[at].block.tag in ("code", "list", "table", "quote") and at == last.end:
        return True
    for unit in units[at : at + 8]:
        if unit.block.tag in ("heading", "reveal"):
            return unit.number == last.number + 1
        if unit.number is not None:
            return unit.number == last.number + 1
    return False


def _take(key: _Key, found: Sequence[Numbered], name: str) -> bool:
    for one in found:
        group = key.groups[-1] if key.groups else None
        if (
            group is None
            or group.name != name
            or one.number in group.numbers
            or not (one.number > group.entries[-1].number or len(found) > 1)
        ):
            group = NumberedSet(name=name, start=one.start)
            key.groups.append(group)
        group.entries.append(one)
        group.entries.sort(key=lambda entry: entry.number)
        key.end = max(key.end, one.end)
    return bool(found)


def _inline(block: Block, text: str, at: int) -> list[Numbered]:
    """The answers of a line such as "1. B  2. D  3. A"; none if it says anything else."""
    found: list[Numbered] = []
    end = _GAP.match(text).end()  # type: ignore[union-attr]  # it matches anything
    while match := _ENTRY.match(text, end):
        said = Block(tag="paragraph", html=markup.escape(match["said"]), text=match["said"], location=block.location)
        found.append(Numbered(number=int(match["number"]), start=at, end=at + 1, blocks=[said]))
        gap = _GAP.match(text, match.end())
        end = gap.end() if gap else match.end()
        if end < len(text) and end == match.end():
            return []
    least = _LEAST if any(len(one.blocks[0].text) > 1 for one in found) else 1
    return found if end == len(text) and len(found) >= least else []


def _rows(table: Block, at: int) -> list[Numbered]:
    """The answers of a table: a number and an answer side by side, or numbers above answers."""
    cells = [row.children for row in table.children]
    if len(cells) == 2 and len(cells[0]) == len(cells[1]) > 2:
        cells = [tuple(pair) for pair in zip(cells[0], cells[1], strict=True)]
    found: list[tuple[int, Block]] = []
    reasons: dict[int, Block] = {}
    for row in cells:
        if len(row) == _WITH_REASON and row[-1].text.strip() and len(row[-1].text.split()) > 1:
            reasons[id(row[1])] = row[-1]
        for left, right in zip(row[::2], row[1::2], strict=False):
            number = left.text.strip(" .)#Qq")
            if number.isdecimal() and number.isascii() and len(number) <= 3 and right.text.strip():
                found.append((int(number), right))
    return [
        Numbered(number=number, start=at, end=at + 1, blocks=[right, *filter(None, [reasons.get(id(right))])])
        for number, right in sorted(found, key=lambda pair: pair[0])
    ]


def _join(units: Sequence[Unit], asked: NumberedSet, group: NumberedSet, used: dict[int, Block | None]) -> None:
    """A reveal in the place of each question that the key answers; what it answers beside them is told."""
    answers = {one.number: one for one in group.entries}
    for question in asked.entries:
        answer = answers.pop(question.number, None)
        if answer is None:
            continue
        made = _reveals(units[question.start : question.end], answer)
        if not made:
            continue
        used.update(dict.fromkeys(range(question.start, question.end)))
        used.update(dict.fromkeys(range(answer.start, answer.end)))
        used[question.start] = made
    for number, answer in answers.items():
        if answer.start not in used or used[answer.start] is None:
            used[answer.start] = _orphan(number, answer.blocks[0])
    asked.taken = True


def _tells_parts(answer: Numbered, count: int) -> bool:
    """Has an answer a label for each part, where what looks like options are parts of a question?"""
    labels = [label.value for block in answer.blocks if (label := option_label(block.text))]
    return count > 1 and labels == list(range(1, count + 1))


def _orphan(number: int, block: Block) -> Block:
    text = f"answer {number} of the key, which has no such question"
    summary = Block(tag="paragraph", html=markup.escape(text), text=text, location=block.location)
    return Block(tag="reveal", html=Html(""), text="", location=block.location, summary=summary, role="aside")


def _reveals(question: Sequence[Unit], answer: Numbered) -> Block | None:
    """The reveal of a question with its answer: the right option, if it is a choice."""
    asked = question_of(question)
    if not asked or not answer.blocks:
        return None
    at = next((i for i in range(1, len(question)) if find_row(question, i)), None)
    row = find_row(question, at) if at is not None else None
    if at is None or row is None:
        return reveal(asked, answer.blocks, "key")
    if _tells_parts(answer, len(row.options)):
        return replace(reveal(asked, answer.blocks, "key"), kind=None)
    named = read_key(row, answer.blocks[0], 0)
    shown = (*question_of(question[:at]), *row.shown, *(unit.block for unit in question[row.end :]))
    if named is None:
        return reveal(shown, answer.blocks, "key")
    reason = (*named[1], *answer.blocks[1:])
    return reveal(shown, (*answer_of(row, named[0], apart=bool(reason)), *reason), "choice")
