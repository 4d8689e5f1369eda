"""A course → what would make poor cards of its items: problems of severity note that begin with the code of a rule.

Nothing is rewritten and nothing is an error: an author may have reasons. `rules.py` lists the rules, docs/linting.md
gives an example of each.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

from ankiexport import comparison, identity, markup, words
from ankiexport.measure import Side, count_words
from ankiexport.model import Course, Html, Item, Location, Problem
from ankiexport.overlaps import Overlap, find_overlaps, place_of
from ankiexport.plain import plain

_MOST_WORDS = 100
_MOST_CODE_LINES = 20
_MOST_STEPS = 5
_MOST_OF_A_SET = 3
_LEAST_REASON = 3  # words behind a yes or no that make a reason
_MOST_QUESTIONS = 2
_MOST_SHOWN = 60  # characters of another item's question

_ASKED_ABOUT = "question|exercise|lesson|section|chapter|slide|problem|flashcard|self-check"
_SHOWN = "figure|diagram|picture|image|photo|table|chart|graph|plot|screenshot|drawing|illustration|code|snippet"
_SAID = "see|shown|seen|mentioned|described|explained|discussed|listed|defined|given|pictured|stated|noted|said"
# "the previous question", "next lesson", "see question 15", "this lesson": never on a card
_ELSEWHERE = re.compile(
    rf"\b(?:the\s)?(?:previous|preceding)\s(?:{_ASKED_ABOUT})\b"
    r"|\b(?:the\s)?next\s(?:exercise|lesson|chapter)\b"
    r"|\b(?:see|in|from)\s(?:the\s)?(?:figure|fig\.|table|section|chapter|exercise|question|slide)\s\d+\b(?!\sof\b)"
    r"|\b(?:this|today's)\s(?:lesson|chapter|lecture|tutorial)\b",
    re.I,
)
# "the figure below", "as shown above": on a card of two bare paragraphs there is nothing to see
_AROUND = re.compile(
    rf"\bthe\s(?:{_SHOWN})s?\s(?:above|below)\b|\bthe\s(?:above|following)\s(?:{_SHOWN})s?\b"
    rf"|\b(?:{_SAID})\s(?:above|below)\b",
    re.I,
)
# The option that an answer picks: "Answer: A", "(b). 21 is …", "C: …"
_CHOICE = re.compile(r"(?:\w+:?\s+)?\(?[A-Ha-h]\)?(?:[.:,)]|\s*$)", re.M)
# A question among sentences: "What is it? Why?"; not the sign in `x?.y`
_QUESTION_END = re.compile(r"\w[\"')]*\?(?=\s|$)")


class _Card:
    """An item as its card shows it."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.question = Side(item.question)
        self.answer = Side(item.answer)

    @cached_property
    def answer_text(self) -> str:
        return plain(self.item.answer)

    @cached_property
    def is_bare(self) -> bool:
        """Is nothing on it but a paragraph that asks and one that answers?"""
        return not self.item.context and self.question.is_paragraph and self.answer.is_paragraph

    @property
    def is_choice(self) -> bool:
        """Does the answer pick one of several options by its letter? What it says then is read, not recalled."""
        return not self.question.is_paragraph and bool(_CHOICE.match(self.answer_text))


_Rule = Callable[[_Card], str | None]


def lint(course: Course, codes: Collection[str]) -> tuple[Problem, ...]:
    """What the rules of these codes find in the items of a course, in the order of its decks."""
    items = [note.item for note in course.notes]
    found: list[list[Problem]] = [[] for _ in items]
    for at, item in enumerate(items):
        found[at].extend(_of_card(_Card(item), codes))
    for overlap in find_overlaps(items) if not {"L009", "L010"}.isdisjoint(codes) else ():
        item, other = items[overlap.at], items[overlap.other]
        code, message = _of_overlap(overlap, item, other)
        if code in codes and not (code == "L010" and _is_told(item, other)):
            found[overlap.at].append(_problem(item.location, code, message))
    return tuple(problem for problems in found for problem in problems)


def _of_card(card: _Card, codes: Collection[str]) -> Iterator[Problem]:
    for code, rule in _RULES.items():
        message = rule(card) if code in codes else None
        if message:
            yield _problem(card.item.location, code, message)


def _problem(location: Location, code: str, message: str) -> Problem:
    return Problem(location=location, severity="note", message=f"{code} {message}", code=code)


def _long_answer(card: _Card) -> str | None:
    if card.is_choice:
        return None
    if card.answer.words > _MOST_WORDS:
        return f"the answer has {card.answer.words} words: nobody recalls so much at once; ask for less, or split it"
    if card.answer.code_lines > _MOST_CODE_LINES:
        return f"the answer has {card.answer.code_lines} lines of code: nobody recalls so much at once; ask for a part"
    return None


def _long_list(card: _Card) -> str | None:
    size = card.answer.list_size
    if size is None or not size.ordered or size.items <= _MOST_STEPS:
        return None
    return f"the answer is a list of {size.items}: ask for a part of it, or for what comes after what"


def _large_set(card: _Card) -> str | None:
    size = card.answer.list_size
    if size is None or size.ordered or size.items <= _MOST_OF_A_SET:
        return None
    return f"the answer is a set of {size.items} in no order, which is hard to recall: ask for each, or give an order"


def _bare_verdict(card: _Card) -> str | None:
    if card.item.explanation or not words.is_verdict(card.answer_text):
        return None
    answer = markup.fold(card.answer_text).rstrip(".!")
    return f"the answer only says {answer!r}, which a guess gets right half of the time: ask what or why"


def _hidden_reason(card: _Card) -> str | None:
    verdict = words.opens_with_verdict(card.answer_text)
    if not verdict or count_words(card.answer_text) <= _LEAST_REASON or not card.question.is_paragraph:
        return None
    if card.item.context or not comparison.wants_yes_or_no(card.question.prose):
        return None
    return f"{verdict!r} answers the question, so its reason is never recalled: ask for the reason, as in “…, and why?”"


def _points_elsewhere(card: _Card) -> str | None:
    if comparison.gives_no_answer(card.answer_text):
        return None
    for name, side in (("question", card.question), ("answer", card.answer)):
        found = _ELSEWHERE.search(side.prose) or (_AROUND.search(side.prose) if card.is_bare else None)
        if found:
            return f"the {name} says “{found[0]}”, which means little on a card: say what is meant"
    return None


def _no_answer(card: _Card) -> str | None:
    if not comparison.gives_no_answer(card.answer_text):
        return None
    return f"the answer “{markup.fold(card.answer_text)}” gives nothing to compare one's own with"


def _several_questions(card: _Card) -> str | None:
    count = len(_QUESTION_END.findall(card.question.prose))
    return f"{count} questions in one: a card each is easier to learn" if count > _MOST_QUESTIONS else None


_RULES: Mapping[str, _Rule] = {
    "L001": _long_answer,
    "L002": _long_list,
    "L003": _large_set,
    "L004": _bare_verdict,
    "L005": _hidden_reason,
    "L006": _points_elsewhere,
    "L007": _no_answer,
    "L008": _several_questions,
}


def _of_overlap(overlap: Overlap, item: Item, other: Item) -> tuple[str, str]:
    """The code and the message of an overlap."""
    place = place_of(other, item)
    if overlap.in_part:
        return "L009", f"asks for what {place} asks too (“{_shown(other.question)}”), with much the same answer"
    if overlap.same_answer:
        return "L009", f"asks what {place} asks, with much the same answer: one of them is enough"
    return "L010", f"asks what {place} asks, with another answer: say in the questions how they differ"


def _is_told(item: Item, other: Item) -> bool:
    """Does the build warn of these two already: one question of one kind on one page, with two answers?"""
    sides = ((one.location.source, one.kind, identity.normalise(one.fingerprint_text)) for one in (item, other))
    return len(set(sides)) == 1


def _shown(question: Html) -> str:
    text = markup.fold(plain(question))
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN].rstrip()}…"
