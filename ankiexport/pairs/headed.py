"""Answers that a page shows under a heading or after a label of their own: "Solution", "**Answer:** …"."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ankiexport import headings, markup, words
from ankiexport.kinds.labels import block_label, question_number
from ankiexport.model import Block, Html
from ankiexport.pairs.cards import BREAKS, FOLDS, hidden

_SEVERAL, _FEW_WORDS = 2, 3


def pair(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks with a reveal for each answer that has a name, where a question stands above it."""
    blocks = [inner for block in blocks for inner in _opened(block)]
    paired: list[Block] = []
    tasks = _task_headings(blocks)
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if not _names_answer(block):
            paired.append(block)
        elif at - 1 in tasks:
            end = _end_of_section(blocks, at, block.level)
            start = _last_heading(paired)
            paired[start:] = [_answered(paired[start:], block, blocks[at:end])]
            at = end
        elif not _is_asked(paired, block):
            paired.append(block)
        elif block.tag == "heading":
            end = _end_of_section(blocks, at, block.level)
            paired.extend(_with_verdicts(paired, _reveal(block, blocks[at:end], closed=True)))
            at = end
        else:
            paired.append(_reveal(block, _rest_of_line(block), closed=False))
    return paired


def _task_headings(blocks: Sequence[Block]) -> set[int]:
    """Headings of answers right below a task each, where a page has several: "### Write a loop", "#### Answer"."""
    found: list[tuple[int, Block]] = []
    above: Block | None = None
    for at, block in enumerate(blocks):
        if block.tag == "reveal" or block.tag == "box":
            above = None
        elif block.tag == "heading" and _names_answer(block):
            if above is not None and block.level == above.level + 1:
                found.append((at, above))
            above = None
        elif block.tag == "heading":
            above = block
    levels = Counter(above.level for _, above in found)
    asking = {above.level for _, above in found if words.asks(above.text)}  # or else they are a guide's problems
    return {
        at for at, above in found if levels[above.level] >= _SEVERAL and above.level in asking and _is_task(above.text)
    }


def _is_task(heading: str) -> bool:
    """May a heading be what is to be done, and neither asks nor only counts the exercises?"""
    if words.asks(heading) or words.names_exercise(heading) or headings.leads_away(heading):
        return False
    return len(words.words_of(heading)) > _FEW_WORDS or heading[0] >= words.FIRST_UNSPACED


def _last_heading(blocks: Sequence[Block]) -> int:
    return next(i for i in range(len(blocks) - 1, -1, -1) if blocks[i].tag == "heading")


def _answered(question: Sequence[Block], label: Block, body: Sequence[Block]) -> Block:
    """A task with its answer, where its heading is the question."""
    heading = replace(question[0], tag="paragraph", level=0)
    reveal = _reveal(label, body, closed=True)
    return replace(reveal, question=(heading, *question[1:]), kind="flashcard", location=heading.location)


def _opened(block: Block) -> Sequence[Block]:
    """The blocks of a list whose items each hold a heading or a label that names an answer; else the block itself."""
    if block.tag != "list" or not block.children:
        return (block,)
    answered = sum(any(map(_names_answer, item.children[1:])) for item in block.children)
    if answered * 2 > len(block.children):
        return [child for item in block.children for child in _in_box(item)]
    opened = [part for item in block.children for child in item.children for part in _opened(child)]
    return opened if any(part.tag == "box" for part in opened) else (block,)


def _in_box(item: Block) -> Sequence[Block]:
    begin = Block(tag="box", html=Html(""), text="", level=2, location=item.location)
    inside = [part for child in item.children for part in _opened(child)]
    return (begin, *inside, replace(begin, tag="box-end"))


def _names_answer(block: Block) -> bool:
    if block.tag == "heading":
        return words.only_shows(block.text) and words.is_lone_answer(block.text)
    return block.tag == "paragraph" and words.answer_label(block.text) > 0


def _is_asked(before: Sequence[Block], label: Block) -> bool:
    """Does what stands above the name of an answer ask for one?"""
    question: list[Block] = []
    for block in reversed(before):
        if block.tag == "reveal" and block.role in ("aside", "hint"):
            continue
        if block.tag in FOLDS:
            break
        if block.tag == "heading":
            stands_over = label.tag != "heading" or block.level <= label.level
            is_exercise = words.names_exercise(block.text) and (bool(question) or words.asks(block.text))
            is_exercise = is_exercise or _is_numbered_question(block, question)
            return stands_over and (is_exercise or words.asks(block.text) or _asks(question))
        question.insert(0, block)
    return _asks(question)


def _is_numbered_question(heading: Block, below: Sequence[Block]) -> bool:
    """Is this "Question 2" over what is asked, or "Question 2: Name …"?"""
    name, _, rest = heading.text.replace("：", ":").partition(":")
    is_numbered = name.strip()[-1:].isdecimal() and headings.is_question_label(name)
    return is_numbered and (bool(rest.strip()) or bool(below))


def _asks(question: Sequence[Block]) -> bool:
    """Is this a question, or does it begin with the number of one?"""
    if not question:
        return False
    is_numbered = question_number(question[0]) is not None or block_label(question[0]) is not None
    return is_numbered or any(
        words.asks(block.text) and block.text.endswith(words.QUESTION_MARKS) for block in question[-3:]
    )


def _with_verdicts(before: list[Block], answer: Block) -> Iterator[Block]:
    """An answer that ends by saying of each option whether it is right answers all that is asked, not its parts."""
    options = next((block for block in reversed(before) if block.tag in BREAKS | {"list"}), None)
    verdicts = answer.children[-1] if answer.children else None
    same = options and verdicts and options.tag == verdicts.tag == "list"
    if same and options and verdicts and len(options.children) == len(verdicts.children) and _are_verdicts(verdicts):
        question: list[Block] = []
        while before and before[-1].tag not in BREAKS:
            question.insert(0, before.pop())
        yield replace(answer, question=tuple(question), kind="self-check")
    else:
        yield answer


def _are_verdicts(block: Block) -> bool:
    return all(words.is_verdict(item.text) or words.opens_with_verdict(item.text) for item in block.children)


def _end_of_section(blocks: Sequence[Block], start: int, level: int) -> int:
    ends = (
        i
        for i in range(start, len(blocks))
        if blocks[i].tag in ("box", "box-end") or (blocks[i].tag == "heading" and blocks[i].level <= level)
    )
    return next(ends, len(blocks))


def _rest_of_line(label: Block) -> Iterator[Block]:
    """What follows a label in its own paragraph."""
    length = words.answer_label(label.text)
    if label.text[length:].strip():
        html = markup.unwrap(markup.without_prefix(label.html, length))
        yield replace(label, text=label.text[length:].strip(), html=html)


def _reveal(label: Block, body: Iterable[Block], closed: bool) -> Block:
    summary = replace(label, tag="paragraph") if closed else None
    return replace(hidden(tuple(body), label.location, "answer label"), summary=summary, open=not closed)
