"""Runs of numbered questions on a page, and which of them a key answers."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from ankiexport import words
from ankiexport.model import Block
from ankiexport.pairs.cards import BREAKS
from ankiexport.pairs.numbering import has_word_number, option_label
from ankiexport.pairs.options import find_row
from ankiexport.pairs.units import Unit

_LEAST_SHARED = 2


@dataclass(slots=True)
class Numbered:
    """A question or an answer with its number: the units from `start` to `end`."""

    number: int
    start: int
    end: int
    blocks: list[Block] = field(default_factory=list)
    item: int | None = None


@dataclass(slots=True)
class NumberedSet:
    """Questions or answers whose numbers go up. `name` is the heading that they stand under."""

    name: str
    start: int
    entries: list[Numbered] = field(default_factory=list)
    taken: bool = False

    @property
    def numbers(self) -> set[int]:
        return {one.number for one in self.entries}


def gather_sets(units: Sequence[Unit], inside: Collection[int]) -> list[NumberedSet]:
    """The runs of numbered questions outside of keys."""
    sets: list[NumberedSet] = []
    name = ""
    opened = False
    for at, unit in enumerate(units):
        if at in inside or unit.block.tag == "reveal":
            opened = False
        elif unit.number is not None and unit.block.tag in ("paragraph", "heading"):
            last = sets[-1].entries[-1].number if sets else 0
            if not sets or unit.number <= last:
                sets.append(NumberedSet(name=name, start=at))
            sets[-1].entries.append(Numbered(number=unit.number, start=at, end=at + 1, item=unit.in_item))
            opened = True
        elif unit.block.tag in ("heading", "box", "box-end"):
            name, opened = unit.text or name, False
        elif is_name(unit):
            name, opened = unit.text, False
        elif opened and _goes_on(units, at, sets[-1].entries[-1]):
            sets[-1].entries[-1].end = at + 1
        else:
            opened = False
    return sets


def is_name(unit: Unit) -> bool:
    """ "Part B" on a line of its own."""
    return unit.block.tag == "paragraph" and not unit.in_item and len(unit.text) < 12 and not option_label(unit.text)


def _goes_on(units: Sequence[Unit], at: int, last: Numbered) -> bool:
    """Does a unit belong to the question above it?"""
    unit = units[at]
    if unit.in_item is not None:
        return unit.in_item == last.item
    if unit.block.tag != "paragraph":
        return last.item is None or unit.block.tag in ("code", "table")
    if option_label(unit.text):
        return True
    following = next((other for other in units[at + 1 : at + 10] if other.number is not None or _ends(other)), None)
    return following is not None and following.number == last.number + 1


def _ends(unit: Unit) -> bool:
    return unit.block.tag in BREAKS


def match_sets(
    groups: Sequence[NumberedSet], sets: Sequence[NumberedSet], title: str
) -> Iterator[tuple[NumberedSet, NumberedSet]]:
    """Each group of a key with the questions that it answers: by name, else in order, else the nearest."""
    free = [one for one in sets if not one.taken]
    good = [one for one in free if len(one.entries) >= _LEAST_SHARED]
    if len(groups) > 1 and len(groups) == len(good):
        yield from zip(groups, good, strict=True)
        return
    for group in groups:
        shared = {id(one): len(one.numbers & group.numbers) for one in free}
        fitting = [one for one in free if shared[id(one)] >= min(_LEAST_SHARED, len(one.entries), len(group.entries))]
        fitting = [one for one in fitting if shared[id(one)] * 2 >= len(group.entries)]
        named = [one for one in fitting if _same_name(one.name, group.name or title)]
        best = max(named or fitting, key=lambda one: (shared[id(one)], one.start), default=None)
        if best is not None:
            free.remove(best)
            yield group, best


def _same_name(left: str, right: str) -> bool:
    """ "Part B" is what "Key to part B" is for."""
    name = left.casefold().strip(" :.").split()
    said = right.casefold().strip(" :.").split()
    return bool(name) and any(said[i : i + len(name)] == name for i in range(len(said)))


def reads_as_questions(units: Sequence[Unit], asked: NumberedSet) -> bool:
    """Do most of the numbered pieces ask something, or does their heading say that questions follow?"""
    asking = sum(_asks(units, one) for one in asked.entries)
    if asking * 2 >= len(asked.entries):
        return True
    named = all(has_word_number(units[one.start].text) for one in asked.entries)
    return words.heads_questions(asked.name) and (asking > 0 or named)


def _asks(units: Sequence[Unit], one: Numbered) -> bool:
    text = units[one.start].bare.text
    own = units[one.start : one.end]
    has_row = any(find_row(own, at) for at in range(1, len(own)))
    return has_row or words.holds_question(text) or words.asks(text) or words.prompt_likeness(text) > 0
