"""Closes open reveals: where a text dump does not say where an answer ends, the kinds say what can begin next."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ankiexport import words
from ankiexport.kinds import exercise, flashcard, self_check
from ankiexport.kinds.labels import block_label, question_number
from ankiexport.kinds.leads import Beginning, Trail
from ankiexport.kinds.runs import Run, find_run, key_length
from ankiexport.model import Block, Html, Problem, text_of

_ENDS = frozenset(["box", "box-end", "heading"])  # an answer never goes on past one
_ENOUGH = 2  # answers that tell how long the answers of a page are
_BEGINS: tuple[Callable[[Sequence[Block], Block, int, Trail], Beginning | None], ...] = (
    flashcard.begins,
    self_check.begins,
    exercise.begins,
)


def close_reveals(blocks: Sequence[Block]) -> tuple[list[Block], list[Problem]]:
    """Gives each open reveal its body: the blocks after it up to where something else begins."""
    if not any(block.open for block in blocks):
        return list(blocks), []
    closer = _Closer()
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if block.tag == "reveal" and block.open:
            end = next((i for i in range(at, len(blocks)) if blocks[i].tag == "reveal"), len(blocks))
            at += closer.close(block, blocks[at:end], blocks[end] if end < len(blocks) else None)
        else:
            closer.pass_by(block)
    return closer.closed, closer.problems


class _Closer:
    """Goes down a page, closing reveals; remembers what tells where the next answer ends."""

    def __init__(self) -> None:
        self.closed: list[Block] = []
        self.problems: list[Problem] = []
        self._trail = Trail()
        self._lead: list[Block] = []  # since the last reveal
        self._lengths: list[int] = []  # of the answers to numbered questions whose end is marked

    def pass_by(self, block: Block) -> None:
        """Takes a block that is no open reveal."""
        self.closed.append(block)
        if block.tag == "reveal":
            self._lead = []
            return
        self._lead.append(block)
        number, label = question_number(block), block_label(block)
        if number:
            self._trail.number = int(number.core)
        elif label and not label.is_mere_number:
            self._trail.word, self._trail.value = label.word, label.value

    def close(self, reveal: Block, between: Sequence[Block], following: Block | None) -> int:
        """Takes an open reveal; returns how many of the blocks up to the following reveal are its body."""
        parts = find_run(self._lead)
        is_numbered = parts is None and any(map(question_number, self._lead))
        self._trail.answer_length = max(self._lengths) if is_numbered and len(self._lengths) >= _ENOUGH else None
        ending = _ending(between, reveal, following, self._trail, parts)
        if is_numbered and ending.certain:
            self._lengths.append(ending.at)
        if not ending.certain and between:
            self.problems.append(_uncertain(between, ending.at))
        body = (*reveal.children, *between[: ending.at])
        self.closed.append(replace(reveal, open=False, children=body, text=text_of(body)))
        self._lead = []
        if ending.new_section and ending.at < len(between):
            self.closed.append(_lost_heading(between[ending.at]))
            self._trail.word, self._trail.value = "", 0
        return ending.at


def _ending(
    between: Sequence[Block], reveal: Block, following: Block | None, trail: Trail, parts: Run | None
) -> Beginning:
    """Where the answer ends among the blocks between its reveal and the next one, or the end of the page.

    `parts` are those that the answer is the key to.
    """
    end = next((i for i, block in enumerate(between) if block.tag in _ENDS), None)
    if end is not None:
        return Beginning(at=end, certain=True, new_section=False)
    if reveal.summary and words.is_hint(reveal.summary.text):
        return Beginning(at=len(between), certain=True)
    # Before flashcards or at the end of the page the last block too may be the key: no exercise follows.
    beyond = between if following and following.role != "question" else [*between, reveal]
    key = key_length(beyond, parts.labels) if parts else 0
    least = max(key, 0 if reveal.children else 1)
    if following is None:
        return _drill(between, least)
    if reveal.role == "question" == following.role:
        return Beginning(at=len(between), certain=True)
    for begins in _BEGINS:
        beginning = begins(between, following, least, trail)
        if beginning is not None:
            drill = _drill(between[: beginning.at], least)
            return beginning if drill.at == beginning.at else drill
    return Beginning(at=len(between), certain=len(between) <= least)


def _drill(between: Sequence[Block], least: int) -> Beginning:
    """Where steps to do, which no reveal answers, begin after the answer: where a prompt does that leads to a list."""
    lists = [i for i, block in enumerate(between) if block.tag == "list"]
    prompts = {
        i: words.prompt_likeness(block.text)
        for i, block in enumerate(between)
        if least <= i < max(lists, default=0) and block.tag == "paragraph"
    }
    if any(likeness >= words.SURE_PROMPT for likeness in prompts.values()):
        return Beginning(at=min(i for i, likeness in prompts.items() if likeness > 0), certain=False)
    return Beginning(at=len(between), certain=len(between) <= least)


def _lost_heading(first: Block) -> Block:
    """Stands for the heading that the dump has dropped, so that no section goes on past it."""
    return Block(tag="heading", html=Html(""), text="", level=2, location=first.location)


def _uncertain(between: Sequence[Block], length: int) -> Problem:
    last = between[max(length - 1, 0)]
    message = "the end of this answer is not marked"
    if length < len(between):
        begins = " ".join(between[length].text.split()[:6])
        message += f": it was taken to end before “{begins} …” on line {between[length].location.line}"
    else:
        message += ": it was taken to go on to here"
    return Problem(location=last.location, severity="note", message=message)
