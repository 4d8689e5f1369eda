"""A plain-text file of frequent questions → blocks: sections, and a reveal for each question with its answer.

Labels tell where questions begin. What stands between a question and the next, up to a heading or a rule, answers it.
"""

import re
from collections.abc import Iterator, Sequence

from ankiexport import words
from ankiexport.model import Block, Document, Location, Problem, Source
from ankiexport.readers import quiz_blocks
from ankiexport.readers.text_blocks import Line, blocks_of, joined, lines_of
from ankiexport.readers.text_faq_answers import Asked, File, find_asked
from ankiexport.readers.text_faq_headings import find_title, header_end
from ankiexport.readers.text_faq_labels import find_labels
from ankiexport.readers.text_faq_lines import find_asking

_POINTS = re.compile(r"[\[(]\s?\d+\s?(?:points?|marks?|pts?|punkte?|p)\b|_{5,}|\.{6,}", re.I)
_OPTION = re.compile(r"\s*[\[(]?[aAbB1][.)\]]\s|\s*[\[(]\s?[\])]\s")
_TITLED_SHARE = 0.25  # of the questions that must ask where the title says what the file is
_LEAST_QUESTIONS = 2
_LEAST_UNTITLED = 5
_LONGEST_SUMMARY = 60


def read(source: Source) -> Document | None:
    """Reads a file of frequent questions; None if the text is none."""
    lines = lines_of(source)
    start = header_end(lines)
    if _shows_answers(lines):
        return None
    title = find_title(lines, start)
    stem = re.sub(r"[\W_]+", " ", source.name.rpartition("/")[2])
    is_titled = words.names_faq(title or "") or words.names_faq(stem)
    is_faq = _is_titled_faq if is_titled else _is_plain_faq
    for find in (find_labels, find_asking) if is_titled else (find_labels,):
        labels = find(lines, start)
        file, asked = find_asked(lines, labels) if len(labels) >= _LEAST_QUESTIONS else (None, [])
        if file and is_faq(asked):
            return _document(file, asked, title, source.name)
    return None


def _shows_answers(lines: Sequence[Line]) -> bool:
    """Has the file a line that shows an answer, as the dump of a page has?"""
    short = (line.bare for line in lines if line.text and len(line.bare) <= _LONGEST_SUMMARY)
    return any(words.only_shows(text) and words.is_lone_answer(text) for text in short)


def _is_titled_faq(asked: Sequence[Asked]) -> bool:
    """Do the questions ask, where the title has said that they do?"""
    answered = [one for one in asked if one.answer]
    share = sum(one.asks for one in asked) / max(1, len(asked))
    return len(answered) >= _LEAST_QUESTIONS and len(answered) * 2 > len(asked) and share >= _TITLED_SHARE


def _is_plain_faq(asked: Sequence[Asked]) -> bool:
    """With no such title: does every label ask, does every answer tell, and do some say yes or no?"""
    if len(asked) < _LEAST_UNTITLED or not all(one.text.endswith(("?", "？")) and one.answer for one in asked):
        return False
    texts = [joined(one.answer) for one in asked]
    tells = all(map(_tells, asked, texts))
    return tells and sum(words.opens_with_verdict(text) is not None for text in texts) > 1


def _tells(asked: Asked, text: str) -> bool:
    """Is this an answer, and not more of the question, its options or room to write?"""
    if text.endswith(("?", "？", ":")) or _POINTS.search(text) or words.prompt_likeness(text) >= words.SURE_PROMPT:
        return False
    return not any(_OPTION.match(line.text) for line in asked.answer)


def _document(file: File, asked: Sequence[Asked], title: str | None, name: str) -> Document:
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


def _reveal(asked: Asked, answer: Sequence[Block], name: str) -> Block:
    question = quiz_blocks.paragraph(asked.text, Location(source=name, line=asked.question[0].at))
    return quiz_blocks.answered([question], answer, "faq", kind="flashcard")
