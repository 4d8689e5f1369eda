"""Kinds of items: blocks in, items and problems out. A kind is a module with `find` and `begins`, and a row here."""

from collections.abc import Callable, Sequence
from dataclasses import replace

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
    leads, rest = gather_leads(_without_hints(closed, problems))
    trail = Trail()
    items: list[Item] = []
    before = ""  # the summary of the last reveal
    for lead in leads:
        problems.extend(self_check.report_unanswered(lead.passed))
        found = next((found for find in _FINDERS if (found := find(lead, trail))), None)
        if found:
            items.extend(found.items)
            problems.extend(found.problems)
        elif items and not lead.blocks and not lead.passed and _summary(lead) != before:
            items[-1] = _explained(items[-1], lead)
        else:
            problems.append(_unused(lead))
        before = _summary(lead)
    problems.extend(self_check.report_unanswered(rest))
    kept, repeats = merge_repeats([item for item in items if not _is_empty(item, problems)])
    return kept, tuple(sorted((*problems, *repeats), key=lambda problem: problem.location.line))


def _without_hints(blocks: Sequence[Block], problems: list[Problem]) -> list[Block]:
    kept = []
    for block in blocks:
        if block.tag == "reveal" and block.summary and words.is_hint(block.summary.text):
            message = f"a hint is no answer: {block.summary.text!r} was left out"
            problems.append(Problem(location=block.location, severity="note", message=message))
        else:
            kept.append(block)
    return kept


def _explained(item: Item, lead: Lead) -> Item:
    """A second reveal right after the answer, of another name, explains it."""
    more = markup.reveal(lead.reveal.summary, lead.answer)
    return replace(item, explanation=Html(f"{item.explanation}\n{more}") if item.explanation else more)


def _summary(lead: Lead) -> str:
    return lead.reveal.summary.text if lead.reveal.summary else ""


def _unused(lead: Lead) -> Problem:
    message = f"the reveal {_summary(lead)!r} belongs to no question"
    return Problem(location=lead.reveal.location, severity="warning", message=message)


def _is_empty(item: Item, problems: list[Problem]) -> bool:
    """Reports an item with an empty side."""
    for side, html in (("question", item.question), ("answer", item.answer)):
        if markup.is_blank(html):
            message = f"{item.kind} with an empty {side}: no item"
            problems.append(Problem(location=item.location, severity="warning", message=message))
            return True
    return False
