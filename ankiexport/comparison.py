"""Which words of a question or an answer count, where two are compared or the linter judges one."""

import re
from collections.abc import Sequence
from functools import cache

from ankiexport.words import word_lists, words_of

# "True or false?", "Yes or no: "
_TRUE_OR_FALSE = re.compile(r"(?:true or false|yes or no|right or wrong)\b", re.I)
# Where a sentence ends and the next begins: "AB. Is", "so? Is"
_SENTENCE_END = re.compile(r"(?<=[.?!:])\s+")
_LONGEST_EMPTY_ANSWER = 3  # characters


def is_light(word: str) -> bool:
    """May this word of a question come or go while it asks the same?"""
    return word in word_lists()["likeness"]["light"]


def turns_round(word: str) -> bool:
    """Does this word make a question another one: "not", "least"?"""
    return word in word_lists()["likeness"]["turning"]


def answers_anything(answer: str) -> bool:
    """Is an answer one that many questions have: "True", "Yes.", "B", "12"?"""
    said = (word for word in words_of(answer) if len(word) > 1 and not word.isdecimal())
    return len(answer) <= _LONGEST_EMPTY_ANSWER or word_lists()["likeness"]["verdicts"].issuperset(said)


def wants_yes_or_no(question: str) -> bool:
    """Does yes or no answer the last sentence of a question, with nothing in it that wants a reason?"""
    if not word_lists()["lint"]["reasons"].isdisjoint(words_of(_TRUE_OR_FALSE.sub("", question))):
        return False
    *_, last = _SENTENCE_END.split(question.strip().replace("’", "'"))
    starts = {" ".join(last.lower().split()[:count]).rstrip("?:,") for count in (1, 3)}
    is_statement = bool(_TRUE_OR_FALSE.match(question.strip()))
    return is_statement or (last.endswith("?") and not starts.isdisjoint(word_lists()["lint"]["yes_no_openings"]))


def gives_no_answer(answer: str) -> bool:
    """Is an answer one that says nothing: "See text.", "Answers may vary."?"""
    return " ".join(words_of(answer)) in word_lists()["lint"]["empty_answers"]


def without_manner(question: str) -> str:
    """A normalised question without words on how to answer it: "In one sentence, what …"."""
    return _manners().sub("", question)


@cache
def _manners() -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(word_lists()["overlap"]["manners"], key=len, reverse=True)))
    return re.compile(rf"(?:,\s*|\b)(?:{phrases})\b,?", re.I)


def without_asking(question: Sequence[str]) -> Sequence[str]:
    """The words of a question without "what is", "name" and the like at its beginning."""
    lists = word_lists()["overlap"]
    if not question or question[0].lower() not in lists["asking"]:
        return question
    return question[1 + (len(question) > 1 and question[1].lower() in lists["verbs"]) :]


def turns_answer(word: str) -> bool:
    """Does this word make an answer another one: "not", "only", "hardly"?"""
    return turns_round(word) or word in word_lists()["overlap"]["qualifying"]


def is_small(word: str) -> bool:
    """Does a word of an answer say nothing of its own?"""
    return word in word_lists()["overlap"]["small"]
