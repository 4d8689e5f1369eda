"""Files of multiple-choice questions, by Aiken's rules or as trivia collections write them → blocks with reveals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ankiexport import words
from ankiexport.model import Block, Document, Location, Problem, Source
from ankiexport.readers import quiz_blocks
from ankiexport.readers.text_blocks import Line, blocks_of, lines_of

# "A. the first", "B) the second"
_OPTION = re.compile(r"\s*(?P<letter>[A-Z])[.)]\s+(?P<text>\S.*)")
# "ANSWER: B", "ANSWER: A, C"
_ANSWER = re.compile(r"\s*ANSWERS?\s*:\s*(?P<letters>[A-Z](?:[\s,]+[A-Z])*)[.)]?$")
_REMARK = re.compile(r"\s*(?:Feedback|Explanation|Rationale|Reason)\s*:\s*(?P<text>.*)", re.I)
# "#Q Which …", "^ the answer", "A an option"
_TRIVIA_QUESTION = re.compile(r"#Q\s+(?=\S)")
_TRIVIA_ANSWER = re.compile(r"\^\s*(?=\S)")
_TRIVIA_OPTION = re.compile(r"([A-Z])\s+(?=\S)")
_TRUTHS = frozenset({"true", "false"})
_LEAST_SHARE = 0.5  # of the paragraphs of an Aiken file that end with an answer
_LONGEST_HEADING = 60


@dataclass(slots=True)
class _Asked:
    """A question as it is read: its lines, its options by letter, and what answers it."""

    lines: list[Line] = field(default_factory=list)
    options: list[tuple[str, list[Line]]] = field(default_factory=list)
    answer: list[Line] = field(default_factory=list)
    letters: tuple[str, ...] = ()
    remark: list[Line] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        return bool(self.lines or self.options)

    @property
    def line(self) -> int:
        return self.lines[0].at if self.lines else self.options[0][1][0].at if self.options else self.answer[0].at


def read_aiken(source: Source) -> Document | None:
    """Reads an Aiken file; None if the text is none."""
    if "ANSWER" not in source.text:
        return None
    lines = lines_of(source)
    answers = sum(bool(_ANSWER.match(line.text)) for line in lines)
    asked = list(_aiken_questions(lines))
    whole = sum(bool(one.letters and one.lines and len(one.options) > 1) for one in asked)
    if not whole or whole < answers * _LEAST_SHARE or whole < len(asked) * _LEAST_SHARE:
        return None
    return _document(asked, source.name)


def _aiken_questions(lines: Sequence[Line]) -> Iterator[_Asked]:
    """A state machine: lines of the question, its options, its answer; a blank line may stand anywhere between."""
    asked, blank = _Asked(), False
    for line in lines:
        if not line.text.strip():
            blank = True
            if asked.begun and not asked.options:
                asked.lines.append(line)
            continue
        option, answer, remark = _OPTION.match(line.text), _ANSWER.match(line.text), _REMARK.match(line.text)
        if asked.letters and remark and not blank:
            asked.remark.append(Line(line.at, remark["text"]))
        elif asked.letters:
            yield asked
            asked = _Asked()
            option = None
            asked.lines.append(line)
        elif answer:
            asked.letters = tuple(re.findall(r"[A-Z]", answer["letters"]))
            asked.answer.append(line)
        elif option and asked.lines and ord(option["letter"]) == ord("A") + len(asked.options):
            asked.options.append((option["letter"], [Line(line.at, option["text"])]))
        elif asked.options and blank:
            yield asked
            asked = _Asked(lines=[line])
        elif asked.options:
            asked.options[-1][1].append(line)
        else:
            asked.lines.append(line)
        blank = False
    if asked.begun:
        yield asked


def read_trivia(source: Source) -> Document | None:
    """Reads a trivia collection (`#Q`, `^`, `A`); None if the text is none."""
    lines = lines_of(source)
    starts = [bool(_TRIVIA_QUESTION.match(line.text)) for line in lines]
    if True not in starts or not any(_TRIVIA_ANSWER.match(line.text) for line in lines[starts.index(True) :]):
        return None
    return _document(list(_trivia_questions(lines)), source.name)


def _trivia_questions(lines: Sequence[Line]) -> Iterator[_Asked]:
    asked = _Asked()
    part: list[Line] = []  # which the next line goes on with
    for line in lines:
        if question := _TRIVIA_QUESTION.match(line.text):
            if asked.begun:
                yield asked
            asked = _Asked(lines=[Line(line.at, line.text[question.end() :])])
            part = asked.lines
        elif not asked.begun or not line.text.strip():
            continue
        elif not asked.answer and (answer := _TRIVIA_ANSWER.match(line.text)):
            asked.answer.append(Line(line.at, line.text[answer.end() :]))
            part = asked.answer
        elif asked.answer and (option := _next_option(line.text, len(asked.options))):
            asked.options.append((option[1], [Line(line.at, line.text[option.end() :])]))
            part = asked.options[-1][1]
        else:
            part.append(line)
    if asked.begun:
        yield asked


def _next_option(text: str, count: int) -> re.Match[str] | None:
    option = _TRIVIA_OPTION.match(text)
    return option if option and ord(option[1]) == ord("A") + count else None


def _document(asked: Sequence[_Asked], name: str) -> Document:
    blocks: list[Block] = []
    problems: list[Problem] = []
    for one in asked:
        above, one.lines = _split_heading(one.lines) if one.options else ([], one.lines)
        blocks.extend(quiz_blocks.heading(line.text, Location(source=name, line=line.at)) for line in above)
        found = _question(one, name)
        if isinstance(found, Problem):
            problems.append(found)
        elif found:
            blocks.append(found)
    return Document(title=None, blocks=tuple(blocks), problems=tuple(problems))


def _split_heading(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The short line above a question that a blank line parts from it is a heading."""
    if len(lines) < 3 or lines[1].text.strip() or len(lines[0].text) > _LONGEST_HEADING:
        return [], lines
    text = lines[0].text.strip()
    is_heading = text[-1] not in ".?:!,;" and not words.asks(text)
    return (lines[:1], lines[2:]) if is_heading else ([], lines)


def _question(asked: _Asked, name: str) -> Block | Problem | None:
    if not asked.options and not asked.answer:
        text = " ".join(line.text for line in asked.lines)
        return quiz_blocks.unread(name, asked.line, "no answer follows this question") if words.asks(text) else None
    if not asked.lines:
        return quiz_blocks.unread(name, asked.line, "an answer without its question")
    by_letter = {letter: _paragraph(lines, name) for letter, lines in asked.options}
    if asked.letters:
        right = [by_letter[letter] for letter in asked.letters if letter in by_letter]
        if len(right) < len(asked.letters):
            message = f"the answer {', '.join(asked.letters)} is none of the options"
            return quiz_blocks.unread(name, asked.line, message)
    elif asked.answer:
        right = [_paragraph(asked.answer, name)]
    else:
        return quiz_blocks.unread(name, asked.line, "no answer follows this question")
    return _reveal(asked, list(by_letter.values()), right, name)


def _reveal(asked: _Asked, choices: Sequence[Block], right: Sequence[Block], name: str) -> Block:
    question = blocks_of(asked.lines, name)
    shape = "short answer"
    if choices and {choice.text.lower().rstrip(".") for choice in choices} <= _TRUTHS:
        shape = "true or false"
    elif choices:
        question.append(quiz_blocks.options([[choice] for choice in choices]))
        shape = "choice"
    return quiz_blocks.answered(question, (*right, *blocks_of(asked.remark, name)), shape)


def _paragraph(lines: Sequence[Line], name: str) -> Block:
    return quiz_blocks.paragraph(" ".join(line.text for line in lines), Location(source=name, line=lines[0].at))
