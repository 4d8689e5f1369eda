"""The items of a course → which of them ask the same, and which of those can be left out of a deck.

Two items overlap where they ask the same, or one asks a part of what the other asks, and their answers are alike. One
that asks the same can be left out where the other's answer says all that it says.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import LCSseq

from ankiexport import comparison, identity, likeness
from ankiexport.answers import ALIKE, Answer
from ankiexport.model import Html, Item, Kind

Words = tuple[str, ...]

# <img src="…">
_MEDIUM = re.compile(r"(?<=\ssrc=\")[^\"]+")
_LEAST_SHARED = 2  # words that carry meaning, for one question to be a part of another
_ALIKE_IN_PART = 0.4  # … and where one is a part of the other
_LEAST_PART = 0.25  # of the words of a question that another has to have to be a part of it
_MOST_COMPARED = 10  # items that ask the same are compared with so many: a thousand of them take no million comparisons
# Which one a learner keeps where the answers say the same: one that was written to be asked in the course of a lesson.
_RANK: Mapping[Kind, int] = {"self-check": 0, "exercise": 1, "flashcard": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two items of a course by their positions in it; `at` is the one that an author would rather do without.

    `in_part` says that the one asks a part of what the other asks, `same_answer` that their answers are alike.
    """

    at: int
    other: int
    in_part: bool
    same_answer: bool


def find_overlaps(items: Sequence[Item]) -> tuple[Overlap, ...]:
    """One overlap at most for each item, the closest, by position."""
    asked = [_Asked(item, at) for at, item in enumerate(items)]
    closest: dict[int, Overlap] = {}
    for overlap in sorted(itertools.chain(_same(asked), _in_part(asked)), key=_distance):
        closest.setdefault(overlap.at, overlap)
    return tuple(closest[at] for at in sorted(closest))


def find_covered(items: Sequence[Item]) -> dict[int, int]:
    """The items that can be left out, each with the one that asks the same and says all that it says, by position.

    Of several that say the same, a self-check stays before an exercise before a flashcard, then the first.
    """
    covered = {}
    for group in _groups([_Asked(item, at) for at, item in enumerate(items)]):
        pairs = itertools.permutations(group, 2)
        counts = Counter(one.at for one, other in pairs if one.answer.covers(other.answer))
        kept: list[_Asked] = []
        for asked in sorted(group, key=lambda asked: (-counts[asked.at], asked.rank)):
            by = next((other for other in kept if _makes_superfluous(other, asked)), None)
            if by is None:
                kept.append(asked)
            else:
                covered[asked.at] = by.at
    return covered


def _makes_superfluous(one: "_Asked", other: "_Asked") -> bool:
    """Does the one say all that the other says?

    On one page, a question that comes back as another kind has the same answer, if in other words.
    """
    if one.answer.covers(other.answer):
        return True
    comes_back = one.item.kind != other.item.kind and one.item.location.source == other.item.location.source
    return comes_back and one.answer.paraphrases(other.answer)


def place_of(item: Item, seen_from: Item) -> str:
    """Where an item is: by its line, and by its page where that is another."""
    if item.location.source == seen_from.location.source:
        return f"line {item.location.line}"
    return f"{item.location.source}:{item.location.line}"


class _Asked:
    """An item by what it asks: its prompt and the words of its question that carry meaning."""

    def __init__(self, item: Item, at: int) -> None:
        self.at = at
        self.rank = (_RANK[item.kind], at)
        self.context = identity.plain_text(item.context) if item.context else ""
        self.words = _words(identity.plain_text(item.question))
        self.media = _media(item.context, item.question)
        self.item = item

    @cached_property
    def answer(self) -> Answer:
        text = identity.answer_text(self.item)
        if self.item.explanation:
            text = f"{text} {identity.plain_text(self.item.explanation)}"
        return Answer(text, _media(self.item.answer, self.item.explanation))


def _media(*fragments: Html | None) -> frozenset[str]:
    """What these pieces of a card show or play."""
    return frozenset(file for fragment in fragments if fragment for file in _MEDIUM.findall(fragment))


def _words(question: str) -> Words:
    """The words of a normalised question that say what it asks; all of them where none does."""
    found = likeness.split(comparison.without_manner(question).strip(" .?"))
    carrying = tuple(filter(likeness.carries_meaning, comparison.without_asking(found)))
    return carrying or tuple(found)


def _groups(asked: Iterable[_Asked]) -> Iterator[list[_Asked]]:
    """Items that ask the same, two or more; many of them in several groups."""
    groups: dict[object, list[_Asked]] = defaultdict(list)
    for one in asked:
        groups[one.context, one.words, one.media].append(one)
    for group in groups.values():
        for start in range(0, len(group) - 1, _MOST_COMPARED):
            yield group[start : start + _MOST_COMPARED]


def _same(asked: Iterable[_Asked]) -> Iterator[Overlap]:
    for group in _groups(asked):
        for one, other in itertools.combinations(group, 2):
            yield _overlap(one, other, in_part=False, same_answer=one.answer.shares(other.answer) >= ALIKE)


def _in_part(asked: Iterable[_Asked]) -> Iterator[Overlap]:
    """Questions whose words stand in another question, in the same order, and whose answers are alike.

    A question is looked for by its rarest word alone, so that few are compared.
    """
    lone: dict[Words, list[_Asked]] = defaultdict(list)
    for one in asked:
        if not one.context and not one.media and len(lone[one.words]) < _MOST_COMPARED:
            lone[one.words].append(one)
    counts = Counter(word for question in lone for word in set(question))
    by_rarest: dict[str, list[Words]] = defaultdict(list)
    for question in lone:
        if len(question) >= _LEAST_SHARED:
            by_rarest[min(question, key=lambda word: (counts[word], word))].append(question)
    for long in lone:
        for short in itertools.chain.from_iterable(by_rarest.get(word, ()) for word in set(long)):
            if _is_part(short, long):
                for one, other in itertools.product(lone[short], lone[long]):
                    if one.answer.shares(other.answer) >= _ALIKE_IN_PART:
                        yield _overlap(one, other, in_part=True, same_answer=True)


def _is_part(short: Words, long: Words) -> bool:
    """Does one question have all words of the other in their order, and none up to the last that turns it round?"""
    if not _LEAST_PART * len(long) <= len(short) < len(long) or not set(long).issuperset(short):
        return False
    blocks = [block for block in LCSseq.editops(short, long).as_matching_blocks() if block.size]
    more = Counter(long[: blocks[-1].b + blocks[-1].size]) - Counter(short)
    return sum(block.size for block in blocks) == len(short) and not any(map(comparison.turns_round, more))


def _overlap(one: _Asked, other: _Asked, *, in_part: bool, same_answer: bool) -> Overlap:
    first, second = sorted((one, other), key=lambda asked: asked.rank)
    return Overlap(at=second.at, other=first.at, in_part=in_part, same_answer=same_answer)


def _distance(overlap: Overlap) -> tuple[bool, bool, int]:
    return (overlap.in_part, not overlap.same_answer, abs(overlap.at - overlap.other))
