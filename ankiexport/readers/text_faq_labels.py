"""Lines of a plain-text file → those that may begin a question, by their labels, and which of them count on."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ankiexport import words
from ankiexport.readers.text_blocks import Line

# "Subject: ", "Q", "Question #"
_WORD = re.compile(r"\s*(?P<word>(?:[^\W\d_]|[\u0900-\u0963])+)(?P<after>:\s+|\.(?=\d)|\s?[#№]?)")
# "1.", "2)", "1.3", "[4]", "B.1", "3-2)", "1、"
_NUMBER = re.compile(
    r"\s*(?P<open>[\[(]?)(?P<core>(?:(?P<letter>[A-Z])\.?)?\d{1,3}(?:[.-]\d{1,3}){0,4})(?P<close>[\])]?)"
    r"(?P<mark>[.:)．：、）]{0,2})(?P<gap>\s+(?:[-–—]\s+)?|(?=[^\x00-\x7f]))(?=\S)"
)
_MARK = re.compile(r"\s?[.:)：．、]\s*(?=\S)")
_ANSWER = re.compile(
    r"\s*(?P<word>(?:[^\W\d_]|[\u0900-\u0963])+)\.?\s?(?:\d{1,3}(?:\.\d{1,3})?)?\s?[.:)：．](?:\s+|$|(?=[^\x00-\x7f]))"
)
_RULE = re.compile(r"([-=~*_#+])\1{3,}$")
_SUBJECT = "subject"
_FARTHEST_IN = 2  # spaces: " 9." and "10."
_WIDEST_GAP = 10  # numbers that are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The label of a line: what word, how it is written, what number; `end` is where the text begins."""

    index: int  # of the line
    word: str
    style: str
    number: tuple[int, ...]
    end: int
    indent: int


def is_rule(line: Line) -> bool:
    return bool(_RULE.match(line.bare))


def answer_label(text: str) -> int:
    """Where the text of an answer begins after a label such as "A3:"; 0 without one."""
    match = _ANSWER.match(text)
    return match.end() if match and words.labels_answer(match["word"]) else 0


def parse_label(line: Line, index: int) -> Label | None:
    """The label that a line begins with."""
    word, at = "", 0
    match = _WORD.match(line.text)
    if match and match["word"].lower() == _SUBJECT and match["after"].strip() == ":":
        word, at = _SUBJECT, match.end()
    elif match and match["word"][0] == match["word"][0].upper() and words.labels_question(match["word"]):
        word, at = match["word"].lower(), match.end("word")
        at += len(match["after"]) if ":" not in match["after"] else 0
    number = _NUMBER.match(line.text, at)
    if number and not _is_label(number, bool(word)):
        number = None
    if number:
        numbers = tuple(int(part) for part in re.findall(r"\d+", number["core"]))
        numbers = (ord(number["letter"]) - ord("A") + 1, *numbers) if number["letter"] else numbers
        style = number["open"] + number["close"] if number["close"] else number["mark"][-1:]
        style = "." if not style and len(numbers) > 1 else style
        end = number.end()
    else:
        mark = _MARK.match(line.text, at) if word and word != _SUBJECT else None
        if not word or (word != _SUBJECT and not mark):
            return None
        numbers, style, end = (), "", mark.end() if mark else at
    return Label(index=index, word=word, style=style, number=numbers, end=end, indent=line.indent)


def _is_label(number: re.Match[str], worded: bool) -> bool:
    if bool(number["open"]) != bool(number["close"]) and number["open"]:
        return False
    if worded:
        return True
    return bool(number["close"] or number["mark"] or "." in number["core"])


def find_labels(lines: Sequence[Line], start: int) -> list[Label]:
    """The labels of questions: in lines that begin something, of the one style that the file has for them."""
    labels = [
        label
        for index, line in enumerate(lines)
        if index >= start and line.text and (label := parse_label(line, index)) and _may_begin(lines, label)
    ]
    subjects = [label for label in labels if label.word == _SUBJECT]
    if len(subjects) > 1:
        return subjects
    numbered = [label for label in labels if not label.word]
    worded = _worded(lines, [label for label in labels if label.word and label.word != _SUBJECT], len(numbered))
    until = worded[0].index if worded else len(lines)
    return [*_main_style(lines, _outermost([label for label in numbered if label.index < until])), *worded]


def _worded(lines: Sequence[Line], labels: Sequence[Label], numbered: int) -> list[Label]:
    """The labels with the word that a file has for its questions; none where they are few beside mere numbers."""
    answered = [label for label in labels if _is_answered(lines, label)]
    counts = Counter(label.word for label in answered)
    most = max(counts.values(), default=0)
    found = [label for label in answered if counts[label.word] * 5 >= most]
    return found if len(found) > 1 and len(found) * 4 >= numbered else []


def _may_begin(lines: Sequence[Line], label: Label) -> bool:
    above = lines[label.index - 1] if label.index else None
    if above is None or not above.text or is_rule(above) or label.word:
        return True
    return above.indent > label.indent or parse_label(above, label.index - 1) is not None


def _is_answered(lines: Sequence[Line], label: Label) -> bool:
    """A single letter is a question's label only where a label follows for the answer, or a number makes it sure."""
    if label.number or len(label.word) > 1:
        return True
    below = lines[label.index + 1 : label.index + 6]
    return any(answer_label(line.text) for line in below)


def _outermost(labels: Sequence[Label]) -> list[Label]:
    """Without those that are set in: they number the steps of an answer, or a list of contents."""
    least: dict[str, int] = {}
    for label in labels:
        least[label.style] = min(label.indent, least.get(label.style, label.indent))
    return [label for label in labels if label.indent <= least[label.style] + _FARTHEST_IN]


def _main_style(lines: Sequence[Line], labels: Sequence[Label]) -> list[Label]:
    """Those of the style that asks most, or else is there most, or else comes first."""
    counts: dict[str, list[int]] = {}
    for label in labels:
        count = counts.setdefault(label.style, [0, 0])
        count[0] += "?" in lines[label.index].text
        count[1] += 1
    if not counts:
        return []
    best = max(counts, key=lambda style: counts[style])
    return [label for label in labels if label.style == best]


def count_on(labels: Sequence[Label], headings: Sequence[int], lines: Sequence[Line]) -> Iterator[Label]:
    """Labels that count on from one to the next; others number something in an answer.

    `headings` are the lines after which a numbering may begin again.
    """
    if sum(len(label.number) > 1 for label in labels) * 2 > len(labels):
        yield from _longest_row(labels)
        return
    last_with = {label.number: at for at, label in enumerate(labels)}
    before: Label | None = None
    steps: tuple[int, ...] = ()  # the last number of a list in an answer
    passed = 0
    for at, label in enumerate(labels):
        headed = False
        while passed < len(headings) and headings[passed] <= label.index:
            headed, passed = True, passed + 1
        if not label.number or before is None or headed or label.word != before.word or not before.number:
            before, steps = label, ()
            yield label
            continue
        goes_on = follows(before.number, label.number)
        is_step = bool(steps) and label.number == (*steps[:-1], steps[-1] + 1)
        if is_step and goes_on:
            tight = bool(lines[label.index - 1].text)
            goes_on = "?" in lines[label.index].text or not (tight or last_with[label.number] > at)
        if goes_on:
            before, steps = label, ()
            yield label
        elif is_step or label.number[-1] == 1:
            steps = label.number


def _longest_row(labels: Sequence[Label]) -> list[Label]:
    """The longest row of labels that never goes back: it leaves out what only looks like one."""
    ends: list[tuple[int, ...]] = []  # the least number that a row of each length ends with
    places: list[int] = []  # and which label that is
    before: list[int | None] = []  # each label's predecessor in its row
    for at, label in enumerate(labels):
        length = bisect_left(ends, label.number)
        before.append(places[length - 1] if length else None)
        ends[length : length + 1] = [label.number]
        places[length : length + 1] = [at]
    row = []
    last = places[-1] if places else None
    while last is not None:
        row.append(labels[last])
        last = before[last]
    return row[::-1]


def follows(before: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Is this a number that may come after the other: 3 after 2, 2.1 after 1.7?"""
    for left, right in zip(before, number, strict=False):
        if left != right:
            return 0 < right - left <= _WIDEST_GAP
    return len(number) > len(before)
