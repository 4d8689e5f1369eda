"""Controls that show what is elsewhere on a page: accordions, collapse buttons, knowls, boxes to tick → `<details>`.

What a control shows is its target, wherever that stands; only a control that names none shows what is next to it.
"""

import re
from collections.abc import Iterator, Mapping

import lxml.etree
import lxml.html

from ankiexport import markup, words
from ankiexport.markup import ROLE, SHAPE
from ankiexport.readers.titles import drop_icons
from ankiexport.readers.tree import classes_of, drop, is_menu, is_within, made_at, move_into

_CONTROLS = ("a", "button", "div", "dt", "h2", "h3", "h4", "h5", "h6", "input", "label", "p", "span", "summary")
_CONTROLS_BY_NAME = frozenset(["a", "button", "input", "label"])  # all others have at least an attribute
# What names a target, in all libraries
_TARGET_ATTRIBUTES = (
    "data-bs-target data-target aria-controls data-refid data-toggle-target data-collapse-target data-show data-reveal"
    " data-for commandfor popovertarget"
).split()
_NAMING = frozenset(_TARGET_ATTRIBUTES)
_FOLDING = frozenset("accordion collapse dropdown toggle".split())
_HIDDEN_CLASSES = frozenset(
    "collapse collapsed d-none hidden hidden-content hide is-hidden is-collapsed closed invisible w3-hide"
    " accordion-collapse panel-collapse".split()
)
_HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.I)
_ANSWER_CLASS = re.compile(
    r"(?:^|[\s_-])(?:answer|ans|solution|sol|respuesta|antwort|loesung|reponse|panel|content)", re.I
)
_FOLD_CLASS = re.compile(
    r"(?:^|[\s_-])(?:accordion|collapsible|collapse|toggle|expand|reveal|show|spoiler|knowl)", re.I
)
# 'toggle("a1")', "document.getElementById('a1')"
_QUOTED = re.compile(r"[\"'(#]([A-Za-z][\w:.-]*)[\"')]")
_ROLE_NAMES = (
    ("hint", "hint"),
    ("instructor", "aside"),
    ("spoiler-accordion", "aside"),
    ("solution", "answer"),
    ("answer", "answer"),
)
_NOT_FOLDING = frozenset(["combobox", "listbox", "menu", "menuitem", "option", "tab"])
_BLOCKS = frozenset("article blockquote dd div dl dt li main ol p section table td ul h2 h3 h4 h5 h6".split())
_MOST_IN_HEAD = 6  # elements: an icon, a number, the control, a spacer
_LONGEST_LABEL = 400  # characters on a control


def level_controls(main: lxml.html.HtmlElement) -> None:
    """Turns each control and what it shows into a reveal where the control stands."""
    named: dict[str, lxml.html.HtmlElement] = {}
    for element in main.iter(lxml.etree.Element):
        if name := element.get("id"):
            named.setdefault(name, element)  # of several, browsers take the first
    taken: set[lxml.html.HtmlElement] = set()
    for control in list(main.iter(*_CONTROLS)):
        if control.getparent() is None or _does_other_things(control):
            continue
        target = _target(control, main, named)
        if target is None or target in taken or not _may_show(control, target, main):
            continue
        taken.add(target)
        _make_reveal(control, target)


def _does_other_things(control: lxml.html.HtmlElement) -> bool:
    """Is this a menu, or one of several tabs? An accordion's head may call itself a tab."""
    if control.get("role") == "tab" and "accordion" in (control.get("class") or ""):
        return False
    return control.get("role") in _NOT_FOLDING


def _may_show(control: lxml.html.HtmlElement, target: lxml.html.HtmlElement, main: lxml.html.HtmlElement) -> bool:
    label = _label(control)
    return (
        target is not control
        and target is not main
        and not is_within(control, target)
        and not is_within(target, control)
        and bool(label)
        and len(label) <= _LONGEST_LABEL
        and target.tag not in ("dialog", "form", "details", "input")
        and not is_menu(target)
        and bool(markup.fold(target.text_content()) or target.find(".//img") is not None)
    )


def _target(
    control: lxml.html.HtmlElement, main: lxml.html.HtmlElement, named: Mapping[str, lxml.html.HtmlElement]
) -> lxml.html.HtmlElement | None:
    """What a control shows; None for one that shows nothing, or nothing in particular."""
    said = control.keys()
    if not said and control.tag not in _CONTROLS_BY_NAME:
        return None
    for attribute in () if _NAMING.isdisjoint(said) else _TARGET_ATTRIBUTES:
        found = _named(control.get(attribute), main, named)
        if found is not None:
            return found
    link = control.get("href", "")
    target = named.get(link[1:]) if link.startswith("#") else None
    if target is not None and (_folds(control) or _is_hidden(target)):
        return target
    quoted = [named[name] for name in _QUOTED.findall(control.get("onclick", "")) if name in named]
    if quoted and (words.only_shows(_label(control)) or any(map(_is_hidden, quoted))):
        return next(filter(_is_hidden, quoted), quoted[0])
    if control.tag == "label":
        return _ticked(control, named)
    return _neighbour(control)


def _named(
    value: str | None, main: lxml.html.HtmlElement, named: Mapping[str, lxml.html.HtmlElement]
) -> lxml.html.HtmlElement | None:
    """The one element that `#id`, `.class` or an id names."""
    if not value:
        return None
    if value.startswith("."):
        found = [it for it in main.iter(lxml.etree.Element) if value[1:] in classes_of(it)]
        return found[0] if len(found) == 1 else None
    return named.get(value.removeprefix("#"))


def _ticked(label: lxml.html.HtmlElement, named: Mapping[str, lxml.html.HtmlElement]) -> lxml.html.HtmlElement | None:
    """What the style sheet shows once the box of a label is ticked: what stands after both."""
    box = named.get(label.get("for") or "")
    if box is None or box.tag != "input" or box.get("type") not in ("checkbox", "radio"):
        return None
    following = label.getnext()
    if following is None or following.tag in ("input", "label", "br"):
        return None
    return following if _is_hidden(following) or _says_answer(following) or words.only_shows(_label(label)) else None


def _neighbour(control: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """What is hidden right after a control that says nothing of its target."""
    is_button = control.tag in ("button", "a", "input") or control.get("role") == "button" or control.get("onclick")
    says_so = _FOLD_CLASS.search(control.get("class") or "") is not None
    if not (is_button or says_so) or control.find(".//p") is not None:
        return None  # it is no control, or shows more than a label
    following = _place(control).getnext()
    if following is None or following.tag in ("button", "input", "label", "script", "style"):
        return None
    shows = words.only_shows(_label(control)) or words.is_hint(_label(control))
    if _is_hidden(following):
        return following
    if _says_answer(following) and ((is_button and says_so) or shows):
        return following
    return None


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or not _HIDDEN_CLASSES.isdisjoint(classes_of(element))
        or _HIDDEN_STYLE.search(element.get("style") or "") is not None
    )


def _says_answer(element: lxml.html.HtmlElement) -> bool:
    return _ANSWER_CLASS.search(element.get("class") or "") is not None


def _folds(control: lxml.html.HtmlElement) -> bool:
    kind = control.get("data-bs-toggle") or control.get("data-toggle") or ""
    return kind in _FOLDING or "aria-expanded" in control.attrib or "data-knowl" in control.attrib


def _label(control: lxml.html.HtmlElement) -> str:
    """What stands on a control."""
    shown = markup.fold(control.text_content()) if control.tag != "input" else ""
    return shown or markup.fold(control.get("value") or control.get("aria-label") or control.get("title") or "")


def _place(control: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """What a control is all of: its heading, the head of its card."""
    place, text = control, markup.fold(control.text_content())
    while True:
        outer = place.getparent()
        if outer is None or outer.tag in ("main", "body", "article", "li", "td") or outer.get(ROLE):
            return place
        if len(outer) > _MOST_IN_HEAD:
            return place
        if markup.fold(outer.text_content()) != text or outer.find(".//details") is not None:
            return place
        place = outer


def _make_reveal(control: lxml.html.HtmlElement, target: lxml.html.HtmlElement) -> None:
    details = made_at(control, "details", **{SHAPE: "accordion" if _folds(control) else "button"})
    role = _role(control, target)
    says_other = not (words.only_shows(_label(control)) or words.names_answer(_label(control)))
    if role and not (role == "answer" and says_other):  # "Windows", among folds that look like solutions
        details.set(ROLE, role)
    summary = made_at(control, "summary")
    drop_icons(control)
    label = _label(control)
    summary.text = control.text if control.tag != "input" and markup.fold(control.text_content()) else label
    summary.extend(list(control) if control.tag != "input" else [])
    for inner in list(summary.iter("button", "label", "h2", "h3", "h4", "h5", "h6", "p", "div")):
        inner.tag = "span"
    details.append(summary)
    control.text = None
    place = _place_of_reveal(control, target)
    place.addnext(details)
    details.tail, place.tail = place.tail, details.tail
    if place is control or not markup.fold(place.text_content()):
        place.tail = None
        drop(place)
    else:
        drop(control)
    move_into(details, target)
    _show(target)


def _place_of_reveal(control: lxml.html.HtmlElement, target: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """After what a reveal stands: the control's own heading or paragraph, all of which it may be."""
    place = control
    while place.tag not in _BLOCKS or place.tag == "p" or re.fullmatch("h[1-6]", place.tag):
        outer = place.getparent()
        is_whole = (
            outer is not None and not markup.fold(outer.text_content()) and outer.tag not in ("main", "body", "li")
        )
        inline = outer is not None and (outer.tag in ("p", "span", "label") or re.fullmatch("h[1-6]", outer.tag))
        if outer is None or is_within(target, outer) or not (inline or (is_whole and outer.tag == "div")):
            return place
        place = outer
    return place


def _show(target: lxml.html.HtmlElement) -> None:
    """What is revealed is hidden no more."""
    for name in ("hidden", "aria-hidden", "role"):
        target.attrib.pop(name, None)
    for strip in target.iterancestors():
        if strip.get("role") == "tablist":
            strip.attrib.pop("role")
    if target.tag in ("span", "dd", "li", "nav", "p", "td"):
        target.tag = "div"


def _role(control: lxml.html.HtmlElement, target: lxml.html.HtmlElement) -> str | None:
    """What the names of a control and of what it shows say of it."""
    names = " ".join((it.get("class") or "") + " " + (it.get("id") or "") for it in _near(control, target)).lower()
    return next((role for name, role in _ROLE_NAMES if name in names), None)


def _near(control: lxml.html.HtmlElement, target: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    yield control
    yield target
    for place in target.iterancestors():
        if "accordion" not in (place.get("class") or ""):
            return
        yield place
