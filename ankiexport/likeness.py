"""Two wordings of a question → how alike they are, and whether they can be one question at all.

Words are weighed: one that many questions of the page share says little about which of them it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Indel

from ankiexport import words

# A word, code and numbers included; in scripts without spaces a character: "ls", "-l", "GPT-4", "字"
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_PROSE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")  # "model", "model's", "one-token"
_AROUND = ".,;:?!()[]{}\"'*_"
_CLAUSE_MARKS = ".,;:?!()-"
_LEAST_WEIGHT = 0.1  # of a word that stands in every question
_LEAST_CARRIED = 2  # words that carry meaning: "Why?" is not enough to know a question by
_SHORTEST_TYPO = 4  # letters of a word in which a typo can be told from another word


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two wordings are.

    `share` is the weight of the words that both have, of all their words: 0 to 1. `same_sense` says that they ask the
    same whatever the answer is: they differ in words such as "the", in a typo, or in a clause that was added.
    """

    share: float
    same_sense: bool


class Vocabulary:
    """The words of a page's questions as they were and as they are, each with its weight."""

    def __init__(self, old: Iterable[str], new: Iterable[str]) -> None:
        sides = [set(old), set(new)]
        self._most = max(map(len, sides))
        found_in = [Counter(word for question in side for word in set(_split(question))) for side in sides]
        self._found_in = found_in[0] | found_in[1]  # in the larger number of both

    def compare(self, old: str, new: str) -> Likeness:
        """How alike two wordings are."""
        old_words, new_words = _split(old), _split(new)
        shared = Counter(old_words) & Counter(new_words)
        alone = [*(Counter(old_words) - shared).elements(), *(Counter(new_words) - shared).elements()]
        both = 2 * sum(map(self._weight, shared.elements()))
        of_all = both + sum(map(self._weight, alone))
        is_clause = _is_extended(old, new) or _is_extended(new, old)
        return Likeness(
            share=both / of_all if of_all else 1.0,
            same_sense=not any(map(words.turns_round, alone)) and (is_clause or _carry_the_same(old_words, new_words)),
        )

    def _weight(self, word: str) -> float:
        """A word that many questions of the page share says little about which of them it is."""
        return _LEAST_WEIGHT + math.log(self._most / self._found_in[word])


def _split(question: str) -> list[str]:
    """The words of a normalised question. The case of prose is folded, that of code and of single letters is not."""
    found = (word.strip(_AROUND) or word for word in _WORD.findall(question))
    return [word.lower() if word.isalpha() and len(word) > 1 else word for word in found]


def _carry_the_same(old: Iterable[str], new: Iterable[str]) -> bool:
    """Do both have the same words that carry meaning, typos aside, in the same order?"""
    old, new = list(filter(_carries_meaning, old)), list(filter(_carries_meaning, new))
    return len(old) == len(new) >= _LEAST_CARRIED and all(
        a == b or _is_typo(a, b) for a, b in zip(old, new, strict=True)
    )


def _is_typo(left: str, right: str) -> bool:
    """One letter more, or two in the other order. A letter for another makes another word: `nitrate`, `nitrite`."""
    is_prose = _PROSE.fullmatch(left) and _PROSE.fullmatch(right) and min(len(left), len(right)) >= _SHORTEST_TYPO
    if not is_prose or left[0] != right[0] or words.turns_round(left) != words.turns_round(right):
        return False
    return Indel.distance(left, right) == 1 or (sorted(left) == sorted(right) and OSA.distance(left, right) == 1)


def _is_extended(short: str, long: str) -> bool:
    """Is one wording the other with a clause before or behind it? "What is it?", "In short, what is it, and why?" """
    if sum(map(_carries_meaning, _split(short))) < _LEAST_CARRIED:
        return False
    core = short.strip(_CLAUSE_MARKS + " ").lower()
    before, found, after = long.lower().partition(core)
    before, after = before.rstrip(), after.lstrip()
    return bool(found and core) and before[-1:] in _CLAUSE_MARKS and after[:1] in _CLAUSE_MARKS


def _carries_meaning(word: str) -> bool:
    return any(map(str.isalnum, word)) and not words.is_light(word)
