"""What a page hides and shows on a click, however its generator writes it → `<details>`; what belongs together → boxes.

A row of a table says how a shape is recognised, what stands on it and what it holds. After `level_reveals` the page
has one shape only: `<details>` with a role (`model.Role`), with the question in it where the page says which it is, and
boxes that hold a question with its reveals.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

import lxml.etree
import lxml.html
from cssselect import HTMLTranslator

from ankiexport import markup, words
from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.model import Kind, Role
from ankiexport.readers.controls import level_controls
from ankiexport.readers.fields import level_fields
from ankiexport.readers.tree import classes_of, drop, is_within, made_at, move_into


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A row of the table: the elements that match `css` are reveals, of a role or not, or boxes.

    `title` is what stands on one: a selector below the element, the first match counts; where `body` is given it
    must match there, too. A pair has `question` and
    `answer` instead, both below the element.
    """

    name: str
    css: str
    role: Role | Literal["box", "reveal", "pair"]
    title: str = ""
    body: str = ""
    question: str = ""
    answer: str = ""
    kind: Kind | None = None


_TITLES = (
    ".admonition-title, .callout-title, .callout-title-container, .boxtitle, .box-title, .exercise-title,"
    " [data-ankiexport-role=title], p.title, .title"
)
_HEADINGS = "h1, h2, h3, h4, h5, h6"

SHAPES: tuple[Shape, ...] = (
    # What is beside the matter
    Shape(name="notes", css="aside.notes, .speaker-notes, .instructor-note, div.instructor", role="aside"),
    # A question and its answer that say what they are
    Shape(
        name="microdata",
        css='[itemtype$="schema.org/Question"]',
        role="pair",
        question='[itemprop="name"], [itemprop="text"]',
        answer='[itemprop="acceptedAnswer"]',
        kind="flashcard",
    ),
    Shape(
        name="faq",
        css=".schema-faq-section, .faq-item, .faq-entry, .faq__item, .rank-math-list-item, .rank-math-faq-item, .qa-item",
        role="pair",
        question='[class*="question"], dt, summary, h2, h3, h4, h5',
        answer='[class*="answer"], dd, [class*="content"], [class*="body"]',
        kind="flashcard",
    ),
    Shape(
        name="Q and A",
        css=".qlist.qanda li",
        role="pair",
        question="p:first-child",
        answer="p:first-child ~ *",
        kind="flashcard",
    ),
    # Hints before answers: "solution-like hint"
    Shape(
        name="hint",
        css="details.hint, div.hint, blockquote.hint, div.hints, section.hint, .admonition.hint.dropdown",
        role="hint",
        title=f"{_TITLES}, {_HEADINGS}",
    ),
    # Answers by their class
    Shape(
        name="solution",
        css="div.solution, section.solution, aside.solution, blockquote.solution, article.solution, details.solution"
        ", div.solutions, div.answer, section.answer, aside.answer, blockquote.answer, details.answer, div.answers"
        ", div.webex-solution, div.rmdsolution, div.rmdanswer, [data-type=solution], div.loesung, div.antwort"
        ", div.reponse, div.respuesta, div.resposta, blockquote.resposta, div.soluzione, div.risposta, div.spoiler"
        ", div.model-answer, div.sample-answer, div.correct-answer, p.answer, p.solution",
        role="answer",
        title=f"{_TITLES}, {_HEADINGS}, button, [data-type=solution-title], summary",
    ),
    # Folded call-outs, which may be anything
    Shape(
        name="admonition",
        css=".admonition.dropdown, .admonition.toggle, .admonition.is-collapsible",
        role="reveal",
        title=".admonition-title, [class*=title]",
    ),
    Shape(name="toggle", css="div.toggle:not(.admonition)", role="answer", title=".toggle-title, .title"),
    Shape(
        name="collapsible",
        css=".mw-collapsible:not(table):not(.navbox)",
        role="reveal",
        title=".mw-collapsible-toggle, .mw-collapsible > *:first-child:not(.mw-collapsible-content):not(p)",
    ),
    Shape(
        name="collapsible",
        css=".NavFrame, [class*=spoiler], [class*=toggle], [class*=accordion], [class*=collapsible], [class*=expand]"
        ", [class*=faq], [class*=fold], [class*=reveal], [class*=disclosure]",
        role="reveal",
        title=".NavHead, [class*=-title], [class*=_title], [class*=-head], [class*=_head], [class*=-trigger], [class*=-button]"
        ", [class*=_button], [class*=-question], [class*=_question], [class*=-label], [class*=-summary]",
        body=".NavContent, [class*=-content], [class*=_content], [class*=-body], [class*=_body], [class*=-panel]"
        ", [class*=-answer], [class*=_answer], [class*=-inner], [class*=-text]",
    ),
    # Questions by their class
    Shape(
        name="exercise",
        css="div.challenge, blockquote.challenge, section.challenge, div.exercise, section.exercise, article.exercise"
        ", blockquote.exercise, article.exercise-like, article.project-like, article.example-like, aside.exercise"
        ", div.question, section.question, article.question, blockquote.question, div.problem, section.problem"
        ", article.problem, div.task, div.activity, div.checkpoint, div.rmdquestion, div.rmdexercise"
        ', [data-type="exercise"], [data-type="injected-exercise"], div.quiz-question, li.question'
        ", div.box-exercise, div.puzzle, div.practice, div.aufgabe, div.uebung, div.frage, div.exercice, div.ejercicio"
        ", div.pregunta, div.exercicio, div.pergunta, div.qa, div.quiz-item, li.quiz-item, div.qna, div.admonition.attention"
        ", div.textbox--exercises",
        role="box",
        title=f"{_TITLES}, {_HEADINGS}, [data-type=title], .textbox__title, span.exercise",
    ),
)

_NAMED_EXERCISE = Shape(name="exercise", css=".callout", role="box", title=_TITLES)
_NAMED_SOLUTION = Shape(name="solution", css=".callout", role="answer", title=_TITLES)
# What a notebook folds away is neither question nor answer: "Show code cell source"
_FOLDED_CODE = re.compile(r"(?:show|hide)\s+code\s+cell", re.I)
_CLUE = re.compile(r"\.([\w-]+)|\[([\w-]+)")
_ICONS = ("svg", "img", "i")
_TITLE_ATTRIBUTES = ("data-expandtext", "data-summary")
_LONGEST_SIDE = 8  # "Answer: " and the like
_LONGEST_MARK = 20  # characters before a title
_CALLOUTS = frozenset("admonition alert callout custom-block hint-container markdown-alert theme-admonition".split())


def level_reveals(main: lxml.html.HtmlElement) -> None:
    """Turns each reveal into `<details>` with its title as the summary; what folds code away is just its content."""
    level_controls(main)
    known = _clues_of(main)
    for shape in SHAPES:
        for element in _matches(shape.css, main, known):
            if element is not main and element.getparent() is not None and not element.get(ROLE):
                _level(element, shape)
    _level_named_callouts(main)
    _level_bare_accordions(main)
    level_fields(main)
    for details in list(main.iter("details")):
        _tidy(details)
    _find_siblings_role(main)
    _gather_boxes(main)


def _level_bare_accordions(main: lxml.html.HtmlElement) -> None:
    """What a script will make an accordion of: headings and boxes by turns in an element of that name."""
    for element in main.xpath('descendant::*[contains(@id, "accordion") or contains(@class, "accordion")]'):
        children = list(element)
        heads, bodies = children[::2], children[1::2]
        if len(heads) != len(bodies) or not heads or element.find(".//details") is not None:
            continue
        are_heads = all(head.tag in ("h2", "h3", "h4", "h5", "h6", "dt", "button", "a") for head in heads)
        if are_heads and all(body.tag in ("div", "section", "dd", "p") for body in bodies):
            for head, body in zip(heads, bodies, strict=True):
                details = made_at(head, "details", **{SHAPE: "accordion"})
                head.addprevious(details)
                head.tag = "summary"
                move_into(details, head)
                move_into(details, body)


def _find_siblings_role(main: lxml.html.HtmlElement) -> None:
    """Where most reveals of a row ask, the others of it are questions, too: "Leading question"."""
    rows: dict[lxml.html.HtmlElement, list[lxml.html.HtmlElement]] = {}
    for details in main.iter("details"):
        parent = details.getparent()
        alone = len(parent.findall("./details")) < 2 and parent.getparent() is not None
        row = parent.getparent() if alone else parent
        rows.setdefault(row, []).append(details)
    for row in rows.values():
        summaries = [_summary_text(it) for it in row]
        asking = sum(map(words.asks, summaries))
        if asking >= 2 and asking * 2 > len(row):
            for details, summary in zip(row, summaries, strict=True):
                if summary and not details.get(ROLE) and not words.only_shows(summary) and not words.is_hint(summary):
                    details.set(ROLE, "question")


def _level_named_callouts(main: lxml.html.HtmlElement) -> None:
    """A call-out may be an exercise or its solution, which only its title says."""
    for element in list(main.iter("aside", "div", "section")):
        if _CALLOUTS.isdisjoint(classes_of(element)) or element.get(ROLE) or element is main:
            continue
        title = _first(_TITLES, element)
        text = markup.fold(title.text_content()) if title is not None else ""
        if words.names_exercise(text):
            _make_box(element, _NAMED_EXERCISE)
        elif words.only_shows(text) and words.is_lone_answer(text):
            _make_reveal(element, _NAMED_SOLUTION)


def _clues_of(main: lxml.html.HtmlElement) -> Collection[str]:
    """The classes and the names of attributes on a page: what none of these occurs in cannot match."""
    known: set[str] = set()
    for element in main.iter(lxml.etree.Element):
        known.update(element.attrib, classes_of(element))
    return known


def _matches(css: str, main: lxml.html.HtmlElement, known: Collection[str]) -> list[lxml.html.HtmlElement]:
    paths = [path for clue, path in _paths(css) if clue in known]
    return cast(list[lxml.html.HtmlElement], main.xpath(" | ".join(paths))) if paths else []


@cache
def _paths(css: str) -> Sequence[tuple[str, str]]:
    """The alternatives of a selector as XPath, each with a class or an attribute that it needs."""
    pieces = [piece.strip() for piece in css.split(", ")]
    return [(_clue(piece), HTMLTranslator().css_to_xpath(piece, prefix="descendant::")) for piece in pieces]


def _clue(css: str) -> str:
    found = _CLUE.search(css)
    assert found, f"a selector with neither a class nor an attribute: {css}"
    return found[1] or found[2]


@cache
def _below(css: str) -> lxml.etree.XPath:
    return lxml.etree.XPath(HTMLTranslator().css_to_xpath(css))  # also the element itself, for "it > *:first-child"


def _first(css: str, element: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    found = cast(list[lxml.html.HtmlElement], _below(css)(element)) if css else []
    return next((it for it in found if it is not element), None)


def _level(element: lxml.html.HtmlElement, shape: Shape) -> None:
    if shape.role == "pair":
        _make_pair(element, shape)
    elif shape.role == "box":
        _make_box(element, shape)
    else:
        _make_reveal(element, shape)


def _make_pair(element: lxml.html.HtmlElement, shape: Shape) -> None:
    """An element that holds a question and its answer, and says which is which."""
    answer = _first(shape.answer, element)
    asked = [it for it in _outermost(shape.question, element) if answer is not None and not is_within(it, answer)]
    asked = [it for it in asked if it is not answer]
    question = asked[0] if asked else None
    if answer is None or question is None or is_within(answer, question):
        return
    details = made_at(element, "details", **{SHAPE: shape.name, KIND: shape.kind or ""})
    block = made_at(question, "div", **{ROLE: "asked"})
    for part in asked:
        _plain_summary(part)
        move_into(block, part)
    details.append(block)
    answers = [it for it in cast(list[lxml.html.HtmlElement], _below(shape.answer)(element))]
    for part in (
        it for it in answers if not any(is_within(it, outer) for outer in answers) and not is_within(it, block)
    ):
        if part is not block:
            move_into(details, part)
    element.append(details)
    element.set(ROLE, "pair")


def _plain_summary(question: lxml.html.HtmlElement) -> None:
    """A question on a control is a paragraph like any other."""
    for icon in list(question.iter(*_ICONS)):
        drop(icon)
    for control in list(question.iter("button", "summary", "label")):
        control.tag = "span"
    question.tag = "p" if not any(child.tag in ("p", "pre", "div", "ul", "ol") for child in question) else "div"


def _make_box(element: lxml.html.HtmlElement, shape: Shape) -> None:
    inner = _matches(shape.css, element, _clues_of(element))
    if inner:
        return  # it holds the boxes
    _take_title(element, shape, "p")
    if element.tag not in ("div", "section", "li"):
        element.tag = "div"
    element.set(ROLE, "box")
    element.set(SHAPE, shape.name)


def _take_title(element: lxml.html.HtmlElement, shape: Shape, tag: str) -> lxml.html.HtmlElement | None:
    """Moves the title to the front of its element; a heading is one only where nothing but marks stands before it."""
    title = _first(shape.title, element)
    if title is None and (said := next(filter(None, map(element.get, _TITLE_ATTRIBUTES)), None)):
        title = made_at(element, "span")
        title.text = said
        element.insert(0, title)
        title.tail, element.text = element.text, None
    marks = _before(title, element) if title is not None else []
    is_first = len(markup.fold(" ".join(mark.text or "" for mark in marks))) <= _LONGEST_MARK
    if title is None or not is_first or not markup.fold(title.text_content()):
        return None
    for icon in list(title.iter(*_ICONS)):
        drop(icon)
    head = title.getparent()
    tail, title.tail = title.tail, None
    new = made_at(title, tag, **{ROLE: "title"} if tag == "p" else {})
    new.text = title.text
    new.extend(list(title))
    title.tail = tail
    drop(title)
    while head is not element and head is not None and not markup.fold(head.text_content()) and not len(head):
        head, empty = head.getparent(), head
        drop(empty)
    for mark in marks:
        drop(mark)
    element.insert(0, new)
    new.tail, element.text = element.text, None
    return new


def _before(title: lxml.html.HtmlElement, element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """What stands before a title and is not around it: an icon, a mark such as "Challenge"."""
    before = []
    for part in element.iterdescendants(lxml.etree.Element):
        if part is title:
            break
        if not is_within(title, part):
            before.append(part)
    return before


def _is_whole_body(element: lxml.html.HtmlElement) -> bool:
    """Is this all that a reveal holds, but for the label of its side?"""
    details = next(element.iterancestors("details"), None)
    if details is None:
        return False
    rest = len(markup.fold(details.text_content())) - len(markup.fold(element.text_content()))
    return rest - len(_summary_text(details)) <= _LONGEST_SIDE


def _is_one_reveal(element: lxml.html.HtmlElement, shape: Shape) -> bool:
    """Does an element with a name that many things have look like a reveal: one title, one body, no reveal in it?"""
    if element.tag == "details" or element.find(".//details") is not None:
        return False
    if not shape.body:
        return _first(shape.title, element) is not None or any(element.get(name) for name in _TITLE_ATTRIBUTES)
    titles = _outermost(shape.title, element)
    bodies = [it for it in _outermost(shape.body, element) if not any(it is title for title in titles)]
    return len(titles) == 1 == len(bodies) and not is_within(titles[0], bodies[0])


def _outermost(css: str, element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    found = [it for it in cast(list[lxml.html.HtmlElement], _below(css)(element)) if it is not element]
    return [it for it in found if not any(is_within(it, outer) for outer in found)]


def _make_reveal(element: lxml.html.HtmlElement, shape: Shape) -> None:
    """An element becomes `<details>`; an item of a list or a row of a table holds one."""
    if shape.role == "reveal" and not _is_one_reveal(element, shape):
        return
    if any(place.get(ROLE) == shape.role for place in element.iterancestors()):
        return  # a part of what is one already
    if element.tag != "details" and (any(map(_answers, element.iter("details"))) or _is_whole_body(element)):
        return  # what holds them, or the body of one
    if element.tag in ("li", "td", "tr", "dd", "p"):
        inner = made_at(element, "div")
        inner.text, element.text = element.text, None
        inner.extend(list(element))
        element.append(inner)
        element = inner
    if element.tag != "details":
        element.attrib.pop("id", None)  # made by the generator, and not the author's
        summary = _take_title(element, shape, "summary")
        if shape.role == "reveal" and summary is None:
            return
        element.tag = "details"
    if shape.role != "reveal":
        element.set(ROLE, "hint" if words.is_hint(_summary_text(element)) else shape.role)
    element.set(SHAPE, shape.name)


def _tidy(details: lxml.html.HtmlElement) -> None:
    if "flashcard" in classes_of(details):
        details.set(ROLE, "question")
    summary = details.find("./summary")
    if summary is None:
        return
    for icon in list(summary.iter(*_ICONS)):
        drop(icon)
    if _FOLDED_CODE.match(markup.fold(summary.text_content())):
        drop(summary)
        details.tag = "div"


def _summary_text(details: lxml.html.HtmlElement) -> str:
    summary = details.find("./summary")
    return markup.fold(summary.text_content()) if summary is not None else ""


def _gather_boxes(main: lxml.html.HtmlElement) -> None:
    """A box takes in the answers that name it or that stand right after it."""
    boxes = [element for element in main.iter(lxml.etree.Element) if element.get(ROLE) == "box"]
    if not boxes:
        return
    named = {element.get("id"): box for box in boxes for element in _with_ids(box)}
    for details in list(main.iter("details")):
        link = details.find("./summary//a[@href]")
        box = named.get((link.get("href") or "")[1:]) if link is not None else None
        if box is not None and (link.get("href") or "").startswith("#") and not is_within(details, box):
            move_into(box, details)
    for box in boxes:
        if next(box.iter("details"), None) is None:
            _take_in_answers(box)


def _with_ids(box: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    return (element for element in box.iter(lxml.etree.Element) if element.get("id"))


def _take_in_answers(box: lxml.html.HtmlElement) -> None:
    following = box.getnext()
    while following is not None and not (box.tail or "").strip():
        details = _only_reveal(following)
        if details is None or not _answers(details):
            return
        move_into(box, following)
        following = box.getnext()


def _only_reveal(element: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The reveal that an element is, or that it holds and nothing else."""
    details = element if element.tag == "details" else element.find(".//details")
    if details is None or markup.fold(details.text_content()) != markup.fold(element.text_content()):
        return None
    return details


def _answers(details: lxml.html.HtmlElement) -> bool:
    """Does a reveal answer or help, or has it nothing to say of the matter?"""
    text = _summary_text(details)
    return details.get(ROLE) in ("answer", "aside", "hint") or words.only_shows(text) or words.is_hint(text)
