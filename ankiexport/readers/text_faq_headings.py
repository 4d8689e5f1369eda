"""Lines of a plain-text file → its title, and the headings of its sections."""

import re
from collections.abc import Sequence, Set

from ankiexport import words
from ankiexport.readers.text_blocks import Line
from ankiexport.readers.text_faq_labels import is_rule

_HEADER = re.compile(r"[A-Za-z][\w-]*:(?:\s|$)")
_SUBJECT = re.compile(r"Subject:\s*(?:\[[^\]]*\]\s*)?(.*)")
# "PART II - …", "Section 3: …"
_PART = re.compile(r"(?:part|section|chapter|teil|abschnitt|kapitel|partie|parte|часть|раздел)\s+[\dIVXA-Z]+\b", re.I)
_WORD = re.compile(r"[^\W\d_]{2}")
# "== Section =="
_SIGNED = re.compile(r"([=*~#+-]{2,})\s+(?P<text>\w.*?)\s+\1$")
_COLUMN = re.compile(r"\s{3,}")
_LONGEST_HEADING = 70
_MOST_HEADER_LINES = 60
_TITLE_WITHIN = 30  # lines
_FIRST_LINES = 3  # of which one may be the title though nothing sets it off
_LONGEST_TITLE = 50
_CENTRED = 6  # spaces


def header_end(lines: Sequence[Line]) -> int:
    """The line after the header of a posting; 0 without one."""
    filled = next((at for at, line in enumerate(lines) if line.text), 0)
    at = filled
    while at < len(lines) and at < _MOST_HEADER_LINES and lines[at].text:
        if not _HEADER.match(lines[at].text) and not (at > filled and lines[at].indent):
            return 0
        at += 1
    return at if at - filled > 2 else 0


def find_title(lines: Sequence[Line], start: int) -> str | None:
    """The title that says what the file is, or else its first line."""
    for line in lines[:start]:
        if subject := _SUBJECT.match(line.text):
            return subject[1].strip() or None
    shown = [
        (at, line) for at, line in enumerate(lines) if line.text and not is_rule(line) and line.at <= _TITLE_WITHIN
    ]
    for count, (at, line) in enumerate(shown):
        below = lines[at + 1] if at + 1 < len(lines) else line
        set_off = count < _FIRST_LINES or line.indent >= _CENTRED or is_rule(below) or _is_alone(lines, at)
        if set_off and not line.text.endswith((".", ",", ";")) and words.names_faq(line.text):
            return _COLUMN.split(line.bare)[0]
    first = next((line for _, line in shown if _WORD.search(line.text)), None)
    return _COLUMN.split(first.bare)[0] if first else None


def _is_alone(lines: Sequence[Line], at: int) -> bool:
    """Does a title stand alone below what is drawn with signs?"""
    above, below = lines[max(0, at - 1)].text, lines[min(at + 1, len(lines) - 1)].text
    return not above and not below and len(lines[at].text) <= _LONGEST_TITLE


def find_headings(lines: Sequence[Line], labelled: Set[int]) -> dict[int, str]:
    """The headings of sections by the index of their lines: underlined, or set off by place or signs."""
    found = {}
    for at, line in enumerate(lines):
        if not line.text or at in labelled or is_rule(line) or len(line.bare) > _LONGEST_HEADING:
            continue
        if signed := _SIGNED.match(line.bare):
            found[at] = signed["text"]
            continue
        above = lines[at - 1] if at else None
        below = lines[at + 1] if at + 1 < len(lines) else None
        if above is not None and above.text and not is_rule(above):
            continue
        underlined = below is not None and _underlines(below, line, overlined=above is not None and is_rule(above))
        alone = below is None or not below.text
        if underlined or words.is_faq_matter(line.bare) or (alone and _is_heading(lines, at, labelled)):
            found[at] = line.bare
    return found


def _underlines(rule: Line, line: Line, *, overlined: bool) -> bool:
    """Is this the rule under a heading, about as long as that, and not one that parts a paragraph from what follows?"""
    if not is_rule(rule) or rule.indent != line.indent:
        return False
    return overlined or (len(rule.bare) <= 2 * len(line.bare) and not line.text.endswith("."))


def _is_heading(lines: Sequence[Line], at: int, labelled: Set[int]) -> bool:
    """A line that stands alone at the margin: in capitals, as a part, or right above a question."""
    text = lines[at].bare
    if lines[at].indent or text.endswith((".", ":", ",", ";", "!", "?")):
        return False
    if _PART.match(text) or (text.isupper() and len(text) > 4):
        return True
    following = next((i for i in range(at + 1, min(at + 5, len(lines))) if lines[i].text), None)
    before = next((i for i in range(at - 1, max(at - 5, -1), -1) if lines[i].text), None)
    introduced = before is not None and lines[before].text.endswith(":")
    return following in labelled and before not in labelled and text[:1].isupper() and not introduced
