"""A page's tree and CSS selectors for its questions and answers → the same tree with a reveal for each pair.

The selectors are the author's, from `ankiexport.toml`. They see the page as it is, before anything is left out of it;
so what they find is kept, in a form or a template too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import cast

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from ankiexport import markup
from ankiexport.markup import KIND, LINE, ROLE, SHAPE
from ankiexport.model import Location, Problem, Selectors, page_problem
from ankiexport.readers.selected_parts import label_parts
from ankiexport.readers.tree import drop, is_within, line_of, make_plain, upwards

# What keeps its tag where a selector has found it; all else is a box of text.
_KEPT_TAGS = frozenset("audio blockquote code dl figure img math ol picture pre svg table ul video".split())
_SEEN = ("audio", "img", "math", "svg", "video")  # without any text
_MOST_WORDS = 8  # of a question or an answer in a problem


@dataclass(slots=True)
class _Pair:
    """A question with its answers, which may be several elements; `place` is where the first answer was."""

    question: HtmlElement
    question_line: int
    answers: list[HtmlElement] = field(default_factory=list)
    answer_line: int = 0


@cache
def path_of(selector: str) -> str:
    """A CSS selector as XPath.

    Raises:
        ValueError: it is none, or one that only a browser can know.
    """
    from cssselect import HTMLTranslator, SelectorError

    try:
        path = HTMLTranslator().css_to_xpath(selector)
        lxml.etree.XPath(path)(lxml.etree.Element("p"))
    except (SelectorError, lxml.etree.XPathError, RecursionError) as error:
        raise ValueError(markup.fold(str(error)) or "not understood") from error
    return path


def mark_selected(
    root: HtmlElement, main: HtmlElement, selectors: Sequence[Selectors], name: str, numbered: bool
) -> tuple[HtmlElement, list[Problem]]:
    """Makes reveals of what the selectors find; gives the element that holds the page's content and all of those."""
    problems: list[Problem] = []
    for said in selectors:
        finder = _Finder(root, said, name, numbered)
        main = finder.mark(main)
        problems.extend(sorted(finder.problems, key=lambda problem: problem.location.line))
    return main, problems


class _Finder:
    """Goes down a page with one table of selectors."""

    def __init__(self, root: HtmlElement, said: Selectors, name: str, numbered: bool) -> None:
        self.problems: list[Problem] = []
        self._root = root
        self._name = name
        self._numbered = numbered
        self._found = {
            one.name: _select(root, selector, outermost=one.name in ("question", "answer"))
            for one in fields(said)
            if (selector := getattr(said, one.name))
        }
        missing = [f"{key} = {getattr(said, key)!r}" for key, found in self._found.items() if not found]
        if missing:
            message = f"these selectors match nothing on this page: {', '.join(missing)}"
            self.problems.append(page_problem(name, "warning", message, "selectors"))

    def mark(self, main: HtmlElement) -> HtmlElement:
        """Puts a reveal in the place of each answer that goes with a question."""
        pairs = list(self._pairs())
        parts, labels = (set(self._found.get(key, ())) for key in ("part", "label"))
        for pair in pairs:
            while not is_within(pair.answers[0], main) and main.getparent() is not None:
                main = cast(HtmlElement, main.getparent())
        for pair in pairs:
            self._make_reveal(pair, main, parts, labels)
        for label in labels:
            drop(label)
        return main

    def _pairs(self) -> Iterator[_Pair]:
        """Each question that answers go with, which are the next ones after it, within an item if there are such."""
        questions, answers = set(self._found["question"]), set(self._found["answer"]) - set(self._found["question"])
        items = set(self._found.get("item", ()))
        last: dict[HtmlElement | None, _Pair] = {}  # of each item
        opened: list[_Pair] = []
        early: list[tuple[HtmlElement, HtmlElement | None]] = []  # answers above the question of their item
        for element in self._in_order(questions, answers):
            item = next((place for place in upwards(element) if place in items), None)
            if item is None and "item" in self._found:
                self._tell_outside(element, element in questions)
            elif element in questions:
                last[item] = _Pair(question=element, question_line=line_of(element, self._numbered))
                opened.append(last[item])
            elif item in last:
                self._give(last[item], element)
            else:
                early.append((element, item))
        for element, item in early:
            if item is not None and item in last and not last[item].answers:
                self._give(last[item], element)
            else:
                self._tell(element, "no question goes with this answer", "no-question")
        for pair in opened:
            if pair.answers:
                yield pair
            else:
                self._tell(pair.question, "no answer goes with this question", "no-answer")

    def _tell_outside(self, element: HtmlElement, asks: bool) -> None:
        what, code = ("question", "no-answer") if asks else ("answer", "no-question")
        self._tell(element, f"this {what} stands in no item", code)

    def _in_order(self, questions: set[HtmlElement], answers: set[HtmlElement]) -> list[HtmlElement]:
        """Questions and answers as they stand on the page, an answer that holds a question after that."""
        wanted = questions | answers
        order = {element: float(at) for at, element in enumerate(self._root.iter()) if element in wanted}
        for question in questions:
            for place in question.iterancestors():
                if place in answers:
                    order[place] = max(order[place], order[question] + 0.5)
        return sorted(order, key=order.__getitem__)

    def _give(self, pair: _Pair, answer: HtmlElement) -> None:
        pair.answer_line = pair.answer_line or line_of(answer, self._numbered)
        pair.answers.append(answer)

    def _make_reveal(self, pair: _Pair, main: HtmlElement, parts: set[HtmlElement], labels: set[HtmlElement]) -> None:
        reveal = lxml.html.Element("details", {ROLE: "answer", SHAPE: "selectors", LINE: str(pair.answer_line)})
        asked = lxml.html.Element("div", {ROLE: "asked", LINE: str(pair.question_line)})
        reveal.append(asked)
        _put(reveal, pair, main)
        if not self._label_parts(pair, parts, labels):
            reveal.set(KIND, "self-check")
        for label in [label for side in (pair.question, *pair.answers) for label in side.iter() if label in labels]:
            drop(label)
        _move(pair.question, asked)
        for answer in pair.answers:
            _move(answer, reveal)
        if not asked.text_content().strip() and next(asked.iter(*_SEEN), None) is None:
            self._tell(reveal, "the question of this answer is empty", "no-question")
            reveal.drop_tree()

    def _label_parts(self, pair: _Pair, parts: set[HtmlElement], labels: set[HtmlElement]) -> bool:
        """Labels the parts of both sides, so that the finders can pair them; says whether there are such parts."""
        of_question = [part for part in pair.question.iter() if part in parts]
        of_answer = [part for answer in pair.answers for part in answer.iter() if part in parts]
        of_question = [part for part in of_question if part not in of_answer]
        if len(of_question) < 2 or not of_answer:
            return False
        for part in label_parts(of_question, of_answer, labels):
            self._tell(part, "no part of the question goes with this part of the answer", "no-question")
        for side in (pair.question, *pair.answers):
            for part in [part for part in side.iter() if part in parts]:
                for place in upwards(part):
                    make_plain(place)
                    if place is side:
                        break
        return True

    def _tell(self, element: HtmlElement, message: str, code: str) -> None:
        begins = " ".join(element.text_content().split()[:_MOST_WORDS])
        location = Location(source=self._name, line=line_of(element, self._numbered))
        self.problems.append(Problem(location=location, severity="warning", message=f"{message}: {begins}", code=code))


def _select(root: HtmlElement, selector: str, *, outermost: bool) -> list[HtmlElement]:
    """The elements that a selector finds on a page; the outermost of those that are in one another, where wanted."""
    found = [
        element
        for element in cast(list[HtmlElement], root.xpath(path_of(selector)))
        if element.tag not in ("html", "head", "body")
    ]
    everything = set(found)
    return [it for it in found if not outermost or everything.isdisjoint(it.iterancestors())]


def _put(reveal: HtmlElement, pair: _Pair, main: HtmlElement) -> None:
    """Puts the reveal beside the first answer, and out of a question that holds it; what is around must not hide it."""
    first = pair.answers[0]
    outer = pair.question if is_within(first, pair.question) else first
    outer.addprevious(reveal)
    for place in reveal.iterancestors():
        if place is main or place.tag in ("body", "html"):
            break
        make_plain(place)


def _move(element: HtmlElement, holder: HtmlElement) -> None:
    """Takes an element out of the page and into a reveal, whatever hides it there."""
    summary = element.find("./summary") if element.tag == "details" else None
    if summary is not None:
        summary.drop_tree()
    if element.tag in _KEPT_TAGS:
        for name in ("role", "aria-hidden", *(() if element.tag in ("code", "pre") else ("class",))):
            element.attrib.pop(name, None)
    else:
        make_plain(element)
    element.drop_tree()
    element.tail = None
    holder.append(element)
