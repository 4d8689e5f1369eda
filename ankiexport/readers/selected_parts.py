"""Parts of a question and of its answer, found by selectors → the same with labels that the finders can pair."""

import re
from collections.abc import Collection, Sequence

from lxml.html import HtmlElement

from ankiexport import markup
from ankiexport.kinds.labels import parse_label

# A label that the finders know: "B", "12"
_KNOWN = re.compile(r"[A-Za-z]|[1-9]\d?")
_AROUND = " ().:[]"


def label_parts(
    question: Sequence[HtmlElement], answer: Sequence[HtmlElement], labels: Collection[HtmlElement]
) -> list[HtmlElement]:
    """Writes the label of each part before its text; parts without labels go by their order.

    Returns the parts of the answer that no part of the question goes with.
    """
    names = [_name(part, labels) or str(at) for at, part in enumerate(question, 1)]
    is_known = len(set(names)) == len(names) and all(map(_KNOWN.fullmatch, names))
    shown = {name: name if is_known else str(at) for at, name in enumerate(names, 1)}
    for part, name in zip(question, names, strict=True):
        _write(part, shown[name], labels)
    left = []
    for at, part in enumerate(answer, 1):
        name = _name(part, labels) or str(at)
        if name in shown:
            _write(part, shown[name], labels)
        else:
            left.append(part)
    return left


def _name(part: HtmlElement, labels: Collection[HtmlElement]) -> str:
    """What a part is called, by the element that the author says names it, or else by its first word."""
    marked = next((inner for inner in part.iter() if inner in labels), None)
    if marked is not None:
        return markup.fold(marked.text_content()).strip(_AROUND).lower()
    label = parse_label(markup.fold(part.text_content()))
    return label.core.lower() if label else ""


def _write(part: HtmlElement, label: str, labels: Collection[HtmlElement]) -> None:
    """Puts the label before the first text of a part, unless it stands there."""
    text = markup.fold(part.text_content())
    own = parse_label(text)
    if own and own.core.lower() == label and not any(inner in labels for inner in part.iter()):
        return
    place = part
    while not (place.text or "").strip() and len(place) and place[0] not in labels and isinstance(place[0].tag, str):
        if not re.fullmatch(r"div|p|section|span", place[0].tag):
            break
        place = place[0]
    place.text = f"{label.upper() if label.isalpha() else label}. {(place.text or '').lstrip()}"
