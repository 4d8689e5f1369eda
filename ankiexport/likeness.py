"""Two wordings of a question → how alike they are, and whether they can be one question at all.

Words are weighed: one that many questions of the page share says little about which of them it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Indel

from ankiexport import comparison

# A word, code and numbers included; in scripts without spaces a character: "ls", "-l", "GPT-4", "字"
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
# Prose that a sentence sets in signs: "model,", "(model's)", "“model”" are the word within, "f()", "*p", "5!" are not
_SET_PROSE = re.compile(r"[\"'(]*([^\W\d_]+(?:['-][^\W\d_]+)*)[\"')]*[.,;:?!]*[\"')]*")
_IN_WORDS = str.maketrans("", "", "'-")
_CLAUSE_MARKS = ".,;:?!()-"
_LEAST_WEIGHT = 0.1  # of a word that stands in every question
_LEAST_CARRIED = 2  # words that carry meaning: "Why?" is not enough to know a question by
_SHORTEST_TYPO = 8  # letters of a word in which a typo can be told from another word: not `quiet`, `quite`
_LONG_QUESTION = 8  # words that carry meaning, among which …
_SHORTEST_TYPO_IN_LONG = 5  # … a shorter one will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two wordings are.

    `share` is the weight of the words that both have, of all their words: 0 to 1. `same_words` says that they differ
    by an article, a sign of the sentence or a typo alone; `is_extended` that one is the other with a clause more;
    `same_codes` that they have the same numbers, names in code and signs.
    """

    share: float
    same_words: bool
    is_extended: bool
    same_codes: bool


class Vocabulary:
    """The words of a page's questions as they were and as they are, each with its weight."""

    def __init__(self, old: Iterable[str], new: Iterable[str]) -> None:
        sides = [set(old), set(new)]
        self._most = max(map(len, sides))
        found_in = [Counter(word for question in side for word in set(split(question))) for side in sides]
        self._found_in = found_in[0] | found_in[1]  # in the larger number of both

    def compare(self, old: str, new: str) -> Likeness:
        """How alike two wordings are."""
        old_words, new_words = split(old), split(new)
        shared = Counter(old_words) & Counter(new_words)
        alone = [*(Counter(old_words) - shared).elements(), *(Counter(new_words) - shared).elements()]
        both = 2 * sum(map(self._weight, shared.elements()))
        of_all = both + sum(map(self._weight, alone))
        turned = any(map(comparison.turns_round, alone))
        return Likeness(
            share=both / of_all if of_all else 1.0,
            same_words=_carry_the_same(old_words, new_words),
            is_extended=not turned and (_is_extended(old, new) or _is_extended(new, old)),
            same_codes=all(map(str.isalpha, "".join(alone).translate(_IN_WORDS))),
        )

    def _weight(self, word: str) -> float:
        """A word that many questions of the page share says little about which of them it is."""
        return _LEAST_WEIGHT + math.log(self._most / self._found_in[word])


def pieces(text: str) -> list[str]:
    """The words of a normalised text: prose without the signs around it, anything else as it stands."""
    return [prose[1] if (prose := _SET_PROSE.fullmatch(word)) else word for word in _WORD.findall(text)]


def split(question: str) -> list[str]:
    """The words of a normalised question, without the capital that it begins with."""
    found = pieces(question)
    return [found[0][:1].lower() + found[0][1:], *found[1:]] if found else []


def _carry_the_same(old: Iterable[str], new: Iterable[str]) -> bool:
    """Do both have the same words that carry meaning, typos aside, in the same order?"""
    old, new = list(filter(carries_meaning, old)), list(filter(carries_meaning, new))
    if not len(old) == len(new) >= _LEAST_CARRIED:
        return False
    shortest = _SHORTEST_TYPO if len(old) < _LONG_QUESTION else _SHORTEST_TYPO_IN_LONG
    return all(a == b or _is_typo(a, b, shortest) for a, b in zip(old, new, strict=True))


def _is_typo(left: str, right: str, shortest: int) -> bool:
    """One letter more, or two in the other order, within a word of so many letters.

    A letter for another makes another word, `nitrate` and `nitrite`, and so does one at its end, `silicon` and
    `silicone`.
    """
    if min(len(left), len(right)) < shortest or not (left.isalpha() and right.isalpha()):
        return False
    if (left[0], left[-1]) != (right[0], right[-1]):
        return False
    return Indel.distance(left, right) == 1 or (sorted(left) == sorted(right) and OSA.distance(left, right) == 1)


def _is_extended(short: str, long: str) -> bool:
    """Is one wording the other with a clause before or behind it? "What is it?", "In short, what is it, and why?" """
    if sum(map(carries_meaning, split(short))) < _LEAST_CARRIED:
        return False
    core = short.strip(_CLAUSE_MARKS + " ").lower()
    before, found, after = long.lower().partition(core)
    before, after = before.rstrip(), after.lstrip()
    return bool(found and core) and before[-1:] in _CLAUSE_MARKS and after[:1] in _CLAUSE_MARKS


def carries_meaning(word: str) -> bool:
    """May this word not come or go while a question stays the same one?"""
    return not comparison.is_light(word.lower())
