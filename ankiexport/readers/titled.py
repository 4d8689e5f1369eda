"""Notes, quotes and tabs that hold a question or an answer, as their titles say: `[!question]`, "Solution".

They get the class that `reveals.py` knows.
"""

import re

import lxml.etree
import lxml.html

from ankiexport import markup, words
from ankiexport.markup import ROLE
from ankiexport.readers.asides import CALLOUT_CLASSES
from ankiexport.readers.titles import summary_text
from ankiexport.readers.tree import classes_of, drop

_TITLE_CLASS = re.compile(r"title", re.I)
# "> [!NOTE]", "> [!tip] A title", "> [!success]- Folded away"
_MARKED_QUOTE = re.compile(r"\s*\[!(?P<kind>[A-Za-z][\w-]*)(?:\|[^\]\n]*)?\](?P<folded>[+-]?)[ \t]*")
# What the kinds of such quotes ask or answer; all others are notes.
_KINDS = {
    **dict.fromkeys(("question", "faq", "help", "exercise", "problem", "challenge", "quiz", "task"), "question"),
    **dict.fromkeys(("answer", "solution"), "answer"),
    **dict.fromkeys(("hint",), "hint"),
}
_BOXES = frozenset("challenge exercise problem question task".split())
_FOLDED = frozenset("dropdown is-collapsible toggle".split())  # what stands on these is read as on any reveal
_NUMBER = re.compile(r"\d+")
_LABEL_END = re.compile(r"\s*[:.]\s*$")


def name_by_title(main: lxml.html.HtmlElement) -> None:
    """Gives a call-out that its title calls a question or an answer that class; one of two tabs too."""
    for quote in list(main.iter("blockquote")):
        _level_marked(quote)
    for element in list(main.iter("aside", "div", "section")):
        names = set(classes_of(element))
        if "tab" in names:
            _level_tab(element)
        elif not CALLOUT_CLASSES.isdisjoint(names) and names.isdisjoint(_FOLDED) and element is not main:
            _name(element, names)


def _name(element: lxml.html.HtmlElement, names: set[str]) -> None:
    first = next(element.iterchildren(lxml.etree.Element), None)
    if first is None or (element.text or "").strip():
        return
    named = ""
    if _TITLE_CLASS.search(first.get("class") or ""):
        named = _class_of(markup.fold(first.text_content()))
        following = first.getnext()
    else:
        following = first
    if not named and following is not None and (label := _label(following)) is not None:
        named = _class_of(_LABEL_END.sub("", markup.fold(label.text_content())))
        if named:
            _make_title(element, following, label)
    if named:
        element.set("class", f"{element.get('class')} {named}")


def _class_of(title: str) -> str:
    if words.only_shows(title) and words.names_answer(title):
        return "answer"
    if _names_exercise(title):
        return "question"
    return "hint" if words.is_hint(title) else ""


def _names_exercise(title: str) -> bool:
    """Does a title name a question? Its number, which other words may have, says nothing."""
    return words.names_exercise(_NUMBER.sub(" ", title))


def _label(first: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """A word in bold that begins the text: "**Question 4:** Why …"."""
    if first.tag != "p" or (first.text or "").strip() or not len(first) or first[0].tag not in ("strong", "b"):
        return None
    label, following = first[0], (first[0].tail or "").lstrip(" ")
    is_apart = markup.fold(label.text_content()).endswith((":", ".", "：")) or following[:1] in ("", ":", "\n")
    return label if is_apart else None


def _make_title(element: lxml.html.HtmlElement, first: lxml.html.HtmlElement, label: lxml.html.HtmlElement) -> None:
    title = lxml.html.Element("p", {"class": "title"})
    title.text = _LABEL_END.sub("", markup.fold(label.text_content()))
    label.tail = re.sub(r"^\s*:?\s*", "", label.tail or "")
    drop(label)
    if not markup.fold(first.text_content()) and not len(first):
        drop(first)
    if len(element) and _TITLE_CLASS.search(element[0].get("class") or ""):
        drop(element[0])  # "Info", which says nothing of what is in it
    element.insert(0, title)


def _level_marked(quote: lxml.html.HtmlElement) -> None:
    """`> [!question] Title`: an element of that class; other kinds are left for `asides.py`."""
    first = next(quote.iterchildren("p"), None)
    match = _MARKED_QUOTE.match(first.text or "") if first is not None else None
    if first is None or match is None:
        return
    shown = markup.fold(str(first.text_content())[match.end() :].partition("\n")[0])
    name = _KINDS.get(match["kind"].lower(), "") or _class_of(shown)
    if not name and not match["folded"]:
        return
    title = _take_title(first, match.end())
    if not markup.fold(first.text_content()) and not len(first):
        drop(first)
    quote.attrib.pop("class", None)
    if match["folded"] and not (name == "question" and _holds_answer(quote, shown)):
        _fold(quote, title, shown or match["kind"].capitalize(), name)
        return
    quote.tag = "div"
    quote.set("class", name)
    if shown:
        quote.insert(0, title)


def _holds_answer(quote: lxml.html.HtmlElement, title: str) -> bool:
    inner = quote.xpath(".//blockquote | .//details")
    return not title or _names_exercise(title) or not all(map(_is_beside, inner))


def _is_beside(inner: lxml.html.HtmlElement) -> bool:
    """Is this a note or a tip within an answer: `[!tip]`?"""
    first = next(inner.iterchildren("p"), None)
    match = _MARKED_QUOTE.match(first.text or "") if inner.tag == "blockquote" and first is not None else None
    return match is not None and not (
        _KINDS.get(match["kind"].lower()) or words.only_shows(match.string[match.end() :])
    )


def _fold(quote: lxml.html.HtmlElement, title: lxml.html.HtmlElement, shown: str, name: str) -> None:
    quote.tag, title.tag = "details", "summary"
    title.attrib.clear()
    if not title.text_content().strip():
        title.text = shown
    if name in ("answer", "hint"):
        quote.set(ROLE, name)
    elif name == "question":
        quote.set(ROLE, "question")
    quote.insert(0, title)


def _take_title(first: lxml.html.HtmlElement, start: int) -> lxml.html.HtmlElement:
    """What stands on the first line of a paragraph, taken out of it."""
    title = lxml.html.Element("p", {"class": "title"})
    before, _, after = (first.text or "")[start:].partition("\n")
    is_ended = "\n" in (first.text or "")[start:]
    title.text, first.text = before, after
    if is_ended:
        return title
    for child in list(first):
        title.append(child)
        if "\n" in (child.tail or ""):
            child.tail, _, first.text = (child.tail or "").partition("\n")
            break
    return title


def _level_tab(tab: lxml.html.HtmlElement) -> None:
    """A tab named "Solution" answers the one before it; the name of any other stands above it in bold."""
    title = next(tab.iterchildren(lxml.etree.Element), None)
    if title is None or not _TITLE_CLASS.search(title.get("class") or ""):
        return
    before, after = tab.getprevious(), tab.getnext()
    named = markup.fold(title.text_content())
    if words.only_shows(named) and before is not None and before.get(ROLE) == "tab":
        tab.set("class", "answer")
        _join_tabs(before, tab, alone=after is None or "tab" not in classes_of(after))
        return
    tab.set("class", "")
    tab.set(ROLE, "tab")
    title.attrib.pop("class")
    strong = lxml.html.Element("strong")
    strong.text, title.text = title.text, None
    strong.extend(list(title))
    title.append(strong)


def _join_tabs(question: lxml.html.HtmlElement, answer: lxml.html.HtmlElement, *, alone: bool) -> None:
    """Two tabs, a question and its answer, are a box; the name of the first says no more than that."""
    earlier = question.getprevious()
    if not alone or (earlier is not None and earlier.get(ROLE) == "tab"):
        return
    drop(question[0])
    if not _BOXES.isdisjoint(classes_of(question.getparent())):
        return
    box = lxml.html.Element("div", {"class": "question"})
    question.getparent().replace(question, box)
    box.append(question)
    box.tail, answer_tail = answer.tail, None
    question.tail = answer.tail = answer_tail
    box.append(answer)


def join_answers(main: lxml.html.HtmlElement) -> None:
    """A box without an answer takes in the reveals right after it."""
    for box in list(main.iter("div", "section")):
        if box.get(ROLE) != "box" or any(map(_answers, box.iter("details"))):
            continue
        following: list[lxml.html.HtmlElement] = []
        last = box
        while not (last.tail or "").strip() and (last := last.getnext()) is not None and last.tag == "details":
            if not _answers(last) and last.get(ROLE) != "hint" and not words.is_hint(summary_text(last)):
                break
            following.append(last)
        if any(map(_answers, following)):
            box.extend(following)


def _answers(details: lxml.html.HtmlElement) -> bool:
    return details.get(ROLE) == "answer" or (details.get(ROLE) is None and words.only_shows(summary_text(details)))
