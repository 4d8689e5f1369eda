"""Containers of Markdown's dialects → elements of HTML with the container's names as classes.

A dialect is a function that tells of a line that a container begins or ends there (`dialects.py`, `directives.py`,
`shortcodes.py`). What a name means is not decided here but in `reveals.py`, the same for pages of HTML.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape

from markdown_it import MarkdownIt

from ankiexport.model import Location, Problem
from ankiexport.readers.lines import Fences, NumberedLine, closes
from ankiexport.readers.markdown_formulas import formulas_plugin

FOLDING = frozenset(
    "accordion accordion-item collapse collapsible details dropdown expand expander fold foldable spoiler toggle"
    " webex-solution".split()
)
CALLOUTS = frozenset(
    "abstract admonition alert attention aside bug callout caution danger discussion error example hint-block important"
    " info message note notice pageinfo prereq quote seealso success summary testimonial tip warning".split()
)
QUESTIONS = frozenset("activity challenge checkpoint exercise problem question quiz task".split())
ANSWERS = frozenset("answer solution".split())
_TITLED = FOLDING | CALLOUTS | QUESTIONS | ANSWERS | {"hint", "instructor", "callout-tip"}
TABS = frozenset("group-tab panel-tabset tab-set tabs tabset".split())
_HEADING = re.compile(r"[\s>]*#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
_HEADING_LEVEL = re.compile(r"[\s>]*(#{1,6})\s")
_HEADING_ID = re.compile(r"\s*\{[#.:-][^{}]*\}\s*$")
# What a line is set in: "> > ", "   "
_INDENT = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A container begins. `closed_by` is the key of the mark that ends it; none: it is code or nothing."""

    names: tuple[str, ...] = ()
    title: str = ""
    folds: bool = False
    closed_by: str = ""
    label: str = ""  # what the page calls it
    answers: str = ""  # the label of what it is the solution of


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A container ends: the innermost one of this key."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What stands for a line; `uses` more lines after it are read with it. `problem` says what was lost."""

    lines: tuple[str, ...] = ()
    uses: int = 0
    opening: Opening | None = None
    closing: str = ""  # the key of a container that ends
    problem: str = ""


Mark = Opening | Closing | Text
Dialect = Callable[[str, Sequence[NumberedLine], int], Mark | None]


@dataclass(slots=True)
class _Open:
    """A container that is open: what closes it, and where it began in what is written."""

    opening: Opening
    closing: str
    indent: str
    start: int
    number: int
    tab_level: int = 0  # of the headings that are its tabs
    in_tab: bool = False


@dataclass(slots=True)
class Leveller:
    """One pass over the lines of a page."""

    lines: Sequence[NumberedLine]
    dialects: Sequence[Dialect]
    name: str
    problems: list[Problem] = field(default_factory=list)
    out: list[NumberedLine] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _marks: list[str] = field(default_factory=list)  # of those among them that look like fenced code
    _fences: Fences = field(default_factory=Fences)
    _ends: dict[str, int] = field(default_factory=dict)  # of what has a label: where it closes
    _linked: list[tuple[int, int, str]] = field(default_factory=list)  # from, to, the label of the exercise

    def run(self) -> list[NumberedLine]:
        at = 0
        while at < len(self.lines):
            at += self._take(at)
        if self._open:
            first = self._open[0]
            self._report("note", first.number, f"nothing closes the container {' '.join(first.opening.names)!r}")
        while self._open:
            self._close(self.lines[-1].number)
        return self._moved()

    def _take(self, at: int) -> int:
        """Writes what stands for a line; returns how many lines that took."""
        line = self.lines[at]
        if self._fences.mark:
            self._fences.take(line.text)
            self.out.append(line)
            return 1
        for key in reversed(self._marks):
            if closes(line.text, key):
                self._close_to(key, line.number)
                return 1
        mark = next((mark for dialect in self.dialects if (mark := dialect(line.text, self.lines, at))), None)
        if mark is None and not (self._open and self._tab(line)):
            self._fences.take(line.text)
            self.out.append(line)
        return 1 if mark is None else self._act(mark, at)

    def _act(self, mark: Mark, at: int) -> int:
        line = self.lines[at]
        if isinstance(mark, Closing):
            self._close_to(mark.key, line.number)
            return 1
        if isinstance(mark, Opening):
            return 1 + self._begin(mark, at, at + 1)
        for text in mark.lines:
            self._fences.take(text)
            self.out.append(NumberedLine(line.number, text))
        if mark.problem and any(not ANSWERS.isdisjoint(place.opening.names) for place in self._open):
            self._report("warning", line.number, mark.problem)
        if mark.closing:
            self._close_to(mark.closing, line.number)
        if mark.opening:
            return 1 + mark.uses + self._begin(mark.opening, at, at + 1 + mark.uses)
        return 1 + mark.uses

    def _begin(self, opening: Opening, at: int, following: int) -> int:
        """Opens a container; returns how many lines after `following` its title took."""
        used = 0
        if not opening.title and not _TITLED.isdisjoint(opening.names):
            opening, used = _with_heading(opening, self.lines, following)
        number, indent = self.lines[at].number, _indent_of(self.lines[at].text)
        start = len(self.out)
        before, after = render(opening)
        self._write(number, indent, before)
        if opening.closed_by[:1] in ("`", "~"):
            self._marks.append(opening.closed_by)
        self._open.append(_Open(opening=opening, closing=after, indent=indent, start=start, number=number))
        return used

    def _tab(self, line: NumberedLine) -> bool:
        """A heading in a set of tabs names the next of them."""
        around = self._open[-1]
        if TABS.isdisjoint(around.opening.names) or around.opening.closed_by != ":::":
            return False
        level, heading = _HEADING_LEVEL.match(line.text), _HEADING.match(line.text)
        if not level or not heading:
            return False
        around.tab_level = around.tab_level or len(level[1])
        if len(level[1]) != around.tab_level:
            return False
        before, _ = render(Opening(names=("tab",), title=_HEADING_ID.sub("", heading["text"])))
        self._write(line.number, around.indent, ("</div>" if around.in_tab else "") + before)
        around.in_tab = True
        return True

    def _close_to(self, key: str, number: int) -> None:
        if any(place.opening.closed_by == key for place in self._open):
            while self._open[-1].opening.closed_by != key:
                self._close(number)
            self._close(number)

    def _close(self, number: int) -> None:
        place = self._open.pop()
        if place.opening.closed_by[:1] in ("`", "~"):
            self._marks.pop()
        end = len(self.out)
        self._write(number, place.indent, ("</div>" if place.in_tab else "") + place.closing)
        if not self._open and not place.indent:
            if place.opening.label:
                self._ends.setdefault(place.opening.label, end)
            if place.opening.answers:
                self._linked.append((place.start, len(self.out), place.opening.answers))

    def _write(self, number: int, indent: str, piece: str) -> None:
        if piece:
            blank = indent.rstrip()
            self.out.extend(NumberedLine(number, text) for text in (blank, indent + piece, blank))

    def _report(self, severity: str, number: int, message: str) -> None:
        location = Location(source=self.name, line=number)
        self.problems.append(
            Problem(location=location, severity="note" if severity == "note" else "warning", message=message)
        )

    def _moved(self) -> list[NumberedLine]:
        """The lines with each solution at the end of the exercise that it names."""
        moves = [(self._ends[label], start, end) for start, end, label in self._linked if label in self._ends]
        if not moves:
            return self.out
        targets: dict[int, list[NumberedLine]] = {}
        taken: dict[int, int] = {}
        for target, start, end in moves:
            targets.setdefault(target, []).extend(self.out[start:end])
            taken[start] = end
        moved: list[NumberedLine] = []
        at = 0
        while at < len(self.out):
            if at in taken:
                at = taken[at]
                continue
            moved.extend(targets.get(at, ()))
            moved.append(self.out[at])
            at += 1
        return moved


def render(opening: Opening) -> tuple[str, str]:
    """What opens and what closes the element that stands for a container."""
    names = set(opening.names)
    if not names and not opening.folds:
        return "", ""
    classes = escape(" ".join(opening.names))
    title = inline(opening.title)
    is_question = not names.isdisjoint(QUESTIONS)
    if (opening.folds or not names.isdisjoint(FOLDING)) and not is_question:
        return f'<details class="{classes}"><summary>{title or "Show"}</summary>', "</details>"
    if not names.isdisjoint(CALLOUTS) and not title:
        title = escape(next(name for name in reversed(opening.names) if name in CALLOUTS).capitalize())
    head = f'<p class="title">{title}</p>' if title else ""
    is_callout = not names.isdisjoint(CALLOUTS) and not is_question and names.isdisjoint(ANSWERS)
    return f'<div class="{"admonition " if is_callout else ""}{classes}">{head}', "</div>"


def inline(text: str) -> str:
    """A line of Markdown as HTML."""
    return str(_inline_parser().renderInline(text)).replace("\n", " ") if text else ""


@cache
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).use(formulas_plugin)


def names_of(words: Iterable[str]) -> tuple[str, ...]:
    """The classes that names give, in lower case: "callout-tip" is a "callout" and a "tip" too."""
    found: dict[str, None] = {}
    for word in words:
        name = word.lower().lstrip(".")
        found.update(dict.fromkeys([name, *(name.split("-") if name.startswith("callout-") else ())]))
    return tuple(name for name in found if name)


def _with_heading(opening: Opening, lines: Sequence[NumberedLine], at: int) -> tuple[Opening, int]:
    """A heading right after the opening is the title; how many lines that took."""
    used = 0
    while at + used < len(lines) and not lines[at + used].text.strip(" \t>"):
        used += 1
    heading = _HEADING.match(lines[at + used].text) if at + used < len(lines) else None
    if heading is None:
        return opening, 0
    return replace(opening, title=_HEADING_ID.sub("", heading["text"])), used + 1


def _indent_of(text: str) -> str:
    match = _INDENT.match(text)
    return match[0] if match else ""
