"""What a page hides and shows on a click, however its generator writes it → `<details>`; what belongs together → boxes.

A row of a table says how a shape is recognised, what stands on it and what it holds. After `level_reveals` the page
has one shape only: `<details>` with a role (`model.Role`), with the question in it where the page says which it is, and
boxes that hold a question with its reveals.
"""

import re
from collections import Counter

import lxml.etree
import lxml.html

from ankiexport import headings, markup, words
from ankiexport.markup import ROLE, SHAPE
from ankiexport.readers.boxes import gather_boxes, make_box, make_pair
from ankiexport.readers.controls import level_controls
from ankiexport.readers.named_sides import level_named_sides
from ankiexport.readers.selecting import clues_of, first, matches, outermost
from ankiexport.readers.shapes import NAMED_EXERCISE, NAMED_SOLUTION, SHAPES, TITLES, Shape
from ankiexport.readers.titles import TITLE_ATTRIBUTES, answers_or_helps, drop_icons, summary_text, take_title
from ankiexport.readers.tree import classes_of, drop, is_within, made_at, move_into, upwards

# What a notebook folds away is neither question nor answer: "Show code cell source"
_FOLDED_CODE = re.compile(r"(?:show|hide)\s+code\s+cell", re.I)
_FOLDED_QUESTION = Shape(name="exercise", css="details.question", role="box", title="summary")
_REMARKS = frozenset("abstract bug caution danger failure important info note tip warning".split())
_ENOUGH = 3  # of one sort, and they are what the page is about
_LONGEST_SIDE = 8  # "Answer: " and the like
_CALLOUTS = frozenset("admonition alert callout custom-block hint-container markdown-alert theme-admonition".split())


def level_reveals(main: lxml.html.HtmlElement) -> None:
    """Turns each reveal into `<details>` with its title as the summary; what folds code away is just its content."""
    level_controls(main)
    level_named_sides(main)
    known = clues_of(main)
    for shape in SHAPES:
        for element in matches(shape.css, main, known):
            if element is not main and element.getparent() is not None and not element.get(ROLE):
                _level(element, shape)
    _level_named_callouts(main)
    _level_bare_accordions(main)
    _level_named_definitions(main)
    for details in list(main.iter("details")):
        _tidy(details)
    _open_questions(main)
    _leave_remarks(main)
    _find_siblings_role(main)
    gather_boxes(main)


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
                _fold(head, body, "accordion")


def _fold(head: lxml.html.HtmlElement, body: lxml.html.HtmlElement, shape: str) -> None:
    """A heading and what stands below it become a reveal in its place."""
    details = made_at(head, "details", **{SHAPE: shape})
    head.addprevious(details)
    head.tag = "summary"
    move_into(details, head)
    move_into(details, body)


def _level_named_definitions(main: lxml.html.HtmlElement) -> None:
    """A definition list whose terms are "Hint" and "Answer" is a row of reveals."""
    for outer in list(main.iter("dl")):
        parts = list(outer.iterchildren("dt", "dd"))
        names = [markup.fold(part.text_content()) for part in parts if part.tag == "dt"]
        if len(parts) != len(outer) or len(parts) != 2 * len(names) or not names:
            continue
        if not all(words.is_hint(name) or (words.only_shows(name) and words.names_answer(name)) for name in names):
            continue
        if any("(" in name for name in names):
            continue  # "answer()" of a programming interface
        outer.tag = "div"
        for term, body in zip(parts[::2], parts[1::2], strict=True):
            body.tag = "div"
            _fold(term, body, "definition")


def _open_questions(main: lxml.html.HtmlElement) -> None:
    """A fold that only says "Question", its answer in the next fold, is a box."""
    for details in list(main.iter("details")):
        following = details.getnext()
        if details.get(ROLE) or following is None or following.tag != "details" or (details.tail or "").strip():
            continue
        if words.names_exercise(summary_text(details)) and answers_or_helps(following):
            make_box(details, _FOLDED_QUESTION)


def _leave_remarks(main: lxml.html.HtmlElement) -> None:
    """A folded tip or warning under a question ("How do I install it?") is beside the matter, unless all are such."""
    asking: dict[str, list[lxml.html.HtmlElement]] = {}
    has_exercises = any(element.get(ROLE) == "box" for element in main.iter(lxml.etree.Element))
    for details in main.iter("details"):
        is_spoiler = has_exercises and "spoiler" in (details.get("class") or "")
        if is_spoiler and details.get(ROLE) == "question":
            details.set(ROLE, "aside")
        for name in _REMARKS.intersection(classes_of(details)):
            if not details.get(ROLE) and words.asks(summary_text(details)):
                asking.setdefault(name, []).append(details)
    for found in asking.values():
        if len(found) < _ENOUGH:
            for details in found:
                details.set(ROLE, "aside")


def _find_siblings_role(main: lxml.html.HtmlElement) -> None:
    """Where most heads of an accordion ask, the others of it are questions, too: "Leading question"."""
    rows: dict[lxml.html.HtmlElement, list[lxml.html.HtmlElement]] = {}
    counts = Counter(details.getparent() for details in main.iter("details"))
    for details in main.iter("details"):
        if details.get(SHAPE) != "accordion":
            continue
        parent = details.getparent()
        alone = counts[parent] < 2 and parent.getparent() is not None
        row = parent.getparent() if alone else parent
        rows.setdefault(row, []).append(details)
    for row in rows.values():
        summaries = [summary_text(it) for it in row]
        asking = sum(map(words.asks, summaries))
        if asking >= 2 and asking * 2 > len(row):
            for details, summary in zip(row, summaries, strict=True):
                if summary and not details.get(ROLE) and not _is_other(details, summary):
                    details.set(ROLE, "question")


def _is_other(details: lxml.html.HtmlElement, summary: str) -> bool:
    """Does a reveal among questions show, help or lead away, or hold a list to tick off?"""
    if words.only_shows(summary) or words.is_hint(summary) or headings.leads_away(summary):
        return True
    items = details.findall("./ul/li")
    return bool(items) and all(markup.fold(item.text_content()).startswith(("☐", "☑")) for item in items)


def _level_named_callouts(main: lxml.html.HtmlElement) -> None:
    """A call-out may be an exercise or its solution, which only its title says."""
    for element in list(main.iter("aside", "div", "section")):
        if _CALLOUTS.isdisjoint(classes_of(element)) or element.get(ROLE) or element is main:
            continue
        title = first(TITLES, element)
        text = markup.fold(title.text_content()) if title is not None else ""
        if words.names_exercise(text):
            make_box(element, NAMED_EXERCISE)
        elif words.only_shows(text) and words.names_answer(text):
            _make_reveal(element, NAMED_SOLUTION)


def _level(element: lxml.html.HtmlElement, shape: Shape) -> None:
    if shape.role == "pair":
        make_pair(element, shape)
    elif shape.role == "box":
        make_box(element, shape)
    else:
        _make_reveal(element, shape)


def _is_whole_body(element: lxml.html.HtmlElement) -> bool:
    """Is this all that a reveal holds, but for the label of its side?"""
    details = next(element.iterancestors("details"), None)
    if details is None:
        return False
    rest = len(markup.fold(details.text_content())) - len(markup.fold(element.text_content()))
    return rest - len(summary_text(details)) <= _LONGEST_SIDE


def _is_one_reveal(element: lxml.html.HtmlElement, shape: Shape) -> bool:
    """Does an element with a name that many things have look like a reveal: one title, one body, no reveal in it?"""
    if element.tag == "details" or element.find(".//details") is not None:
        return False
    if not shape.body:
        return first(shape.title, element) is not None or any(element.get(name) for name in TITLE_ATTRIBUTES)
    title = next(iter(outermost(shape.title, element)), None)
    bodies = [it for it in outermost(shape.body, element) if it is not title]
    return title is not None and len(bodies) == 1 and not is_within(title, bodies[0])


def _make_reveal(element: lxml.html.HtmlElement, shape: Shape) -> None:
    """An element becomes `<details>`; an item of a list or a row of a table holds one."""
    if shape.role == "reveal" and not _is_one_reveal(element, shape):
        return
    if any(place.get(ROLE) in (shape.role, "asked") or place.tag == "summary" for place in upwards(element)):
        return  # a part of what is one already
    if shape.role == "answer" and element.tag != "details" and element.find(".//input") is not None:
        return  # where the reader is to answer
    if element.tag != "details" and (any(map(answers_or_helps, element.iter("details"))) or _is_whole_body(element)):
        return  # what holds them, or the body of one
    if element.tag in ("li", "td", "tr", "dd", "p"):
        inner = made_at(element, "div")
        inner.text, element.text = element.text, None
        inner.extend(list(element))
        element.append(inner)
        element = inner
    if element.tag != "details":
        element.attrib.pop("id", None)  # made by the generator, and not the author's
        summary = take_title(element, shape, "summary")
        if shape.role == "reveal" and summary is None:
            return
        element.tag = "details"
    if shape.role != "reveal":
        element.set(ROLE, _role(summary_text(element), shape))
    element.set(SHAPE, shape.name)


def _role(summary: str, shape: Shape) -> str:
    """The role of a shape, unless the summary says otherwise: a solution may be a hint, a spoiler a question."""
    if words.is_hint(summary):
        return "hint"
    is_question = shape.role == "answer" and words.is_question(summary) and not words.only_shows(summary)
    return "question" if is_question else shape.role


def _tidy(details: lxml.html.HtmlElement) -> None:
    if "flashcard" in classes_of(details):
        details.set(ROLE, "question")
    summary = next(details.iterchildren("summary"), None)
    if summary is None:
        return
    drop_icons(summary)
    if _FOLDED_CODE.match(markup.fold(summary.text_content())):
        drop(summary)
        details.tag = "div"
