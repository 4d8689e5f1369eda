"""Two wordings of a question → how alike they are, and whether they can be one question at all.

Words are weighed: one that many questions of the page share says little about which of them it is.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ankiexport import words

# A word, code and numbers included; in scripts without spaces a character: "ls", "-l", "GPT-4", "字"
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_AROUND = ".,;:?!()[]{}\"'*_"
_SAME_WORD = 0.8  # of its letters, where a typo was mended or an ending changed
_SHORTEST_TYPO = 4  # letters of a word in which a typo can be told from another word


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two wordings are.

    `share` is the weight of the words that both have, of all their words: 0 to 1. `exchanged` says that each has a
    word that carries meaning in place of one of the other: `encoder` for `decoder`, `-l` for `-a`, `3` for `4`.
    `turned` says that a word such as "not" is in one of them alone.
    """

    share: float
    exchanged: bool
    turned: bool


class Vocabulary:
    """The words of a page's questions, each with its weight."""

    def __init__(self, questions: Iterable[str]) -> None:
        distinct = set(questions)
        self._questions = len(distinct)
        self._found_in = Counter(word for question in distinct for word in set(_split(question)))

    def compare(self, old: str, new: str) -> Likeness:
        """How alike two wordings are."""
        if old == new:
            return Likeness(share=1, exchanged=False, turned=False)
        old_words, new_words = Counter(_split(old)), Counter(_split(new))
        shared = old_words & new_words
        old_alone, new_alone = list((old_words - shared).elements()), list((new_words - shared).elements())
        near = _take_near(old_alone, new_alone)
        both = 2 * sum(map(self._weight, shared.elements())) + sum(map(self._weight, near))
        alone = [word for word in (*old_alone, *new_alone) if not words.is_light(word)]
        of_all = both + sum(map(self._weight, (*old_alone, *new_alone)))
        return Likeness(
            share=both / of_all if of_all else 0.0,
            exchanged=any(map(_carries_meaning, old_alone)) and any(map(_carries_meaning, new_alone)),
            turned=any(map(words.turns_round, alone)),
        )

    def _weight(self, word: str) -> float:
        return math.log(1 + self._questions / max(self._found_in[word], 1)) + 0.1


def _split(question: str) -> list[str]:
    """The words of a normalised question. The case of prose is folded, that of code and names of one letter is not."""
    found = (word.strip(_AROUND) or word for word in _WORD.findall(question))
    return [word.lower() if word.isalpha() and len(word) > 1 else word for word in found]


def _take_near(old: list[str], new: list[str]) -> list[str]:
    """Takes out of both lists the words that differ by a typo or an ending; gives all that were taken."""
    taken = []
    for word in list(old):
        partner = next((other for other in new if _is_near(word, other)), None)
        if partner is not None:
            old.remove(word)
            new.remove(partner)
            taken += [word, partner]
    return taken


def _is_near(left: str, right: str) -> bool:
    """The same word but for a typo: both begin alike, so that `supervised` is not `unsupervised`."""
    is_prose = left.isalpha() and right.isalpha() and min(len(left), len(right)) >= _SHORTEST_TYPO
    if not is_prose or left[0] != right[0] or words.turns_round(left) != words.turns_round(right):
        return False
    return Levenshtein.normalized_similarity(left, right) >= _SAME_WORD


def _carries_meaning(word: str) -> bool:
    return any(map(str.isalnum, word)) and not words.is_light(word)
