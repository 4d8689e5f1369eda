"""A page's traces and problems → how much of what it asks and answers became items.

Problems are counted by their codes, which finders set where they make one:

    left-reveal   a reveal of which no item was made
    hint, aside   a reveal that was left out on purpose: it helps, or answers nothing
    empty-side    a question or an answer on which nothing is seen
    no-answer     a question, or steps to do, without an answer
    no-question   an answer that is there, but not its question
    no-item       a page without any item
    selectors     selectors of `ankiexport.toml` that match nothing
    L001 …        a rule of the linter
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from ankiexport.model import Page, Problem
from ankiexport.telling import count

BY_DESIGN = frozenset(["hint", "aside"])
"""The codes of problems that are only told so that nobody wonders: there is nothing to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many reveals a page has, hidden or made of a question with its answer, and what became of them.

    `left` are those that no item was made of, `by_design` those that were left out because they are hints or asides.
    """

    reveals: int = 0
    used: int = 0
    left: int = 0
    by_design: int = 0
    questions_without_answer: int = 0
    answers_without_question: int = 0

    def __str__(self) -> str:
        """`12 reveals, 10 used, 1 left, 1 hint or aside; 2 questions without an answer; 1 answer without a question`"""
        hints = f", {self.by_design} {'hint or aside' if self.by_design == 1 else 'hints or asides'}"
        return (
            f"{count(self.reveals, 'reveal')}, {self.used} used, {self.left} left{hints if self.by_design else ''}"
            f"; {count(self.questions_without_answer, 'question')} without an answer"
            f"; {count(self.answers_without_question, 'answer')} without a question"
        )


def cover(page: Page) -> Coverage:
    """What became of the reveals, questions and answers of a page."""
    used = sum(bool(trace.items) for trace in page.traces)
    by_design = sum(trace.problem is not None and trace.problem.code in BY_DESIGN for trace in page.traces)
    codes = [problem.code for problem in page.problems]
    return Coverage(
        reveals=len(page.traces),
        used=used,
        left=len(page.traces) - used - by_design,
        by_design=by_design,
        questions_without_answer=codes.count("no-answer"),
        answers_without_question=codes.count("no-question"),
    )


def total(coverages: Iterable[Coverage]) -> Coverage:
    """The sums over several pages."""
    all_of_them = list(coverages)
    sums = {one.name: sum(getattr(coverage, one.name) for coverage in all_of_them) for one in fields(Coverage)}
    return Coverage(**sums)


def fails(problems: Iterable[Problem], *, strict: bool) -> bool:
    """Do these problems fail a check? With `strict` notes do too, but for those that are by design."""
    return any(problem.severity != "note" or (strict and problem.code not in BY_DESIGN) for problem in problems)
