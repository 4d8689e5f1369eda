"""Exercise: a prompt, labelled parts and a key with the same labels; or a prompt and its answer, without parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ankiexport import markup, words
from ankiexport.kinds.columns import split_columns
from ankiexport.kinds.labels import Label, block_label
from ankiexport.kinds.leads import Beginning, Found, Lead, Trail, shows
from ankiexport.kinds.runs import Key, Run, Segment, find_key, find_run, find_runs
from ankiexport.model import Block, Item, Kind, Location, Problem, Severity, text_of

KIND: Kind = "exercise"
_LETTERS = 26
_LONGEST_PROMPT, _LONGEST_PROMPT_TEXT = 6, 1_500  # blocks and characters that tasks may share
# A line between parts that is the head of those after it: "Pair 2:"
_GROUP_LINE = re.compile(r"[A-Z][\w’' -]{0,40}:")


def begins(between: Sequence[Block], following: Block, least: int, trail: Trail) -> Beginning | None:
    """Where among the blocks between two reveals the prompt of the next exercise begins."""
    if following.role == "question" or len(between) <= least:
        return None
    run = find_run(between[least:])
    task = None if run else _task(between[least:], trail)
    if task is not None and trail.value:
        return Beginning(at=least + task, certain=True, new_section=False)
    parts_at = least + run.first_block if run else least + task if task is not None else len(between)
    prompts = [i for i in range(least, parts_at) if between[i].tag == "paragraph"]
    if not prompts:
        return Beginning(at=parts_at, certain=False) if parts_at < len(between) else None
    likeness = {i: _likeness(between, i, trail) for i in prompts}
    sure = [i for i in prompts if likeness[i] >= words.SURE_PROMPT]
    likely = [i for i in prompts if likeness[i] > 0]
    at = next(iter(sure or likely), prompts[-1])
    return Beginning(at=at, certain=run is not None and prompts == [least])


def _likeness(between: Sequence[Block], at: int, trail: Trail) -> int:
    """How much a paragraph reads like the beginning of a prompt; more if other answers on the page are over by here."""
    likeness = words.prompt_likeness(between[at].text)
    leads_to_code = between[at].text.rstrip().endswith(":") and at + 1 < len(between) and between[at + 1].tag == "code"
    is_over = trail.answer_length is not None and at >= trail.answer_length
    return likeness + (words.SURE_PROMPT if leads_to_code or (is_over and likeness >= 0) else 0)


def find(lead: Lead, trail: Trail) -> Found | None:
    """The items of an exercise; None if nothing says that this reveal answers what stands above it."""
    runs = find_runs(lead.blocks)
    runs.extend([lettered for run in runs if (lettered := _by_letters(run))])
    keyed = [(run, key) for run in runs if (key := find_key(lead.answer, run.labels))]
    if keyed:
        run, key = max(keyed, key=lambda pair: _answered_share(*pair))
        if _is_choice(run, key):
            return Found(items=(_item(lead, "choice", lead.blocks, lead.answer, text_of(lead.blocks), _first(lead)),))
        return _each_part(lead, _parts_of(lead.blocks, run), key)
    if not shows(lead.reveal):
        return None
    task = None if runs else _task(lead.blocks, trail)
    return _whole(lead, runs) if task is None else _one_task(lead, task, trail)


def _by_letters(run: Run) -> Run | None:
    """A list with numbers as a page shows it whose answers speak of letters."""
    if run.channel != "items" or not all(label.is_mere_number and label.end == 0 for label in run.labels):
        return None
    letters = [replace(label, core=chr(ord("a") + label.value - 1)) for label in run.labels if label.value <= _LETTERS]
    if len(letters) < len(run.segments):
        return None
    segments = tuple(replace(segment, label=letter) for segment, letter in zip(run.segments, letters, strict=True))
    return replace(run, segments=segments)


def _is_choice(run: Run, key: Key) -> bool:
    """Are the answers verdicts on options? No part is a question then: yes and no do not answer "Which …?"."""
    prompts = [block.text for block in run.before if block.tag in ("paragraph", "heading")]
    if any(map(words.asks_which_of_these, prompts)):
        return True
    if not any(map(words.asks_which, prompts)):
        return False
    verdicts = [
        words.is_verdict(segment.text) or words.opens_with_verdict(segment.text) for segment in key.run.segments
    ]
    return len(verdicts) > 1 and sum(map(bool, verdicts)) * 2 > len(verdicts)


def _first(lead: Lead) -> Location:
    return lead.blocks[0].location


def _answered_share(run: Run, key: Key) -> float:
    """How many of the parts the key answers, from 0 to 1."""
    cores = {label.core.lower() for labels in key.answered for label in labels}
    return len(cores & {label.core.lower() for label in run.labels}) / len(run.labels)


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


def _parts_of(blocks: Sequence[Block], run: Run) -> _Parts:
    """The parts of a run as they are shown: without the columns and the lines that head a group of them."""
    columns = split_columns(blocks[run.first_block]) if run.channel == "lines" else None
    problems: tuple[Problem, ...] = ()
    shown: Run = run
    right: tuple[Block, ...] = ()
    if isinstance(columns, Problem):
        problems = (columns,)
    elif columns:
        left = find_run([*blocks[: run.first_block], columns.left, *blocks[run.first_block + 1 :]])
        if left and [label.core for label in left.labels] == [label.core for label in run.labels]:
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


def _each_part(lead: Lead, parts: _Parts, key: Key) -> Found:
    """One item for each part that the key answers."""
    problems = list(parts.problems)
    answers: dict[str, Segment] = {}
    again: list[Block] = []  # what the key says of parts that it has answered before
    for segment, labels in zip(key.run.segments, key.answered, strict=True):
        new = [label.core.lower() for label in labels if label.core.lower() not in answers]
        answers.update(dict.fromkeys(new, segment))
        again.extend(() if new else segment.blocks)
    explanation = markup.join((*key.run.before, *again, *key.run.after)) or None
    prompt = markup.join(parts.prompt)
    items = []
    for part in parts.parts:
        answer = answers.pop(part.label.core.lower(), None)
        if answer is None:
            problems.append(_warning(part.location, f"part {part.label.text} has no answer in the key", "no-answer"))
            continue
        item = _item(lead, parts.shape, part.question, answer.blocks, part.text, part.location)
        context = (markup.join((*parts.prompt, part.group)) if part.group else prompt) or None
        items.append(replace(item, label=part.label.text, context=context, explanation=explanation))
    for core, segment in answers.items():
        place = segment.blocks[0].location if segment.blocks else lead.reveal.location
        problems.append(
            _warning(place, f"the key has an answer {core.upper()}, but there is no such part", "no-question")
        )
    return Found(items=tuple(items), problems=tuple(problems))


def _whole(lead: Lead, runs: Sequence[Run]) -> Found | None:
    """One item for an exercise without parts, or with a key that does not tell them apart."""
    blocks = lead.blocks or ((lead.section,) if lead.section_text and lead.section else ())
    if not blocks or not (_names_answer(lead.reveal) or lead.is_boxed or _reads_like_exercise(lead)):
        return None
    text = text_of(blocks)
    item = _item(lead, "whole", blocks, lead.answer, text, blocks[0].location)
    labelled = [name for name, found in (("question", runs), ("answer", _lettered(lead.answer))) if found]
    if not labelled:
        return Found(items=(item,))
    message = f"parts are labelled in the {' and '.join(labelled)}, but they could not be paired: kept as one item"
    severity: Severity = "warning" if "answer" in labelled else "note"
    return Found(items=(item,), problems=(Problem(location=item.location, severity=severity, message=message),))


def _names_answer(reveal: Block) -> bool:
    """Does a reveal speak of an answer? "Output" or "Click to expand" may show anything."""
    said = reveal.role == "answer" and reveal.shape != "toggle"
    return said or (reveal.summary is not None and words.names_answer(reveal.summary.text))


def _reads_like_exercise(lead: Lead) -> bool:
    """Does something above a reveal ask, by a question mark, as a prompt does, or as the heading of an exercise?"""
    above = [block.text for block in lead.blocks if block.tag != "code"]
    if lead.section_text:
        above.append(lead.section_text)
    return any(
        words.holds_question(text) or words.prompt_likeness(text) > 0 or words.names_exercise(text) for text in above
    )


def _lettered(blocks: Sequence[Block]) -> list[Run]:
    """Runs of letters or of labels with a word; mere numbers are a list like any other."""
    return [run for run in find_runs(blocks) if not run.labels[0].is_mere_number]


def _task(blocks: Sequence[Block], trail: Trail) -> int | None:
    """Where a question such as "Task 2: …" or "B. …" begins, the first of its kind or the one after the last."""
    found = None
    for i, block in enumerate(blocks):
        label = block_label(block)
        if label and not label.is_mere_number:
            first = 1 in label.values.values()
            follows = label.word == trail.word and trail.value + 1 in label.values.values()
            found = i if first or follows or (block.tag == "heading" and label.word) else found
    return found


def _shared_prompt(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """What tasks share of the blocks before the first: all of a few; of a lesson above them, at most a sure prompt."""
    headings = [i for i, block in enumerate(blocks) if block.tag == "heading"]
    under = blocks[headings[-1] + 1 :] if headings else blocks
    if len(under) <= _LONGEST_PROMPT and len(text_of(under)) <= _LONGEST_PROMPT_TEXT:
        return tuple(under)
    last = under[-1]
    is_prompt = last.tag == "paragraph" and words.prompt_likeness(last.text) >= words.SURE_PROMPT
    return (last,) if is_prompt else ()


def _one_task(lead: Lead, at: int, trail: Trail) -> Found:
    """One of several tasks that share a prompt, each with a reveal of its own. Its label is part of its text."""
    label = block_label(lead.blocks[at])
    assert label is not None, "_task found it"
    if label.word != trail.word or 1 in label.values.values():
        trail.prompt = _shared_prompt(lead.blocks[:at])
    trail.word, trail.value = label.word, label.value
    first, *others = lead.blocks[at:]
    if first.tag == "heading" and others:  # a text dump drops a short one, so it is no part of the question
        lead = replace(lead, section=first)
    blocks = tuple(others) if first.tag == "heading" and others else (first, *others)
    text = text_of(blocks)
    bare = text[label.end :] if blocks[0] is first else text  # no label is hashed: tasks may be renumbered
    item = _item(lead, "task", blocks, lead.answer, bare or text, first.location)
    return Found(items=(replace(item, label=label.text, context=markup.join(trail.prompt) or None),))


def _item(
    lead: Lead, shape: str, question: Sequence[Block], answer: Sequence[Block], text: str, location: Location
) -> Item:
    return Item(
        kind=KIND,
        shape=shape,
        section=lead.section_text,
        question=markup.join(question),
        answer=markup.join(answer),
        fingerprint_text=text,
        location=location,
    )


def _warning(location: Location, message: str, code: str) -> Problem:
    return Problem(location=location, severity="warning", message=message, code=code)
