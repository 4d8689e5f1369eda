"""Quizzes that a page draws with inputs, or marks in its classes → lists of boxes to tick: ☑ right, ☐ wrong."""

from collections.abc import Sequence

import lxml.etree
import lxml.html

from ankiexport import markup
from ankiexport.readers.tree import classes_of, drop, upwards

_RIGHT_CLASSES = frozenset(
    "correct correct-answer correct-option correct-choice correctanswer correct_answer"
    " is-correct iscorrect answer-correct right-answer right-option right_answer"
    " option-correct choice-correct quiz-correct".split()
)
_RIGHT_DATA = frozenset(
    "data-correct data-is-correct data-iscorrect data-right data-correct-answer"
    " data-answer-correct data-is-answer".split()
)
_YES = frozenset(["", "true", "1", "yes", "correct", "right"])  # the attribute alone says it, too
_RIGHT_VALUES = frozenset(["answer", "correct", "right"])  # of an input or an `<option>`
_OPTION_TAGS = frozenset("dd div label li option p".split())
_TICKED, _UNTICKED = "☑ ", "☐ "
_MOST = 8
_HIGHEST = 4  # how far above its input an option's own element may be


def level_choices(main: lxml.html.HtmlElement) -> None:
    """Turns the options of each question whose right one the page's code marks into a list of boxes."""
    _level_feedback(main)
    for choice in list(main.iter("select")):
        _level_select(choice)
    forms = []
    for group in _groups_of_inputs(main):
        forms.extend(_level_inputs(group))
    for element in list(main.iter(*_OPTION_TAGS)):
        if _is_marked(element) and element.getparent() is not None and element.tag != "option":
            forms.extend(_level_siblings(element))
    for form in forms:
        form.tag = "div"
        for legend in form.iter("legend"):
            legend.tag = "p"


def _level_feedback(main: lxml.html.HtmlElement) -> None:
    """What a list says of each option in an item of its own: of the right one it is the reason, below the list."""
    for item in list(main.iter("li")):
        if "feedback" not in (item.get("data-component"), *classes_of(item)):
            continue
        option, options = item.getprevious(), item.getparent()
        if option is not None and _is_marked(option):
            item.tag = "div"
            item.tail = None
            options.addnext(item)
        else:
            drop(item)
    for options in list(main.iter("ul", "ol")):
        for child in list(options):
            if child.tag == "li":
                break
            if any(_is_marked(item) for item in options.iterchildren("li")):
                child.tail = None
                options.addprevious(child)  # the question


def _is_marked(element: lxml.html.HtmlElement) -> bool:
    """Does an element say of itself that it is the right option?"""
    if not element.attrib:
        return False
    if not _RIGHT_CLASSES.isdisjoint(name.lower() for name in classes_of(element)):
        return True
    return any((element.get(name) or "").lower() in _YES for name in _RIGHT_DATA if name in element.attrib)


def _is_right(element: lxml.html.HtmlElement) -> bool:
    return _is_marked(element) or (element.get("value") or "").lower() in _RIGHT_VALUES


def _forms(element: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    return [place for place in upwards(element) if place.tag == "form"]


def _level_select(choice: lxml.html.HtmlElement) -> None:
    """A list to choose from goes below the paragraph that it stands in."""
    options = [option for option in choice.iter("option") if markup.fold(option.text_content())]
    rights = [_is_right(option) for option in options]
    if not 2 <= len(options) <= _MOST or sum(rights) != 1:
        return
    made = lxml.html.Element("ul")
    for option, right in zip(options, rights, strict=True):
        item = lxml.etree.SubElement(made, "li")
        item.text = (_TICKED if right else _UNTICKED) + markup.fold(option.text_content())
    place = next((outer for outer in choice.iterancestors("p")), None)
    for form in _forms(choice):
        form.tag = "div"
    if place is None:
        made.tail, choice.tail = choice.tail, None
        choice.addnext(made)
    else:
        made.tail, place.tail = place.tail, None
        place.addnext(made)
    drop(choice)


def _groups_of_inputs(main: lxml.html.HtmlElement) -> list[list[lxml.html.HtmlElement]]:
    """The radio buttons of a name, or the boxes of one, that stand together."""
    groups: dict[tuple[str, str, lxml.html.HtmlElement | None], list[lxml.html.HtmlElement]] = {}
    for box in main.iter("input"):
        kind = box.get("type")
        if kind in ("radio", "checkbox"):
            outer = next(box.iterancestors("fieldset", "ul", "ol", "form"), None)  # radio buttons are of their form
            groups.setdefault((kind, box.get("name") or "", outer), []).append(box)
    return list(groups.values())


def _level_inputs(boxes: Sequence[lxml.html.HtmlElement]) -> list[lxml.html.HtmlElement]:
    if not 2 <= len(boxes) <= _MOST:
        return []
    options = [_option_of(box) for box in boxes]
    rights = [
        _is_right(box) or _is_marked(option) or any(_is_marked(label) for label in option.iter("label"))
        for box, option in zip(boxes, options, strict=True)
    ]
    texts = [markup.fold(option.text_content()) for option in options]
    parents = {option.getparent() for option in options}
    if not any(rights) or all(rights) or not all(texts) or len(parents) != 1 or len(set(options)) < len(options):
        return []
    for box in boxes:
        drop(box)
    forms = _forms(options[0])
    _make_list(options, rights)
    return forms


def _option_of(box: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The element that holds a button and its words, and no other button."""
    best = box
    for outer in list(box.iterancestors())[:_HIGHEST]:
        if len(outer.xpath(".//input")) > 1 or outer.tag in ("form", "fieldset", "ul", "ol", "body", "main"):
            break
        best = outer
    return best


def _level_siblings(marked: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """An option that its class marks, with those beside it."""
    parent = marked.getparent()
    beside = [child for child in parent if child.tag == marked.tag]
    own = set(classes_of(marked))
    if marked.tag != "li":  # of other elements, those that are called the same
        beside = [child for child in beside if child is marked or own & set(classes_of(child)) or _is_told(child)]
    rights = [_is_marked(child) for child in beside]
    texts = [markup.fold(child.text_content()) for child in beside]
    if not 2 <= len(beside) <= _MOST or all(rights) or not all(texts):
        return []
    if any(text[0] in _TICKED + _UNTICKED for text in texts):
        return []
    forms = _forms(marked)
    _make_list(beside, rights)
    return forms


def _is_told(element: lxml.html.HtmlElement) -> bool:
    """Does an element say that it is wrong?"""
    return any(name in element.attrib for name in _RIGHT_DATA) or not {"wrong", "incorrect"}.isdisjoint(
        classes_of(element)
    )


def _make_list(options: Sequence[lxml.html.HtmlElement], rights: Sequence[bool]) -> None:
    """Options as the items of a list, each with its sign."""
    for option, right in zip(options, rights, strict=True):
        for inner in [option, *option.iter("input", "label", "p", "div")]:
            inner.attrib.pop("class", None)
            for name in _RIGHT_DATA:
                inner.attrib.pop(name, None)
        for inner in list(option.iter("input", "label")):
            if inner is not option:
                inner.drop_tag()
        first = next((inner for inner in option.iter("p", "div", "span") if inner is not option), None)
        place = first if first is not None and not (option.text or "").strip() else option
        place.text = (_TICKED if right else _UNTICKED) + (place.text or "").lstrip()
    if options[0].tag == "li":
        return
    made = lxml.html.Element("ul")
    options[0].addprevious(made)
    for option in options:
        option.tag, option.tail = "li", None
        made.append(option)
