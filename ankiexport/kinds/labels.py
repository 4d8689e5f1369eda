"""Labels of questions, parts and answers: `A.`, `(b)`, `3.`, `Step 1.`, `Scenario C —`; in a key `A, C:`, `B -> 2`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ankiexport.model import Block

_ROMAN = {numeral: value for value, numeral in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)}
CORE = r"(?:\d{1,3}|[A-Za-z]|[ivx]{2,4}|[IVX]{2,4})"
_WORD = r"[A-Z][a-zäöüéèñ]+"

# A part's label: "A. ", "(a) ", "b) ", "3: ", "Step 1. ", "Scenario A — ", "Q2. "; "Part B" alone on its line
_LABEL = re.compile(
    rf"(?:(?P<word>{_WORD})[ ]|(?P<q>Q)[ ]?|\#)?"
    rf"(?:\((?P<inner>{CORE})\)[.:]?|\[(?P<square>{CORE})\]|(?P<core>{CORE})(?P<end>\s?[.):]|\s+[—–-](?=\s)|(?=\s*$)))"
    r"(?:\s+|$)"
)
# "Part A", "A", "(b):" and nothing else: a label as a heading or bold line of its own
_LONE = re.compile(rf"(?:(?P<word>{_WORD})\s+)?\(?(?P<first>{CORE})\)?\s*[.:]?\s*$")

# What joins labels in a key: "A, C", "A and D", "B/E", "1–3", "A to C"
_JOINT = r"(?:\s*,\s*(?:and|or)\s+|\s+(?:and|or|through|to)\s+|\s*[,/&+–-]\s*)"
_JOINED = re.compile(rf"(?P<joint>{_JOINT})\(?(?P<core>{CORE})\)?(?![\w'’])")
_RANGE = re.compile(r"\s*(?:[–-]|through|to)\s*")
# What opens an answer in a key: "A: ", "A -> 2: ", "(b) ", "A, C: ", "Parts A and C — ", "B (tricky): "
_KEY = re.compile(
    rf"(?:Answers?\s+(?:to\s+)?|For\s+)?(?:(?P<word>{_WORD})\s+)?\(?(?P<first>{CORE})\)?(?![\w'’])"
    rf"(?P<more>(?:{_JOINT}\(?{CORE}\)?(?![\w'’]))*)"
    r"(?:\s*(?:->|=>|→|⇒|⟶|=)\s*|\s?[.:)](?=\s|$)\s*|\s+[—–-]\s+|\s+(?=\())"
)
_KEY_PAREN = re.compile(rf"\((?P<first>{CORE})\)\s+")
# "A is …", "A, in scope": counts only where every part has one
_BARE_KEY = re.compile(rf"(?:(?P<word>{_WORD})\s+)?(?P<first>{CORE})(?:\s+(?=\S)|,\s+(?!{CORE}\b))")
_PAIRING = re.compile(r"\)?\s*[–—-]\s*(?=\w)")
# Counted things that an answer speaks of: "Figure 2: …" under the answer to part 2 is no label
_OTHER_COUNTS = frozenset({"Figure", "Table", "Chapter", "Lesson", "Section", "Line", "Layer", "Thread", "Phase"})
_MOST_STRAYS = 3  # labels in a key beyond the last part that still count as labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label at the start of a text. `end` is how many characters of the text it takes."""

    word: str
    core: str
    end: int

    @property
    def text(self) -> str:
        """As a reader would say it: `A`, `Step 1`."""
        return f"{self.word} {self.core}" if self.word and self.word != "Q" else self.core

    @property
    def values(self) -> Mapping[str, int]:
        """Its place in each way of counting that it fits: `i` is the first numeral and the ninth letter."""
        return _values_of(self.core)

    @property
    def is_mere_number(self) -> bool:
        """A number without a word: any list has such labels."""
        return not self.word and self.core.isdigit()

    @property
    def value(self) -> int:
        """Its place in the likeliest way of counting."""
        return min(self.values.values(), default=0)


@lru_cache(maxsize=256)
def _values_of(core: str) -> Mapping[str, int]:
    if core.isdigit():
        return {"number": int(core)}
    case = "upper" if core.isupper() else "lower"
    lower = core.lower()
    values = {f"{case} roman": _ROMAN[lower]} if lower in _ROMAN else {}
    if len(lower) == 1:
        values[case] = ord(lower) - ord("a") + 1
    return values


def parse_label(text: str) -> Label | None:
    """The label that a part begins with."""
    match = _LABEL.match(text)
    if not match:
        return None
    core = match["inner"] or match["square"] or match["core"]
    word = match["word"] or match["q"] or ""
    if not word and match["end"] is not None and not match["end"].strip():
        return None  # a bare letter or number on its own line
    return Label(word=word, core=core, end=match.end())


def parse_lone_label(text: str) -> Label | None:
    """The label that a text is and nothing else."""
    match = _LONE.match(text)
    return Label(word=match["word"] or "", core=match["first"], end=match.end()) if match else None


def block_label(block: Block) -> Label | None:
    """The label of a paragraph, heading or quote; a heading may be a bare `A`."""
    if block.tag not in ("paragraph", "heading", "quote"):
        return None
    return parse_label(block.text) or (parse_lone_label(block.text) if block.tag == "heading" else None)


def question_number(block: Block) -> Label | None:
    """The number of a question: `3.`, `Q3.`, `Question 3:`; an ordered list of one item is such a question too."""
    if block.tag == "list" and len(block.children) == 1 and block.children[0].number is not None:
        return Label(word="", core=str(block.children[0].number), end=0)
    label = parse_label(block.text) if block.tag in ("paragraph", "heading") else None
    return label if label and label.core.isdigit() and label.word in ("", "Q", "Question") else None


def may_open_answer(line: str) -> bool:
    """Could a line of a code block begin an answer, or a part?"""
    return any(pattern.match(line) for pattern in (_LABEL, _KEY, _KEY_PAREN, _BARE_KEY))


def parse_key(text: str, parts: Sequence[Label], *, bare: bool) -> tuple[Label, ...]:
    """The labels that a piece of a key opens with, all of the parts' way of counting; empty if it opens with none.

    `bare` takes a label without a mark after it (`A is …`) too.
    """
    match = _LONE.match(text) or _KEY.match(text) or _KEY_PAREN.match(text) or (_BARE_KEY.match(text) if bare else None)
    if not match:
        return ()
    groups = match.groupdict()
    word = _singular(groups.get("word") or "", parts)
    labels = tuple(
        Label(word=word, core=core, end=match.end()) for core in _cores(groups["first"], groups.get("more") or "")
    )
    if all(fits(label, parts) for label in labels):
        return labels
    pairing = _PAIRING.match(text, match.end("first"))  # "A-2: …" pairs A with 2, it is no range
    if pairing and fits(labels[0], parts):
        return (replace(labels[0], end=pairing.end()),)
    return ()


def fits(label: Label, parts: Sequence[Label]) -> bool:
    """Is this a label of the parts' way of counting, case aside, near their own and not one of another word?"""
    styles = {style.replace("lower", "upper") for part in parts for style in part.values}
    values = [value for style, value in label.values.items() if style.replace("lower", "upper") in styles]
    words = {part.word for part in parts if part.word}
    foreign = label.word and (label.word not in words if words else label.word in _OTHER_COUNTS)
    last = max((part.value for part in parts), default=0)
    return bool(values) and min(values) <= last + _MOST_STRAYS and not foreign


def _singular(word: str, parts: Sequence[Label]) -> str:
    """`Steps 2 and 3` speaks of parts such as `Step 2`."""
    return word[:-1] if word.endswith("s") and any(part.word == word[:-1] for part in parts) else word


def _cores(first: str, more: str) -> list[str]:
    """`A`, `, C` → A, C; `A`, `–C` → A, B, C."""
    cores = [first]
    for match in _JOINED.finditer(more):
        last, label = Label(word="", core=cores[-1], end=0), Label(word="", core=match["core"], end=0)
        style = next((style for style in last.values if style in label.values), None)
        if style in ("number", "upper", "lower") and _RANGE.fullmatch(match["joint"]):
            start = last.core
            for step in range(1, label.values[style] - last.values[style]):
                cores.append(str(int(start) + step) if style == "number" else chr(ord(start) + step))
        cores.append(match["core"])
    return cores
