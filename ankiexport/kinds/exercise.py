"""Exercise: a prompt, labelled parts and a key with the same labels; or a prompt and its answer, without parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport import markup, words
from ankiexport.kinds.columns import split_columns
from ankiexport.kinds.labels import Label, Run, find_key, find_run, parse_label
from ankiexport.kinds.leads import Beginning, Found, Lead, Trail
from ankiexport.model import Block, Item, Kind, Location, Problem

KIND: Kind = "exercise"
# A line between parts that is the head of those after it: "Pair 2:"
_GROUP_LINE = re.compile(r"[A-Z][\w’' -]{0,40}:")


def begins(between: Sequence[Block], following: Block, least: int, trail: Trail) -> Beginning | None:
    """Where among the blocks between two reveals the prompt of the next exercise begins."""
    if following.flashcard or len(between) <= least:
        return None
    run = find_run(between[least:])
    task = None if run else _task(between[least:], trail)
    if task is not None and trail.word:
        return Beginning(at=least + task, certain=True, new_section=False)
    parts_at = least + run.first_block if run else least + task if task is not None else len(between)
    prompts = [i for i in range(least, parts_at) if between[i].tag == "paragraph"]
    if not prompts:
        return Beginning(at=parts_at, certain=False) if parts_at < len(between) else None
    likely = [i for i in prompts if words.prompt_likeness(between[i].text) > 0]
    return Beginning(at=likely[0] if likely else prompts[-1], certain=run is not None and prompts == [least])


def find(lead: Lead, trail: Trail) -> Found | None:
    """The items of an exercise; None if nothing says that this reveal answers what stands above it."""
    parts = _find_parts(lead.blocks)
    key = find_key(lead.answer, parts.labels) if parts else None
    if parts and key:
        return _each_part(lead, parts, *key)
    if lead.reveal.summary and not words.only_shows(lead.reveal.summary.text):
        return None
    task = None if parts else _task(lead.blocks, trail)
    return _whole(lead) if task is None else _one_task(lead, task, trail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    label: Label
    question: tuple[Block, ...]
    group: Block | None  # the line that heads this part and some of its neighbours
    text: str  # all that stands from its label to the next, columns not separated
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    prompt: tuple[Block, ...]
    parts: tuple[_Part, ...]
    shape: str
    problems: tuple[Problem, ...] = ()

    @property
    def labels(self) -> list[Label]:
        return [part.label for part in self.parts]


def _find_parts(blocks: Sequence[Block]) -> _Parts | None:
    run = find_run(blocks)
    if run is None:
        return None
    columns = split_columns(blocks[run.first_block]) if run.channel == "lines" else None
    problems: tuple[Problem, ...] = ()
    shown: Run = run
    right: tuple[Block, ...] = ()
    if isinstance(columns, Problem):
        problems = (columns,)
    elif columns:
        left = find_run([*blocks[: run.first_block], columns.left, *blocks[run.first_block + 1 :]])
        if left and [s.label.core for s in left.segments] == [s.label.core for s in run.segments]:
            shown, right = left, columns.right
    before, group = _take_group_line(shown.before)
    parts = []
    for raw, segment in zip(run.segments, shown.segments, strict=True):
        question, next_group = _take_group_line(segment.blocks)
        location = segment.blocks[0].location if segment.blocks else blocks[run.first_block].location
        part = _Part(label=raw.label, question=question, group=group, text=raw.text, location=location)
        parts.append(part)
        group = next_group or group
    prompt = (*before, *right, *shown.after)
    return _Parts(prompt=prompt, parts=tuple(parts), shape="matching" if right else "part", problems=problems)


def _take_group_line(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], Block | None]:
    """Blocks without a last line that heads the parts after them, and that line."""
    if not blocks or blocks[-1].tag not in ("code", "paragraph"):
        return tuple(blocks), None
    last = blocks[-1]
    *lines, line = last.text.split("\n")
    if not _GROUP_LINE.fullmatch(line.strip()) or (last.tag == "paragraph" and len(blocks) == 1):
        return tuple(blocks), None
    head = replace(last, tag="paragraph", text=line.strip(), html=markup.escape(line.strip()))
    rest = "\n".join(lines)
    kept = (replace(last, text=rest, html=markup.lines(rest)),) if rest.strip() else ()
    return (*blocks[:-1], *kept), head


def _each_part(lead: Lead, parts: _Parts, key: Run, answered: Sequence[tuple[Label, ...]]) -> Found:
    """One item for each part that the key answers."""
    problems = list(parts.problems)
    answers = {
        label.core.lower(): segment for segment, labels in zip(key.segments, answered, strict=True) for label in labels
    }
    explanation = markup.join((*key.before, *key.after)) or None
    items = []
    for part in parts.parts:
        answer = answers.pop(part.label.core.lower(), None)
        if answer is None:
            problems.append(_warning(part.location, f"part {part.label.text} has no answer in the key"))
            continue
        item = _item(lead, parts.shape, part.question, answer.blocks, part.text, part.location)
        context = markup.join((*parts.prompt, *([part.group] if part.group else []))) or None
        items.append(replace(item, label=part.label.text, context=context, explanation=explanation))
    for core, segment in answers.items():
        place = segment.blocks[0].location if segment.blocks else lead.reveal.location
        problems.append(_warning(place, f"the key has an answer {core.upper()}, but there is no such part"))
    return Found(items=tuple(items), problems=tuple(problems))


def _whole(lead: Lead) -> Found | None:
    """One item for an exercise without parts, or with a key that does not tell them apart."""
    blocks = lead.blocks or ((lead.section,) if lead.section_text and lead.section else ())
    if not blocks:
        return None
    text = "\n".join(block.text for block in blocks)
    return Found(items=(_item(lead, "whole", blocks, lead.answer, text, blocks[0].location),))


def _task(blocks: Sequence[Block], trail: Trail) -> int | None:
    """Where a question such as "Task 2: …" begins, which is the first of its kind or follows the one before."""
    found = None
    for i, block in enumerate(blocks):
        label = parse_label(block.text) if block.tag in ("paragraph", "heading") else None
        if label and label.word not in ("", "Q", "Question"):
            first = 1 in label.values.values()
            follows = label.word == trail.word and trail.value + 1 in label.values.values()
            found = i if first or follows else found
    return found


def _one_task(lead: Lead, at: int, trail: Trail) -> Found:
    """One of several tasks that share a prompt, each with a reveal of its own. Its label is part of its text."""
    label = parse_label(lead.blocks[at].text)
    assert label is not None, "_task found it"
    if label.word != trail.word or 1 in label.values.values():
        trail.prompt = lead.blocks[:at]
    trail.word, trail.value = label.word, label.value
    first, *others = lead.blocks[at:]
    is_bare = first.tag == "heading" and label.end >= len(first.text)  # a text dump drops one as short as "Task 2"
    blocks = tuple(others) if is_bare and others else (first, *others)
    text = "\n".join(block.text for block in blocks)
    item = _item(lead, "task", blocks, lead.answer, text, first.location)
    return Found(items=(replace(item, label=label.text, context=markup.join(trail.prompt) or None),))


def _item(
    lead: Lead, shape: str, question: Sequence[Block], answer: Sequence[Block], text: str, location: Location
) -> Item:
    return Item(
        kind=KIND,
        shape=shape,
        label=None,
        section=lead.section_text,
        question=markup.join(question),
        answer=markup.join(answer),
        context=None,
        explanation=None,
        fingerprint_text=text,
        location=location,
    )


def _warning(location: Location, message: str) -> Problem:
    return Problem(location=location, severity="warning", message=message)
