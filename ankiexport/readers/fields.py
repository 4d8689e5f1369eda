"""Fields that a page checks itself: what belongs into them, which only an attribute says → a gap and a reveal."""

import json

import lxml.etree
import lxml.html

from ankiexport import markup, words
from ankiexport.markup import ROLE, SHAPE
from ankiexport.readers.tree import made_at, replace_by_text, text_before

_GAP = "_____"
_ANSWERS = ("data-answer", "data-answers", "data-solution", "data-correct-answer")
_RIGHT_VALUES = frozenset(["answer", "correct", "right", "true"])
_BLOCKS = ("li", "p", "td", "dd", "div", "section", "body")


def level_fields(main: lxml.html.HtmlElement) -> None:
    """A field to fill in, or to choose in, becomes a gap; what belongs there is revealed after its paragraph."""
    answers: dict[lxml.html.HtmlElement, list[str]] = {}
    for field in list(main.iter("input", "select")):
        answer = _chosen(field) if field.tag == "select" and _is_in_text(field) else _written(field)
        if answer is None:
            continue
        block = next(place for place in field.iterancestors() if place.tag in _BLOCKS or place is main)
        answers.setdefault(block, []).append(answer)
        replace_by_text(field, _options(field) if field.tag == "select" else _GAP)
    for block, said in answers.items():
        details = made_at(block, "details", **{ROLE: "answer", SHAPE: "field"})
        lxml.etree.SubElement(details, "p").text = "; ".join(said)
        if block.tag == "p":
            block.addnext(details)
            details.tail, block.tail = block.tail, None
        else:
            block.append(details)


def _is_in_text(field: lxml.html.HtmlElement) -> bool:
    """Does a field stand in a sentence, and is it not a question's list of options?"""
    text = text_before(field)
    return bool(text.strip()) and not words.is_question(text)


def _written(field: lxml.html.HtmlElement) -> str | None:
    """What is to be written into a field: one of several, the first of which is the usual one."""
    if field.tag != "input" or field.get("type", "text") not in ("text", "number"):
        return None
    said = next(filter(None, map(field.get, _ANSWERS)), None)
    if said is None:
        return None
    accepted = [said]
    if said.lstrip().startswith(("[", '"')):
        try:
            known = json.loads(said, parse_float=str, parse_int=str)  # "1.50" stays as it is written
        except (ValueError, RecursionError):
            known = said
        accepted = known if isinstance(known, list) else [known]
    return ", or ".join(markup.fold(str(one)) for one in accepted) or None


def _chosen(field: lxml.html.HtmlElement) -> str | None:
    right = [option for option in field.iter("option") if _is_right(option)]
    return markup.fold(right[0].text_content()) if len(right) == 1 else None


def _is_right(option: lxml.html.HtmlElement) -> bool:
    return (option.get("value") or "").lower() in _RIGHT_VALUES or option.get("data-correct") in ("true", "1", "")


def _options(field: lxml.html.HtmlElement) -> str:
    """The options of a field, as one reads them aloud: "[major / minor]"."""
    options = [markup.fold(option.text_content()) for option in field.iter("option")]
    return f"[{' / '.join(option for option in options if option)}]"
