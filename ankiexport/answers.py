"""Two answers to one question → how much they share, and whether one says all that the other says.

A wrong "yes" loses what a page says, a wrong "no" leaves a learner a card too many: where in doubt, they differ.
"""

import re
from collections import Counter
from functools import cached_property

from rapidfuzz.distance import LCSseq

from ankiexport import comparison, likeness, words

# The ends of clauses: "frozen; then", "so. It", "(it is"
_CLAUSE_END = re.compile(r"[.;:!?](?=\s|$)|[()]")
# A name within a sentence: "found by Curie", "in winter, Oslo"
_NAME = re.compile(r"(?<=[\w,] )[A-Z]\w+")
ALIKE = 0.5  # of the words of the shorter of two answers to one question, for them to be alike
_LONG = 7  # words that say something: a shorter answer must be a clause of the one that covers it, word for word
_COVERED = 0.85  # of the words of a longer one that stand in the one that covers it
_IN_ORDER = 0.8  # … in the same order: "A moves B" is not "B moves A"
_SAME_CLAUSE = 0.5  # of the words of a clause, for it to speak of what the other answer speaks of
_STEM = 0.6  # of the letters of the shorter word, at the start of two forms of one word: "record", "recording"
_SHORTEST_STEM = 4
_SHORTEST_FOLDED = 3  # letters of a word that is the same with a capital: not "Mb", "mb"


class Answer:
    """An answer as normalised text, with the files that it shows or plays."""

    def __init__(self, text: str, media: frozenset[str]) -> None:
        self._text = text.rstrip(".")
        self._media = media

    @cached_property
    def _pieces(self) -> list[str]:
        return _pieces(self._text)

    @cached_property
    def _words(self) -> list[str]:
        return _telling(self._pieces)

    @cached_property
    def _clauses(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(_pieces(clause)) for clause in _CLAUSE_END.split(self._text) if clause.strip())

    @cached_property
    def _signs(self) -> Counter[str]:
        return Counter(word for word in self._pieces if not any(map(str.isalnum, word)))

    @cached_property
    def _turns(self) -> Counter[str]:
        return Counter(filter(comparison.turns_answer, self._pieces))

    def paraphrases(self, other: "Answer") -> bool:
        """Are both long, and much the same in other words? Of two that are nearly the same, the other words count."""
        short, long = sorted((len(self._words), len(other._words)))
        share = self.shares(other)
        is_twin = share >= _COVERED and short > _COVERED * long
        has_all = self._media >= other._media and self._has_names_of(other)
        return short >= _LONG and has_all and share >= ALIKE and not is_twin

    def _has_names_of(self, other: "Answer") -> bool:
        return set(_NAME.findall(other._text)) <= set(likeness.pieces(self._text))

    def shares(self, other: "Answer") -> float:
        """How much of the shorter answer stands in the other, from 0 to 1."""
        short, long = sorted((self, other), key=lambda answer: len(answer._words))
        if not short._words or _oppose(self, other):
            return float(short._is(long))
        return sum((Counter(short._words) & Counter(long._words)).values()) / len(short._words)

    def covers(self, other: "Answer") -> bool:
        """Does this answer say all that the other says, and nothing against it?"""
        if self._is(other):
            return True
        if not other._words or not self._media >= other._media or self._signs != other._signs or _oppose(self, other):
            return False
        if len(other._words) < _LONG:
            return self._turns == other._turns and self._clauses >= other._clauses
        return self._has_words_of(other) and not self._turns_round(other) and not other._replaces(self)

    def _is(self, other: "Answer") -> bool:
        return (self._text, self._media) == (other._text, other._media)

    def _has_words_of(self, other: "Answer") -> bool:
        """Does it have nearly all words of the other in their order, names, numbers and code among them?"""
        own, its = self._words, other._words
        missing = Counter(its) - Counter(own)
        is_much = sum(missing.values()) > (1 - _COVERED) * len(its)
        if len(own) < len(its) or is_much or not all(map(str.isalpha, missing)):
            return False
        return self._has_names_of(other) and LCSseq.similarity(its, own) >= _IN_ORDER * len(its)

    def _turns_round(self, other: "Answer") -> bool:
        """Does one of them say "not" or the like where the other does not, and speaks of the same?"""
        if other._turns - self._turns:
            return True
        its = set(other._words)
        clauses = map(_pieces, _CLAUSE_END.split(self._text))
        turned = (
            _telling(clause) for clause in clauses if Counter(filter(comparison.turns_answer, clause)) - other._turns
        )
        return any(sum(word in its for word in clause) >= _SAME_CLAUSE * len(clause) for clause in turned)

    def _replaces(self, other: "Answer") -> bool:
        """Does it have other words in a place of the other, as "falls" where that has "rises"?"""
        at = its_at = 0
        for block in LCSseq.editops(self._pieces, other._pieces).as_matching_blocks():
            new = self._pieces[at : block.a]
            if new and its_at < block.b and not any(_has_form(word, other._pieces) for word in new):
                return True
            at, its_at = block.a + block.size, block.b + block.size
        return False


def _oppose(one: Answer, other: Answer) -> bool:
    """Does one answer say yes and the other no?"""
    verdicts = {words.opens_with_verdict(answer._text) for answer in (one, other)} - {None}
    return len(verdicts) > 1


def _pieces(text: str) -> list[str]:
    """The words of an answer without the capital that begins a sentence."""
    return [
        word.lower() if len(word) >= _SHORTEST_FOLDED and word[1:].islower() else word for word in likeness.pieces(text)
    ]


def _telling(pieces: list[str]) -> list[str]:
    """The words that say something: no articles, no lone signs."""
    return [word for word in pieces if any(map(str.isalnum, word)) and not comparison.is_small(word.lower())]


def _has_form(word: str, others: list[str]) -> bool:
    """Is one of the others this word, or another form of it?"""
    return any(word == other or _is_form(word, other) for other in others)


def _is_form(word: str, other: str) -> bool:
    same = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return same >= max(_SHORTEST_STEM, _STEM * min(len(word), len(other)))
