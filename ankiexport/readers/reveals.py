"""What a page hides and shows on a click, however its generator writes it → `<details>`."""

import re

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.markup import ROLE
from ankiexport.readers.tree import classes_of, drop

# What tells a reveal: the classes that a `<div>` has all of. Its title is the first child, of a class "…title…".
_REVEALS = (
    frozenset(["admonition", "solution"]),  # Sphinx: exercises and their solutions
    frozenset(["admonition", "dropdown"]),  # Sphinx, Jupyter Book
    frozenset(["admonition", "toggle"]),
    frozenset(["admonition", "is-collapsible"]),  # "??? note" in Markdown
)
# BEGIN: a stand-in for the table of class names, to be overwritten.
_ROLES = {
    **dict.fromkeys(("solution", "answer", "antwort", "resposta", "rmdanswer"), "answer"),
    **dict.fromkeys(("hint", "tip-for-exercise", "dica"), "hint"),
    **dict.fromkeys(("instructor", "notes", "speaker"), "aside"),
    **dict.fromkeys(("challenge", "exercise", "question", "problem", "task", "activity", "quiz", "checkpoint"), "box"),
    **dict.fromkeys(("rmdquestion", "rmdexercise", "enunciado"), "box"),
}
# END
_TITLE_CLASS = re.compile(r"title", re.I)
# What a notebook folds away is neither question nor answer: "Show code cell source"
_FOLDED_CODE = re.compile(r"(?:show|hide)\s+code\s+cell", re.I)


def level_reveals(main: lxml.html.HtmlElement) -> None:
    """Turns each reveal into `<details>` with its title as the summary; what folds code away is just its content."""
    for element in list(main.iter("div", "details")):  # BEGIN: stand-in
        _give_role(element)  # END
    for element in list(main.iter("div")):
        if any(known <= set(classes_of(element)) for known in _REVEALS):
            _make_details(element)
    for details in list(main.iter("details")):
        if "flashcard" in classes_of(details):
            details.set(ROLE, "question")
        summary = details.find("./summary")
        if summary is not None and _FOLDED_CODE.match(markup.fold(summary.text_content())):
            drop(summary)
            details.tag = "div"


def _give_role(element: lxml.html.HtmlElement) -> None:  # stand-in
    role = next((_ROLES[name] for name in reversed(classes_of(element)) if name in _ROLES), None)
    if (
        role is None
        or (element.tag == "details" and role == "box")
        or next(element.iterancestors("details"), None) is not None
    ):
        return
    element.set(ROLE, role)
    first = next(element.iterchildren(lxml.etree.Element), None)
    is_titled = first is not None and _TITLE_CLASS.search(first.get("class") or "")
    if role == "box":
        if first is not None and is_titled:
            first.set(ROLE, "title")
    elif element.tag == "div":
        element.tag = "details"
        if first is not None and is_titled:
            first.tag = "summary"


def _make_details(element: lxml.html.HtmlElement) -> None:
    first = next(element.iterchildren(lxml.etree.Element), None)
    if first is None or not _TITLE_CLASS.search(first.get("class") or ""):
        return
    element.tag, first.tag = "details", "summary"
    element.attrib.pop("id", None)  # made by the generator, and not the author's
