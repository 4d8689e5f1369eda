"""What belongs together on a page: boxes that hold a question with its reveals, and pairs that say which is which."""

from collections.abc import Iterator

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.markup import KIND, ROLE, SHAPE
from ankiexport.readers.selecting import clues_of, matches, outermost
from ankiexport.readers.shapes import Shape
from ankiexport.readers.titles import answers_or_helps, drop_icons, take_title
from ankiexport.readers.tree import drop, is_within, made_at, move_into


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
    answers = [_text_of(answer) for answer in outermost(shape.answer, element)]
    asked = [
        it
        for it in outermost(shape.question, element)
        if not any(it is answer or is_within(it, answer) or is_within(answer, it) for answer in answers)
        and _scope_of(it, element) is element
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
    if element.get("itemprop") == "mainEntity":
        for part in list(element):
            drop(part)  # votes, remarks and the other answers of a page that is about one question
    element.append(details)
    element.set(ROLE, "pair")


def _scope_of(part: lxml.html.HtmlElement, element: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """What a property is of: the nearest thing around it."""
    return next(
        (place for place in part.iterancestors() if place is element or place.get("itemscope") is not None), element
    )


def _text_of(answer: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The text of an answer that says which that is, without its votes and its author."""
    if answer.get("itemscope") is None:
        return answer
    texts = [part for part in outermost('[itemprop="text"]', answer) if _scope_of(part, answer) is answer]
    return texts[0] if len(texts) == 1 else answer


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
    named = {element.get("id"): box for box in reversed(boxes) for element in _with_ids(box)}
    for details in list(main.iter("details")):
        link = details.find("./summary//a[@href]")
        link = _leading_link(details) if link is None else link
        box = named.get((link.get("href") or "")[1:]) if link is not None else None
        if (
            link is not None
            and box is not None
            and (link.get("href") or "").startswith("#")
            and not is_within(details, box)
        ):
            if next(link.iterancestors("summary"), None) is None:
                _drop_number(link)
            move_into(box, details)
    for box in boxes:
        if next(box.iter("details"), None) is None:
            _take_in_answers(box)


def _leading_link(details: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The number that an answer begins with, where it leads back to the question."""
    if details.get(ROLE) != "answer" or markup.fold(details.text or ""):
        return None
    link = next(details.iterchildren("a"), None)
    is_first = link is not None and link.getprevious() is None
    return link if is_first and link is not None and markup.fold(link.text_content()).strip(".").isdecimal() else None


def _drop_number(link: lxml.html.HtmlElement) -> None:
    """Takes out a number with the sign after it, which may be an element of its own."""
    sign = link.getnext()
    if sign is not None and not (link.tail or "").strip() and markup.fold(sign.text_content()) in (".", ")", ":"):
        drop(sign)
    link.tail = (link.tail or "").lstrip(" .)")
    drop(link)


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
