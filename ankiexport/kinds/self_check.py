"""Self-check: a numbered question, then a reveal that only says "show me"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ankiexport import markup, words
from ankiexport.kinds.labels import Label, question_number
from ankiexport.kinds.leads import Beginning, Found, Lead, Trail, shows
from ankiexport.kinds.runs import find_key, find_run
from ankiexport.model import Block, Item, Kind, Problem, text_of
from ankiexport.pairs.choices import unanswered

KIND: Kind = "self-check"
_QUESTION_SIDE = re.compile(r"(?:Q|Question)\s?\d{0,3}[.:]\s")  # "Q: …", which no "A: …" has made a flashcard


def begins(between: Sequence[Block], following: Block, least: int, trail: Trail) -> Beginning | None:
    """Where among the blocks between two reveals the next numbered question begins."""
    if following.role == "question":
        return None
    numbered = [(i, label) for i, block in enumerate(between) if i >= least and (label := question_number(block))]
    if not numbered:
        return None
    if _are_parts(between[least:], [(i - least, label) for i, label in numbered]):
        return None
    # The last that goes on counting: an answer may hold numbered paragraphs of its own.
    next_number = [i for i, label in numbered if int(label.core) == trail.number + 1]
    at = next_number[-1] if next_number else numbered[-1][0]
    return Beginning(at=at, certain=bool(next_number), new_section=False)


def _are_parts(blocks: Sequence[Block], numbered: Sequence[tuple[int, Label]]) -> bool:
    """Several numbers that begin at 1 under one reveal are the parts of an exercise."""
    run = find_run(blocks) if len(numbered) > 1 else None
    return run is not None and run.segments[0].label.value == 1 and run.first_block == numbered[-len(run.segments)][0]


def find(lead: Lead, trail: Trail) -> Found | None:
    """The question of the lead with its answer; None if the lead holds no numbered question of its own."""
    if lead.reveal.kind == KIND and lead.reveal.question:
        return Found(items=(_item(lead, 0, lead.reveal.shape),))
    if not trail.may_answer(lead.reveal):
        return None
    numbered = [(i, label) for i, block in enumerate(lead.blocks) if (label := question_number(block))]
    said = [(i, label) for i, label in numbered if lead.blocks[i].tag != "list"]
    numbered = said or numbered  # under a numbered question, a list of one item is a remark
    if not numbered:
        return None
    goes_on = int(numbered[0][1].core) == trail.number + 1
    if not goes_on and _are_parts(lead.blocks, numbered):
        return None
    if goes_on and len(numbered) > 1 and _is_keyed(lead, [label for _, label in numbered]):
        return None
    at, label = numbered[-1]
    if lead.blocks[at].tag == "heading" and (_heads_parts(lead, at) or not _is_asked(lead, at)):
        return None
    trail.number = int(label.core)
    return Found(items=(_item(lead, at, "numbered"),), problems=tuple(report_unanswered(lead.blocks[:at])))


def _is_asked(lead: Lead, at: int) -> bool:
    """Does a numbered heading lead to an answer? A reveal of some other name under a step to do answers nothing."""
    heading, reveal = lead.blocks[at], lead.reveal
    if reveal.role is not None or reveal.open or shows(reveal):
        return True
    text = text_of(lead.blocks[at:])
    return words.asks(heading.text) or words.holds_question(text) or words.names_exercise(heading.text)


def _item(lead: Lead, at: int, shape: str) -> Item:
    first = lead.blocks[at]
    label = question_number(first)
    blocks = [*(_without_number(first, label) if label else [first]), *lead.blocks[at + 1 :]]
    return Item(
        kind=KIND,
        shape=shape,
        section=lead.section_text,
        question=markup.join(blocks),
        answer=markup.join(lead.answer),
        fingerprint_text=text_of(blocks),
        location=first.location,
    )


def _without_number(block: Block, label: Label) -> Sequence[Block]:
    if block.tag == "list":
        return block.children[0].children
    html = markup.unwrap(markup.without_prefix(block.html, label.end))
    bare = replace(block, text=block.text[label.end :], html=html)
    return [] if markup.is_blank(bare.html) else [bare]


def _is_keyed(lead: Lead, labels: Sequence[Label]) -> bool:
    return find_key(lead.answer, labels) is not None


def _heads_parts(lead: Lead, at: int) -> bool:
    """A numbered heading, no question itself, over labelled parts with a key."""
    if lead.blocks[at].text.rstrip().endswith("?"):
        return False
    run = find_run(lead.blocks[at + 1 :])
    return run is not None and _is_keyed(lead, run.labels)


def _unanswered(block: Block) -> Problem:
    begins = " ".join(block.text.split()[:8]) or "it has no title"
    message = f"no answer follows this question: {begins}"
    return Problem(location=block.location, severity="warning", message=message, code="no-answer")


def report_unanswered(blocks: Sequence[Block]) -> list[Problem]:
    """Numbered questions, and numbered steps to do, that no answer follows."""
    problems: list[Problem] = []
    if not blocks:
        return problems
    for block in blocks:
        label = question_number(block)
        is_asked = label and (block.text.rstrip().endswith("?") or block.tag != "heading")
        if is_asked or (block.tag in ("paragraph", "code") and _QUESTION_SIDE.match(block.text)) or block.tag == "box":
            problems.append(_unanswered(block))
        elif block.tag == "list" and block.children and block.children[0].number is not None:
            problems.append(_steps(block, len(block.children)))
    problems.extend(map(_unanswered, unanswered(blocks)))
    run = find_run([block for block in blocks if block.tag == "paragraph"])
    if run and run.labels[0].word and run.segments[0].blocks:
        problems.append(_steps(run.segments[0].blocks[0], len(run.segments)))
    return problems


def _steps(first: Block, count: int) -> Problem:
    message = f"{count} numbered steps without an answer: no item"
    return Problem(location=first.location, severity="note", message=message, code="no-answer")
