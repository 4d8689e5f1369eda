"""Two answers to one question → how much they share, and whether one says all that the other says.

A wrong "yes" loses what a page says, a wrong "no" leaves a learner a card too many: where in doubt, they differ.
"""

import re
from collections import Counter
from functools import cached_property

from rapidfuzz.distance import LCSseq

from ankiexport import likeness, words

# The ends of clauses: "frozen; then", "so. It", "(it is"
_CLAUSE_END = re.compile(r"[.;:!?](?=\s|$)|[()]")
_COVERED = 0.85  # of the words of an answer that stand in the one that covers it; a short answer needs all
_IN_ORDER = 0.8  # … in the same order: "A moves B" is not "B moves A"
_SAME_CLAUSE = 0.5  # of the words of a clause, for it to speak of what the other answer speaks of
_STEM = 0.6  # of the letters of the shorter word, at the start of two forms of one word: "record", "recording"
_SHORTEST_STEM = 4


class Answer:
    """A normalised answer."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _words(self) -> list[str]:
        return _telling(self._text)

    def shares(self, other: "Answer") -> float:
        """How much of the shorter answer stands in the other, from 0 to 1."""
        short, long = sorted((self, other), key=lambda answer: len(answer._words))
        if not short._words or short._opposes(long):
            return float(short._text == long._text)
        return sum((Counter(short._words) & Counter(long._words)).values()) / len(short._words)

    def covers(self, other: "Answer") -> bool:
        """Does this answer say all that the other says, and nothing against it?"""
        if self._text.casefold() == other._text.casefold():
            return True
        own, its = self._words, other._words
        if not its or self._opposes(other) or len(own) < len(its):
            return False
        missing = Counter(its) - Counter(own)
        if missing.total() > (1 - _COVERED) * len(its) or not all(word.isalpha() for word in missing):
            return False
        if LCSseq.similarity(its, own) < _IN_ORDER * len(its):
            return False
        return not self._turns(other) and not other._replaces(self)

    def _opposes(self, other: "Answer") -> bool:
        """Does one answer say yes and the other no?"""
        own, its = words.opens_with_verdict(self._text), words.opens_with_verdict(other._text)
        return own is not None and its is not None and own != its

    def _turns(self, other: "Answer") -> bool:
        """Does one of them say "not" or the like where the other does not, and speaks of the same?"""
        its_turns = Counter(filter(words.turns_round, likeness.split(other._text)))
        own_turns = Counter(filter(words.turns_round, likeness.split(self._text)))
        if its_turns - own_turns:
            return True
        its = set(other._words)
        for clause in _CLAUSE_END.split(self._text):
            telling = _telling(clause)
            turned = any(words.turns_round(word) and not its_turns[word] for word in likeness.split(clause))
            if turned and sum(word in its for word in telling) >= _SAME_CLAUSE * len(telling):
                return True
        return False

    def _replaces(self, other: "Answer") -> bool:
        """Does this answer have other words in a place of the other, as "falls" where that has "rises"?"""
        own, its = self._words, other._words
        for step in LCSseq.opcodes(own, its):
            new = own[step.src_start : step.src_end]
            if step.tag == "replace" and not any(word in its or _has_form(word, its) for word in new):
                return True
        return False


def _telling(text: str) -> list[str]:
    """The words of an answer that say something: no articles, no lone signs; sentence case folded."""
    folded = (word.lower() if word[1:].islower() else word for word in likeness.split(text))
    return [word for word in folded if any(map(str.isalnum, word)) and not words.is_small(word)]


def _has_form(word: str, others: list[str]) -> bool:
    """Is one of the others another form of this word?"""
    return any(_is_form(word, other) for other in others)


def _is_form(word: str, other: str) -> bool:
    least = max(_SHORTEST_STEM, _STEM * min(len(word), len(other)))
    same = 0
    for mine, its in zip(word, other, strict=False):
        if mine != its:
            break
        same += 1
    return same >= least
