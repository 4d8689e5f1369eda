"""The words by which pages speak to their readers, read from `data/words.toml`: "Show answer", "Practice: …".

`headings.py` has those of titles, `comparison.py` those that count where questions and answers are compared.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_ASCII_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# For `str.translate`: ASCII letters and digits stay, anything else is a space
_ASCII_ONLY_WORDS = "".join(sign if sign.isalnum() else " " for sign in map(chr, range(128)))
# What a title's prefix ends with: "Practice: ", "Quiz – "
_PREFIX_END = re.compile(r"\s*[:–—|]\s*|\s+-\s+")
# "Three short ones.", "Two more questions on the same page"
_COUNTED_ONES = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|some|a few|more)\s(?:more\s)?(?:\w+\s)?"
    r"(?:ones|questions|statements|scenarios|claims|cases|situations|snippets|items|sentences|quick|short)\b",
    re.I,
)
_MINUTES = re.compile(r"\b\d+(?:\s?[–-]\s?\d+)? min(?:ute)?s?\b", re.I)
# "The pattern: …", "The discriminating test: …": what sums an answer up is named and then told
_NAMED_REMARK = re.compile(r"The(?:\s[\w-]+){1,5}:\s")
# What an answer is the answer to: "Answer to part 1", "Solution 2", "Show answers for A"
_COUNTED_PART = re.compile(
    r"(?:\b(?:part|step|question|exercise|problem|task|scenario|case)\s+)?\b(?:\d+[a-z]?|[A-Za-z])\b", re.I
)
_NUMBER = re.compile(r"\b\d+[a-z]?\b")
# "No. It …", "True, for …", "Yes: …"
_OPENING_VERDICT = re.compile(r"\W*([^\W\d_]+)(?=\s*(?:[.,;:!–—]|\s-\s|$))")
QUESTION_MARKS = ("?", "？", "؟")
# "Answer: ", "Solution 3. ", "Lösung" alone
_ANSWER_LABEL = re.compile(
    r"(?P<name>[^\W\d_]+(?:\s[^\W\d_]+)?)(?:\s\d{1,3})?\s?(?:(?P<end>[:.：])(?:\s+|$|(?<=：))|$)"
)
# What may stand after "Answer": ":", " –", ". (", " (", or a label and nothing else
_COLON = re.compile(r"\s*[:：]")
_LABEL_SIGN = re.compile(r"\s*[:：.)]+\s*|\s*[–—-]+\s+|\s+(?=\W)|\s+(?=[^\W_](?:\W|$))|\s*$")
_BETWEEN = re.compile(r"[^\s*_>→➔#✓✔✅\[(]")
# A sentence that asks, a quote or the like after its mark
_QUESTION_END = re.compile(r"[?？؟](?:[\"”»’')\]*]|\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST_SUMMARY_WORDS = 8
_MOST_ANSWER_WORDS, _MOST_TITLE_WORDS = 5, 8
FIRST_UNSPACED = "\u2e80"  # from here on are the scripts of Chinese, Japanese and Korean, which set no spaces
_LONGEST_OPENING = 4


@cache
def word_lists() -> dict[str, dict[str, frozenset[str]]]:
    """The lists of words by table and name, each with the words of those that it names: "@answer.names"."""
    tables = {table: lists for table, lists in _tables().items() if table != "sides"}
    return {
        table: {name: frozenset(_spelled_out(words, tables)) for name, words in lists.items()}
        for table, lists in tables.items()
    }


def _spelled_out(words: Iterable[str], tables: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[str]:
    for word in words:
        if word.startswith("@"):
            table, _, name = word[1:].partition(".")
            yield from tables[table][name]
        else:
            yield word


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("ankiexport").joinpath("data/words.toml").read_text("utf-8"))


class _InWords(dict[int, int]):
    """A table for `str.translate`: what is in words stays, anything else is a space. It learns each sign once."""

    def __missing__(self, code: int) -> int:
        is_kept = chr(code) == "-" or unicodedata.category(chr(code))[0] in "LMN"
        self[code] = code if is_kept else ord(" ")
        return self[code]


_IN_WORDS = _InWords()


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; vowel signs and accents that are characters of their own belong to them."""
    text = text.lower()
    if text.isascii():
        # where words have no hyphens, as mostly, this takes a quarter of the time that the pattern does
        return _ASCII_WORD.findall(text) if "-" in text else text.translate(_ASCII_ONLY_WORDS).split()
    return [word.strip("-") for word in text.translate(_IN_WORDS).split() if word.strip("-")]


def without_title_prefix(title: str) -> str:
    """A page's title without a leading "Practice:" or the like."""
    end = _PREFIX_END.search(title)
    if end and title[: end.start()].strip().lower() in word_lists()["title"]["prefixes"] and title[end.end() :].strip():
        return title[end.end() :].strip()
    return title.strip()


def has_title_prefix(line: str) -> bool:
    return without_title_prefix(line) != line.strip()


@lru_cache(maxsize=64)  # a page has the same few again and again
def only_shows(summary: str) -> bool:
    """Does the summary of a reveal only say "show me", so that the question stands elsewhere?"""
    words = words_of(summary)
    if not words or len(words) > _MOST_SUMMARY_WORDS or summary.rstrip().endswith("."):
        return False
    lists = word_lists()["summary"]
    if " ".join(words) in lists["phrases"] or " ".join(words[:2]) in lists["openings"]:
        return True
    words = [piece for word in words_of(_COUNTED_PART.sub("", summary)) for piece in _pieces(word)]
    if summary.rstrip().endswith("?") or not lists["nouns"].intersection(words):
        return False
    known = lists["verbs"] | lists["nouns"] | lists["fillers"]
    return words[0] in lists["verbs"] or known.issuperset(words)


def _pieces(word: str) -> list[str]:
    """What a word consists of where words are written together: 答えを見る is 答え, を and 見る."""
    if word[:1] < FIRST_UNSPACED:
        return [word]
    lists = word_lists()["summary"]
    known = lists["verbs"] | lists["nouns"] | lists["fillers"]
    pieces, at = [], 0
    while at < len(word):
        length = next((n for n in range(min(6, len(word) - at), 0, -1) if word[at : at + n] in known), 1)
        pieces.append(word[at : at + length])
        at += length
    return pieces


def is_lone_answer(line: str) -> bool:
    """Is a single word that stands on a line of a dump surely a summary? "Answer" is, "Output" may be anything."""
    words = words_of(line)
    return len(words) != 1 or words[0] in word_lists()["summary"]["lone"]


def answer_label(text: str) -> int:
    """How many characters of a text are the label of an answer: "Answer: ", "Solution 2. "; 0 if it has none."""
    found = _ANSWER_LABEL.match(text)
    if not found or " ".join(words_of(found["name"])) not in word_lists()["summary"]["lone"]:
        return 0
    return found.end() if found["end"] or found.end() == len(text) else 0


def names_answer(summary: str) -> bool:
    """Does a summary speak of an answer or a solution, and not just of showing more?"""
    pieces = {piece for word in words_of(summary) for piece in _pieces(word)}
    return not pieces.isdisjoint(word_lists()["summary"]["lone"])


def names_exercise(title: str) -> bool:
    """Does a title say that what it heads is asked: "Exercise 3", "Question: the parts", "Your turn"?"""
    words = words_of(_NUMBER.sub(" ", title))
    names = word_lists()["exercise"]["names"]
    return any(" ".join(words[:count]) in names for count in (1, 2)) and not only_shows(title)


def is_hint(summary: str) -> bool:
    """Does a reveal help without giving the answer?"""
    words = words_of(summary)
    return " ".join(words) in word_lists()["hint"]["phrases"] or bool(words and words[0] == "hint")


def is_question(text: str) -> bool:
    """Does a text end with a question mark, or as questions do where they have none?"""
    text = text.rstrip(" \n\"”»’')]」』")
    return text.endswith(QUESTION_MARKS) or text.rstrip("。．.").endswith(
        tuple(word_lists()["asking"]["question_endings"])
    )


def asks(text: str) -> bool:
    """Is this line a question, or a request to say something: "What is it?", "Define entropy"?"""
    if is_question(text):
        return True
    words = words_of(text)
    if words[1:2] == ["of"] and words[0] in word_lists()["prompt"]["verbs"]:  # "List of the members"
        return False
    starts = {" ".join(words[:count]) for count in (1, 2, 3)}
    return not starts.isdisjoint(word_lists()["asking"]["openings"]) or _asks_by_its_parts(" ".join(words))


def _asks_by_its_parts(text: str) -> bool:
    """Does a line begin with an opening that runs on without a space, or end as requests do: "…を説明せよ"?"""
    unspaced, endings = _asking_parts()
    return text.startswith(unspaced) or f" {text}".endswith(endings)


@cache
def _asking_parts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    lists = word_lists()["asking"]
    unspaced = tuple(opening for opening in lists["openings"] if opening[0] >= FIRST_UNSPACED)
    endings = tuple(ending if ending[0] >= FIRST_UNSPACED else f" {ending}" for ending in lists["endings"])
    return unspaced, endings


def is_section_heading(line: str) -> bool:
    """A bare line that pages use as a heading: "Self-check"."""
    return " ".join(words_of(line)) in word_lists()["section"]["headings"]


def names_faq(line: str) -> bool:
    """Does a title say that questions and their answers follow: "FAQ", "Häufige Fragen"?"""
    joined = f" {' '.join(words_of(line))} "
    known = word_lists()["text_faq"]["titles"]
    return any(f" {phrase} " in joined if phrase.split()[0] < FIRST_UNSPACED else phrase in joined for phrase in known)


def is_faq_matter(heading: str) -> bool:
    """Is this what a list of questions has beside its questions: "Contents", "Credits"?"""
    return " ".join(words_of(heading)) in word_lists()["text_faq"]["matter"]


Side = tuple[frozenset[str], frozenset[str]]
"""The labels that a language has before questions, and before their answers."""


@cache
def sides() -> tuple[Side, ...]:
    """The labels of questions and answers, language by language; the first is English."""
    return tuple((frozenset(one["questions"]), frozenset(one["answers"])) for one in _tables()["sides"]["language"])


def labels_question(word: str) -> bool:
    """May this word, a number after it, stand before a question: "Q", "Frage"?"""
    return any(word.lower() in questions for questions, _ in sides())


def labels_answer(word: str) -> bool:
    return any(word.lower() in answers for _, answers in sides())


def introduces_cards(text: str) -> bool:
    return not word_lists()["cards"]["words"].isdisjoint(words_of(text))


SURE_PROMPT = 2
"""How likely a prompt must be where nothing else tells of it."""


def prompt_likeness(text: str) -> int:
    """How much a paragraph reads like the prompt of an exercise: above 0 yes, below 0 like the end of an answer."""
    words = words_of(text)
    lists = word_lists()["prompt"]
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
    words = words_of(answer)
    return len(words) == 1 and words[0] in word_lists()["lint"]["verdicts"]


def opens_with_verdict(answer: str) -> str | None:
    """The yes or no that an answer begins with, a sign after it: "No. It …", "True, for …"."""
    found = _OPENING_VERDICT.match(answer)
    return found[1].lower() if found and is_verdict(found[1]) else None


def answer_end(text: str) -> int:
    """How many characters of a text only say that an answer follows, "Correct answer: "; 0 if it does not."""
    lists = word_lists()["choice"]
    end, named = 0, False
    for match in islice(_WORD.finditer(text[:80]), _MOST_ANSWER_WORDS):
        word = match[0].lower()
        is_noun = word in lists["answers"]
        if not (is_noun or word in lists["around"]) or _BETWEEN.search(text, end, match.start()):
            break
        named = named or is_noun
        end = match.end()
        if _COLON.match(text, end):
            break
    if not named:
        return 0
    sign = _LABEL_SIGN.match(text, end)
    return sign.end() if sign else 0


def says_reason(text: str) -> bool:
    """Does a paragraph say that it gives a reason: "Explanation: …"?"""
    words = words_of(text[:60])
    return bool(words) and words[0] in word_lists()["choice"]["reasons"]


def is_bank_furniture(line: str) -> bool:
    """Is a line what a site writes between the questions of a bank?"""
    said = " ".join(words_of(line))
    lists = word_lists()["bank"]
    return said in lists["lines"] or any(said == one or said.startswith(f"{one} ") for one in lists["openings"])


def lacks_reason(line: str) -> bool:
    """Does a line say that an answer is not explained?"""
    said = " ".join(words_of(line))
    return any(said.startswith(phrase) for phrase in word_lists()["bank"]["no_reason"])


def names_picture(text: str) -> bool:
    """Does a text speak of the picture that was in its place?"""
    return not word_lists()["bank"]["pictures"].isdisjoint(words_of(text)[:2])


def numbers_bank(word: str) -> bool:
    """Is this what a bank calls a question before its number?"""
    return word.lower() in word_lists()["bank"]["numbered"]


def is_beside_key(word: str) -> bool:
    """May this word stand between "Answer:" and the letter: "Option"?"""
    return word.lower() in word_lists()["bank"]["beside"]


def is_truth(text: str) -> bool:
    """Is an option "True" or "False"?"""
    return " ".join(words_of(text)) in word_lists()["choice"]["truths"]


def wants_choice(text: str) -> bool:
    """Does a question ask for one of several things: "Which of these …", "Choose …"?"""
    lower = text.lower()
    return any(phrase in lower for phrase in word_lists()["choice"]["asks"])


def asks_which(text: str) -> bool:
    """Does a question ask which of several things it is?"""
    return not word_lists()["choice"]["which"].isdisjoint(words_of(text))


def asks_which_of_these(text: str) -> bool:
    """Does a question ask for one of what follows: "Which of these is a tree?"?"""
    said = " ".join(words_of(text))
    return is_question(text) and any(phrase in said for phrase in word_lists()["choice"]["of_these"])


def marks_option(phrase: str) -> bool | None:
    """What a mark of an option says: True for "correct", False for "wrong", None for anything else."""
    said = " ".join(words_of(phrase))
    lists = word_lists()["choice"]
    return True if said in lists["right"] else False if said in lists["wrong"] else None


def names_question(word: str) -> bool:
    """Is this what a question is called before its number?"""
    return word.lower() in word_lists()["keys"]["questions"]


def is_key_title(text: str) -> bool:
    """Does a heading say that answers to numbered questions follow: "Answer key", "Solutions to part 2"?"""
    words = [word for word in words_of(text) if len(word) > 1 and not word.isdecimal()]
    lists = word_lists()["keys"]
    named = lists["titles"].intersection(words)
    return bool(named) and len(words) <= _MOST_TITLE_WORDS and (lists["titles"] | lists["beside"]).issuperset(words)


def heads_questions(text: str) -> bool:
    """Does a heading say that questions follow?"""
    return not word_lists()["keys"]["sets"].isdisjoint(words_of(text))


def holds_question(text: str) -> bool:
    """Does one of the sentences of a text end with a question mark?"""
    return any(_QUESTION_END.search(line) for line in text.split("\n"))
