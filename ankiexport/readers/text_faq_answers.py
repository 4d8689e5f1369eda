"""Labels in a plain-text file → each question and its answer, as lines.

What stands between a question and the next one, up to a heading or a rule, answers it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from ankiexport import words
from ankiexport.readers.text_blocks import LEAST_WIDTH, Line, joined
from ankiexport.readers.text_faq_headings import find_headings
from ankiexport.readers.text_faq_labels import Label, answer_label, count_on, follows, is_rule, parse_label

# Ends all: the mark before a signature, what an editor is told, "End of …"
_END = re.compile(r"--$|Local Variables:|\W{0,5}(?:End of|END OF)\b")
_HEADER = re.compile(r"[A-Z][\w-]*:\s")
_LEADERS = re.compile(r"[\s.·_]*\s\d*$")
_SIGNED = re.compile(r"^.{0,40}<\S+@\S+>$")
_WORDS = re.compile(r"\w+")
_LONGEST_QUESTION = 6  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and what answers it, as lines."""

    label: Label
    question: tuple[Line, ...]
    answer: tuple[Line, ...]
    left: Line | None = None  # what stands after the answer and is none

    @property
    def text(self) -> str:
        return joined(self.question)

    @property
    def asks(self) -> bool:
        return "?" in self.text or "？" in self.text or words.asks(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The lines of a file, and which of them (by index) are headings, with their text, or end an answer."""

    lines: tuple[Line, ...]
    headings: Mapping[int, str]
    stops: frozenset[int]

    def is_set_in(self, spans: Sequence[tuple[Label, int]]) -> bool:
        """Are answers set in under their questions, so that a line at the margin is none?"""
        told = []
        for label, end in spans:
            below = self.lines[label.index + 1 : min(end, label.index + 2 * _LONGEST_QUESTION)]
            after_blank = (line for above, line in pairwise(below) if line.text and not above.text)
            first = next(after_blank, None) or next((line for line in below if line.text), None)
            if first and not is_rule(first):
                told.append(first.indent > label.indent)
        return sum(told) * 10 >= len(told) * 9


def find_asked(lines: Sequence[Line], labels: Sequence[Label]) -> tuple[File, list[Asked]]:
    """The questions among what these labels begin, and the file with its headings."""
    labels = _without_contents(labels, lines)
    headings = find_headings(lines, {label.index for label in labels})
    labels = list(count_on(labels, sorted(headings), lines))
    sections = [one for one, following in pairwise(labels) if _heads(lines, one, following)]
    headings |= {one.index: lines[one.index].text[one.end :].strip() for one in sections}
    rules = {at for at, line in enumerate(lines) if is_rule(line)}
    file = File(lines=tuple(lines), headings=headings, stops=frozenset(headings.keys() | rules))
    return file, list(_asked(file, [label for label in labels if label.index not in headings]))


def _without_contents(labels: Sequence[Label], lines: Sequence[Line]) -> list[Label]:
    """Without the list of contents, which says again, or in other words, what is asked below."""
    again = next((at for at, label in enumerate(labels) if at and label.number == labels[0].number), 0)
    bare = sum(_is_bare(lines, label, following) for label, following in pairwise(labels[: again + 1]))
    if labels[0].number and again > 1 and bare * 5 >= again * 4:
        labels = labels[again:]
    texts = []
    for label, following in zip_longest(labels, labels[1:]):
        end = following.index if following else len(lines)
        texts.append(_folded(joined(_head(lines, label, end))))
    last = {text: at for at, text in enumerate(texts)}
    return [label for at, (label, text) in enumerate(zip(labels, texts, strict=True)) if last[text] == at]


def _is_bare(lines: Sequence[Line], label: Label, following: Label) -> bool:
    """Does nothing stand between a label and the next one?"""
    below = lines[label.index + len(_head(lines, label, following.index)) : following.index]
    return not any(line.text and not is_rule(line) for line in below)


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(_LEADERS.sub("", text).casefold()))


def _heads(lines: Sequence[Line], label: Label, following: Label) -> bool:
    """Is "2. Building" the heading of "2.1 Where …"? A question with an answer of its own is none."""
    asks = "?" in joined(_head(lines, label, following.index))
    if asks and not _is_bare(lines, label, following):
        return False
    number = label.number[:-1] if label.number[-1:] == (0,) and not asks else label.number
    return 0 < len(number) < len(following.number) and following.number[: len(number)] == number


def _head(lines: Sequence[Line], label: Label, end: int) -> list[Line]:
    """The lines from a label on, up to a blank line, a rule or a label of the answer."""
    first = lines[label.index]
    head = [first._replace(text=first.text[label.end :])]
    for line in lines[label.index + 1 : min(end, label.index + _LONGEST_QUESTION)]:
        if not line.text or is_rule(line) or answer_label(line.text) or _counts_on(label, line):
            break
        head.append(line)
    return head


def _asked(file: File, labels: Sequence[Label]) -> Iterator[Asked]:
    """Each question with its answer."""
    ends = sorted({*file.headings, *(label.index for label in labels), len(file.lines)})
    following = dict(pairwise(ends))
    spans = [(label, following[label.index]) for label in labels]
    tight, set_in = _are_tight(file, spans), file.is_set_in(spans)
    for label, end in spans:
        margin = label.indent if set_in else -1
        head = _head(file.lines, label, end)
        answer, left = _answer(file, label.index + len(head), end, margin)
        if len(head) > 1 and (tight or not answer):
            head = head[: _cut(head)]
            answer, left = _answer(file, label.index + len(head), end, margin)
        if label.word == "subject":
            head = head[:1] + [line for line in head[1:] if not _HEADER.match(line.text)]
        yield Asked(label=label, question=tuple(head), answer=tuple(_without_label(answer)), left=left)


def _counts_on(label: Label, line: Line) -> bool:
    """Does this line, set in under a heading in a list of contents, have the next number?"""
    following = parse_label(line, 0)
    return following is not None and bool(label.number) and follows(label.number, following.number)


def _are_tight(file: File, spans: Sequence[tuple[Label, int]]) -> bool:
    """Do answers begin right under their questions, with no blank line?"""
    votes = 0
    for label, end in spans:
        head = _head(file.lines, label, end)
        after = label.index + len(head)
        if len(head) == 1:
            votes -= after < end and not file.lines[after].text
        elif any(line.text.endswith(("?", "？")) for line in head[:-1]) and not head[-1].text.endswith(("?", "？")):
            votes += 1
    return votes > 0


def _cut(head: Sequence[Line]) -> int:
    """How many of these lines ask, where the answer follows with no blank line."""
    width = max(LEAST_WIDTH, max(len(line.text) for line in head))
    for at, (line, below) in enumerate(pairwise(head), 1):
        wraps = len(line.text) + 1 + len(below.first_word) > width
        if line.text.endswith(("?", "？", ":")) or (not wraps and not any("?" in one.text for one in head)):
            return at
    return len(head)


def _answer(file: File, start: int, end: int, margin: int) -> tuple[tuple[Line, ...], Line | None]:
    """The lines up to a rule that parts, or what begins at the margin, and the line that was no answer any more.

    A rule right under the question is its own.
    """
    if start < end and is_rule(file.lines[start]):
        start += 1
    stop = next((at for at in range(start, end) if at in file.stops or _ends_answer(file.lines, at, margin)), end)
    left = file.lines[stop] if stop < end < len(file.lines) and stop not in file.stops else None
    while start < stop and (not file.lines[stop - 1].text or _is_tail(file.lines, stop - 1, start)):
        stop -= 1
    return file.lines[start:stop], left


def _ends_answer(lines: Sequence[Line], at: int, margin: int) -> bool:
    line = lines[at]
    at_margin = bool(line.text) and line.indent <= margin and not lines[at - 1].text and not answer_label(line.text)
    return at_margin or (bool(_END.match(line.text)) and not lines[at - 1].text)


def _is_tail(lines: Sequence[Line], at: int, start: int) -> bool:
    """Does a line alone at the end announce what comes next, or sign the file?"""
    if at == start or lines[at - 1].text:
        return False
    return lines[at].text.endswith(":") or bool(_SIGNED.search(lines[at].text))


def _without_label(answer: Sequence[Line]) -> Sequence[Line]:
    """An answer without "A3:" before it."""
    first = next((at for at, line in enumerate(answer) if line.text), None)
    if first is None:
        return ()
    end = answer_label(answer[first].text)
    if not end:
        return answer[first:]
    text = answer[first].text[end:]
    below = answer[first + 1 :]
    under = next((line.indent for line in below[:1] if line.text), None)
    rest = min((line.indent for line in below if line.text), default=0)
    own = [answer[first]._replace(text=" " * (rest if under is None else under) + text)] if text else []
    return [*own, *below]
