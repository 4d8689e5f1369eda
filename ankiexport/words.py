"""The words by which pages speak to their readers, read from `data/words.toml`: "Show answer", "Practice: …"."""

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ASCII_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# What a title's prefix ends with: "Practice: ", "Quiz – "
_PREFIX_END = re.compile(r"\s*[:–—|]\s*|\s+-\s+")
# "Three short ones.", "Two more questions on the same page"
_COUNTED_ONES = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|some|a few|more)\s(?:more\s)?(?:\w+\s)?"
    r"(?:ones|questions|statements|scenarios|claims|cases|situations|snippets|items|sentences|quick|short)\b",
    re.I,
)
# What an answer is the answer to: "Answer to part 1", "Solution 2", "Show answers for A"
_MINUTES = re.compile(r"\b\d+(?:\s?[–-]\s?\d+)? min(?:ute)?s?\b", re.I)
# "The pattern: …", "The discriminating test: …": what sums an answer up is named and then told
_NAMED_REMARK = re.compile(r"The(?:\s[\w-]+){1,5}:\s")
_COUNTED_PART = re.compile(
    r"(?:\b(?:part|step|question|exercise|problem|task|scenario|case)\s+)?\b(?:\d+|[A-Za-z])\b", re.I
)
# "No. It …", "True, for …", "Yes: …"
_OPENING_VERDICT = re.compile(r"\W*([^\W\d_]+)(?=\s*(?:[.,;:!–—]|\s-\s|$))")
# "True or false?", "Yes or no: "
_TRUE_OR_FALSE = re.compile(r"(?:true or false|yes or no|right or wrong)\b", re.I)
# Where a sentence ends and the next begins: "AB. Is", "so? Is"
_SENTENCE_END = re.compile(r"(?<=[.?!:])\s+")
_QUESTION_MARKS = ("?", "？", "؟")
_MOST_SUMMARY_WORDS = 8
_LONGEST_OPENING = 4
_LONGEST_EMPTY_ANSWER = 3  # characters


@cache
def _lists() -> dict[str, dict[str, frozenset[str]]]:
    tables = tomllib.loads(files("ankiexport").joinpath("data/words.toml").read_text("utf-8"))
    return {table: {name: frozenset(words) for name, words in lists.items()} for table, lists in tables.items()}


def _words(text: str) -> list[str]:
    """The words of a text in lower case; vowel signs and accents that are characters of their own belong to them."""
    text = text.lower()
    if text.isascii():
        return _ASCII_WORD.findall(text)
    letters = (c if c == "-" or unicodedata.category(c)[0] in "LMN" else " " for c in text)
    return [word.strip("-") for word in "".join(letters).split() if word.strip("-")]


def without_title_prefix(title: str) -> str:
    """A page's title without a leading "Practice:" or the like."""
    end = _PREFIX_END.search(title)
    if end and title[: end.start()].strip().lower() in _lists()["title"]["prefixes"] and title[end.end() :].strip():
        return title[end.end() :].strip()
    return title.strip()


def has_title_prefix(line: str) -> bool:
    return without_title_prefix(line) != line.strip()


def only_shows(summary: str) -> bool:
    """Does the summary of a reveal only say "show me", so that the question stands elsewhere?"""
    words = _words(summary)
    if not words or len(words) > _MOST_SUMMARY_WORDS or summary.rstrip().endswith("."):
        return False
    lists = _lists()["summary"]
    if " ".join(words) in lists["phrases"] or " ".join(words[:2]) in lists["openings"]:
        return True
    words = _words(_COUNTED_PART.sub("", summary))
    if summary.rstrip().endswith("?") or not lists["nouns"].intersection(words):
        return False
    known = lists["verbs"] | lists["nouns"] | lists["fillers"]
    return words[0] in lists["verbs"] or known.issuperset(words)


def is_lone_answer(line: str) -> bool:
    """Is a single word that stands on a line of a dump surely a summary? "Answer" is, "Output" may be anything."""
    words = _words(line)
    return len(words) != 1 or words[0] in _lists()["summary"]["lone"]


def is_hint(summary: str) -> bool:
    """Does a reveal help without giving the answer?"""
    words = _words(summary)
    return " ".join(words) in _lists()["hint"]["phrases"] or bool(words and words[0] == "hint")


def asks(text: str) -> bool:
    """Is this line a question, or a request to say something: "What is it?", "Define entropy"?"""
    if text.rstrip().endswith(_QUESTION_MARKS):
        return True
    words = _words(text)
    starts = {" ".join(words[:count]) for count in (1, 2, 3)}
    return not starts.isdisjoint(_lists()["asking"]["openings"])


def is_section_heading(line: str) -> bool:
    """A bare line that pages use as a heading: "Self-check"."""
    return " ".join(_words(line)) in _lists()["section"]["headings"]


def introduces_cards(text: str) -> bool:
    return not _lists()["cards"]["words"].isdisjoint(_words(text))


def is_light(word: str) -> bool:
    """May this word of a question come or go while it asks the same?"""
    return word in _lists()["likeness"]["light"]


def turns_round(word: str) -> bool:
    """Does this word make a question another one: "not", "least"?"""
    return word in _lists()["likeness"]["turning"]


def answers_anything(answer: str) -> bool:
    """Is an answer one that many questions have: "True", "Yes.", "B", "12"?"""
    said = (word for word in _words(answer) if len(word) > 1 and not word.isdecimal())
    return len(answer) <= _LONGEST_EMPTY_ANSWER or _lists()["likeness"]["verdicts"].issuperset(said)


SURE_PROMPT = 2
"""How likely a prompt must be where nothing else tells of it."""


def prompt_likeness(text: str) -> int:
    """How much a paragraph reads like the prompt of an exercise: above 0 yes, below 0 like the end of an answer."""
    words = _words(text)
    lists = _lists()["prompt"]
    starts = {" ".join(words[:count]) for count in range(1, _LONGEST_OPENING + 1)}
    joined = f" {' '.join(words)} "
    likeness = 0
    if starts & lists["openings"] or (words and words[0] in lists["verbs"]):
        likeness += 2
    if starts & lists["remarks"]:
        likeness -= 2
    if any(f" {phrase} " in joined for phrase in lists["phrases"]):
        likeness += 2
    if _COUNTED_ONES.match(text) or _MINUTES.search(text):
        likeness += 2
    if _NAMED_REMARK.match(text):
        likeness -= 2
    if text.rstrip().endswith("?") or not lists["words"].isdisjoint(words):
        likeness += 1
    return likeness


def is_verdict(answer: str) -> bool:
    """Does an answer say yes or no and nothing more?"""
    words = _words(answer)
    return len(words) == 1 and words[0] in _lists()["lint"]["verdicts"]


def opens_with_verdict(answer: str) -> str | None:
    """The yes or no that an answer begins with, a sign after it: "No. It …", "True, for …"."""
    found = _OPENING_VERDICT.match(answer)
    return found[1].lower() if found and is_verdict(found[1]) else None


def wants_yes_or_no(question: str) -> bool:
    """Does yes or no answer the last sentence of a question, with nothing in it that wants a reason?"""
    if not _lists()["lint"]["reasons"].isdisjoint(_words(_TRUE_OR_FALSE.sub("", question))):
        return False
    *_, last = _SENTENCE_END.split(question.strip().replace("’", "'"))
    starts = {" ".join(last.lower().split()[:count]).rstrip("?:,") for count in (1, 3)}
    is_statement = bool(_TRUE_OR_FALSE.match(question.strip()))
    return is_statement or (last.endswith("?") and not starts.isdisjoint(_lists()["lint"]["yes_no_openings"]))


def gives_no_answer(answer: str) -> bool:
    """Is an answer one that says nothing: "See text.", "Answers may vary."?"""
    return " ".join(_words(answer)) in _lists()["lint"]["empty_answers"]


def without_manner(question: str) -> str:
    """A normalised question without words on how to answer it: "In one sentence, what …"."""
    return _manners().sub("", question)


@cache
def _manners() -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(_lists()["overlap"]["manners"], key=len, reverse=True)))
    return re.compile(rf"(?:,\s*|\b)(?:{phrases})\b,?", re.I)


def without_asking(question: Sequence[str]) -> Sequence[str]:
    """The words of a question without "what is", "name" and the like at its beginning."""
    lists = _lists()["overlap"]
    if not question or question[0].lower() not in lists["asking"]:
        return question
    return question[1 + (len(question) > 1 and question[1].lower() in lists["verbs"]) :]


def turns_answer(word: str) -> bool:
    """Does this word make an answer another one: "not", "only", "hardly"?"""
    return turns_round(word) or word in _lists()["overlap"]["qualifying"]


def is_small(word: str) -> bool:
    """Does a word of an answer say nothing of its own?"""
    return word in _lists()["overlap"]["small"]


# For `headings`, which reads the same lists.
word_lists, words_of, QUESTION_MARKS = _lists, _words, _QUESTION_MARKS
