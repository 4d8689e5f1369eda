"""Lines of a plain-text FAQ whose questions have no labels → where they begin: underlined, with a bullet, or asking."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ankiexport import words
from ankiexport.readers.text_blocks import Line, joined
from ankiexport.readers.text_faq_labels import Label, is_rule, parse_label

_BULLET = re.compile(r"\s*(?P<sign>[-*+•>#]{1,3})\s+(?=\S)")
_LEAST = 2
_LONGEST = 4  # lines of a question
_SHORT = 2  # characters
_SET_OFF = ("underlined", "capitals")  # which tell that a line asks though it does not end so
_STYLE = "?"


def find_asking(lines: Sequence[Line], start: int) -> list[Label]:
    """The questions that are set in the one way that the file has for them."""
    forms: dict[str, list[tuple[Label, bool]]] = defaultdict(list)
    for index in range(start, len(lines)):
        if lines[index].text and not is_rule(lines[index]) and _begins(lines, index):
            form, label, asks = _form(lines, index)
            forms[form].append((label, asks))
    best = max(forms.values(), key=lambda group: sum(asks for _, asks in group), default=[])
    asking = [label for label, asks in best if asks]
    if len(asking) < _LEAST:
        return []
    set_off = any(best is forms.get(form) for form in _SET_OFF)
    return [label for label, _ in best] if set_off and len(asking) * 2 >= len(best) else asking


def _begins(lines: Sequence[Line], index: int) -> bool:
    above = lines[index - 1] if index else None
    return above is None or not above.text or is_rule(above)


def _form(lines: Sequence[Line], index: int) -> tuple[str, Label, bool]:
    """How a paragraph is set, the label that it would have, and whether it asks."""
    line = lines[index]
    own = list(_paragraph(lines, index))
    below = lines[index + len(own)] if index + len(own) < len(lines) else None
    bullet, worded = _BULLET.match(line.text), parse_label(line, index)
    if below is not None and is_rule(below) and below.indent == line.indent:
        form = "underlined"
    elif line.bare.isupper() and len(line.bare) > _SHORT:
        form = "capitals"
    else:
        form = f"{bullet['sign'] if bullet else ''} {line.indent}"
    end = worded.end if worded and worded.word else bullet.end() if bullet else 0
    label = Label(index=index, word="", style=_STYLE, number=(), end=end, indent=line.indent)
    ends = (words.is_question(joined(own[:count])) for count in range(1, len(own) + 1))
    return form, label, any(ends)


def _paragraph(lines: Sequence[Line], index: int) -> Iterator[Line]:
    for line in lines[index : index + _LONGEST]:
        if not line.text or is_rule(line):
            return
        yield line
