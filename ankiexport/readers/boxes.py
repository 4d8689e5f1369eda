"""What belongs together on a page: boxes that hold a question with its reveals, and pairs that say which is which."""

from collections.abc import Iterator

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.readers.selecting import clues_of, matches, outermost
from ankiexport.readers.shapes import Shape
from ankiexport.readers.titles import answers_or_helps, drop_icons, take_title
from ankiexport.readers.tree import is_within, made_at, move_into


def make_box(element: lxml.html.HtmlElement, shape: Shape) -> None:
    inner = matches(shape.css, element, clues_of(element))
    if inner:
        return  # it holds the boxes
    take_title(element, shape, "p")
    if element.tag not in ("div", "section", "li"):
        element.tag = "div"
    element.set(ROLE, "box")
    element.set(SHAPE, shape.name)


def make_pair(element: lxml.html.HtmlElement, shape: Shape) -> None:
    """An element that holds a question and its answer, and says which is which."""
    answers = outermost(shape.answer, element)
    asked = [
        it
        for it in outermost(shape.question, element)
        if not any(it is answer or is_within(it, answer) or is_within(answer, it) for answer in answers)
    ]
    if not answers or not asked:
        return
    details = made_at(element, "details", **{SHAPE: shape.name, KIND: shape.kind or ""})
    block = made_at(asked[0], "div", **{ROLE: "asked"})
    details.append(block)
    for part in asked:
        _plain_summary(part)
        move_into(block, part)
    for part in answers:
        move_into(details, part)
    element.append(details)
    element.set(ROLE, "pair")


def _plain_summary(question: lxml.html.HtmlElement) -> None:
    """A question on a control is a paragraph like any other."""
    drop_icons(question)
    for control in list(question.iter("button", "summary", "label")):
        control.tag = "span"
    question.tag = "p" if not any(child.tag in ("p", "pre", "div", "ul", "ol") for child in question) else "div"


def gather_boxes(main: lxml.html.HtmlElement) -> None:
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
        if details is None or not answers_or_helps(details):
            return
        move_into(box, following)
        following = box.getnext()


def _only_reveal(element: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The reveal that an element is, or that it holds and nothing else."""
    details = element if element.tag == "details" else element.find(".//details")
    if details is None or markup.fold(details.text_content()) != markup.fold(element.text_content()):
        return None
    return details
