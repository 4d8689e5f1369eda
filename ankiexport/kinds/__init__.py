"""Kinds of items: blocks in, items and problems out. A kind is a module with `find` and `begins`, and a row here."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ankiexport import headings, markup, plain, plugins
from ankiexport.identity import merge_repeats
from ankiexport.kinds import exercise, flashcard, self_check
from ankiexport.kinds.endings import close_reveals
from ankiexport.kinds.joining import join_labelled
from ankiexport.kinds.leads import Found, Lead, Trail, gather_leads, is_hint, shows, with_asking_headings
from ankiexport.kinds.page_data import leave_out_told
from ankiexport.model import KINDS, Block, Html, Item, Kind, Location, Origin, Problem, Trace, last_line

# Each is asked in turn; the first that answers has the lead.
_FINDERS: tuple[tuple[Kind, Callable[[Lead, Trail], Found | None]], ...] = (
    (flashcard.KIND, flashcard.find),
    (self_check.KIND, self_check.find),
    (exercise.KIND, exercise.find),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The items on a page in page order, what looked like one but is none, and what became of each reveal."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    traces: tuple[Trace, ...]


def find_items(blocks: Sequence[Block]) -> Findings:
    """What is asked and answered on a page, each answer of which stands in a reveal by now."""
    closed, problems = close_reveals(blocks)
    kept, traces = _without_asides(closed)
    kept = join_labelled(kept)
    leads, rest = gather_leads(kept)
    account = _Account(traces, [lead.reveal for lead in leads])
    for lead in with_asking_headings(leads):
        account.take(lead)
    problems.extend(account.problems)
    problems.extend(leave_out_told(account.items, account.traces))
    problems.extend(self_check.report_unanswered(rest))
    empty = [(item, problem) for item in account.items if (problem := _empty_side(item))]
    problems.extend(problem for _, problem in empty)
    none = {id(item) for item, _ in empty}
    whole, repeats = merge_repeats([item for item in account.items if id(item) not in none])
    problems.extend((*repeats, *_repeated_ids(whole)))
    traces = list(_without(account.traces, {item.origin: problem for item, problem in empty}))
    return Findings(
        items=whole,
        problems=tuple(sorted(problems, key=lambda problem: problem.location.line)),
        traces=tuple(sorted(traces, key=lambda trace: trace.location.line)),
    )


def _without(traces: Sequence[Trace], empty: Mapping[Origin, Problem]) -> Iterator[Trace]:
    """The traces, without items that are none; where none is left, the problem says why."""
    for trace in traces:
        kept = tuple(item for item in trace.items if item.origin not in empty)
        why = next((empty[item.origin] for item in trace.items if item.origin in empty), None)
        yield trace if len(kept) == len(trace.items) else replace(trace, items=kept, problem=None if kept else why)


class _Account:
    """Goes from lead to lead and keeps what was found."""

    def __init__(self, traces: list[Trace], reveals: Sequence[Block]) -> None:
        self.items: list[Item] = []
        self.problems: list[Problem] = [trace.problem for trace in traces if trace.problem]
        self.traces = traces
        self._trail = Trail(
            summaries=Counter(reveal.summary.text.casefold() for reveal in reveals if reveal.summary),
            some_show=any(map(shows, reveals)),
        )
        self._before = ""  # the summary of the last reveal
        self._section: Block | None = None  # and what it stands under

    def take(self, lead: Lead) -> None:
        self.problems.extend(self_check.report_unanswered(lead.passed))
        kind, found = (None, None) if self._answers_again(lead) else self._found(lead)
        self._section = lead.section
        summary = _summary(lead.reveal)
        if found:
            if kind == flashcard.KIND and not lead.reveal.question:
                self.problems.extend(self_check.report_unanswered(lead.blocks))
            items = tuple(_named(found.items, lead.reveal.set_id))
            self.items.extend(items)
            self.problems.extend(found.problems)
            self.traces.append(_traced(lead, kind, items, found.problems))
        elif self.items and not lead.blocks and not lead.passed and summary != self._before:
            self.items[-1] = _explained(self.items[-1], lead)
            self.traces.append(_trace(lead.reveal, finder=self.items[-1].kind, items=(self.items[-1],)))
        else:
            unused = _unused(lead)
            self.problems.append(unused)
            self.traces.append(_trace(lead.reveal, unused))
        self._before = summary

    def _answers_again(self, lead: Lead) -> bool:
        """Does this reveal answer what the one right before it answers?"""
        is_alone = lead.reveal.role == "answer" and not lead.blocks and not lead.passed
        return is_alone and bool(self.items) and lead.section is not None and lead.section is self._section

    def _found(self, lead: Lead) -> tuple[str | None, Found | None]:
        for kind, find in _FINDERS:
            found = find(lead, self._trail)
            if found:
                return kind, found
        return self._found_by_others(lead)

    def _found_by_others(self, lead: Lead) -> tuple[str | None, Found | None]:
        """What a finder that somebody else has installed makes of a lead that ours leave."""
        for plugin in plugins.load(plugins.KINDS):
            found = plugin.call(lead, self._trail, gives=(Found, type(None)))
            if isinstance(found, Found) and all(item.kind in KINDS for item in found.items):
                return plugin.name, found
            if found:
                raise plugin.error("gave an item of a kind that there is not")
        return None, None


def _without_asides(blocks: Sequence[Block]) -> tuple[list[Block], list[Trace]]:
    """Without hints, and without reveals of another kind right before the one that shows the answer."""
    kept, traces = [], []
    for block, following in zip_longest(blocks, blocks[1:]):
        reason, code = "", "aside"
        if block.tag == "reveal" and block.role != "question":
            summary = _summary(block)
            if is_hint(block):
                reason, code = f"a hint is no answer: {_name(block)} was left out", "hint"
            elif block.role == "aside":
                reason = f"{_name(block)} was left out: it answers nothing"
            elif summary and not shows(block) and shows(following) and not block.question:
                reason = f"{_name(block)} was left out: the answer is in the reveal after it"
        if reason:
            problem = Problem(location=block.location, severity="note", message=reason, code=code)
            traces.append(_trace(block, problem))
        else:
            kept.append(block)
    return kept, traces


def _trace(
    reveal: Block,
    problem: Problem | None = None,
    *,
    finder: str | None = None,
    items: tuple[Item, ...] = (),
    asked: tuple[Location, int, int] | None = None,
) -> Trace:
    """The trace of a reveal; `asked` is where its question begins, and the first and last line of what is asked."""
    location, start, end = asked or (reveal.location, reveal.location.line, reveal.location.line)
    return Trace(
        location=location,
        revealed=reveal.location,
        prompt_line=start,
        question_end=end,
        answer_end=last_line((reveal,)),
        shape=reveal.shape,
        summary=_summary(reveal),
        finder=finder,
        items=items,
        problem=problem,
    )


def _traced(lead: Lead, finder: str | None, items: Sequence[Item], problems: Sequence[Problem]) -> Trace:
    """The trace of a reveal that a finder has taken; without items, a problem says why."""
    if not items:
        return _trace(lead.reveal, next(iter(problems), None), finder=finder)
    first = items[0]
    has_prompt = finder == exercise.KIND and first.context and lead.blocks and first.shape != "task"
    start = min(lead.blocks[0].location.line, first.location.line) if has_prompt else first.location.line
    asked_above = lead.blocks and (lead.reveal.question or first.location != lead.reveal.location)
    end = max(first.location.line, last_line(lead.blocks)) if asked_above else first.location.line
    return _trace(lead.reveal, finder=finder, items=tuple(items), asked=(first.location, start, end))


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


def _name(reveal: Block) -> str:
    """A reveal as a message speaks of it."""
    return repr(_summary(reveal)) if _summary(reveal) else "a reveal without a title"


def _summary(reveal: Block) -> str:
    return reveal.summary.text if reveal.summary else ""


def _unused(lead: Lead) -> Problem:
    message = f"{'the reveal ' if _summary(lead.reveal) else ''}{_name(lead.reveal)} belongs to no question"
    return Problem(location=lead.reveal.location, severity="warning", message=message, code="left-reveal")


def _empty_side(item: Item) -> Problem | None:
    """An item with a side on which nothing is seen is none."""
    for side, html in (("question", item.question), ("answer", item.answer)):
        if markup.is_blank(html):
            message = f"{item.kind} with an empty {side}: no item"
            return Problem(location=item.location, severity="warning", message=message, code="empty-side")
    if headings.says_nothing(plain.plain(item.answer)):
        message = "the answer is still to be written: no item"
        return Problem(location=item.location, severity="warning", message=message, code="no-answer")
    return None
