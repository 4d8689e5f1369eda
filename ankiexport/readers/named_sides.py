"""Questions and answers that stand one after the other and say by their classes which is which → pairs."""

from collections.abc import Iterator

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.readers.tree import classes_of, drop, made_at, make_plain, move_into

_QUESTIONS = frozenset(
    "q question faq-question faq__question faq-q faqq qtext questiontext frage pregunta box-question"
    " question-box".split()
)
_ANSWERS = frozenset(
    "a answer faq-answer faq__answer faq-a faqa atext answertext antwort respuesta box-answer answer-box".split()
)
_SIDES = frozenset("dd div dt h2 h3 h4 h5 h6 li p section span tr".split())
_LEAST = 2  # pairs: one of a kind may be anything
_LONGEST = 2000  # characters of a question


def level_named_sides(main: lxml.html.HtmlElement) -> None:
    """Makes a reveal of each answer right after a question, where a page has several."""
    pairs = []
    found = list(_pairs(main))
    is_single = sum(len(answers) == 1 for _, answers in found) * 2 > len(found)  # two are two paragraphs of one, then
    for question, answers in found:
        if len(answers) > 1 and question.tag != "tr" and not (is_single and question.tag == "p"):
            for part in answers:  # what there is to choose from, or what several people say
                part.attrib.pop("class", None)
        elif not (question.tag in ("div", "section") and "question" in classes_of(question)):
            pairs.append((question, answers))  # a box may have parts, and the finders know those
    if len(pairs) < _LEAST:
        return
    for question, answers in pairs:
        _make_reveal(question, answers)
    for table in main.xpath("descendant::table[tbody/details or details]"):
        _level_table(table)


def _make_reveal(question: lxml.html.HtmlElement, answers: list[lxml.html.HtmlElement]) -> None:
    details = made_at(question, "details", **{SHAPE: "faq", KIND: "flashcard"})
    asked = made_at(question, "div", **{ROLE: "asked"})
    question.addprevious(details)
    details.append(asked)
    for part in (question, *answers):
        if part.tag == "tr":
            _level_row(part)
        part.attrib.pop("class", None)
        if part.tag not in ("p", "section"):
            part.tag = "div"
    move_into(asked, question)
    for part in answers:
        move_into(details, part)


def _pairs(main: lxml.html.HtmlElement) -> Iterator[tuple[lxml.html.HtmlElement, list[lxml.html.HtmlElement]]]:
    for element in main.iter(*_SIDES):
        if element is main or not _is_side(element, _QUESTIONS) or element.get(ROLE):
            continue
        answers = []
        following = element.getnext()
        while following is not None and _is_side(following, _ANSWERS):
            answers.append(following)
            following = following.getnext()
        if answers and _is_plain(element, answers):
            yield element, answers


def _is_side(element: lxml.html.HtmlElement, names: frozenset[str]) -> bool:
    if not isinstance(element.tag, str) or element.tag not in _SIDES:
        return False
    return not names.isdisjoint(name.lower() for name in classes_of(element))


def _is_plain(question: lxml.html.HtmlElement, answers: list[lxml.html.HtmlElement]) -> bool:
    """Is nothing hidden here, nothing to be chosen, and no pair within a pair?"""
    for part in (question, *answers):
        if next(part.iter("details", "input", "button", "select", "textarea"), None) is not None:
            return False
        if any(_is_side(inner, _QUESTIONS | _ANSWERS) for inner in part.iterdescendants(lxml.etree.Element)):
            return False
    text = markup.fold(question.text_content())
    return bool(text) and len(text) <= _LONGEST and any(markup.fold(part.text_content()) for part in answers)


def _level_row(row: lxml.html.HtmlElement) -> None:
    """A row whose first cell holds no more than a number or a mark is what its other cells hold."""
    cells = row.findall("./td") or row.findall("./th")
    if len(cells) > 1:
        row.remove(cells[0])
    for cell in row.iter("td", "th"):
        make_plain(cell)


def _level_table(table: lxml.html.HtmlElement) -> None:
    """What is no table any more is boxes."""
    own = [part for part in table.iter("tbody", "thead", "tr", "td", "th") if not _is_inner(part, table)]
    for part in [*table.iter("colgroup"), *table.iter("col")]:
        drop(part)
    for part in (*own, table):
        make_plain(part)


def _is_inner(part: lxml.html.HtmlElement, table: lxml.html.HtmlElement) -> bool:
    return next(part.iterancestors("table"), None) is not table
