"""A plain-text file of frequent questions → blocks: sections, and a reveal for each question with its answer.

Labels tell where questions begin. What stands between a question and the next, up to a heading or a rule, answers it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from ankiexport import words
from ankiexport.model import Block, Document, Location, Problem, Source
from ankiexport.readers import quiz_blocks
from ankiexport.readers.text_blocks import Line, blocks_of, joined, lines_of
from ankiexport.readers.text_faq_headings import find_headings, find_title, header_end
from ankiexport.readers.text_faq_labels import Label, answer_label, count_on, find_labels, follows, is_rule, parse_label

# Ends all: the mark before a signature, what an editor is told, "End of …"
_END = re.compile(r"--$|Local Variables:|\W{0,5}(?:End of|END OF)\b")
_HEADER = re.compile(r"[A-Z][\w-]*:\s")
_LEADERS = re.compile(r"[\s.·_]*\s\d*$")
_SIGNED = re.compile(r"^.{0,40}<\S+@\S+>$")
_WORDS = re.compile(r"\w+")
_POINTS = re.compile(r"[\[(]\s?\d+\s?(?:points?|marks?|pts?|punkte?|p)\b|_{5,}|\.{6,}", re.I)
_OPTION = re.compile(r"\s*[\[(]?[aAbB1][.)\]]\s|\s*[\[(]\s?[\])]\s")
_TITLED_SHARE = 0.25  # of the questions that must ask where the title says what the file is
_LEAST_QUESTIONS = 2
_LEAST_UNTITLED = 5
_LONGEST_QUESTION = 6  # lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
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
class _File:
    """The lines of a file, and which of them (by index) are headings, with their text, or end an answer."""

    lines: tuple[Line, ...]
    headings: Mapping[int, str]
    stops: frozenset[int]

    def is_set_in(self, labels: Sequence[Label]) -> bool:
        """Are answers set in under their questions, so that a line at the margin is none?"""
        below = [(label, self.lines[label.index + 1 : label.index + _LONGEST_QUESTION]) for label in labels]
        last = [(label, [line for line in lines if line.text][-1:]) for label, lines in below]
        told = [line.indent > label.indent for label, lines in last for line in lines]
        return sum(told) * 10 >= len(told) * 9


def read(source: Source) -> Document | None:
    """Reads a file of frequent questions; None if the text is none."""
    lines = lines_of(source)
    start = header_end(lines)
    labels = find_labels(lines, start)
    if len(labels) < _LEAST_QUESTIONS or _is_dump(lines):
        return None
    title = find_title(lines, start)
    is_titled = words.names_faq(title or "") or words.names_faq(re.sub(r"[\W_]+", " ", source.name.rpartition("/")[2]))
    labels = _without_contents(labels, lines)
    headings = find_headings(lines, {label.index for label in labels})
    labels = list(count_on(labels, sorted(headings), lines))
    sections = [one for one, following in pairwise(labels) if _heads(lines, one, following)]
    headings |= {one.index: lines[one.index].text[one.end :].strip() for one in sections}
    labels = [label for label in labels if label.index not in headings]
    rules = {at for at, line in enumerate(lines) if is_rule(line)}
    file = _File(lines=tuple(lines), headings=headings, stops=frozenset(headings.keys() | rules))
    asked = list(_asked(file, labels))
    if not (_is_titled_faq(asked) if is_titled else _is_plain_faq(asked)):
        return None
    return _document(file, asked, title, source.name)


def _is_dump(lines: Sequence[Line]) -> bool:
    """Has the file a line that shows an answer, as the dump of a page has?"""
    return any(
        len(line.text) <= 60 and words.only_shows(line.bare) and words.is_lone_answer(line.bare) for line in lines
    )


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
    """Is "2. Building" the heading of "2.1 Where …", or "2.0 Building"? A question with an answer of its own is none."""
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


def _asked(file: _File, labels: Sequence[Label]) -> Iterator[_Asked]:
    """Each question with its answer."""
    ends = sorted({*file.headings, *(label.index for label in labels), len(file.lines)})
    following = dict(pairwise(ends))
    spans = [(label, following[label.index]) for label in labels]
    tight, set_in = _are_tight(file, spans), file.is_set_in(labels)
    for label, end in spans:
        margin = label.indent if set_in else -1
        head = _head(file.lines, label, end)
        answer, left = _answer(file, label.index + len(head), end, margin)
        if len(head) > 1 and (tight or not answer):
            head = head[: _cut(head)]
            answer, left = _answer(file, label.index + len(head), end, margin)
        if label.word == "subject":
            head = head[:1] + [line for line in head[1:] if not _HEADER.match(line.text)]
        yield _Asked(label=label, question=tuple(head), answer=tuple(_without_label(answer)), left=left)


def _counts_on(label: Label, line: Line) -> bool:
    """Does this line, set in under a heading in a list of contents, have the next number?"""
    following = parse_label(line, 0)
    return following is not None and bool(label.number) and follows(label.number, following.number)


def _are_tight(file: _File, spans: Sequence[tuple[Label, int]]) -> bool:
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
    width = max(len(line.text) for line in head)
    for at, (line, below) in enumerate(pairwise(head), 1):
        wraps = len(line.text) + 1 + len(below.bare.split()[0]) > width
        if line.text.endswith(("?", "？", ":")) or (not wraps and not any("?" in one.text for one in head)):
            return at
    return len(head)


def _answer(file: _File, start: int, end: int, margin: int) -> tuple[tuple[Line, ...], Line | None]:
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


def _is_titled_faq(asked: Sequence[_Asked]) -> bool:
    """Do the questions ask, where the title has said that they do?"""
    answered = [one for one in asked if one.answer]
    share = sum(one.asks for one in asked) / max(1, len(asked))
    return len(answered) >= _LEAST_QUESTIONS and len(answered) * 2 > len(asked) and share >= _TITLED_SHARE


def _is_plain_faq(asked: Sequence[_Asked]) -> bool:
    """With no such title: does every label ask, does every answer tell, and do some say yes or no?"""
    if len(asked) < _LEAST_UNTITLED or not all(one.text.endswith(("?", "？")) and one.answer for one in asked):
        return False
    texts = [joined(one.answer) for one in asked]
    tells = all(map(_tells, asked, texts))
    return tells and sum(words.opens_with_verdict(text) is not None for text in texts) > 1


def _tells(asked: _Asked, text: str) -> bool:
    """Is this an answer, and not more of the question, its options or room to write?"""
    if text.endswith(("?", "？", ":")) or _POINTS.search(text) or words.prompt_likeness(text) >= words.SURE_PROMPT:
        return False
    return not any(_OPTION.match(line.text) for line in asked.answer)


def _document(file: _File, asked: Sequence[_Asked], title: str | None, name: str) -> Document:
    blocks = {
        at: quiz_blocks.heading(text, Location(source=name, line=file.lines[at].at))
        for at, text in file.headings.items()
        if text and text != title and not words.is_faq_matter(text)
    }
    problems: list[Problem] = []
    for one in asked:
        line = one.question[0].at
        if words.is_faq_matter(one.text):
            continue
        answer = blocks_of(one.answer, name)
        if answer:
            blocks[one.label.index] = _reveal(one, answer, name)
            problems.extend(_left(one.left, name))
        elif one.asks:
            problems.append(quiz_blocks.unread(name, line, f"no answer follows this question: {one.text[:60]}"))
    return Document(title=title, blocks=tuple(blocks[at] for at in sorted(blocks)), problems=tuple(problems))


def _left(line: Line | None, name: str) -> Iterator[Problem]:
    if line:
        message = f"{line.bare[:40]!r} is set out of the answer above it: it was left out"
        yield Problem(location=Location(source=name, line=line.at), severity="note", message=message)


def _reveal(asked: _Asked, answer: Sequence[Block], name: str) -> Block:
    question = quiz_blocks.paragraph(asked.text, Location(source=name, line=asked.question[0].at))
    return quiz_blocks.answered([question], answer, "faq", kind="flashcard")
