"""Kinds of items: blocks in, items and problems out. A kind is a module with `find` and `begins`, and a row here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest

from ankiexport import markup, words
from ankiexport.identity import merge_repeats
from ankiexport.kinds import exercise, flashcard, self_check
from ankiexport.kinds.endings import close_reveals
from ankiexport.kinds.leads import Found, Lead, Trail, gather_leads
from ankiexport.model import Block, Html, Item, Problem

# Each is asked in turn; the first that answers has the lead.
_FINDERS: tuple[Callable[[Lead, Trail], Found | None], ...] = (flashcard.find, self_check.find, exercise.find)


def find_items(blocks: Sequence[Block]) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items on a page, in page order, and what looked like one but is none."""
    closed, problems = close_reveals(flashcard.pair_sides(blocks))
    kept, left_out = _without_asides(closed)
    problems.extend(left_out)
    leads, rest = gather_leads(kept)
    trail = Trail()
    items: list[Item] = []
    before = ""  # the summary of the last reveal
    for lead in leads:
        problems.extend(self_check.report_unanswered(lead.passed))
        found = next((found for find in _FINDERS if (found := find(lead, trail))), None)
        if found:
            if found.items[:1] and found.items[0].kind == flashcard.KIND:
                problems.extend(self_check.report_unanswered(lead.blocks))
            items.extend(_named(found.items, lead.reveal.set_id))
            problems.extend(found.problems)
        elif items and not lead.blocks and not lead.passed and _summary(lead) != before:
            items[-1] = _explained(items[-1], lead)
        else:
            problems.append(_unused(lead))
        before = _summary(lead)
    problems.extend(self_check.report_unanswered(rest))
    empty = {id(item): problem for item in items if (problem := _empty_side(item))}
    problems.extend(empty.values())
    whole, repeats = merge_repeats([item for item in items if id(item) not in empty])
    problems.extend((*repeats, *_repeated_ids(whole)))
    return whole, tuple(sorted(problems, key=lambda problem: problem.location.line))


def _without_asides(blocks: Sequence[Block]) -> tuple[list[Block], list[Problem]]:
    """Without hints, and without reveals of another kind right before the one that shows the answer."""
    kept, problems = [], []
    for block, following in zip_longest(blocks, blocks[1:]):
        summary = block.summary.text if block.tag == "reveal" and block.summary and not block.flashcard else ""
        message = ""
        if words.is_hint(summary):
            message = f"a hint is no answer: {summary!r} was left out"
        elif summary and not words.only_shows(summary) and following and _shows(following):
            message = f"{summary!r} was left out: the answer is in the reveal after it"
        if message:
            problems.append(Problem(location=block.location, severity="note", message=message))
        else:
            kept.append(block)
    return kept, problems


def _shows(block: Block) -> bool:
    return block.tag == "reveal" and block.summary is not None and words.only_shows(block.summary.text)


def _explained(item: Item, lead: Lead) -> Item:
    """A second reveal right after the answer, of another name, explains it."""
    more = markup.reveal(lead.reveal.summary, lead.answer)
    return replace(item, explanation=Html(f"{item.explanation}\n{more}") if item.explanation else more)


def _named(items: Sequence[Item], set_id: str | None) -> Sequence[Item]:
    """Items with the id that the author has set on their reveal; several are told apart by their labels."""
    if set_id is None:
        return items
    if len(items) == 1:
        return [replace(items[0], set_id=set_id)]
    return [replace(item, set_id=f"{set_id}/{item.label}") if item.label else item for item in items]


def _repeated_ids(items: Sequence[Item]) -> list[Problem]:
    """An id that two questions have tells nothing of either."""
    first: dict[str, Item] = {}
    problems = []
    for item in items:
        if item.set_id is not None and first.setdefault(item.set_id, item) is not item:
            message = f"the id {item.set_id!r} is that of line {first[item.set_id].location.line} too: neither counts"
            problems.append(Problem(location=item.location, severity="warning", message=message))
    return problems


def _summary(lead: Lead) -> str:
    return lead.reveal.summary.text if lead.reveal.summary else ""


def _unused(lead: Lead) -> Problem:
    message = f"the reveal {_summary(lead)!r} belongs to no question"
    return Problem(location=lead.reveal.location, severity="warning", message=message)


def _empty_side(item: Item) -> Problem | None:
    """An item with a side on which nothing is seen is none."""
    for side, html in (("question", item.question), ("answer", item.answer)):
        if markup.is_blank(html):
            message = f"{item.kind} with an empty {side}: no item"
            return Problem(location=item.location, severity="warning", message=message)
    return None
