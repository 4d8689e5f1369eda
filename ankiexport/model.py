"""The data that flows from page to deck: frozen dataclasses, tuples, no behaviour beyond a property or two.

`Source → reader → Block* → kind finders → Page(Item*) → identity → Course(Deck(Note*)*) → writer`
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Literal, NewType, get_args

Html = NewType("Html", str)
"""Clean HTML: text is escaped exactly once, and only what a card may hold is in it."""

Kind = Literal["self-check", "exercise", "flashcard"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Severity = Literal["error", "warning", "note"]
ChangeKind = Literal[
    "added", "returned", "reworded", "answer changed", "otherwise changed", "moved", "removed", "unchanged"
]
Format = str
"""The name of a page format: one of `FORMATS`, or that of a reader that somebody else has installed."""
FORMATS: tuple[Format, ...] = ("text", "html", "markdown", "mdx")
BlockTag = Literal[
    "heading",
    "paragraph",
    "list",
    "item",
    "code",
    "table",
    "row",
    "quote",
    "terms",
    "term",
    "other",
    "reveal",
    "box",
    "box-end",
]
Role = Literal["question", "answer", "hint", "aside"]
"""What a reveal is for: it has the question in its summary, it answers what is above it, it helps, or none of that."""
Layout = Literal["single", "duplex"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
Paper = Literal["A4", "Letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
Tracks = Literal["folders", "urls", "none"]
"""What tells the track of a page for which `ankiexport.toml` names none; "none" makes no tracks, whatever it names."""
TRACKS: tuple[Tracks, ...] = get_args(Tracks)
FETCHING = "fetching"
"""The code of a problem with the web."""
TOLD = "json-ld"
"""The shape of what a page's data tells although nobody sees it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in a page: `line` counts from 1 in the original file."""

    source: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a reader or a finder could not use, and where.

    `code` is the same for all problems of a sort, for programs that count them; see `coverage` for those that it knows.
    """

    location: Location
    severity: Severity
    message: str
    code: str = ""

    def __str__(self) -> str:
        return f"{self.location.source}:{self.location.line}: {self.severity}: {self.message}"


def page_problem(name: str, severity: Severity, message: str, code: str = "") -> Problem:
    """A problem of a page as a whole: it stands on the first line."""
    return Problem(location=Location(source=name, line=1), severity=severity, message=message, code=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors that say where a page's questions and answers are, for a page whose shape is not known.

    `item` holds one question and its answer; `part` is a part of either, and `label` what names a question or a part.
    """

    question: str
    answer: str
    item: str | None = None
    part: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page as text. A string that your own code fetched does as well as a file.

    `name` is how problems speak of it; `url` is where its cards link to; `title` overrules the page's own; `folder` is
    the folder that was given, or that holds the file that was given; `whole_folder` says which. `selectors` say where
    the page has questions that its reader would not know.
    A page that was given by its address is read from a copy: `site` is what a folder of the site's pages is called.
    `charset` is what its server says of the encoding of a page that was fetched, and `saved_in` the folder whose
    manifest knows the files that were fetched with it; one that is `gone` is on its site no more.
    """

    name: str
    text: str
    format: Format
    path: Path | None = None
    folder: Path | None = None
    whole_folder: bool = False
    url: str | None = None
    title: str | None = None
    problems: tuple[Problem, ...] = ()
    selectors: tuple[Selectors, ...] = ()
    site: str | None = None
    charset: str | None = None
    saved_in: Path | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a page, the same for every page format.

    `html` is the inside of a heading, paragraph or list item and the whole of anything else. `text` is its plain
    text without list markers: one line per list item, table row, line of code or forced line break.
    `children` are a list's items, a table's rows, an item's blocks, a reveal's body; of `terms`, each a `term` whose
    `summary` is the term and whose `children` define it.
    A *reveal* is what a page hides and shows on a click; `summary` is what stands on it. One is `open` when the
    page marks where it begins but not where it ends, as a text dump does. `question` is what it answers, where the page
    says so itself; else the finders look for that above it. `shape` is what told the reveal, `kind` what sort of item
    it makes where that is sure.
    A `box` begins what belongs together, a question and its reveals; its `text` is the title. A `box-end` ends it.
    """

    tag: BlockTag
    html: Html
    text: str
    location: Location
    level: int = 0  # of a heading
    number: int | None = None  # of an item in an ordered list
    children: tuple["Block", ...] = ()
    summary: "Block | None" = None
    open: bool = False
    role: Role | None = None  # of a reveal, where the page leaves no doubt
    shape: str = ""
    question: tuple["Block", ...] = ()
    kind: Kind | None = None
    set_id: str | None = None  # what the author has called a reveal: `<details id="…">`
    callout: int | None = None  # which note, tip or warning of the page it stands in


def text_of(blocks: Iterable[Block]) -> str:
    """The plain text of several blocks."""
    return "\n".join(block.text for block in blocks)


def last_line(blocks: Iterable[Block]) -> int:
    """The line on which the last of several blocks begins, or the last block in them; of code, its last line."""
    return max(
        (
            max(
                block.location.line + (block.text.rstrip().count("\n") if block.tag == "code" else 0),
                last_line(block.children),
            )
            for block in blocks
        ),
        default=1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a reader makes of a source: the page's own title (None: it has none) and its blocks."""

    title: str | None
    blocks: tuple[Block, ...]
    url: str | None = None
    problems: tuple[Problem, ...] = ()
    footnotes: Mapping[str, Html] = field(default_factory=dict)  # by what their marks call them


Origin = tuple[Kind, str, str | None, Location]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question with its answer, found on a page.

    `fingerprint_text` is all text of the question as it stands on the page; it makes the item's identity.
    `shape` is the finer shape of the kind, which becomes a tag. `set_id` is what the author has called it.
    """

    kind: Kind
    shape: str
    question: Html
    answer: Html
    fingerprint_text: str
    location: Location
    label: str | None = None
    section: str | None = None
    context: Html | None = None
    explanation: Html | None = None
    set_id: str | None = None

    @property
    def origin(self) -> Origin:
        """What tells an item of a page from the others, and stays when its pictures and footnotes are put in."""
        return self.kind, self.fingerprint_text, self.label, self.location


def change_texts(item: Item, change: Callable[[Html], Html]) -> Item:
    """An item with each of its texts changed; the item itself where that changes none."""
    question, answer = change(item.question), change(item.answer)
    context = change(item.context) if item.context else None
    explanation = change(item.explanation) if item.explanation else None
    if (question, answer, context, explanation) == (item.question, item.answer, item.context, item.explanation):
        return item
    return replace(item, question=question, answer=answer, context=context, explanation=explanation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An item with what every build wants to know of it and its texts alone decide, made once, where it is read.

    `question` is its fingerprint text, normalised, None where that changes nothing; `answer` and `context` are hashes
    of their plain text. `fields` holds those of its texts that are otherwise in a field of a note, by its name; None
    where nobody has looked yet.
    """

    item: Item
    question: str | None
    answer: str
    context: str | None
    fields: Mapping[str, Html] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What became of a reveal: the items that `finder` made of it, or the problem why there are none.

    `location` is where its question begins, or else the reveal itself, which `revealed` always is. `shape` is what told
    the reveal, `summary` what stands on it. On the lines from `prompt_line` on stands what is asked, with its prompt;
    `question_end` is the line on which its last block begins, `answer_end` that of the answer.
    """

    location: Location
    revealed: Location
    prompt_line: int
    question_end: int
    answer_end: int
    shape: str
    summary: str
    finder: str | None
    items: tuple[Item, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A part of a course with lessons of its own. `number` is its place where its author has ordered the tracks."""

    title: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One practice page: one lesson, one deck.

    `track` is known when a course is built. `number` (in its track), `deck` (a template of the deck's name) and `tags`
    are what `ankiexport.toml` says of the page, as are `reverse` and `typed`: the kinds of items that have a second
    card, from the answer to the question, and those whose answer is typed in. `media` are the files that its items show
    and play, by their names in the package.
    `traces` tell what became of each reveal, and `prepared` what builds want to know of the items.
    A page that came from a file holds none of its text: `source.path` has it.
    """

    key: str
    title: str
    source: Source
    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()
    traces: tuple[Trace, ...] = ()
    url: str | None = None
    track: Track | None = None
    number: int | None = None
    deck: str | None = None
    tags: tuple[str, ...] = ()
    reverse: tuple[Kind, ...] = ()
    typed: tuple[Kind, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)
    prepared: tuple[Prepared, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An item with an identity in Anki.

    `modified` is in seconds since 1970, `note_id` in milliseconds: the note's id in Anki, which shows as its day of
    creation. `content` is a hash of all that Anki is given of it. `prepared` is what is known of its item already.
    """

    guid: str
    item: Item
    tags: tuple[str, ...]
    modified: int
    note_id: int
    content: str
    prepared: Prepared | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """The notes of one page under the full name of their deck, `Course::Lesson`, and how the page asks them.

    `track` is the title of the page's track, whose name the deck's has where no lock pins another.
    """

    name: str
    page_key: str
    title: str
    notes: tuple[Note, ...]
    track: str | None = None
    url: str | None = None
    description: str = ""
    reverse: tuple[Kind, ...] = ()
    typed: tuple[Kind, ...] = ()


def title_in_course(title: str, track: str | None) -> str:
    """The title of a lesson as it is told beside others: `Foundations: Introduction`."""
    return f"{track}: {title}" if track else title


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedNote:
    """What a lock remembers of a note. `question` is normalised text; `answer` and `content` are hashes.

    `context` is a hash as well, None where it has none. `retired` says that its page has it no more. `note_id` is in
    milliseconds, `modified` in seconds since 1970.
    """

    guid: str
    kind: Kind
    label: str | None
    question: str
    answer: str
    content: str
    note_id: int
    modified: int
    retired: bool = False
    set_id: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPage:
    """What a lock remembers of a page: its notes in page order, and the name of their deck, which is pinned.

    `file` is relative to the folder of the lock, with `/`; None where the page came from no file.
    """

    key: str
    deck: str
    number: int | None = None
    file: str | None = None
    notes: tuple[LockedNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What is remembered of a course from one export to the next.

    `path` is the file it is for; None keeps it in memory. `refused` holds pairs of a locked note's GUID and the GUID
    that an item's own text makes: these are not one. `version` of ankiexport wrote the file last, and `digest` is a
    hash of what it held when it was read; None where there is none yet.
    """

    path: Path | None
    course_id: str
    course_name: str
    pages: tuple[LockedPage, ...] = ()
    refused: frozenset[tuple[str, str]] = frozenset()
    version: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a note since the last export.

    `question` is plain text: of a removed note, the last it had. `old_question` is what it was when it differs, and
    `score` (0 to 100) says how similar the two are where the note was known again by likeness alone. `old_deck` is the
    deck that learners have its cards in when that is another; `answer_changed` may go with any kind.
    """

    guid: str
    kind: ChangeKind
    page_key: str
    deck: str
    question: str
    old_question: str | None = None
    old_deck: str | None = None
    answer_changed: bool = False
    score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """GUIDs by what happened to their notes since the last export."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All decks of one export. `media` maps a file's name in the package to its bytes; `pages` are what it was made of.

    `lock` is what will be remembered once it is written. `shrunk` says why so many notes are gone that `write` refuses
    unless it is told that this is meant.
    """

    id: str
    name: str
    decks: tuple[Deck, ...]
    pages: tuple[Page, ...] = ()
    media: Mapping[str, bytes] = field(default_factory=dict)
    diff: Diff = field(default_factory=Diff)
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    lock: Lock | None = None
    shrunk: str | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for deck in self.decks for note in deck.notes)

    @property
    def is_locked(self) -> bool:
        """Was there a lock already when the course was built?"""
        return self.lock is not None and self.lock.digest is not None

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Page by page; first what is wrong with the course as a whole."""
        return (*self.problems_of_no_page, *chain.from_iterable(self.problems_by_page.values()))

    @property
    def problems_of_no_page(self) -> tuple[Problem, ...]:
        """What is wrong with the course as a whole."""
        names = {page.source.name for page in self.pages}
        return tuple(problem for problem in self.problems if problem.location.source not in names)

    def problems_of(self, page: Page) -> tuple[Problem, ...]:
        """The page's own problems and those that the build found with it, by line."""
        return _by_line((*page.problems, *(it for it in self.problems if it.location.source == page.source.name)))

    @property
    def problems_by_page(self) -> Mapping[str, tuple[Problem, ...]]:
        """As `problems_of`, of all pages by their keys."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(problem.location.source, []).append(problem)
        return {page.key: _by_line((*page.problems, *found.get(page.source.name, ()))) for page in self.pages}


def _by_line(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.location.line))


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How cards are laid out on paper.

    `single` puts one card on a page, its question above its answer; `duplex` several on a sheet to cut out, with the
    answers on the back of their questions when the printer turns sheets over by their long edge.
    """

    layout: Layout = "single"
    paper: Paper = "A4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many notes are new in a written file, changed, …, and how many are no longer in it (retired)."""

    new: int = 0
    changed: int = 0
    moved: int = 0
    retired: int = 0
    unchanged: int = 0
